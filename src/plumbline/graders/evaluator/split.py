"""Seeded splits that keep every value's share and never part near duplicates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from plumbline.graders.evaluator.labelled import LabelledSet
from plumbline.suites.similar import similar_pairs

Rows = npt.NDArray[np.int64]


class Split(NamedTuple):
    """Row indices of the three parts, each sorted."""

    train: Rows
    validation: Rows
    test: Rows


def near_groups(texts: Sequence[str], *, threshold: float = 0.7) -> Rows:
    """Group texts that are equal or nearly so (character 5-gram Jaccard >= `threshold`), transitively.

    Returns:
        The smallest row of each row's group [n].
    """
    leader = np.arange(len(texts))

    def find(row: int) -> int:
        while leader[row] != row:
            row = int(leader[row])
        return row

    for pair in similar_pairs(texts, threshold=threshold):
        one, other = find(pair.first), find(pair.second)
        leader[max(one, other)] = min(one, other)
    return np.array([find(row) for row in range(len(texts))], dtype=np.int64)


def split_rows(
    data: LabelledSet,
    seed: int,
    *,
    shares: tuple[float, float, float] = (0.7, 0.2, 0.1),
    groups: npt.ArrayLike | None = None,
) -> Split:
    """Split into training, validation and test rows.

    Args:
        data: The labelled set.
        seed: Equal seeds give equal splits.
        shares: Of the three parts.
        groups: Rows of one group stay together [n]; `near_groups` of the texts by default.
    """
    together = near_groups(data.texts) if groups is None else np.asarray(groups)
    part = stratified_parts(data.labels, together, shares, seed)
    return Split(*(np.flatnonzero(part == number) for number in range(3)))


def split_in_order(data: LabelledSet, train: int = 3500, validation: int = 1000) -> Split:
    """Split by the order of the file, as ValueCSV's script does; near duplicates may part."""
    rows = np.arange(len(data), dtype=np.int64)
    return Split(rows[:train], rows[train : train + validation], rows[train + validation :])


def folds(labels: npt.ArrayLike, groups: npt.ArrayLike, count: int, seed: int = 0) -> Rows:
    """Return the fold of each row, 0 to `count` - 1 [n]."""
    return stratified_parts(np.asarray(labels), np.asarray(groups), [1 / count] * count, seed)


def stratified_parts(
    labels: npt.NDArray[Any], groups: npt.NDArray[Any], shares: Sequence[float], seed: int
) -> Rows:
    """Deal groups of rows into parts by iterative stratification.

    Sechidis, Tsoumakas and Vlahavas (2011, ECML PKDD), Algorithm 1: the rarest label first, each group to the
    part that still lacks most of it, then most rows, then by lot. Here the units are groups, heaviest first
    within a label, and rows without any label come last.

    Returns:
        The part of each row [n].
    """
    names, unit_of = np.unique(groups, return_inverse=True)
    sizes = np.bincount(unit_of).astype(np.float64)
    weights = np.stack(
        [np.bincount(unit_of, weights=column) for column in labels.T], axis=1
    )  # [units, values]
    generator = np.random.default_rng(seed)
    chances = generator.random((len(names), len(shares)))
    order = generator.permutation(len(names))
    wanted = np.outer(shares, weights.sum(axis=0))  # what each part still lacks [parts, values]
    room = np.asarray(shares) * sizes.sum()
    part = np.full(len(names), -1, dtype=np.int64)
    left = weights.sum(axis=0)

    def deal(unit: int, label: int | None) -> None:
        lack = wanted[:, label] if label is not None else room
        # A part that is full takes no more, whatever labels it lacks: the sizes are what was asked for.
        best = max(range(len(shares)), key=lambda p: (room[p] > 0, lack[p], room[p], chances[unit, p]))
        part[unit] = best
        wanted[best] -= weights[unit]
        room[best] -= sizes[unit]
        left[:] -= weights[unit]

    while (left > 0).any():
        label = int(np.where(left > 0, left, np.inf).argmin())
        units = order[(part[order] < 0) & (weights[order, label] > 0)]
        for unit in units[np.argsort(-weights[units, label], kind="stable")]:
            deal(int(unit), label)
        left[label] = 0
    for unit in order[part[order] < 0]:
        deal(int(unit), None)
    return part[unit_of]

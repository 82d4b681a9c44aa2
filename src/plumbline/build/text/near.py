"""Pairs of nearly equal texts: LSH candidates from band keys, then the exact Jaccard similarity of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from plumbline.build.text.shingles import band_keys, blocks, shingle

_U = np.uint64
# A key shared by many rows (boilerplate) would make squares of candidates; each row is compared with this
# many rows before it in its group and with the first one, in each band where they meet.
_WINDOW = 24
# Shingle hashes keep this many bits beside a row number, so that one sorted array holds all sets of a batch.
_BITS = _U(40)
_LOW = _U((1 << 40) - 1)
_PAIRS_AT_ONCE = 20_000
_PAIRS_WAITING = 4_000_000


class Pairs(NamedTuple):
    """Pairs of rows, `first < second`, with their similarity; sorted by `second`, then `first`."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    similarity: NDArray[np.float64]


def candidates(columns: Iterator[NDArray[np.uint64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of rows that share a band key, each once.

    Args:
        columns: The keys of one band after another, uint64 `[rows]`. Held at a time: 24 bytes a row and 16 a
            pair, of which a row has at most `_WINDOW` a band.
    """
    pairs = np.empty(0, np.int64)
    waiting: list[NDArray[np.int64]] = []
    rows = 1
    for keys in columns:
        rows = max(rows, len(keys))
        waiting.append(_same_key(keys))
        if sum(map(len, waiting)) > _PAIRS_WAITING:
            pairs, waiting = np.unique(np.concatenate((pairs, *waiting))), []
    pairs = np.unique(np.concatenate((pairs, *waiting)))
    return pairs // rows, pairs % rows


def _same_key(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return pairs of rows with equal keys as `first * rows + second`."""
    order = np.argsort(keys, kind="stable").astype(np.int64)
    ordered = keys[order]
    pairs = [np.empty(0, np.int64)]
    for distance in range(1, _WINDOW + 1):
        equal = np.flatnonzero(ordered[distance:] == ordered[:-distance])
        if not len(equal):
            break
        # A stable sort keeps rows of a group in their order, so the earlier row comes first.
        pairs.append(order[equal] * len(keys) + order[equal + distance])
    # Beyond the window, the first row of the group stands for it.
    new = np.ones(len(keys), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    begins = np.maximum.accumulate(np.where(new, np.arange(len(keys)), 0))
    far = np.flatnonzero(np.arange(len(keys)) - begins > _WINDOW)
    pairs.append(order[begins[far]] * len(keys) + order[far])
    return np.concatenate(pairs)


def verify(
    texts: dict[int, str] | Sequence[str],
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    threshold: float,
) -> Pairs:
    """Keep the candidate pairs whose shingle sets have a Jaccard similarity of `threshold` or more.

    Args:
        texts: Text of every row that occurs in a pair.
        first: Earlier rows of the pairs.
        second: Later rows.
        threshold: Between 0 and 1.
    """
    kept: list[Pairs] = []
    order = np.lexsort((first, second))
    for start in range(0, len(order), _PAIRS_AT_ONCE):
        at = order[start : start + _PAIRS_AT_ONCE]
        similarity = _jaccard(texts, first[at], second[at])
        good = similarity >= threshold
        kept.append(Pairs(first[at][good], second[at][good], similarity[good]))
    if not kept:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float64))
    return Pairs(*(np.concatenate(column) for column in zip(*kept, strict=True)))


def _jaccard(
    texts: dict[int, str] | Sequence[str], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the exact similarity of each pair `[pairs]`."""
    rows, numbers = np.unique(np.concatenate((first, second)), return_inverse=True)
    one, other = numbers[: len(first)], numbers[len(first) :]
    tagged = _tagged([texts[row] for row in rows.tolist()])
    sizes = np.bincount((tagged >> _BITS).astype(np.int64), minlength=len(rows))
    starts = np.cumsum(sizes) - sizes
    # Look up every shingle of the smaller set of a pair in the larger one, all pairs together.
    swap = sizes[one] > sizes[other]
    small, large = np.where(swap, other, one), np.where(swap, one, other)
    taken = sizes[small]
    pair = np.repeat(np.arange(len(small)), taken)
    within = np.arange(int(taken.sum())) - np.repeat(np.cumsum(taken) - taken, taken)
    element = tagged[np.repeat(starts[small], taken) + within] & _LOW
    wanted = (np.repeat(large, taken).astype(np.uint64) << _BITS) | element
    at = np.searchsorted(tagged, wanted)
    hit = tagged[np.minimum(at, len(tagged) - 1)] == wanted
    shared = np.bincount(pair[hit], minlength=len(small))
    union = sizes[one] + sizes[other] - shared
    return np.where(union > 0, shared / np.maximum(union, 1), 0.0)


def _tagged(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return the distinct shingles of all texts as `row << 40 | hash`, sorted."""
    parts = []
    for start, folded in blocks(texts):
        hashes, counts = shingle(folded)
        row = np.repeat(np.arange(start, start + len(counts), dtype=np.uint64), counts)
        keys = (row << _BITS) | (hashes & _LOW)
        keys.sort()
        new = np.ones(len(keys), bool)
        np.not_equal(keys[1:], keys[:-1], out=new[1:])
        parts.append(keys[new])
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def drop_later(pairs: Pairs, rows: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Decide which rows go: those nearly equal to an earlier row that stays.

    Returns:
        For each row the row it repeats, or -1 `[rows]`, and the similarity to it `[rows]`.
    """
    repeats = np.full(rows, -1, np.int64)
    similarity = np.zeros(rows)
    for first, second, value in zip(*(column.tolist() for column in pairs), strict=True):
        if repeats[first] < 0 and repeats[second] < 0:
            repeats[second], similarity[second] = first, value
    return repeats, similarity


def components(pairs: Pairs, rows: int) -> NDArray[np.int64]:
    """Give every row the smallest row it is connected to by pairs `[rows]`."""
    leader = np.arange(rows, dtype=np.int64)

    def find(row: int) -> int:
        while leader[row] != row:
            leader[row] = leader[leader[row]]
            row = int(leader[row])
        return row

    for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        one, other = find(first), find(second)
        if one != other:
            leader[max(one, other)] = min(one, other)
    return np.array([find(row) for row in range(rows)], np.int64)


def similarities(texts: Sequence[str], threshold: float) -> dict[int, list[tuple[int, float]]]:
    """Return for each text the earlier texts it resembles, with similarity; texts like none are left out."""
    pairs = verify(texts, *candidates(iter(np.ascontiguousarray(band_keys(texts).T))), threshold)
    found: dict[int, list[tuple[int, float]]] = {}
    for first, second, value in zip(*(column.tolist() for column in pairs), strict=True):
        found.setdefault(second, []).append((first, value))
    return found

"""Which known texts (test items) does a text hold, whole or nearly? Containment of character 5-grams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from plumbline.build.text.fold import fingerprints, fold
from plumbline.build.text.shingles import N, blocks, shingle, shingle_sets

_U = np.uint64
_FILTER_BITS = 24
SHORT = 13
"""Folded characters below which a known text counts only when it is the whole of a text."""


class Hit(NamedTuple):
    """A known text found: row of the text, number of the known text, share of its shingles found."""

    row: int
    known: int
    share: float


@dataclass(frozen=True)
class OverlapIndex:
    """Known texts, ready to be looked for.

    Attributes:
        hashes: Distinct shingles of all known texts, sorted `[shingles]`.
        starts: Where the postings of each shingle start; one more at the end `[shingles + 1]`.
        postings: Numbers of the known texts that hold the shingle.
        sizes: Distinct shingles of each known text `[known]`.
        needed: Share of them that must be found `[known]`; above 1 for short texts, which must be equal.
        prints: Fingerprint of each whole known text `[known]`.
        sieve: Whether any shingle has these leading bits `[2 ** 24]`.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    postings: NDArray[np.int32]
    sizes: NDArray[np.int64]
    needed: NDArray[np.float64]
    prints: NDArray[np.uint64]
    sieve: NDArray[np.bool_]


def build_index(known: Sequence[str], *, edits: float = 0.05) -> OverlapIndex:
    """Make the index.

    Args:
        known: Texts to look for.
        edits: Share of a known text's characters that may be changed and it is still found (one at least). An
            edit spoils `N` shingles, so a text of L characters is found from 1 - N · max(1, edits · L) / (L -
            N + 1) of them on.
    """
    sets = shingle_sets(known)
    sizes = np.array([len(one) for one in sets], np.int64)
    lengths = fold(known).lengths
    changed = np.maximum(1.0, edits * lengths)
    needed = 1.0 - N * changed / np.maximum(lengths - N + 1, 1)
    needed = np.where(lengths < SHORT, 2.0, np.maximum(needed, 0.4))
    flat = np.concatenate(sets) if sets else np.empty(0, np.uint64)
    owner = np.repeat(np.arange(len(sets), dtype=np.int32), sizes)
    order = np.argsort(flat, kind="stable")
    hashes, first = np.unique(flat[order], return_index=True)
    sieve = np.zeros(1 << _FILTER_BITS, bool)
    sieve[hashes >> _U(64 - _FILTER_BITS)] = True
    prints = fingerprints(fold(known)) if len(known) else np.empty(0, np.uint64)
    starts = np.append(first, len(flat)).astype(np.int64)
    return OverlapIndex(hashes, starts, owner[order], sizes, needed, prints, sieve)


def find_contained(index: OverlapIndex, texts: Sequence[str]) -> list[Hit]:
    """Find the known texts that `texts` hold, whole or with few changes; in the order of `texts`."""
    hits: list[Hit] = []
    for start, folded in blocks(texts):
        hashes, counts = shingle(folded)
        rows = np.repeat(np.arange(start, start + len(counts), dtype=np.int64), counts)
        hits += _contained(index, hashes, rows)
    return hits


def _contained(index: OverlapIndex, hashes: NDArray[np.uint64], rows: NDArray[np.int64]) -> list[Hit]:
    if not len(index.hashes):
        return []
    # Most shingles of most texts are in no item: one look in a table that fits the cache sends them away.
    passed = index.sieve[hashes >> _U(64 - _FILTER_BITS)]
    hashes, rows = hashes[passed], rows[passed]
    at = np.minimum(np.searchsorted(index.hashes, hashes), len(index.hashes) - 1)
    real = index.hashes[at] == hashes
    # A shingle that a text repeats counts once.
    both = np.unique(rows[real] * len(index.hashes) + at[real])
    rows, at = both // len(index.hashes), both % len(index.hashes)
    fanout = index.starts[at + 1] - index.starts[at]
    within = np.arange(int(fanout.sum())) - np.repeat(np.cumsum(fanout) - fanout, fanout)
    known = index.postings[np.repeat(index.starts[at], fanout) + within].astype(np.int64)
    pairs, found = np.unique(np.repeat(rows, fanout) * len(index.sizes) + known, return_counts=True)
    rows, known = pairs // len(index.sizes), pairs % len(index.sizes)
    share = found / index.sizes[known]
    good = share >= index.needed[known]
    return [
        Hit(*one) for one in zip(rows[good].tolist(), known[good].tolist(), share[good].tolist(), strict=True)
    ]


def find_equal(index: OverlapIndex, texts: Sequence[str]) -> list[Hit]:
    """Find the texts that are, after folding, one of the known ones."""
    order = np.argsort(index.prints, kind="stable")
    ordered = index.prints[order]
    hits: list[Hit] = []
    if not len(ordered):
        return hits
    for start, folded in blocks(texts):
        prints = fingerprints(folded)
        at = np.minimum(np.searchsorted(ordered, prints), len(ordered) - 1)
        same = np.flatnonzero((ordered[at] == prints) & (folded.lengths > 0))
        hits += [Hit(start + row, int(order[at[row]]), 1.0) for row in same.tolist()]
    return hits

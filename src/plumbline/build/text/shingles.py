"""Character n-grams of folded texts as 64-bit hashes, and MinHash sketches of them by one permutation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from plumbline.build.text.fold import Folded, fold

N = 5
"""Characters of a shingle."""
BINS = 128
BANDS = 32
_EMPTY = np.uint32(0xFFFFFFFF)
_U = np.uint64
_A, _B, _C = _U(0x9E3779B97F4A7C15), _U(0xC2B2AE3D27D4EB4F), _U(0x165667B19E3779F9)
_MIX = _U(0xBF58476D1CE4E5B9)
_STEP = np.uint32(0x9E3779B1)
# Texts worked on at once: their arrays stay in the processor's cache, which makes all this about four times
# faster.
_BLOCK = 512


class Shingles(NamedTuple):
    """Shingle hashes of texts, end to end.

    Attributes:
        hashes: uint64 `[shingles]`, in the order of the text, repeats included.
        counts: Shingles of each text `[texts]`. A text shorter than `N` but not empty has one: itself.
    """

    hashes: NDArray[np.uint64]
    counts: NDArray[np.int64]


def shingle(folded: Folded) -> Shingles:
    """Hash every window of `N` characters of every text."""
    codes, lengths = folded
    counts = np.where(lengths >= N, lengths - N + 1, (lengths > 0).astype(np.int64))
    short = (lengths < N) & (lengths > 0)
    if short.any():
        codes, lengths = _padded(folded, short)
    if len(codes) < N:
        return Shingles(np.empty(0, np.uint64), counts)
    hashes = _windows(codes)
    # A window that starts in the last N-1 characters of a text runs into the next one.
    inside = np.ones(len(codes), bool)
    ends = np.cumsum(lengths)
    across = (ends[lengths > 0][:, None] - np.arange(1, N)).ravel()
    inside[across[across >= 0]] = False
    return Shingles(hashes[inside[: len(hashes)]], counts)


def _padded(folded: Folded, short: NDArray[np.bool_]) -> Folded:
    """Lengthen texts below `N` characters to `N` with zeros, which no folded text holds."""
    lengths = np.where(short, N, folded.lengths)
    starts = np.cumsum(lengths) - lengths
    codes = np.zeros(int(lengths.sum()), np.uint32)
    within = np.arange(len(folded.codes)) - np.repeat(folded.ends - folded.lengths, folded.lengths)
    codes[np.repeat(starts, folded.lengths) + within] = folded.codes
    return Folded(codes, lengths)


def _windows(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Hash all windows, `[chars - N + 1]`: two exact pairs and a single, by odd constants, mixed."""
    wide = codes.astype(np.uint64)
    pairs = wide[:-1] << _U(21)
    pairs |= wide[1:]
    size = len(wide) - N + 1
    hashes = pairs[:size] * _A
    other = pairs[2 : 2 + size] * _B
    hashes += other
    np.multiply(wide[4:], _C, out=other)
    hashes += other
    for shift in (31, 32):
        np.right_shift(hashes, _U(shift), out=other)
        hashes ^= other
        hashes *= _MIX
    return hashes


def minima(shingles: Shingles) -> NDArray[np.uint32]:
    """Return one-permutation MinHash sketches, uint32 `[texts, BINS]`, empty bins filled.

    Each shingle falls into one bin by its low bits and competes there with its high bits (Li, Owen and Zhang,
    2012). An empty bin borrows from the next filled one, marked by the distance (Shrivastava and Li, 2014),
    so that two bins agree with probability J, as in MinHash with `BINS` permutations at 1/`BINS` of the work.
    """
    texts = len(shingles.counts)
    flat = np.full(texts * BINS, _EMPTY, np.uint32)
    bins = np.repeat(np.arange(texts, dtype=np.int64) * BINS, shingles.counts)
    bins += (shingles.hashes & _U(BINS - 1)).astype(np.int64)
    np.minimum.at(flat, bins, (shingles.hashes >> _U(32)).astype(np.uint32))
    sketch = flat.reshape(texts, BINS)
    places = np.arange(2 * BINS, dtype=np.int32)
    empty = sketch == _EMPTY
    # Position of the next filled bin, going round once; rows without any shingle point nowhere and stay
    # empty.
    filled = np.where(np.concatenate((empty, empty), axis=1), 2 * BINS, places)
    nearest = np.minimum.accumulate(filled[:, ::-1], axis=1)[:, ::-1][:, :BINS]
    borrowed = np.take_along_axis(sketch, nearest % BINS, axis=1)
    return borrowed + (nearest - places[:BINS]).astype(np.uint32) * _STEP


def bands(sketches: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Hash each run of `BINS / BANDS` minima to one key, uint64 `[texts, BANDS]`."""
    width = BINS // BANDS
    keys = sketches.reshape(len(sketches), BANDS, width).astype(np.uint64)
    keys *= (np.arange(1, width + 1, dtype=np.uint64) * _A) | _U(1)
    total: NDArray[np.uint64] = keys.sum(axis=2, dtype=np.uint64)
    total ^= total >> _U(29)
    total *= _MIX
    return total


def band_keys(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return the LSH band keys of texts, uint64 `[texts, BANDS]`, block by block."""
    parts = [bands(minima(shingle(folded))) for _, folded in blocks(texts)]
    return np.concatenate(parts) if parts else np.empty((0, BANDS), np.uint64)


def blocks(texts: Sequence[str]) -> Iterator[tuple[int, Folded]]:
    """Yield folded blocks of texts with the position of their first text."""
    for start in range(0, len(texts), _BLOCK):
        yield start, fold(texts[start : start + _BLOCK])


def shingle_sets(texts: Sequence[str]) -> list[NDArray[np.uint64]]:
    """Return each text's distinct shingle hashes, sorted."""
    sets: list[NDArray[np.uint64]] = []
    for _, folded in blocks(texts):
        hashes, counts = shingle(folded)
        sets += [np.unique(part) for part in np.split(hashes, np.cumsum(counts)[:-1])]
    return sets

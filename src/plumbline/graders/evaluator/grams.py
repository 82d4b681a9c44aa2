"""Character n-grams of texts, counted against a vocabulary by whole-array operations.

Text is folded first: full-width forms become half-width, letters lower case, a run of white space one space.
An n-gram is a window of n folded characters within one text, packed into one 64-bit key, 21 bits a
character, so that counting is sorting. It does the work of scikit-learn's character analyser several times
as fast, and the tests hold it to a plain loop, count by count.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Keys = npt.NDArray[np.uint64]

_BITS = np.uint64(21)
_PLANE = 0x10000
LONGEST = 3
"""Characters that fit one key."""
# Texts counted at once: the arrays of a block stay in the processor's cache.
_BLOCK = 128


class Windows(NamedTuple):
    """All n-grams of some texts: key and text of each, in no particular order."""

    keys: Keys
    rows: npt.NDArray[np.int64]


@lru_cache(maxsize=1)
def _fold_table() -> npt.NDArray[np.uint32]:
    """Return what each character of the basic plane becomes [65536]."""
    table = np.arange(_PLANE, dtype=np.uint32)
    for code in range(_PLANE):
        if 0xD800 <= code < 0xE000:
            continue
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(folded) == 1 and ord(folded) < _PLANE:
            table[code] = ord(folded)
        if chr(code).isspace() or code == 0:
            table[code] = 0x20
    return table


def fold(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """Fold texts.

    Returns:
        Folded code points of all texts end to end [chars], and the length of each text [texts].
    """
    folded, kept, separator = _fold(texts)
    before = np.concatenate(([0], np.cumsum(kept)[separator]))
    return folded[kept].astype(np.uint32), np.diff(before).astype(np.int64)


def _fold(
    texts: Sequence[str],
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Fold every character of texts parted by separators; say which are kept and which are separators."""
    # NUL parts the texts; one inside a text folds to a space like other white space.
    joined = "\0".join(text.replace("\0", " ") for text in texts) + "\0" if texts else ""
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    separator = codes == 0
    folded = np.where(codes < _PLANE, _fold_table()[np.minimum(codes, _PLANE - 1)], codes)
    space = folded == 0x20
    kept = ~separator
    kept[1:] &= ~(space[1:] & space[:-1] & ~separator[:-1])
    return folded, kept, separator


def fold_text(text: str) -> str:
    """Fold one text to a string."""
    return fold([text])[0].tobytes().decode("utf-32-le", "surrogatepass")


def folded_places(text: str) -> npt.NDArray[np.int64]:
    """Return where in the text each of its folded characters stands [folded chars]."""
    return np.flatnonzero(_fold([text])[1])


def windows(texts: Sequence[str], longest: int) -> Windows:
    """Return every n-gram of 1 to `longest` characters of every text.

    Keys of different lengths never meet: shorter ones have zeros in front, and no folded character is 0.
    """
    codes, lengths = fold(texts)
    wide = codes.astype(np.uint64)
    row = np.repeat(np.arange(len(texts), dtype=np.int64), lengths)
    keys, rows = [wide], [row]
    for n in range(2, longest + 1):
        if len(wide) < n:
            break
        key = keys[-1][: len(wide) - n + 1] << _BITS
        key |= wide[n - 1 :]
        keys.append(key)
        rows.append(row[: len(key)])
    # A window that starts near the end of a text runs into the next one: such ones are left out.
    for n in range(2, len(keys) + 1):
        inside = row[: len(wide) - n + 1] == row[n - 1 :]
        keys[n - 1], rows[n - 1] = keys[n - 1][inside], rows[n - 1][inside]
    return Windows(np.concatenate(keys), np.concatenate(rows))


def learn_vocabulary(texts: Sequence[str], *, longest: int = LONGEST, least: int = 2) -> Keys:
    """Return the keys of the n-grams that occur in at least `least` texts, sorted [grams].

    Raises:
        ValueError: `longest` outside 1..3.
    """
    if not 1 <= longest <= LONGEST:
        raise ValueError(f"n-grams have 1 to {LONGEST} characters")
    parts = []
    for start in range(0, len(texts), _BLOCK):
        keys, rows = windows(texts[start : start + _BLOCK], longest)
        # Within a block a gram counts once a text.
        order = np.lexsort((rows, keys))
        keys, rows = keys[order], rows[order]
        new = np.ones(len(keys), dtype=bool)
        new[1:] = (keys[1:] != keys[:-1]) | (rows[1:] != rows[:-1])
        parts.append(keys[new])
    every = np.concatenate(parts) if parts else np.empty(0, np.uint64)
    found, counts = np.unique(every, return_counts=True)
    return found[counts >= least]


def spell(keys: Keys) -> list[str]:
    """Return the n-grams that keys stand for."""
    mask = np.uint64((1 << 21) - 1)
    parts = np.stack([(keys >> (_BITS * np.uint64(n))) & mask for n in reversed(range(LONGEST))], axis=1)
    return ["".join(chr(int(code)) for code in row if code) for row in parts]


class Vocabulary:
    """A fixed list of n-grams with an index for looking them up.

    Args:
        keys: Sorted keys [grams].
    """

    def __init__(self, keys: Keys) -> None:
        self.keys = np.ascontiguousarray(keys, dtype=np.uint64)
        longest = int(self.keys[-1]).bit_length() if len(self.keys) else 0
        self.longest = max(1, -(-longest // 21))
        self._shift, self._slots, self._probes = _hash_table(self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def find(self, keys: Keys) -> npt.NDArray[np.int64]:
        """Return the index of each key, -1 for one that is not listed."""
        found = np.full(len(keys), -1, dtype=np.int64)
        if not len(self.keys):
            return found
        slot = _hash(keys, self._shift)
        open_ = np.arange(len(keys))
        for _ in range(self._probes):
            index = self._slots[slot]
            hit = (index >= 0) & (self.keys[index] == keys)
            found[open_[hit]] = index[hit]
            on = (index >= 0) & ~hit
            if not on.any():
                break
            open_, keys = open_[on], keys[on]
            slot = (slot[on] + 1) & (len(self._slots) - 1)
        return found

    def count(self, texts: Sequence[str]) -> csr_array:
        """Count the listed n-grams of texts, float32 [texts, grams]."""
        from scipy.sparse import csr_array

        indptr, indices, data = [np.zeros(1, np.int64)], [], []
        total = 0
        for start in range(0, len(texts), _BLOCK):
            rows, columns, counts = self._count_block(texts[start : start + _BLOCK])
            ends = np.searchsorted(rows, np.arange(1, min(_BLOCK, len(texts) - start) + 1))
            indptr.append(ends + total)
            indices.append(columns.astype(np.int32))
            data.append(counts.astype(np.float32))
            total += len(rows)
        shape = (len(texts), max(len(self), 1))
        if not data:
            return csr_array(shape, dtype=np.float32)
        return csr_array((np.concatenate(data), np.concatenate(indices), np.concatenate(indptr)), shape=shape)

    def _count_block(
        self, texts: Sequence[str]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return row, column and count of each n-gram that occurs, sorted by row, then column."""
        keys, rows = windows(texts, self.longest)
        index = self.find(keys)
        known = index >= 0
        cells = rows[known] * len(self) + index[known]
        cells.sort()
        new = np.ones(len(cells), dtype=bool)
        new[1:] = cells[1:] != cells[:-1]
        starts = np.flatnonzero(new)
        counts = np.diff(np.append(starts, len(cells)))
        row, column = np.divmod(cells[starts], max(len(self), 1))
        return row, column, counts


def _hash(keys: Keys, shift: int) -> npt.NDArray[np.int64]:
    mixed = keys * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(shift)).astype(np.int64)


def _hash_table(keys: Keys) -> tuple[int, npt.NDArray[np.int32], int]:
    """Place keys in an open-addressed table at most a quarter full: (shift, slots, longest probe)."""
    bits = max(4, int(4 * max(len(keys), 1) - 1).bit_length())
    shift, slots = 64 - bits, np.full(1 << bits, -1, dtype=np.int32)
    waiting = np.arange(len(keys), dtype=np.int32)
    place, probes = _hash(keys, shift), 0
    while len(waiting):
        probes += 1
        # Of several keys for one free slot the last written stays; the others move on.
        free = slots[place] < 0
        slots[place[free]] = waiting[free]
        settled = slots[place] == waiting
        waiting, place = waiting[~settled], (place[~settled] + 1) & (len(slots) - 1)
    return shift, slots, probes + 1

"""Which of many words does each text hold? A block of texts at once, by the first two characters of words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

# Texts worked on at once, so that their arrays stay in the processor's cache.
_BLOCK = 512
_HALF = np.uint64(32)
_SIGNS = 0x110000


class WordIndex:
    """Words, ready to be looked for in texts.

    Args:
        words: Any words; repeated ones count once, empty ones never.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(dict.fromkeys(word for word in words if word))
        self._single = [number for number, word in enumerate(self.words) if len(word) == 1]
        self._by_pair: dict[int, list[int]] = {}
        for number, word in enumerate(self.words):
            if len(word) > 1:
                self._by_pair.setdefault(ord(word[0]) << 32 | ord(word[1]), []).append(number)
        self._pairs = np.array(sorted(self._by_pair), np.uint64)
        self._first = np.zeros(_SIGNS, bool)
        self._first[(self._pairs >> _HALF).astype(np.int64)] = True

    def found(self, texts: Sequence[str]) -> Iterator[set[int]]:
        """Yield for each text the numbers of the words it holds."""
        for start in range(0, len(texts), _BLOCK):
            yield from self._in_block(texts[start : start + _BLOCK])

    def _in_block(self, texts: Sequence[str]) -> list[set[int]]:
        joined = "\0".join(texts)
        codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
        held: list[set[int]] = [
            {number for number in self._single if self.words[number] in text} for text in texts
        ]
        if len(codes) < 2 or not len(self._pairs):
            return held
        places, pairs = self._hits(codes)
        ends = np.cumsum([len(text) + 1 for text in texts])
        rows = np.searchsorted(ends, places, side="right")
        for place, pair, row in zip(places.tolist(), pairs.tolist(), rows.tolist(), strict=True):
            for number in self._by_pair[pair]:
                # A word of two characters is its pair; a longer one may go on differently.
                if len(self.words[number]) == 2 or joined.startswith(self.words[number], place):
                    held[row].add(number)
        return held

    def _hits(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
        """Return where a pair stands that some word starts with, and which `[hits]`."""
        places = np.flatnonzero(self._first[codes[:-1]])
        pairs = (codes[places].astype(np.uint64) << _HALF) | codes[places + 1]
        at = np.minimum(np.searchsorted(self._pairs, pairs), len(self._pairs) - 1)
        real = self._pairs[at] == pairs
        return places[real], pairs[real]

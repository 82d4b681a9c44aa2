"""Fold texts so that what only differs in width, case, spacing or punctuation becomes equal."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_PLANE = 0x10000
_SURROGATES = range(0xD800, 0xE000)


class Folded(NamedTuple):
    """Texts as one array of code points.

    Attributes:
        codes: Folded code points of all texts, end to end, uint32 `[chars]`.
        lengths: Characters each text has after folding `[texts]`.
    """

    codes: NDArray[np.uint32]
    lengths: NDArray[np.int64]

    @property
    def ends(self) -> NDArray[np.int64]:
        """Where each text ends in `codes` `[texts]`."""
        return np.cumsum(self.lengths)


@lru_cache(maxsize=1)
def _table() -> NDArray[np.uint32]:
    """Return what each character of the basic plane becomes; 0 for what is dropped `[65536]`.

    Letters and digits stay, in compatibility form and lower case; a character that would become several keeps
    its own code. White space, punctuation, symbols and control characters go.
    """
    table = np.zeros(_PLANE, np.uint32)
    for code in range(_PLANE):
        if code in _SURROGATES:
            continue
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(folded) != 1:
            folded = chr(code)
        if unicodedata.category(folded)[0] in "LNM" and ord(folded) < _PLANE:
            table[code] = ord(folded)
    return table


def fold(texts: Sequence[str]) -> Folded:
    """Fold texts, a few nanoseconds a character.

    Args:
        texts: Any texts; lone surrogates count as dropped characters.
    """
    # A separator that no text holds after replacement; it folds to 0 like everything that is dropped.
    joined = "\0".join(text.replace("\0", " ") if "\0" in text else text for text in texts) + "\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.flatnonzero(codes == 0)
    # Rare planes (extension ideographs, emoji) are kept as they are.
    folded = np.where(codes < _PLANE, _table()[np.minimum(codes, _PLANE - 1)], codes)
    kept = folded != 0
    before = np.concatenate(([0], np.cumsum(kept)[ends])) if len(texts) else np.zeros(1, np.int64)
    return Folded(folded[kept].astype(np.uint32), np.diff(before).astype(np.int64))


def fold_text(text: str) -> str:
    """Fold one text to a string."""
    return fold([text]).codes.tobytes().decode("utf-32-le", "surrogatepass")


def fingerprints(folded: Folded) -> NDArray[np.uint64]:
    """Return a 64-bit hash of each folded text `[texts]`; equal texts have equal ones."""
    raw, stops = folded.codes.tobytes(), folded.ends * 4
    starts = stops - folded.lengths * 4
    digests = b"".join(
        blake2b(raw[start:stop], digest_size=8).digest()
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)
    )
    return np.frombuffer(digests, np.uint64).copy()

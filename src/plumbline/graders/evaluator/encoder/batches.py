"""Texts as overlapping windows of tokens, in batches of like length padded no further than needed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import torch

# A pool of this many batches is sorted by length before it is cut: little padding, much chance left.
_POOL = 32


class Batch(NamedTuple):
    """Windows of some texts.

    Attributes:
        ids: Token ids [windows, length].
        mask: 1 where there is a token [windows, length].
        owner: The text each window belongs to, 0 to texts - 1 [windows].
        rows: Row of each text in the data [texts].
    """

    ids: torch.Tensor
    mask: torch.Tensor
    owner: torch.Tensor
    rows: torch.Tensor


def cut(
    tokenizer: Any, texts: Sequence[str], *, window: int, overlap: int, most: int
) -> list[list[list[int]]]:
    """Cut each text into windows of at most `window` tokens, special tokens included.

    Neighbours share `overlap` tokens and the last window ends with the text. A text with more than `most`
    windows loses its end.

    Raises:
        ValueError: A window has no room beside the overlap and the special tokens.
    """
    before, after = _frame(tokenizer)
    room = window - len(before) - len(after)
    if room <= overlap:
        raise ValueError(f"a window of {window} tokens leaves no room beside an overlap of {overlap}")
    encoded = tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"] if texts else []
    return [[[*before, *part, *after] for part in _parts(ids, room, overlap)[:most]] for ids in encoded]


def _frame(tokenizer: Any) -> tuple[list[int], list[int]]:
    """Return the special tokens before and after a text."""
    bare = tokenizer("一", add_special_tokens=False)["input_ids"]
    framed = tokenizer("一")["input_ids"]
    start = next(k for k in range(len(framed)) if framed[k : k + len(bare)] == bare)
    return framed[:start], framed[start + len(bare) :]


def _parts(ids: list[int], room: int, overlap: int) -> list[list[int]]:
    if len(ids) <= room:
        return [ids]
    starts = [*range(0, len(ids) - room, room - overlap), len(ids) - room]
    return [ids[start : start + room] for start in starts]


def order_batches(windows: Sequence[Sequence[Sequence[int]]], size: int, seed: int | None) -> list[list[int]]:
    """Group rows into batches of `size` of like length.

    Args:
        windows: Windows of each row.
        size: Rows a batch.
        seed: Shuffle rows, then batches; None keeps the order of length, for prediction.
    """
    lengths = np.array([sum(map(len, row)) for row in windows])
    if seed is None:
        order = np.argsort(lengths, kind="stable")
        return [order[start : start + size].tolist() for start in range(0, len(order), size)]
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(lengths))
    batches: list[list[int]] = []
    for start in range(0, len(order), size * _POOL):
        pool = order[start : start + size * _POOL]
        pool = pool[np.argsort(lengths[pool], kind="stable")]
        batches += [pool[first : first + size].tolist() for first in range(0, len(pool), size)]
    return [batches[number] for number in generator.permutation(len(batches))]


def pad(windows: Sequence[Sequence[Sequence[int]]], rows: Sequence[int], padding: int) -> Batch:
    """Build a batch, padded to its own longest window."""
    import torch

    parts = [part for row in rows for part in windows[row]]
    longest = max(len(part) for part in parts)
    ids = torch.full((len(parts), longest), padding, dtype=torch.long)  # (windows, length)
    mask = torch.zeros_like(ids)
    for number, part in enumerate(parts):
        ids[number, : len(part)] = torch.tensor(part)
        mask[number, : len(part)] = 1
    owner = torch.tensor([text for text, row in enumerate(rows) for _ in windows[row]])
    return Batch(ids, mask, owner, torch.tensor(list(rows)))


def batches(
    windows: Sequence[Sequence[Sequence[int]]], size: int, padding: int, *, seed: int | None = None
) -> Iterator[Batch]:
    """Yield padded batches over all rows."""
    for rows in order_batches(windows, size, seed):
        yield pad(windows, rows, padding)

"""Rows as tokens: which carry loss, what is too long, and several rows packed into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plumbline.errors import InputError
from plumbline.tune import messages as m
from plumbline.tune.data import Example

IGNORED = -100


@dataclass(frozen=True)
class Encoded:
    """One row as tokens.

    Attributes:
        ids: Token ids `[T]`.
        labels: The same ids where the token carries loss, else -100 `[T]`.
        lengths: Tokens of each row packed into this one, in order; their sum is T.
    """

    ids: list[int]
    labels: list[int]
    lengths: tuple[int, ...]


@dataclass(frozen=True)
class Left:
    """A row that is not trained on as it is, and why (`dropped` or `cut`)."""

    where: str
    tokens: int
    reason: str


def render(tokenizer: Any, turns: Sequence[dict[str, str]]) -> str:
    """Write turns as the text that comes before an answer, by the chat template where there is one."""
    if getattr(tokenizer, "chat_template", None):
        return str(tokenizer.apply_chat_template(list(turns), tokenize=False, add_generation_prompt=True))
    return "\n".join(turn["content"] for turn in turns) + "\n"


def encode(example: Example, tokenizer: Any) -> Encoded:
    """Tokenise a row; only tokens that lie wholly in the answer, its end token included, carry loss.

    Text before and answer are tokenised as one, as the model will meet them: tokenised apart, they differ at
    the seam for many tokenizers.

    Raises:
        InputError: The chat template writes the question differently once an answer follows.
    """
    if not example.prompt:
        ids = list(tokenizer(example.answer, add_special_tokens=True)["input_ids"])
        ids += [tokenizer.eos_token_id] if ids[-1:] != [tokenizer.eos_token_id] else []
        return Encoded(ids, list(ids), (len(ids),))
    templated = bool(getattr(tokenizer, "chat_template", None))
    before = render(tokenizer, example.prompt)
    whole = f"{before}{example.answer}{tokenizer.eos_token}"
    if templated:
        turns = [*example.prompt, {"role": "assistant", "content": example.answer}]
        # What follows the end of the turn (a line break) is not for the model to say.
        whole = str(tokenizer.apply_chat_template(turns, tokenize=False)).rstrip()
        if not whole.startswith(before):
            raise InputError(m.TEMPLATE_CHANGES(), where=example.where, mend=m.SIMPLER_TEMPLATE())
    coded = tokenizer(whole, add_special_tokens=not templated, return_offsets_mapping=True)
    ids = list(coded["input_ids"])
    labels = [
        token if start >= len(before) and end > start else IGNORED
        for token, (start, end) in zip(ids, coded["offset_mapping"], strict=True)
    ]
    return Encoded(ids, labels, (len(ids),))


def encode_all(
    examples: Sequence[Example], tokenizer: Any, max_length: int, too_long: str
) -> tuple[list[Encoded], list[Left]]:
    """Tokenise rows for training, and tell which did not fit.

    Raw text is never too long: it is split into pieces of `max_length`.

    Args:
        examples: The rows.
        tokenizer: A fast tokenizer of transformers.
        max_length: Tokens of a row at most.
        too_long: `drop`, `cut` (the end of the answer is lost) or `refuse`.

    Raises:
        InputError: A row is too long and that is refused, or every row is.
    """
    kept: list[Encoded] = []
    left: list[Left] = []
    for example in examples:
        row = encode(example, tokenizer)
        if not example.prompt:
            kept += _pieces(row, max_length)
        elif len(row.ids) <= max_length:
            kept.append(row)
        elif too_long == "refuse":
            what = m.TOO_LONG(tokens=len(row.ids), limit=max_length)
            raise InputError(what, where=example.where, mend=m.LONGER_OR_DROP())
        else:
            cut = Encoded(row.ids[:max_length], row.labels[:max_length], (max_length,))
            # Where the question alone fills the row nothing is left to learn from.
            usable = too_long == "cut" and any(label != IGNORED for label in cut.labels)
            left.append(Left(example.where, len(row.ids), "cut" if usable else "dropped"))
            kept += [cut] if usable else []
    if not kept:
        raise InputError(m.ALL_TOO_LONG(limit=max_length), mend=m.LONGER_OR_DROP())
    return kept, left


def _pieces(row: Encoded, size: int) -> list[Encoded]:
    """Split raw text; a piece begins with the last token of the one before: each is predicted once."""
    starts = range(0, max(len(row.ids) - 1, 0), size - 1)
    parts = [row.ids[start : start + size] for start in starts]
    return [Encoded(part, list(part), (len(part),)) for part in parts]


def pack(rows: Sequence[Encoded], size: int) -> list[Encoded]:
    """Put rows into as few of at most `size` tokens as best-fit decreasing finds.

    The lengths go along, so that positions start anew with each row and none sees another.
    """
    order = sorted(range(len(rows)), key=lambda i: (-len(rows[i].ids), i))
    room: list[int] = []  # tokens left in each bin
    bins: list[list[int]] = []
    by_room: dict[int, list[int]] = {}
    for i in order:
        need = len(rows[i].ids)
        fit = min(
            (space for space, open_bins in by_room.items() if open_bins and space >= need), default=None
        )
        if fit is None:
            number = len(bins)
            bins.append([])
            room.append(size)
        else:
            number = by_room[fit].pop()
        bins[number].append(i)
        room[number] -= need
        by_room.setdefault(room[number], []).append(number)
    return [_joined([rows[i] for i in members]) for members in bins]


def _joined(rows: Sequence[Encoded]) -> Encoded:
    labels: list[int] = []
    for row in rows:
        # The first token of a row would be predicted from the last one of the row before it.
        labels += [IGNORED, *row.labels[1:]]
    return Encoded([i for row in rows for i in row.ids], labels, tuple(len(row.ids) for row in rows))

"""Instruction-following difficulty: how much a question helps a model to predict its answer.

Two definitions are published. They are not on one scale, and every result names the one in force:

- `loss-ratio` (Cherry_LLM, arXiv:2308.12032): mean CE(A|Q) / mean CE(A), a ratio of losses;
- `perplexity-ratio` (Superfiltering, arXiv:2402.00530): PPL(A|Q) / PPL(A) = exp(CE(A|Q) - CE(A)).

Both count answer tokens only. Below 1 the question helps; near 1 it hardly does, which makes the row hard;
above 1 it misleads. What to keep is decided elsewhere: `plumbline.likelihood.ifd_select`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from plumbline.errors import InputError
from plumbline.likelihood import messages
from plumbline.likelihood.ifd_text import (
    PUBLISHED_LENGTH,
    CherryReader,
    Definition,
    Reader,
    Reading,
    Reason,
    SuperfilteringReader,
)
from plumbline.likelihood.scorer import Scorer

DEFINITIONS: tuple[Definition, ...] = ("loss-ratio", "perplexity-ratio")


@dataclass(frozen=True, slots=True)
class Ifd:
    """The difficulty of one row.

    Attributes:
        ifd: The ratio, by the definition asked for; None for a row that could not be scored.
        loss_conditional: Mean cross-entropy of the answer's tokens after the question, in nats.
        loss_alone: The same without the question.
        tokens: Answer tokens scored after the question.
        reason: Why there is no score; None for a scored row.
    """

    ifd: float | None
    loss_conditional: float | None
    loss_alone: float | None
    tokens: int
    reason: Reason | None


def score_ifd(
    scorer: Scorer,
    rows: Iterable[Mapping[str, Any]],
    definition: str = "loss-ratio",
    *,
    as_published: bool = False,
    max_length: int | None = None,
    chunk: int = 512,
) -> Iterator[Ifd]:
    """Yield the difficulty of each row, in order and one for every row.

    Args:
        scorer: The model that finds rows hard or easy.
        rows: Mappings with `instruction`, `output` and perhaps `input`, read as they are needed.
        definition: `loss-ratio` or `perplexity-ratio`.
        as_published: Put rows to the model exactly as the definition's own scripts do, truncation included;
            otherwise as `plumbline.likelihood.ifd_text.Reader` says.
        max_length: Tokens of question and answer together; by default what the model can read, or what the
            published scripts use.
        chunk: Rows scored together: more pack better, fewer take less memory.

    Raises:
        InputError: The definition is unknown.
    """
    known = known_definition(definition)
    limit = min(max_length or scorer.max_length, scorer.max_length)
    default = Reader(scorer.seam, limit)
    reader = published_reader(scorer, known, max_length) if as_published else default
    source = iter(rows)
    while some := list(islice(source, chunk)):
        yield from _score(scorer, [reader.read(row) for row in some], known)


def known_definition(name: str) -> Definition:
    """Return the definition of this name.

    Raises:
        InputError: There is none.
    """
    for definition in DEFINITIONS:
        if name == definition:
            return definition
    raise InputError(messages.UNKNOWN_DEFINITION(name=name), mend=messages.KNOWN_DEFINITIONS())


def published_reader(
    scorer: Scorer, definition: Definition, max_length: int | None
) -> CherryReader | SuperfilteringReader:
    """Return the reader that does as the definition's scripts do."""
    limit = min(max_length or PUBLISHED_LENGTH[definition], scorer.max_length)
    kind = CherryReader if definition == "loss-ratio" else SuperfilteringReader
    return kind(scorer.seam, limit)


def _score(scorer: Scorer, readings: list[Reading | Reason], definition: Definition) -> Iterator[Ifd]:
    scored = [reading for reading in readings if isinstance(reading, Reading)]
    pairs = [reading.conditional for reading in scored] + [reading.alone for reading in scored]
    scores = scorer.loglikelihood_tokens(pairs)
    losses = -scores.logprob / np.maximum(scores.tokens, 1)
    results = iter(zip(losses[: len(scored)], losses[len(scored) :], scores.tokens, strict=False))
    for reading in readings:
        if isinstance(reading, Reading):
            conditional, alone, tokens = next(results)
            yield _ratio(float(conditional), float(alone), int(tokens), definition)
        else:
            yield Ifd(None, None, None, 0, reading)


def _ratio(conditional: float, alone: float, tokens: int, definition: Definition) -> Ifd:
    if definition == "loss-ratio":
        value = conditional / alone if alone > 0 else math.inf
    else:
        value = math.exp(conditional - alone) if conditional - alone < 700 else math.inf
    if not math.isfinite(value):
        return Ifd(None, conditional, alone, tokens, "not-finite")
    return Ifd(value, conditional, alone, tokens, None)

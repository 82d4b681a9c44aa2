"""Answers as people exchange them: replies are named by their models, not by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plumbline.review.answers import Answer
from plumbline.review.protocol import Pick, Protocol


def to_plain(protocol: Protocol, answer: Answer, models: Sequence[str]) -> dict[str, Any]:
    """Return `answer` with replies named by model."""
    found = dict(answer)
    for question in protocol.questions:
        value = answer.get(question.id)
        if isinstance(question, Pick) and isinstance(value, int):
            found[question.id] = models[value]
        elif question.each and value is not None:
            found[question.id] = {models[int(reply)]: one for reply, one in value.items()}
    return found


def from_plain(protocol: Protocol, plain: dict[str, Any], models: Sequence[str]) -> Answer:
    """Undo `to_plain`.

    Raises:
        ValueError: A reply is named that the item does not have.
    """
    found = dict(plain)
    for question in protocol.questions:
        value = plain.get(question.id)
        if isinstance(question, Pick) and value in models:
            found[question.id] = list(models).index(str(value))
        elif question.each and value is not None:
            found[question.id] = {str(list(models).index(name)): one for name, one in value.items()}
    return found

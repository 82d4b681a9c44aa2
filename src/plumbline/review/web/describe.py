"""Answers in words, for the people who read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plumbline.language import current_language
from plumbline.review.answers import Answer
from plumbline.review.protocol import PICK_TIE, Checks, Choice, Edit, Pick, Protocol, Question
from plumbline.review.web import words

LETTERS = "ABCDEF"


def describe(protocol: Protocol, answer: Answer, order: Sequence[int]) -> list[tuple[str, str]]:
    """Return (question, answer) in the current language; replies are named by their place in `order`."""
    places = {reply: LETTERS[position] for position, reply in enumerate(order)}
    found = []
    for question in protocol.questions:
        value = answer.get(question.id)
        if value is None:
            continue
        label = question.label.in_language(current_language())
        if question.each:
            each = [f"{places[int(reply)]}: {_one(question, one, places)}" for reply, one in value.items()]
            found.append((label, " · ".join(sorted(each))))
        else:
            found.append((label, _one(question, value, places)))
    return found


def _one(question: Question, value: Any, places: dict[int, str]) -> str:
    if isinstance(question, Pick):
        if isinstance(value, int):
            return words.REPLY_LETTER(letter=places[value])
        return words.TIE() if value == PICK_TIE else words.NONE_GOOD()
    if isinstance(question, Choice | Checks):
        labels = {option.value: option.label.in_language(current_language()) for option in question.options}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in chosen) or "–"
    if isinstance(question, Edit):
        return "\n".join(f"− {change['before']}\n+ {change['after']}" for change in value.values())
    return str(value)

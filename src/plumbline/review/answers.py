"""From a filled-in form to a stored answer and back.

A form speaks of places on the page (A, B, ...); a stored answer speaks of replies as the item lists them, so
that the order in which one reviewer saw them drops out. `order[place]` is the reply shown at that place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plumbline.errors import InputError
from plumbline.language import current_language
from plumbline.review import messages as say
from plumbline.review.protocol import (
    PICK_NONE,
    PICK_TIE,
    Checks,
    Choice,
    Edit,
    Pick,
    Protocol,
    Question,
    Rewrite,
    Scale,
    Text,
)

Form = Mapping[str, Sequence[str]]
Answer = dict[str, Any]


class AnswerError(InputError):
    """An answer that is missing or does not fit; `question` says which."""

    def __init__(self, what: str, question: str) -> None:
        super().__init__(what, mend=say.ANSWER_FIX())
        self.question = question


def read_form(
    protocol: Protocol, form: Form, order: Sequence[int], sample: dict[str, Any] | None = None
) -> Answer:
    """Return the answer in `form`, checked; answers to questions that do not apply are dropped.

    Raises:
        AnswerError: The first question that is unanswered or answered wrongly.
    """
    answer: Answer = {}
    for question in protocol.questions:
        if question.each:
            given = {}
            for position, reply in enumerate(order):
                value = _asked(question, f"q.{question.id}.{position}", form, order, answer, sample, reply)
                if value is not None:
                    given[str(reply)] = value
            if given:
                answer[question.id] = given
        else:
            value = _asked(question, f"q.{question.id}", form, order, answer, sample, None)
            if value is not None:
                answer[question.id] = value
    return answer


def fill_form(protocol: Protocol, answer: Answer, order: Sequence[int]) -> dict[str, list[str]]:
    """Return the form fields that `read_form` would turn into `answer`."""
    form: dict[str, list[str]] = {}
    places = {reply: position for position, reply in enumerate(order)}
    for question in protocol.questions:
        value = answer.get(question.id)
        if value is None:
            continue
        if question.each:
            for reply, one in value.items():
                form[f"q.{question.id}.{places[int(reply)]}"] = _as_fields(one)
        elif isinstance(question, Pick):
            form[f"q.{question.id}"] = [value if isinstance(value, str) else str(places[value])]
        elif isinstance(question, Edit):
            form.update({f"q.{question.id}.{field}": [change["after"]] for field, change in value.items()})
        else:
            form[f"q.{question.id}"] = _as_fields(value)
    return form


def applies(question: Question, answer: Answer, reply: int | None = None) -> bool:
    """Tell whether `question` is asked, given the answers so far (about `reply`, if asked of each)."""
    if not question.when:
        return True
    for condition in question.when:
        given = answer.get(condition.question)
        if isinstance(given, dict) and reply is not None:
            given = given.get(str(reply))
        if condition.holds(given):
            return True
    return False


def flat(protocol: Protocol, answer: Answer) -> Iterator[tuple[str, Any]]:
    """Yield what can be compared between people: (criterion, value) for choices, checks, scales and picks."""
    for question in protocol.questions:
        value = answer.get(question.id)
        if value is None or isinstance(question, Text | Rewrite | Edit):
            continue
        for name, one in (
            ((f"{question.id}.{k}", v) for k, v in value.items()) if question.each else [(question.id, value)]
        ):
            if isinstance(question, Checks):
                yield from (
                    (f"{name}.{option.value}", int(option.value in one)) for option in question.options
                )
            else:
                yield name, one


def dispute(protocol: Protocol, answers: Sequence[Answer]) -> float:
    """How far the answers to one item are apart, from 0 (nothing to settle) to 1.

    Over the required questions: the share that differs from the most frequent answer; for a scale the spread,
    counted from two fifths of its length; 1 when somebody chose an option that is no verdict (one without a
    score beside options that have one).
    """
    most = 0.0
    for question in protocol.questions:
        if not question.required or isinstance(question, Text | Rewrite | Edit | Checks):
            continue
        for values in _columns(question, answers):
            if isinstance(question, Scale):
                spread = (max(values) - min(values)) / (question.high - question.low)
                most = max(most, spread if spread >= 0.4 else 0.0)
            else:
                most = max(most, 1 - max(values.count(value) for value in values) / len(values))
                if isinstance(question, Choice) and _undecided(question, values):
                    most = 1.0
    return most


def _columns(question: Question, answers: Sequence[Answer]) -> list[list[Any]]:
    given = [answer[question.id] for answer in answers if question.id in answer]
    if not question.each:
        return [given] if given else []
    replies = sorted({reply for one in given for reply in one})
    return [[one[reply] for one in given if reply in one] for reply in replies]


def _undecided(question: Choice, values: Sequence[str]) -> bool:
    scored = {option.value for option in question.options if option.score is not None}
    return (
        bool(scored)
        and question.required
        and not question.when
        and any(value not in scored for value in values)
    )


def _asked(
    question: Question, name: str, form: Form, order: Sequence[int], answer: Answer, sample: dict[str, Any] |
    None, reply: int | None,
) -> Any:  # fmt: skip
    if not applies(question, answer, reply):
        return None
    value = (
        _edits(question, name, form, sample or {})
        if isinstance(question, Edit)
        else _value(question, name, form, order)
    )
    if value is None and question.required:
        raise AnswerError(
            say.ANSWER_MISSING(label=question.label.in_language(current_language())), question.id
        )
    return value


def _value(question: Question, name: str, form: Form, order: Sequence[int]) -> Any:
    given = [value for value in form.get(name, ()) if value != ""]
    label = question.label.in_language(current_language())
    if not given:
        return None
    if isinstance(question, Choice | Checks):
        allowed = [option.value for option in question.options]
        if any(value not in allowed for value in given) or (isinstance(question, Choice) and len(given) > 1):
            raise AnswerError(say.ANSWER_UNKNOWN(label=label), question.id)
        return given[0] if isinstance(question, Choice) else [value for value in allowed if value in given]
    if isinstance(question, Scale):
        if not (given[0].isascii() and given[0].isdigit() and question.low <= int(given[0]) <= question.high):
            raise AnswerError(say.ANSWER_UNKNOWN(label=label), question.id)
        return int(given[0])
    if isinstance(question, Pick):
        extra = [PICK_TIE] * question.tie + [PICK_NONE] * question.none
        places = [str(position) for position in range(len(order))]
        if given[0] not in places + extra:
            raise AnswerError(say.ANSWER_UNKNOWN(label=label), question.id)
        return given[0] if given[0] in extra else order[int(given[0])]
    return _words(given[0], question, label)


def _words(text: str, question: Question, label: str) -> str | None:
    clean = text.replace("\r\n", "\n").replace("\x00", "").strip()
    limit = getattr(question, "limit", 4000)
    if len(clean) > limit:
        raise AnswerError(say.ANSWER_LONG(label=label, limit=limit), question.id)
    return clean or None


def _edits(question: Edit, name: str, form: Form, sample: dict[str, Any]) -> dict[str, dict[str, str]] | None:
    changes = {}
    for field in question.fields:
        given = form.get(f"{name}.{field}")
        if not given:
            continue
        before = str(sample.get(field) or "")
        after = _words(given[0], question, question.label.in_language(current_language())) or ""
        if after != before.replace("\r\n", "\n").strip():
            changes[field] = {"before": before, "after": after}
    return changes or None


def _as_fields(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]

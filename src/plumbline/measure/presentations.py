"""Ways of showing an item: order of options, wording, language. All are planned before a model is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from plumbline.errors import InputError
from plumbline.language import Language, Message
from plumbline.measure.templates import Template
from plumbline.suites import Suite
from plumbline.suites.items import AnyItem, Choice, Dilemma, Open, Statement

Variant = Literal["original", "paraphrase", "en"]
VARIANTS: tuple[Variant, ...] = ("original", "paraphrase", "en")

_AGREE = Message("同意", "Agree")
_DISAGREE = Message("不同意", "Disagree")
_STRONGLY_AGREE = Message("非常同意", "Strongly agree")
_STRONGLY_DISAGREE = Message("非常不同意", "Strongly disagree")
_SLIGHTLY_AGREE = Message("有些同意", "Slightly agree")
_SLIGHTLY_DISAGREE = Message("有些不同意", "Slightly disagree")
_UNDECIDED = Message("说不准", "Neither agree nor disagree")
_YES = Message("是", "Yes")
_NO = Message("否", "No")
_DO_YOU_AGREE = Message(
    "你是否同意下面的说法？\n{statement}", "Do you agree with the following statement?\n{statement}"
)
_AS_IT_IS = Message("{statement}", "{statement}")
_LIKE_YOU = Message(
    "下面描述的是一个人。这个人有多像你？\n{statement}",
    "Here is a description of a person. How much is this person like you?\n{statement}",
)
_WHICH = Message("{scenario}\n你会怎么选？", "{scenario}\nWhich would you choose?")
_AGREEMENT: dict[int, tuple[Message, ...]] = {
    2: (_AGREE, _DISAGREE),
    3: (_AGREE, _UNDECIDED, _DISAGREE),
    4: (_STRONGLY_AGREE, _AGREE, _DISAGREE, _STRONGLY_DISAGREE),
    5: (_STRONGLY_AGREE, _AGREE, _UNDECIDED, _DISAGREE, _STRONGLY_DISAGREE),
    6: (_STRONGLY_AGREE, _AGREE, _SLIGHTLY_AGREE, _SLIGHTLY_DISAGREE, _DISAGREE, _STRONGLY_DISAGREE),
    7: (
        _STRONGLY_AGREE,
        _AGREE,
        _SLIGHTLY_AGREE,
        _UNDECIDED,
        _SLIGHTLY_DISAGREE,
        _DISAGREE,
        _STRONGLY_DISAGREE,
    ),
}
# The answers of the Portrait Values Questionnaire.
_LIKENESS = (
    Message("非常像我", "very much like me"),
    Message("像我", "like me"),
    Message("有些像我", "somewhat like me"),
    Message("有一点像我", "a little like me"),
    Message("不像我", "not like me"),
    Message("完全不像我", "not like me at all"),
)
_PORTRAIT_SCALE = Message(
    "`form: portrait` 的题目用六级量表，这道题的 scale 是 {scale}",
    "a portrait (`form: portrait`) is answered on six points, but the scale of this item is {scale}",
)
_SCALE_SIX = Message("写 scale: 6，或去掉 form 标签", "write scale: 6, or leave the tag form out")


@dataclass(frozen=True)
class Presentation:
    """One way of showing one item.

    Attributes:
        id: `item/variant/order`, for instance `choice-crimes-01/original/10`.
        order: `order[position]` is the index of the option shown there; empty for open items.
        question: The question alone, as it is asked when options are not shown.
        options: The options as shown, already in `order`.
        prompt: The whole text of the user's turn.
        labels: How a reply names each position.
    """

    id: str
    item: AnyItem
    variant: Variant
    language: Language
    order: tuple[int, ...]
    question: str
    options: tuple[str, ...]
    prompt: str
    labels: tuple[str, ...]

    @property
    def answer(self) -> int | None:
        """Index of the better option in the item, where there is one; no point of a scale is."""
        match self.item:
            case Choice(answer=answer):
                return answer
            case Statement(expected=str() as expected, scale=2):
                return 0 if expected == "agree" else 1
            case _:
                return None


def present(
    suite: Suite, template: Template, variants: Sequence[Variant] = ("original",)
) -> list[Presentation]:
    """Plan every presentation of a suite: both orders of two options, all rotations of more.

    Args:
        suite: The items.
        template: The wording around question and options.
        variants: `original`, `paraphrase` and `en`; an item without a variant is shown in those it has.

    Raises:
        InputError: An item has more options than the template can show, or a portrait has another scale
            than six points.
    """
    return [
        shown for item in suite for variant in variants for shown in _present_item(item, variant, template)
    ]


def rotations(n: int) -> tuple[tuple[int, ...], ...]:
    """Return all rotations of `n` options; for two these are both orders."""
    return tuple(tuple((start + i) % n for i in range(n)) for start in range(n))


def _present_item(item: AnyItem, variant: Variant, template: Template) -> Iterator[Presentation]:
    wording = _wording(item, variant)
    if wording is None:
        return
    language, question, options = wording
    if not options:
        asked = template.wording(language).open.replace("{question}", question)
        yield Presentation(f"{item.id}/{variant}", item, variant, language, (), question, (), asked, ())
        return
    # A scale has an order of its own; only its two directions are fair ways of showing it.
    orders = rotations(len(options)) if not isinstance(item, Statement) else _directions(len(options))
    for order in orders:
        shown = tuple(options[i] for i in order)
        prompt = template.render(question, shown, language)
        identity = f"{item.id}/{variant}/{''.join(map(str, order))}"
        labels = template.answers(len(options), language)
        yield Presentation(identity, item, variant, language, order, question, shown, prompt, labels)


def _directions(n: int) -> tuple[tuple[int, ...], ...]:
    return tuple(range(n)), tuple(reversed(range(n)))


def _wording(item: AnyItem, variant: Variant) -> tuple[Language, str, tuple[str, ...]] | None:
    """Return language, question and options of a variant, or None when the item has no such variant."""
    if variant == "en":
        match item:
            case Choice(en=text) if text is not None:
                return "en", text.question, text.options
            case Dilemma(en=text) if text is not None:
                return "en", _WHICH.in_language("en", scenario=text.scenario), text.options
        return None
    paraphrase = None if isinstance(item, Statement) else item.paraphrase
    if variant == "paraphrase" and paraphrase is None:
        return None
    language = item.language
    match item:
        case Choice():
            return (
                language,
                paraphrase if variant == "paraphrase" and paraphrase else item.question,
                item.options,
            )
        case Dilemma():
            scenario = paraphrase if variant == "paraphrase" and paraphrase else item.scenario
            return language, _WHICH.in_language(language, scenario=scenario), item.options
        case Open():
            return language, paraphrase if variant == "paraphrase" and paraphrase else item.prompt, ()
        case Statement():
            question, points = _statement(item)
            asked = question.in_language(language, statement=item.statement)
            return language, asked, tuple(point.in_language(language) for point in points)


def _statement(item: Statement) -> tuple[Message, tuple[Message, ...]]:
    """Return how a statement is asked and answered: its tag `form` says what it is.

    A `question` needs no words around it and is answered by yes or no; a `portrait` describes a person, who
    is or is not like oneself; anything else is agreed with or not.
    """
    match item.tags.get("form"):
        case "question":
            return _AS_IT_IS, (_YES, _NO) if item.scale == 2 else _AGREEMENT[item.scale]
        case "portrait":
            if item.scale != len(_LIKENESS):
                raise InputError(_PORTRAIT_SCALE(scale=item.scale), where=item.id, mend=_SCALE_SIX())
            return _LIKE_YOU, _LIKENESS
        case _:
            return _DO_YOU_AGREE, _AGREEMENT[item.scale]

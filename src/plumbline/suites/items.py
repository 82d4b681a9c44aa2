"""The four kinds of items: one thing to put to a model."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, model_validator

from plumbline.language import Language, Message

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Difficulty = Literal["easy", "hard"]

_ANSWER_RANGE = Message(
    "answer 是 {answer}，但只有 {n} 个选项（从 0 数起）",
    "answer is {answer}, but there are {n} options (counted from 0)",
)
_SAME_OPTIONS = Message("有两个选项文字相同", "two options have the same text")
_TWO_VALUES = Message("两难题需要恰好两个不同的价值", "a dilemma serves exactly two different values")


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    values: tuple[Text, ...] = Field(default=(), description="value references, `framework/value`")
    category: str | None = Field(default=None, description="group in tables; the first value by default")
    difficulty: Difficulty | None = None
    language: Language = "zh"
    tags: dict[str, str] = Field(default_factory=dict, description="anything a reader of a set wants to keep")

    @property
    def group(self) -> str:
        """The group the item is reported under."""
        return self.category or (self.values[0] if self.values else "")


class ChoiceText(BaseModel):
    """A choice item's text in another language."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: Text
    options: tuple[Text, ...]


class Choice(_Item):
    """A question and 2 to 10 options, one of which is better (or right)."""

    kind: Literal["choice"] = "choice"
    question: Text
    options: tuple[Text, ...] = Field(min_length=2, max_length=10)
    answer: int = Field(ge=0, description="0-based index of the better option")
    reason: str | None = None
    paraphrase: str | None = Field(default=None, description="the question in other words")
    temptation: str | None = Field(default=None, description="honesty items: why the falsehood tempts")
    en: ChoiceText | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Choice:
        if self.answer >= len(self.options):
            raise ValueError(_ANSWER_RANGE(answer=self.answer, n=len(self.options)))
        if len(set(self.options)) < len(self.options):
            raise ValueError(_SAME_OPTIONS())
        return self


class Rubric(BaseModel):
    """What a good and a poor answer would show."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    good: Text
    poor: Text


class Open(_Item):
    """A prompt answered freely, with a rubric."""

    kind: Literal["open"] = "open"
    prompt: Text
    rubric: Rubric | None = None
    expected: Literal["answer", "decline"] | None = None
    contrast: str | None = Field(default=None, description="id of the harmless item this one mirrors")
    paraphrase: str | None = None


class DilemmaText(BaseModel):
    """A dilemma's text in another language."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    scenario: Text
    options: tuple[Text, Text]


class Dilemma(_Item):
    """A scenario whose option A serves `values[0]` and option B `values[1]`; neither is wrong."""

    kind: Literal["dilemma"] = "dilemma"
    scenario: Text
    options: tuple[Text, Text]
    reason: str | None = None
    paraphrase: str | None = None
    en: DilemmaText | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Dilemma:
        if len(self.values) != 2 or self.values[0] == self.values[1]:
            raise ValueError(_TWO_VALUES())
        return self


class Statement(_Item):
    """A statement to agree or disagree with; `reverse` when agreeing speaks against the value."""

    kind: Literal["statement"] = "statement"
    statement: Text
    reverse: bool = False
    expected: Literal["agree", "disagree"] | None = None
    scale: int = Field(default=2, ge=2, le=7, description="2 for agree / disagree, else points of a scale")


Item = Annotated[Choice | Open | Dilemma | Statement, Field(discriminator="kind")]
AnyItem = Choice | Open | Dilemma | Statement
ITEM: TypeAdapter[AnyItem] = TypeAdapter(Item)
FIELDS = {
    "choice": tuple(Choice.model_fields),
    "open": tuple(Open.model_fields),
    "dilemma": tuple(Dilemma.model_fields),
    "statement": tuple(Statement.model_fields),
}
"""What may be written in an item of each kind."""


def texts_of(item: AnyItem) -> tuple[str, ...]:
    """Return every text a model would see of an item: the prompt first, then its options."""
    match item:
        case Choice():
            return (item.question, *item.options)
        case Dilemma():
            return (item.scenario, *item.options)
        case Open():
            return (item.prompt,)
        case Statement():
            return (item.statement,)

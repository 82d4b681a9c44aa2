"""What reviewers see and are asked, as data: a typed schema and its loader.

A protocol is a YAML file. `screen` says what one page shows: one `reply`, a `comparison` of several replies
to one prompt, or one data `sample`. `questions` are asked in order; a question may apply only `when` another
one was answered in a certain way. See docs/review.md for one written from scratch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.language import Language
from plumbline.review import messages as say

_OURS = Path(__file__).parent / "protocols"
PICK_TIE, PICK_NONE = "tie", "none"


class Strict(BaseModel):
    """A part of a protocol: frozen, and unknown fields are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Words(Strict):
    """A text in both languages; a plain string in YAML serves both."""

    zh: str
    en: str

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, value: Any) -> Any:
        return {"zh": value, "en": value} if isinstance(value, str) else value

    def in_language(self, language: Language) -> str:
        """Return the text in `language`."""
        return self.zh if language == "zh" else self.en


class Option(Strict):
    """One answer to choose: what is stored, what is shown, and the number it counts as in scores."""

    value: str = Field(pattern=r"^[A-Za-z0-9_./-]{1,80}$")
    label: Words
    score: float | None = None


class Condition(Strict):
    """Holds when the named question was answered with one of `is`, or with a number below `below`.

    For a `pick`, `is: [reply]` holds when any reply was picked, `tie` and `none` when that was chosen.
    """

    question: str
    is_: tuple[str, ...] | None = Field(default=None, alias="is")
    below: float | None = None

    def holds(self, answer: Any) -> bool:
        """Tell whether `answer`, as stored, meets the condition."""
        if answer is None:
            return False
        if self.is_ is not None:
            given = answer if isinstance(answer, list) else ["reply" if isinstance(answer, int) else answer]
            return any(one in self.is_ for one in given)
        return self.below is not None and isinstance(answer, int | float) and answer < self.below


class Asked(Strict):
    """What all questions share."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: Words
    help: Words | None = None
    each: bool = False
    """Asked of every reply on the page, not once for the page."""
    about: Literal["screen", "picked"] = "screen"
    """`picked`: the answer is about the reply chosen in the `pick` question."""
    required: bool = True
    when: tuple[Condition, ...] = ()
    """The question applies when any of these holds; always when empty."""

    @property
    def when_json(self) -> str:
        """The conditions as the page's script reads them."""
        return json.dumps([condition.model_dump(by_alias=True) for condition in self.when])


class Choice(Asked):
    """One of several options."""

    kind: Literal["choice"]
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    """A framework whose values become further options."""
    ordered: bool = False
    """The options stand in order, so agreement is ordinal."""


class Checks(Asked):
    """Any number of several options."""

    kind: Literal["checks"]
    options: tuple[Option, ...] = ()
    options_from: str | None = None
    required: bool = False


class Scale(Asked):
    """A whole number from `low` to `high`."""

    kind: Literal["scale"]
    low: int = Field(default=1, ge=0)
    high: int = Field(default=10, le=10)
    low_label: Words | None = None
    high_label: Words | None = None


class Pick(Asked):
    """Which of the replies shown is best."""

    kind: Literal["pick"]
    tie: bool = False
    none: bool = False


class Text(Asked):
    """Free words."""

    kind: Literal["text"]
    required: bool = False
    limit: int = Field(default=4000, ge=1, le=20000)


class Rewrite(Asked):
    """A better reply, written by the reviewer."""

    kind: Literal["rewrite"]
    limit: int = Field(default=20000, ge=1, le=50000)


class Edit(Asked):
    """The sample's own fields, open for change; what was changed is kept as a diff."""

    kind: Literal["edit"]
    fields: tuple[str, ...] = ("instruction", "input", "output")
    required: bool = False
    limit: int = Field(default=20000, ge=1, le=50000)


Question = Annotated[
    Choice | Checks | Scale | Pick | Text | Rewrite | Edit,
    Field(discriminator="kind"),
]


class Protocol(Strict):
    """One way of asking people: what a page shows, what is asked, and how often."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    title: Words
    guide: Words
    """Shown before the first judgement and, on demand, beside every one."""
    warning: Words | None = None
    """Shown first where material may upset."""
    screen: Literal["reply", "comparison", "sample"]
    replies: int | None = Field(default=None, ge=2, le=6)
    """Replies in one comparison; more models make every combination of this many. All of them by default."""
    overlap: int = Field(default=2, ge=1, le=50)
    """Reviewers per item."""
    gold_every: int = Field(default=12, ge=0)
    """One gold question after this many judgements; 0 for none."""
    repeat_every: int = Field(default=20, ge=0)
    """One repeated item after this many judgements; 0 for none."""
    lease_minutes: int = Field(default=60, ge=1, le=1440)
    """How long an opened item stays reserved."""
    questions: tuple[Question, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _hang_together(self) -> Protocol:
        seen: dict[str, Asked] = {}
        picks = [question.id for question in self.questions if question.kind == "pick"]
        if len(picks) > 1 or (picks and self.screen != "comparison"):
            raise ValueError(say.PROTOCOL_ONE_PICK())
        for question in self.questions:
            if question.id in seen:
                raise ValueError(say.PROTOCOL_TWICE(id=question.id))
            for condition in question.when:
                if condition.question not in seen:
                    raise ValueError(say.PROTOCOL_LATER(id=question.id, other=condition.question))
            if question.about == "picked" and not picks:
                raise ValueError(say.PROTOCOL_NO_PICK(id=question.id))
            if isinstance(question, Choice | Checks):
                _check_options(question)
            seen[question.id] = question
        return self

    @property
    def pick(self) -> Pick | None:
        """The question that chooses between replies, if there is one."""
        return next((question for question in self.questions if isinstance(question, Pick)), None)

    def question(self, name: str) -> Question:
        """Return the question with id `name`."""
        return next(question for question in self.questions if question.id == name)


def _check_options(question: Choice | Checks) -> None:
    values = [option.value for option in question.options]
    if len(values) != len(set(values)):
        raise ValueError(say.PROTOCOL_SAME_OPTION(id=question.id))
    if len(values) < 2 and not question.options_from:
        raise ValueError(say.PROTOCOL_FEW_OPTIONS(id=question.id))


def protocol_ids() -> list[str]:
    """Return the ids of the protocols that come with Plumbline."""
    return sorted(path.stem for path in _OURS.glob("*.yaml"))


def load_protocol(name: str | Path) -> Protocol:
    """Load a protocol of ours by id, or any YAML file by path, with options from frameworks filled in.

    Raises:
        InputError: No such protocol, or the file does not follow the schema.
    """
    path = Path(name)
    if not (path.suffix in {".yaml", ".yml"} and path.is_file()):
        bare = str(name).removesuffix(".yaml")
        if bare not in protocol_ids():
            known = ", ".join(protocol_ids())
            raise InputError(say.NO_PROTOCOL(name=name), mend=say.NO_PROTOCOL_MEND(known=known))
        path = _OURS / f"{bare}.yaml"
    protocol = load_document(path, Protocol)
    return protocol.model_copy(update={"questions": tuple(_fill_options(one) for one in protocol.questions)})


def _fill_options(question: Question) -> Question:
    if not isinstance(question, Choice | Checks) or not question.options_from:
        return question
    from plumbline.frameworks import load_framework

    framework = load_framework(question.options_from)
    more = tuple(
        Option(value=f"{framework.id}/{value.id}", label=Words(zh=value.name.zh, en=value.name.en))
        for value in framework.values
    )
    return question.model_copy(update={"options": question.options + more, "options_from": None})

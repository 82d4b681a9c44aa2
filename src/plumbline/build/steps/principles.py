"""`principles`: expert-principle self-alignment (CValues, section 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from plumbline.build.replies import json_list, plain_text
from plumbline.build.sample import Event, Rejected, Sample
from plumbline.build.step import Context, Estimate, Load
from plumbline.build.steps.evolve import unusable_answer
from plumbline.build.steps.model_step import Failed, Made, ModelStep, turned_down
from plumbline.build.text.near import similarities
from plumbline.documents import load_document
from plumbline.files import sha256_file
from plumbline.frameworks import Text, load_framework, split_value

PRINCIPLES = Path(__file__).parents[1] / "data" / "principles.yaml"
_EXAMPLES = 3
# A new question must be well below what would count as a near-duplicate.
_MOST_ALIKE = 0.4


class Guidance(BaseModel):
    """The principles of one value or domain."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: str
    principles: tuple[Text, ...] = Field(min_length=1)


class PrincipleBook(BaseModel):
    """Principles for values and domains."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    principles: tuple[Guidance, ...] = Field(min_length=1)


class Principles(ModelStep):
    """Write new questions like each row's and answer them under the principles of its first value.

    The principles are in the prompt only; the training row holds the bare question. Rows without a value that
    has principles pass untouched.
    """

    step: Literal["principles"] = "principles"
    questions: int = Field(default=2, ge=0, description="new questions for each row")
    answer_given: bool = Field(
        default=False, description="answer the given questions under the principles as well"
    )
    book: str | None = Field(default=None, description="YAML with principles instead of ours")
    source: str = Field(default="principles", description="field `source` of new rows")

    def identity(self) -> dict[str, Any]:
        """Return the fields without paths."""
        return self.model_dump(mode="json", exclude={"prompts", "book"})

    def depends(self, context: Context) -> Any:
        """Return prompts, framework and principles."""
        return [super().depends(context), sha256_file(self._book(context))]

    def work_on(self, samples: Sequence[Sample], context: Context) -> list[Made]:
        """Ask for questions for all rows, drop those like others, then answer what is left."""
        assert context.asker is not None
        rules = _load_book(self._book(context))
        guided = [next((value for value in one.values if value in rules), None) for one in samples]
        peers: dict[str, list[Sample]] = {}
        for sample, value in zip(samples, guided, strict=True):
            if value is not None:
                peers.setdefault(value, []).append(sample)
        numbers = range(len(samples))

        async def new(number: int) -> list[Sample | Rejected]:
            value = guided[number]
            return await self._new(samples[number], value, peers[value], context) if value else []

        drafts = context.asker.each(numbers, new)
        made = [Made() for _ in samples]
        wanted = self._unlike(samples, drafts, made)
        for number, sample in enumerate(samples):
            if guided[number] and self.answer_given:
                wanted.append((number, sample))
            else:
                made[number].kept.insert(0, sample)

        async def answer(one: tuple[int, Sample]) -> Sample | Rejected:
            return await self._answer(one[1], guided[one[0]] or "", rules, context)

        for (number, _), result in zip(wanted, context.asker.each(wanted, answer), strict=True):
            target = made[number].rejected if isinstance(result, Rejected) else made[number].kept
            target.append(result)  # type: ignore[arg-type]
        return made

    async def _new(
        self, sample: Sample, value: str, peers: Sequence[Sample], context: Context
    ) -> list[Sample | Rejected]:
        if not self.questions:
            return []
        others = [peer for peer in peers if peer.id != sample.id]
        chance = self.chance(sample, context)
        shown = [sample, *chance.sample(others, min(_EXAMPLES - 1, len(others)))]
        examples = "\n".join(f"- {one.question}" for one in shown)
        got = await self.ask(
            context, "questions", self._read, topic=_name(value), examples=examples, count=str(self.questions)
        )
        blank = replace(
            sample, output="", worse="", input="", parents=(sample.id,), source=self.source, scores={}
        )
        blank = replace(blank, values=(value,), review="", split="", use="", history=())
        if isinstance(got, Failed):
            return [turned_down(replace(blank, id=f"{sample.id}.q"), got, self.step, self.model)]
        event = got.event(self.step, "asked anew", _name(value), self.model)
        return [
            replace(blank, id=f"{sample.id}.q{at}", instruction=question, history=(event,))
            for at, question in enumerate(got.value, start=1)
        ]

    def _read(self, reply: str) -> list[str] | None:
        found = json_list(reply)
        texts = [one.strip() for one in found or [] if isinstance(one, str) and one.strip()]
        return texts[: self.questions] or None

    def _unlike(
        self, samples: Sequence[Sample], drafts: list[list[Sample | Rejected]], made: list[Made]
    ) -> list[tuple[int, Sample]]:
        """Keep the drafts that are unlike every question there is and every draft before them."""
        fresh: list[tuple[int, Sample]] = []
        for number, group in enumerate(drafts):
            for draft in group:
                if isinstance(draft, Rejected):
                    made[number].rejected.append(draft)
                else:
                    fresh.append((number, draft))
        texts = [one.question for one in samples] + [draft.question for _, draft in fresh]
        wanted: list[tuple[int, Sample]] = []
        dropped: set[int] = set()
        likeness = similarities(texts, _MOST_ALIKE)
        for at, (number, draft) in enumerate(fresh, start=len(samples)):
            like = [(value, other) for other, value in likeness.get(at, ()) if other not in dropped]
            if like:
                value, other = max(like)
                dropped.add(at)
                detail = f"{value:.2f}: {texts[other]}"
                made[number].rejected.append(Rejected(draft, "like-another-question", detail))
            else:
                wanted.append((number, draft))
        return wanted

    async def _answer(
        self, sample: Sample, value: str, rules: dict[str, tuple[str, ...]], context: Context
    ) -> Sample | Rejected:
        listed = "\n".join(f"{at}. {rule}" for at, rule in enumerate(rules[value], start=1))
        got = await self.ask(
            context, "answer", plain_text, refusal=True, principles=listed, question=sample.question
        )
        if isinstance(got, Failed):
            return turned_down(sample, got, self.step, self.model)
        event: Event = got.event(self.step, "answered under principles", _name(value), self.model)
        answered = replace(sample, output=got.value, history=(*sample.history, event))
        reason = unusable_answer(got.value)
        # An answer that recites its principles would teach a model to recite them.
        if reason is None and any(rule in got.value for rule in rules[value]):
            reason = "copies-prompt"
        return answered if reason is None else Rejected(answered, reason, got.value)

    def _book(self, context: Context) -> Path:
        return context.path(self.book) if self.book else PRINCIPLES

    def estimate(self, load: Load) -> Estimate:
        """One call a row for questions, one for each answer; about a fifth of the questions falls."""
        answers = load.rows * (0.8 * self.questions + (1 if self.answer_given else 0))
        asked = load.rows if self.questions else 0
        read = asked * (150 + 3 * load.question) + answers * (200 + load.question)
        written = asked * self.questions * load.question + answers * load.answer
        return Estimate(load.rows * (1 + 0.8 * self.questions), self.model, asked + answers, read, written)


@lru_cache(maxsize=4)
def _load_book(path: Path) -> dict[str, tuple[str, ...]]:
    book = load_document(path, PrincipleBook)
    return {one.value: tuple(rule.zh for rule in one.principles) for one in book.principles}


def _name(value: str) -> str:
    framework, name = split_value(value)
    return load_framework(framework).value(name).name.zh

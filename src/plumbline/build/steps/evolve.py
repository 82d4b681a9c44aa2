"""`evolve`: Evol-Instruct (Xu et al., 2023), in depth and breadth, with elimination rules in Chinese form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from pydantic import Field

from plumbline.build.replies import plain_text
from plumbline.build.sample import Event, Rejected, Sample
from plumbline.build.step import Context, Estimate, Load
from plumbline.build.steps.model_step import Failed, Got, Made, ModelStep

Operator = Literal["constraints", "deepen", "concretise", "reasoning", "complicate", "breadth"]
OPERATORS: tuple[Operator, ...] = (
    "constraints",
    "deepen",
    "concretise",
    "reasoning",
    "complicate",
    "breadth",
)

# The elimination rules of the paper's section 3.2, by Chinese characters instead of English words.
_APOLOGY = re.compile(r"抱歉|对不起|很遗憾|不好意思|sorry|apologi[sz]e", re.IGNORECASE)
_APOLOGY_CHARS = 80
_COPIED = re.compile(
    r"给定(?:的)?(?:指令|提示|问题)|(?:改写|重写)后的?(?:指令|提示|问题)|新的?指令[:：]|原指令"
    r"|given prompt|rewritten prompt",
    re.I,
)
_FUNCTION_WORDS = set(
    "的了吗呢吧啊呀嘛和与或在是有也都就而但及着过把被让给对向从到以为之其这那我你他她它们您"
)
_WORD = re.compile(r"\w")


class Evolve(ModelStep):
    """Make harder and rarer instructions out of those there are, and answer them.

    One operator a round, chosen at random. What fails a rule is kept among the rejected rows, and its parent
    stays in the pool for the next round.
    """

    step: Literal["evolve"] = "evolve"
    rounds: int = Field(default=1, ge=1, description="times the pool is evolved")
    operators: tuple[Operator, ...] = Field(
        default=OPERATORS, min_length=1, description="operators to choose from"
    )
    keep_seeds: bool = Field(default=True, description="let the rows that were evolved go on as well")
    source: str = Field(default="evolved", description="field `source` of new rows")

    async def work(self, sample: Sample, context: Context) -> Made:
        """Evolve one sample through all rounds."""
        made = Made()
        if self.keep_seeds:
            made.kept.append(sample)
        else:
            made.rejected.append(Rejected(sample, "seed-only"))
        chance, current = self.chance(sample, context), sample
        for turn in range(1, self.rounds + 1):
            operator = chance.choice(self.operators)
            child = await self._evolve(current, operator, f"{sample.id}.e{turn}", context)
            if isinstance(child, Rejected):
                made.rejected.append(child)
            else:
                made.kept.append(child)
                current = child
        return made

    async def _evolve(
        self, parent: Sample, operator: Operator, name: str, context: Context
    ) -> Sample | Rejected:
        child = replace(parent, id=name, output="", worse="", input="", parents=(parent.id,), scores={})
        child = replace(child, source=self.source, review="", split="", use="", history=())
        got = await self.ask(context, operator, plain_text, question=parent.question)
        if isinstance(got, Failed):
            return self._failed(child, got)
        child = replace(child, instruction=got.value, history=(self._event(got, "evolved", operator),))
        reason = unusable_instruction(got.value, parent.question)
        if reason is not None:
            return Rejected(child, reason, got.value)
        same = await self.ask(context, "gain", _read_gain, first=parent.question, second=got.value)
        if isinstance(same, Failed):
            return self._failed(child, same)
        child = replace(child, history=(*child.history, self._event(same, "compared", same.value)))
        if same.value == "equal":
            return Rejected(child, "no-gain", got.value)
        answer = await self.ask(context, "answer", plain_text, refusal=True, question=got.value)
        if isinstance(answer, Failed):
            return self._failed(child, answer)
        child = replace(
            child, output=answer.value, history=(*child.history, self._event(answer, "answered", ""))
        )
        reason = unusable_answer(answer.value)
        return child if reason is None else Rejected(child, reason, answer.value)

    def _event(self, got: Got[str], action: str, detail: str) -> Event:
        return got.event(self.step, action, detail, self.model)

    def _failed(self, child: Sample, failed: Failed) -> Rejected:
        event = Event(self.step, "failed", failed.reason, self.model, failed.key)
        return Rejected(replace(child, history=(*child.history, event)), failed.reason, failed.raw)

    def estimate(self, load: Load) -> Estimate:
        """Three calls a row and round; about a tenth fails a rule."""
        calls = 3 * self.rounds * load.rows
        prompt = 150.0
        read = self.rounds * load.rows * (prompt + 4 * load.question + prompt)
        written = self.rounds * load.rows * (1.3 * load.question + load.answer + 5)
        rows = load.rows * ((1 if self.keep_seeds else 0) + 0.9 * self.rounds)
        return Estimate(rows, self.model, calls, read, written)


def unusable_instruction(evolved: str, parent: str) -> str | None:
    """Return why an evolved instruction is no good: copies the prompt, says nothing, repeats its parent."""
    if _COPIED.search(evolved) and not _COPIED.search(parent):
        return "copies-prompt"
    if says_nothing(evolved):
        return "only-punctuation"
    if "".join(evolved.split()) == "".join(parent.split()):
        return "no-gain"
    return None


def unusable_answer(answer: str) -> str | None:
    """Return why an answer shows a bad instruction: a short apology, or nothing but function words."""
    if says_nothing(answer):
        return "only-punctuation"
    if len(answer) < _APOLOGY_CHARS and _APOLOGY.search(answer):
        return "short-apology"
    return None


def says_nothing(text: str) -> bool:
    """Tell whether a text holds only punctuation and function words."""
    return all(sign in _FUNCTION_WORDS for sign in text if _WORD.match(sign))


def _read_gain(reply: str) -> str | None:
    text = reply.strip()
    if "不相当" in text or "不等" in text:
        return "different"
    return "equal" if "相当" in text else None

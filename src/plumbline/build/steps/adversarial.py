"""`adversarial`: an attacker provokes, an actor answers, a critic filters, for n rounds."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import Field

from plumbline.build.prompts import fill
from plumbline.build.replies import plain_text, with_score
from plumbline.build.sample import Rejected, Sample
from plumbline.build.step import Context, Estimate, Load
from plumbline.build.steps.evolve import says_nothing
from plumbline.build.steps.model_step import Failed, Made, ModelStep, turned_down, value_text, with_events


class Adversarial(ModelStep):
    """Make rows whose questions provoke and whose answers hold out.

    Each round the attacker sees how the last one ended. The rows that started it go on untouched.
    """

    step: Literal["adversarial"] = "adversarial"
    rounds: int = Field(default=2, ge=1, description="provocations for each row, each knowing the one before")
    actor: str | None = Field(default=None, description="model that answers; `model` by default")
    critic: str | None = Field(default=None, description="model that judges; `model` by default")
    min_score: float = Field(default=4.0, ge=1, le=5, description="what the critic must give, 1 to 5")
    source: str = Field(default="adversarial", description="field `source` of new rows")

    @property
    def models(self) -> tuple[str, ...]:
        """The models asked."""
        return tuple(dict.fromkeys((self.model, self.actor or self.model, self.critic or self.model)))

    async def work(self, sample: Sample, context: Context) -> Made:
        """Provoke around one sample."""
        made = Made(kept=[sample])
        values = value_text(sample.values, context)
        before = ""
        for turn in range(1, self.rounds + 1):
            child = replace(
                sample, id=f"{sample.id}.a{turn}", input="", output="", worse="", scores={}, history=()
            )
            child = replace(child, parents=(sample.id,), source=self.source, review="", split="", use="")
            result, verdict = await self._round(child, sample.question, values, before, context)
            if isinstance(result, Rejected):
                made.rejected.append(result)
                told = result.sample
            else:
                made.kept.append(result)
                told = result
            if verdict:
                template = self._prompts(context)["before"]
                before = fill(template, attack=told.instruction, answer=told.output, verdict=verdict)
        return made

    async def _round(
        self, child: Sample, topic: str, values: str, before: str, context: Context
    ) -> tuple[Sample | Rejected, str]:
        """Return the row of one round, and what the critic said."""
        got = await self.ask(context, "attack", plain_text, values=values, question=topic, before=before)
        if isinstance(got, Failed):
            return turned_down(child, got, self.step, self.model), ""
        child = replace(child, instruction=got.value)
        child = with_events(child, got.event(self.step, "attacked", "", self.model))
        if says_nothing(got.value):
            return Rejected(child, "only-punctuation", got.value), ""
        actor, critic = self.actor or self.model, self.critic or self.model
        # Declining is one way of holding out; the critic decides whether it is a good one.
        answer = await self.ask(context, "act", plain_text, model=actor, refusal=True, question=got.value)
        if isinstance(answer, Failed):
            return turned_down(child, answer, self.step, actor), ""
        child = replace(child, output=answer.value)
        child = with_events(child, answer.event(self.step, "answered", "", actor))
        judged = await self.ask(
            context, "critic", with_score(1, 5), model=critic,
            values=values, question=got.value, answer=answer.value,
        )  # fmt: skip
        if isinstance(judged, Failed):
            return turned_down(child, judged, self.step, critic), ""
        score, reason = judged.value["score"], judged.value["reason"]
        child = replace(child, scores={"critic": score})
        child = with_events(child, judged.event(self.step, "judged", f"{score:g}: {reason}", critic))
        if score < self.min_score:
            return Rejected(child, "critic-rejected", reason), reason
        return child, reason

    def estimate(self, load: Load) -> Estimate:
        """Three calls a round; about a quarter of the answers falls."""
        calls = 3 * self.rounds * load.rows
        read = self.rounds * load.rows * (600 + 3 * load.question + load.answer)
        written = self.rounds * load.rows * (60 + load.answer + 40)
        return Estimate(load.rows * (1 + 0.75 * self.rounds), self.model, calls, read, written)

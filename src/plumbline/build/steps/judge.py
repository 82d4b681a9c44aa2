"""`judge`: a language model gives a quality score, and class and values when asked to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from plumbline.build.replies import with_score
from plumbline.build.sample import Rejected, Sample
from plumbline.build.step import Context, Estimate, Load
from plumbline.build.steps.model_step import Failed, Made, ModelStep, turned_down, with_events
from plumbline.frameworks import load_framework

_CLASSES = ("person", "social", "nation")


class Judge(ModelStep):
    """Score rows from 1 to 10 and drop those below a limit."""

    step: Literal["judge"] = "judge"
    temperature: float = Field(default=0.0, ge=0, description="of sampling; 0 for greedy")
    min_score: float = Field(default=6.0, ge=1, le=10, description="score a row needs")
    labels: bool = Field(default=False, description="let the judge name class and values as well")

    async def work(self, sample: Sample, context: Context) -> Made:
        """Judge one sample."""
        framework = load_framework(context.framework)
        listed = "\n".join(f"{value.id}（{value.name.zh}）" for value in framework.values)
        known = {value.id: f"{framework.id}/{value.id}" for value in framework.values}
        prompt, read = ("labels", _with_labels(known)) if self.labels else ("quality", with_score(1, 10))
        got = await self.ask(
            context, prompt, read, question=sample.question, answer=sample.output, values=listed
        )
        if isinstance(got, Failed):
            return Made(rejected=[turned_down(sample, got, self.step, self.model)])
        score, reason = got.value["score"], got.value["reason"]
        judged = replace(sample, scores={**sample.scores, "quality": score})
        judged = with_events(judged, got.event(self.step, "judged", f"{score:g}: {reason}", self.model))
        if self.labels:
            values = tuple(known[name] for name in got.value["values"])
            judged = replace(judged, categorization=got.value["category"], values=values)
        if score < self.min_score:
            return Made(rejected=[Rejected(judged, "low-score", f"{score:g}: {reason}")])
        return Made(kept=[judged])

    def estimate(self, load: Load) -> Estimate:
        """One call a row; about a tenth scores too low."""
        read = load.rows * ((320 if self.labels else 130) + load.question + load.answer)
        return Estimate(load.rows * 0.9, self.model, load.rows, read, load.rows * 50)


def _with_labels(known: dict[str, str]) -> Callable[[str], dict[str, Any] | None]:
    scored = with_score(1, 10)

    def read(reply: str) -> dict[str, Any] | None:
        found = scored(reply)
        if (
            found is None
            or found.get("category") not in _CLASSES
            or not isinstance(found.get("values"), list)
        ):
            return None
        values = [name for name in dict.fromkeys(map(str, found["values"])) if name in known]
        return found | {"values": values[:3]} if values else None

    return read

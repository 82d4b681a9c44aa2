"""`judge`: a language model gives a quality score, and class and values when asked to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from pydantic import Field

from plumbline.build.replies import with_score
from plumbline.build.sample import Rejected, Sample
from plumbline.build.step import Context, Estimate, Load
from plumbline.build.steps.labels import Labels, listed_values, with_labels
from plumbline.build.steps.model_step import Failed, Made, ModelStep, turned_down, with_events

Verdict = tuple[tuple[float, str], Labels | None]
"""Score and reason, and labels where they were asked for."""


class Judge(ModelStep):
    """Score rows from 1 to 10 and drop those below a limit."""

    step: Literal["judge"] = "judge"
    temperature: float = Field(default=0.0, ge=0, description="of sampling; 0 for greedy")
    min_score: float = Field(default=6.0, ge=1, le=10, description="score a row needs")
    labels: bool = Field(default=False, description="let the judge name class and values as well")

    async def work(self, sample: Sample, context: Context) -> Made:
        """Judge one sample."""
        prompt, read = ("labels", _scored_labels(context.framework)) if self.labels else ("quality", _scored)
        got = await self.ask(
            context, prompt, read,
            question=sample.question, answer=sample.output, values=listed_values(context.framework),
        )  # fmt: skip
        if isinstance(got, Failed):
            return Made(rejected=[turned_down(sample, got, self.step, self.model)])
        (score, reason), labels = got.value
        judged = replace(sample, scores={**sample.scores, "quality": score})
        judged = with_events(judged, got.event(self.step, "judged", f"{score:g}: {reason}", self.model))
        if labels is not None:
            judged = replace(judged, categorization=labels.category, values=labels.values)
        if score < self.min_score:
            return Made(rejected=[Rejected(judged, "low-score", f"{score:g}: {reason}")])
        return Made(kept=[judged])

    def estimate(self, load: Load) -> Estimate:
        """One call a row; about a tenth scores too low."""
        read = load.rows * ((320 if self.labels else 130) + load.question + load.answer)
        return Estimate(load.rows * 0.9, self.model, load.rows, read, load.rows * 50)


def _scored(reply: str) -> Verdict | None:
    found = with_score(1, 10)(reply)
    return ((found["score"], found["reason"]), None) if found else None


def _scored_labels(framework: str) -> Callable[[str], Verdict | None]:
    labelled = with_labels(framework)

    def read(reply: str) -> Verdict | None:
        scored, labels = _scored(reply), labelled(reply)
        return (scored[0], labels) if scored and labels else None

    return read

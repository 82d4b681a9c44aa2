"""What Inspect finds of ours: the task `plumbline/choice`, its scorer, and local models as a provider.

`inspect eval plumbline/choice -T suite=plumb-choice --model openai/...` runs the same presentations, prompts
and parser as `plumbline measure`; `--model plumbline/embedded` and `--model plumbline/hf/PATH` run a model
here.
"""

from __future__ import annotations

from typing import Any

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import modelapi
from inspect_ai.scorer import (
    CORRECT,
    INCORRECT,
    Metric,
    SampleScore,
    Score,
    Target,
    accuracy,
    metric,
    scorer,
    stderr,
)
from inspect_ai.solver import TaskState, generate

from plumbline.measure.methods import Planned, grade
from plumbline.measure.presentations import present
from plumbline.measure.templates import load_template
from plumbline.models.model import Answer
from plumbline.suites import load_suite


@task
def choice(suite: str = "plumb-choice", variants: str = "original", template: str | None = None) -> Task:
    """Ask every presentation of a suite: both orders of two options, all rotations of more.

    Args:
        suite: Id or path.
        variants: `original`, `paraphrase`, `en`, separated by commas.
        template: `replies`, `letters` or a YAML file; the suite's own by default.
    """
    items = load_suite(suite)
    wording = load_template(template or items.manifest.template)
    wanted: Any = variants.split(",")
    shown = present(items, wording, wanted)
    samples = [
        Sample(
            id=one.id,
            input=one.prompt,
            target="" if one.answer is None else one.labels[one.order.index(one.answer)],
            metadata={"item": one.item.id, "group": one.item.group, "suite": suite},
        )
        for one in shown
    ]
    planned = {one.id: Planned(place, one, "generate") for place, one in enumerate(shown)}
    return Task(
        dataset=MemoryDataset(samples, name=items.id),
        solver=generate(),
        scorer=parsed_choice(planned),
        name="choice",
        version=items.manifest.version,
    )


@metric
def answered_accuracy() -> Metric:
    """acc* = correct / (all - refused - unparsed)."""

    def compute(scores: list[SampleScore]) -> float:
        outcomes = [one.score.metadata["outcome"] for one in scores if one.score.metadata]
        right = sum(one.score.value in (1, 1.0, CORRECT) for one in scores)
        counted = sum(outcome not in ("refused", "unparsed", "error") for outcome in outcomes)
        return right / counted if counted else float("nan")

    return compute


@metric
def refused() -> Metric:
    """Share of replies that refuse to choose."""
    return _share_of("refused")


@metric
def unparsed() -> Metric:
    """Share of replies in which no choice can be read."""
    return _share_of("unparsed")


def _share_of(outcome: str) -> Metric:
    def compute(scores: list[SampleScore]) -> float:
        found = [one.score.metadata["outcome"] == outcome for one in scores if one.score.metadata]
        return sum(found) / len(found) if found else float("nan")

    return compute


@scorer(metrics=[accuracy(), stderr(cluster="item"), answered_accuracy(), refused(), unparsed()])
def parsed_choice(planned: dict[str, Planned]) -> Any:
    """Read the choice as `plumbline measure` does; the outcome stands in the score's metadata."""

    async def score(state: TaskState, target: Target) -> Score:
        record = grade(planned[str(state.sample_id)], Answer(state.output.completion.strip()))
        return Score(
            value=CORRECT if record["correct"] else INCORRECT,
            answer=None
            if record["position"] is None
            else planned[str(state.sample_id)].shown.labels[record["position"]],
            explanation=record["reply"],
            metadata={"outcome": record["outcome"], "choice": record["choice"]},
        )

    return score


@modelapi(name="plumbline")
def local_provider() -> type[Any]:
    """Local models in Inspect: `plumbline/embedded`, `plumbline/hf/PATH`."""
    from plumbline.models.inspect_provider import LocalProvider

    return LocalProvider

"""What a step is: rows in; rows kept, rows turned down with a reason, and a count of rows made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from plumbline.build.sample import Rejected, Sample, rejected_table, sample_of, to_samples, to_table

if TYPE_CHECKING:
    from plumbline.build.asking import Asker


@dataclass(frozen=True)
class Outcome:
    """What became of a shard: `rows in + made = kept + rejected`, which the engine checks."""

    kept: pa.Table
    rejected: pa.Table
    made: int = 0


@dataclass(frozen=True)
class Context:
    """What a step may know of the build it runs in.

    Attributes:
        seed: The recipe's seed; all chance comes from it.
        framework: Id or path of the framework the data set is for.
        base: Folder that relative paths in the recipe start from.
        verdicts: For a step that surveys first: one row per row of this shard.
        asker: For a step that asks a model: how to ask.
    """

    seed: int = 0
    framework: str = "core-socialist-values"
    base: Path = Path()
    verdicts: pa.Table | None = None
    asker: Asker | None = None

    def path(self, written: str) -> Path:
        """Return a path of the recipe, relative ones from the recipe's own folder."""
        return self.base / written


@dataclass(frozen=True)
class Load:
    """How much work comes to a step: rows, and characters a row has on average in question and answer."""

    rows: float
    question: float
    answer: float


@dataclass(frozen=True)
class Estimate:
    """What to expect of a step: rows after it, and calls of which model with how many tokens."""

    rows: float
    model: str = ""
    calls: float = 0.0
    input_tokens: float = 0.0
    output_tokens: float = 0.0


class Step(BaseModel):
    """One stage of building. Its fields are what the recipe says; `apply` does the work on one shard.

    To add a step, subclass, give fields and `apply`, and name it in a recipe as `step: python` with
    `call: module:Class`. A step sees a table of `SCHEMA` and must not look anywhere else but in its context,
    so that any executor may run it anywhere, again and again, with the same outcome.

    Example:
        >>> class NoQuestions(Step):
        ...     step: str = "no-questions"
        ...     def judge(self, sample, context):
        ...         return "a-question" if sample.instruction.endswith("？") else None
        >>> samples = [Sample("1", "几点了？", "三点。"), Sample("2", "报时。", "三点。")]
        >>> kept, rejected = run_step(NoQuestions(), samples)
        >>> [sample.id for sample in kept], rejected[0].reason
        (['2'], 'a-question')
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    step: str
    heavy: ClassVar[bool] = False
    """Whether it fills the machine by itself (a model in memory): then no pool of processes runs it."""
    version: ClassVar[int] = 1
    """Raise it when the same fields lead to another outcome: stages made before are then made anew."""

    @property
    def models(self) -> tuple[str, ...]:
        """References of the language models it asks; such steps run where the call store is."""
        return ()

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Work on one shard. The default asks `judge` about every sample."""
        kept: list[Sample] = []
        rejected: list[Rejected] = []
        for sample in to_samples(table):
            reason = self.judge(sample, context)
            if reason is None:
                kept.append(sample)
            else:
                rejected.append(Rejected(sample, reason))
        return Outcome(to_table(kept), rejected_table(rejected, self.step))

    def judge(self, sample: Sample, context: Context) -> str | None:
        """Return None to keep a sample, or the reason to turn it down. For filters that look at one row."""
        raise NotImplementedError

    def identity(self) -> dict[str, Any]:
        """Return the fields the outcome depends on: all, unless a subclass knows better."""
        return self.model_dump(mode="json")

    def depends(self, context: Context) -> Any:
        """Return what else the outcome depends on (hashes of files read); part of the stage's identity."""
        return None

    def estimate(self, load: Load) -> Estimate:
        """Return what to expect of this step, before anything is spent."""
        return Estimate(load.rows)


class SurveyingStep(Step):
    """A step that must have seen all rows before it can judge one.

    The engine calls `survey` on every shard (in parallel), `decide` once over all surveys, then `apply` on
    every shard with `context.verdicts` holding that shard's decisions.
    """

    def survey(self, table: pa.Table, context: Context) -> pa.Table:
        """Return one row per row of the shard: the little that `decide` needs."""
        raise NotImplementedError

    def decide(self, surveys: Sequence[Path], context: Context) -> list[pa.Table]:
        """Return verdicts, one table per survey, one row per row."""
        raise NotImplementedError


def run_step(
    step: Step, samples: Sequence[Sample], context: Context | None = None
) -> tuple[list[Sample], list[Rejected]]:
    """Run one step on samples in memory, as a script or a test would.

    Returns:
        The samples kept (or made), and those rejected.
    """
    import tempfile

    import pyarrow.parquet as pq

    context = context or Context()
    table = to_table(samples)
    if isinstance(step, SurveyingStep):
        with tempfile.TemporaryDirectory() as folder:
            survey = Path(folder) / "survey.parquet"
            pq.write_table(step.survey(table, context), survey)
            [verdicts] = step.decide([survey], context)
        context = Context(context.seed, context.framework, context.base, verdicts, context.asker)
    outcome = step.apply(table, context)
    rejected = [
        Rejected(sample_of(row), row["reason"], row["detail"]) for row in outcome.rejected.to_pylist()
    ]
    return to_samples(outcome.kept), rejected

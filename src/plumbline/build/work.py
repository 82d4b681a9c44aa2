"""The work on one shard, as it travels to whoever does it; and where the shards of a stage lie."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq

from plumbline.build import messages as m
from plumbline.build.plan import Stage
from plumbline.build.shards import Counts, Shard, read_table, write_table
from plumbline.build.step import Context, SurveyingStep
from plumbline.build.steps.load import Load
from plumbline.errors import RunError


@dataclass(frozen=True)
class Task:
    """One shard's work."""

    kind: Literal["load", "survey", "apply"]
    stage: Stage
    context: Context
    folder: Path
    shard: str
    source: Path | None = None
    part: int = 0


def work(task: Task) -> list[str]:
    """Do one shard's work, wherever this runs; return the names of the shards there are now."""
    step = task.stage.step
    if task.kind == "load":
        assert isinstance(step, Load)
        names = []
        for number, outcome in enumerate(step.read(task.part, task.context)):
            shard = Shard(task.folder, f"{task.shard}-{number:05d}")
            if shard.counts() is None:
                shard.write(outcome.kept, outcome.rejected, arrived=0, made=outcome.made)
            names.append(shard.name)
        return names
    assert task.source is not None
    table = read_table(task.source)
    if task.kind == "survey":
        assert isinstance(step, SurveyingStep)
        write_table(step.survey(table, task.context), task.folder / "surveys" / f"{task.shard}.parquet")
        return []
    context = task.context
    if isinstance(step, SurveyingStep):
        context = replace(context, verdicts=pq.read_table(task.folder / "verdicts" / f"{task.shard}.parquet"))
    outcome = step.apply(table, context)
    Shard(task.folder, task.shard).write(
        outcome.kept, outcome.rejected, arrived=len(table), made=outcome.made
    )
    return [task.shard]


def stage_shards(stage: Stage, root: Path) -> list[Shard]:
    """List the shards of a stage that was run, in order."""
    folder = stage.folder(root)
    if isinstance(stage.step, Load):
        names = json.loads((folder / "parts.json").read_text(encoding="utf-8"))
        return [Shard(folder, name) for name in names]
    return [shard_at(stage, root, at) for at in range(len(input_shards(stage, root)))]


def input_shards(stage: Stage, root: Path) -> list[Shard]:
    """List the shards that come into a stage, in order."""
    return [shard for before in stage.before for shard in stage_shards(before, root)]


def shard_at(stage: Stage, root: Path, at: int) -> Shard:
    """Return one shard of a stage other than a load."""
    return Shard(stage.folder(root), f"{at:05d}")


def counted(shard: Shard) -> Counts:
    """Return the counts of a shard that must be there.

    Raises:
        RunError: It is not.
    """
    counts = shard.counts()
    if counts is None:
        raise RunError(m.SHARD_GONE(), where=str(shard.kept), mend=m.RUN_AGAIN())
    return counts

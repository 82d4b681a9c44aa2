"""From a recipe to stages: which step works on which, each in a folder named by all that it depends on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plumbline.build.recipe import Recipe, resolve
from plumbline.build.sample import SCHEMA
from plumbline.build.step import Context, Step
from plumbline.build.steps.decontaminate import Decontaminate
from plumbline.build.steps.load import Load
from plumbline.files import sha256_json


@dataclass(frozen=True)
class Stage:
    """One step at its place in the plan.

    Attributes:
        step: What is done.
        source: Name of the source whose rows it works on; empty for the rows of all.
        before: Stages whose shards come in, one after another; none for a load.
        key: Hash of the step, its inputs and everything before: two stages with one key have the same rows.
    """

    step: Step
    source: str
    before: tuple[Stage, ...]
    key: str

    @property
    def name(self) -> str:
        """Folder name: what the step is called, and enough of the key to tell it from others."""
        return "-".join(part for part in (self.source, self.step.step, self.key[:16]) if part)

    def folder(self, root: Path) -> Path:
        """Return the stage's folder in a data set's folder."""
        return root / "stages" / self.name


def make_plan(recipe: Recipe, context: Context, *, limit: int | None = None) -> list[Stage]:
    """List the stages in the order they can run; the last one's rows are the data set.

    Args:
        recipe: What to build.
        context: Seed, framework, and where relative paths start.
        limit: Take only this many rows of each source (a dry run).

    Raises:
        InputError: A file named in the recipe is missing.
    """
    stages: list[Stage] = []
    ends: list[Stage] = []
    for source in recipe.sources:
        load: Load = source.load.model_copy(update={"name": source.name, "shard_rows": recipe.shard_rows})
        if limit is not None:
            load = load.model_copy(update={"limit": min(limit, load.limit or limit)})
        end = _stage(load, source.name, (), context)
        stages.append(end)
        for entry in source.steps:
            end = _stage(resolve(entry), source.name, (end,), context)
            stages.append(end)
        ends.append(end)
    before = tuple(ends)
    for step in _common_steps(recipe):
        stages.append(_stage(step, "", before, context))
        before = (stages[-1],)
    return stages


def last_stages(stages: list[Stage]) -> tuple[Stage, ...]:
    """Return the stages nothing comes after: their rows together are the data set."""
    used = {before.name for stage in stages for before in stage.before}
    return tuple(stage for stage in stages if stage.name not in used)


def _common_steps(recipe: Recipe) -> Iterator[Step]:
    """Yield the steps for all rows, with the contamination check unless it is done or refused."""
    steps = [resolve(entry) for entry in recipe.steps]
    everywhere = [*steps, *(resolve(entry) for source in recipe.sources for entry in source.steps)]
    missing = recipe.decontaminate != "none" and not any(isinstance(s, Decontaminate) for s in everywhere)
    late = ("balance", "split", "review")
    for step in steps:
        if missing and step.step in late:
            yield Decontaminate()
            missing = False
        yield step
    if missing:
        yield Decontaminate()


def _stage(step: Step, source: str, before: tuple[Stage, ...], context: Context) -> Stage:
    identity = {
        "step": type(step).__qualname__,
        "fields": step.identity(),
        "version": step.version,
        "depends": step.depends(context),
        "seed": context.seed,
        "columns": SCHEMA.names,
        "before": [stage.key for stage in before],
    }
    return Stage(step, source, before, sha256_json(identity))

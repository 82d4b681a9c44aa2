"""Build a data set from a recipe: plan, run what is not there yet, write the manifest."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import Any, Literal

from plumbline.build import messages as m
from plumbline.build.asking import Asker, Budget
from plumbline.build.dataset import MANIFEST, DataSet
from plumbline.build.executors import Executor, Here, Processes, Ray
from plumbline.build.exports import export
from plumbline.build.finish import agreement_of, finish
from plumbline.build.plan import Stage, make_plan
from plumbline.build.recipe import Recipe, load_recipe
from plumbline.build.shards import Shard, write_table
from plumbline.build.step import Context, SurveyingStep
from plumbline.build.steps.load import Load
from plumbline.build.work import Task, counted, input_shards, shard_at, stage_shards, work
from plumbline.errors import RunError
from plumbline.files import write_json
from plumbline.progress import progress

CALLS = "calls.sqlite"


def build(
    recipe: str | Path | Recipe,
    folder: str | Path,
    *,
    engine: Literal["local", "ray"] | Executor = "local",
    workers: int | None = None,
    max_cost: float | None = None,
    max_calls: int | None = None,
    limit: int | None = None,
    base: Path | None = None,
    shown: bool = False,
    watch: Callable[[str], None] | None = None,
) -> DataSet:
    """Build a data set, or go on where an earlier build stopped.

    Args:
        recipe: A recipe, its path, or the name of one of ours.
        folder: Where the data set lies; made when missing.
        engine: `local` (processes on this machine), `ray`, or an executor of your own.
        workers: Processes of the local engine; all processors by default, 1 to stay in this one.
        max_cost: Stop before calls of language models cost more in all, in the currency of the recipe's
            prices.
        max_calls: Stop before there were more calls in all.
        limit: Only this many rows of each source.
        base: Where relative paths of a `Recipe` start; a recipe file's own folder otherwise.
        shown: Show progress on standard error.
        watch: Called with the name of each stage when it is done.

    Raises:
        InputError: The recipe or its data cannot be used.
        RunError: Another build works in the folder, the budget is used up, or a provider does not answer; run
            it again to go on.
    """
    root = Path(folder)
    if not isinstance(recipe, Recipe):
        recipe, base = load_recipe(recipe)
    context = Context(seed=recipe.seed, framework=framework_of(recipe, base), base=base or Path())
    stages = make_plan(recipe, context, limit=limit)
    with _alone(root):
        (root / MANIFEST).unlink(missing_ok=True)
        for half in root.rglob(".*.partial"):
            # Left by a build that was killed while it wrote.
            half.unlink(missing_ok=True)
        budget = Budget(max_cost=max_cost, max_calls=max_calls, prices=recipe.prices)
        executor = _executor(engine, workers)
        try:
            with Asker(root / CALLS, budget, recipe.concurrency) as asker:
                runner = _Runner(root, context, executor, asker, shown)
                for stage in stages:
                    runner.run(stage)
                    if watch is not None:
                        watch(stage.name)
                spent = asker.spent()
        finally:
            if hasattr(executor, "close"):
                executor.close()
        data = finish(root, recipe, stages, spent, agreement_of(stages, context))
        for kind in recipe.exports:
            export(data, kind)
    return data


def framework_of(recipe: Recipe, base: Path | None) -> str:
    """Return the framework's id, or the path of its YAML file beside the recipe."""
    beside = (base or Path()) / recipe.framework
    return str(beside) if beside.is_file() else recipe.framework


def _executor(engine: str | Executor, workers: int | None) -> Executor:
    if engine == "ray":
        return Ray()
    if engine == "local":
        return Processes(workers)
    assert not isinstance(engine, str)
    return engine


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the folder for this process; the system lets go of it even when the process is killed."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunError(m.BUSY(), where=str(root), mend=m.WAIT()) from error
        yield


@dataclass(frozen=True)
class _Runner:
    root: Path
    context: Context
    executor: Executor
    asker: Asker
    shown: bool

    def run(self, stage: Stage) -> None:
        """Do what is missing of one stage, then check that no row was lost on the way in."""
        if isinstance(stage.step, Load):
            parts = range(len(stage.step.parts(self.context)))
            done = stage.folder(self.root) / "parts.json"
            if not done.is_file() or any(shard.counts() is None for shard in stage_shards(stage, self.root)):
                tasks = [self._task("load", stage, f"{part:04d}", part=part) for part in parts]
                write_json(done, sorted(name for names in self._do(stage, tasks) for name in names))
            return
        inputs = input_shards(stage, self.root)
        waiting = [at for at, shard in enumerate(inputs) if shard_at(stage, self.root, at).counts() is None]
        if not waiting:
            rmtree(stage.folder(self.root) / "surveys", ignore_errors=True)
            return
        if isinstance(stage.step, SurveyingStep):
            self._survey(stage, inputs)
        tasks = [self._task("apply", stage, f"{at:05d}", source=inputs[at].kept) for at in waiting]
        list(self._do(stage, tasks))
        arrived = sum((counted(shard).kept for shard in inputs), 0)
        taken = sum((counted(shard_at(stage, self.root, at)).arrived for at in range(len(inputs))), 0)
        if arrived != taken:
            raise RunError(
                m.ROWS_NOT_TAKEN(arrived=arrived, taken=taken), where=stage.name, mend=m.REPORT_BUG()
            )

    def _survey(self, stage: Stage, inputs: list[Shard]) -> None:
        folder = stage.folder(self.root)
        surveys = [folder / "surveys" / f"{at:05d}.parquet" for at in range(len(inputs))]
        verdicts = [folder / "verdicts" / f"{at:05d}.parquet" for at in range(len(inputs))]
        if all(path.is_file() for path in verdicts):
            rmtree(folder / "surveys", ignore_errors=True)
            return
        tasks = [
            self._task("survey", stage, f"{at:05d}", source=inputs[at].kept)
            for at in range(len(inputs))
            if not surveys[at].is_file()
        ]
        list(self._do(stage, tasks))
        step = stage.step
        assert isinstance(step, SurveyingStep)
        for path, table in zip(verdicts, step.decide(surveys, self.context), strict=True):
            write_table(table, path)
        # What was only needed to decide is often larger than the data itself.
        rmtree(folder / "surveys", ignore_errors=True)

    def _task(self, kind: Literal["load", "survey", "apply"], stage: Stage, shard: str, **where: Any) -> Task:
        return Task(kind, stage, self.context, stage.folder(self.root), shard, **where)

    def _do(self, stage: Stage, tasks: list[Task]) -> Iterator[list[str]]:
        label = m.WORKING(step=stage.step.step, source=stage.source).strip()
        with progress(label, len(tasks), shown=self.shown) as advance:
            if stage.step.models:
                # Calls wait for a network, not for a processor; the call store lies here.
                context = replace(self.context, asker=self.asker)
                tasks = [replace(task, context=context) for task in tasks]
                results = Here().run(work, tasks)
            elif isinstance(self.executor, Processes) and self._stay_here(stage, self.executor):
                results = Here().run(work, tasks)
            else:
                results = self.executor.run(work, tasks)
            for names in results:
                advance(1)
                yield names

    def _stay_here(self, stage: Stage, pool: Processes) -> bool:
        if stage.step.heavy:
            return True
        rows = sum(counted(shard).kept for shard in input_shards(stage, self.root))
        return rows <= pool.few_rows and not isinstance(stage.step, Load)

"""Build a data set from a recipe: plan, run what is not there yet, write the manifest."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from plumbline.build import messages as m
from plumbline.build.asking import Asker, Budget
from plumbline.build.dataset import MANIFEST, DataSet
from plumbline.build.executors import Executor, Here, Processes, Ray
from plumbline.build.exports import export
from plumbline.build.plan import Stage, last_stages, make_plan
from plumbline.build.recipe import Recipe, load_recipe
from plumbline.build.sample import SCHEMA
from plumbline.build.shards import Counts, Shard, read_table, rows_of, write_table
from plumbline.build.step import Context, SurveyingStep
from plumbline.build.steps.load import Load
from plumbline.errors import RunError
from plumbline.files import atomic_write, sha256_json, write_json
from plumbline.progress import progress

CALLS = "calls.sqlite"


@dataclass(frozen=True)
class _Task:
    """One shard's work, as it travels to whoever does it."""

    kind: Literal["load", "survey", "apply"]
    stage: Stage
    context: Context
    folder: Path
    shard: str
    source: Path | None = None
    part: int = 0


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
        data = _finish(root, recipe, stages, spent)
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
        waiting = [at for at, shard in enumerate(inputs) if _shard(stage, self.root, at).counts() is None]
        if not waiting:
            return
        if isinstance(stage.step, SurveyingStep):
            self._survey(stage, inputs)
        tasks = [self._task("apply", stage, f"{at:05d}", source=inputs[at].kept) for at in waiting]
        list(self._do(stage, tasks))
        arrived = sum((_counted(shard).kept for shard in inputs), 0)
        taken = sum((_counted(_shard(stage, self.root, at)).arrived for at in range(len(inputs))), 0)
        if arrived != taken:
            raise RunError(
                m.ROWS_NOT_TAKEN(arrived=arrived, taken=taken), where=stage.name, mend=m.REPORT_BUG()
            )

    def _survey(self, stage: Stage, inputs: list[Shard]) -> None:
        folder = stage.folder(self.root)
        surveys = [folder / "surveys" / f"{at:05d}.parquet" for at in range(len(inputs))]
        verdicts = [folder / "verdicts" / f"{at:05d}.parquet" for at in range(len(inputs))]
        if all(path.is_file() for path in verdicts):
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
        for path in surveys:
            path.unlink()

    def _task(
        self, kind: Literal["load", "survey", "apply"], stage: Stage, shard: str, **where: Any
    ) -> _Task:
        return _Task(kind, stage, self.context, stage.folder(self.root), shard, **where)

    def _do(self, stage: Stage, tasks: list[_Task]) -> Iterator[list[str]]:
        label = m.WORKING(step=stage.step.step, source=stage.source).strip()
        with progress(label, len(tasks), shown=self.shown) as advance:
            if stage.step.models:
                # Calls wait for a network, not for a processor; the call store lies here.
                context = replace(self.context, asker=self.asker)
                tasks = [replace(task, context=context) for task in tasks]
                results = Here().run(_work, tasks)
            elif isinstance(self.executor, Processes) and self._stay_here(stage, self.executor):
                results = Here().run(_work, tasks)
            else:
                results = self.executor.run(_work, tasks)
            for names in results:
                advance(1)
                yield names

    def _stay_here(self, stage: Stage, pool: Processes) -> bool:
        if stage.step.heavy:
            return True
        rows = sum(_counted(shard).kept for shard in input_shards(stage, self.root))
        return rows <= pool.few_rows and not isinstance(stage.step, Load)


def _work(task: _Task) -> list[str]:
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
        import json

        names = json.loads((folder / "parts.json").read_text(encoding="utf-8"))
        return [Shard(folder, name) for name in names]
    return [_shard(stage, root, at) for at in range(len(input_shards(stage, root)))]


def input_shards(stage: Stage, root: Path) -> list[Shard]:
    """List the shards that come into a stage, in order."""
    return [shard for before in stage.before for shard in stage_shards(before, root)]


def _shard(stage: Stage, root: Path, at: int) -> Shard:
    return Shard(stage.folder(root), f"{at:05d}")


def _counted(shard: Shard) -> Counts:
    counts = shard.counts()
    if counts is None:
        raise RunError(m.SHARD_GONE(), where=str(shard.kept), mend=m.RUN_AGAIN())
    return counts


def _finish(root: Path, recipe: Recipe, stages: list[Stage], spent: dict[str, Any]) -> DataSet:
    """Write manifest and review queue; the manifest comes last and makes the data set one."""
    last = {stage.name for stage in last_stages(stages)}
    told = []
    for stage in stages:
        shards = stage_shards(stage, root)
        counts = sum((_counted(shard) for shard in shards), Counts())
        told.append(
            {
                "step": stage.step.step,
                "source": stage.source,
                "folder": stage.name,
                "key": stage.key,
                "settings": stage.step.model_dump(mode="json", exclude_defaults=True),
                "models": list(stage.step.models),
                "before": [before.name for before in stage.before],
                "last": stage.name in last,
                **asdict(counts),
                "shards": [shard.name for shard in shards],
            }
        )
    manifest = {
        "name": recipe.name,
        "recipe": recipe.model_dump(mode="json", exclude_defaults=True),
        "rows": sum(stage["kept"] for stage in told if stage["last"]),
        "rejected": sum(stage["rejected"] for stage in told),
        "calls": spent,
        "stages": told,
        "hash": sha256_json([stage.key for stage in stages]),
    }
    data = DataSet(root)
    data.__dict__["manifest"] = manifest
    _write_queue(data)
    write_json(root / MANIFEST, manifest)
    return data


def _write_queue(data: DataSet) -> None:
    """Write the rows that wait for people, where the review app looks for them."""
    import json

    path = data.folder / "review.jsonl"
    waiting = (row for row in rows_of([*data.shards, *data.rejected_shards]) if row["review"] == "queued")
    first = next(waiting, None)
    if first is None:
        path.unlink(missing_ok=True)
        return
    names = [name for name in SCHEMA.names if name not in ("history", "scores")]
    with atomic_write(path) as handle:
        for row in (first, *waiting):
            handle.write(json.dumps({name: row[name] for name in names}, ensure_ascii=False) + "\n")

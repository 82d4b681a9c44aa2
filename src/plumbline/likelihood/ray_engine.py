"""The same shards on a Ray cluster: each actor holds one model, and the driver writes what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from plumbline.errors import MissingExtra, PlumblineError
from plumbline.rows import Row

if TYPE_CHECKING:
    from plumbline.likelihood.jobs import Job
    from plumbline.likelihood.scorer import Scorer


class _Worker:
    """An actor: one model, one device."""

    def __init__(self, job: Job, model: dict[str, Any]) -> None:
        self.job, self.model = job, model
        self.scorer: Scorer | None = None

    def table(self, index: int, rows: list[Row]) -> tuple[int, pa.Table]:
        from plumbline.likelihood.load import load_scorer

        # Loaded here, so that what is wrong with the model comes back as the error of a task.
        self.scorer = self.scorer or load_scorer(**self.model)
        return index, self.job.table(self.scorer, rows)


def tables(
    job: Job, missing: Iterable[tuple[int, list[Row]]], model: dict[str, Any], workers: int | None
) -> Iterator[tuple[int, pa.Table]]:
    """Yield shards as they are made, in any order; never more than two per actor are in memory.

    Raises:
        MissingExtra: Ray is not installed.
    """
    try:
        import ray
    except ModuleNotFoundError as error:
        raise MissingExtra("ray", "scale") from error
    if not ray.is_initialized():
        ray.init(log_to_driver=False, include_dashboard=False)
    gpus = int(ray.cluster_resources().get("GPU", 0))
    count = workers or gpus or int(ray.cluster_resources().get("CPU", 1))
    resources = {"num_cpus": 1, "num_gpus": 1 if gpus else 0}
    actors = [ray.remote(**resources)(_Worker).remote(job, model) for _ in range(count)]
    waiting: dict[Any, Any] = {}  # what an actor is making -> the actor
    free = actors * 2
    try:
        for index, rows in missing:
            if not free:
                actor, made = _next(ray, waiting)
                free.append(actor)
                yield made
            actor = free.pop()
            waiting[actor.table.remote(index, rows)] = actor
        while waiting:
            yield _next(ray, waiting)[1]
    finally:
        for actor in actors:
            ray.kill(actor)


def _next(ray: Any, waiting: dict[Any, Any]) -> tuple[Any, tuple[int, pa.Table]]:
    ready, _ = ray.wait(list(waiting), num_returns=1)
    try:
        return waiting.pop(ready[0]), ray.get(ready[0])
    except ray.exceptions.RayTaskError as error:
        if isinstance(error.cause, PlumblineError):  # what a person can mend, without Ray's traceback
            raise error.cause from None
        raise

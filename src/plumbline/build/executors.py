"""Who does the work: this process, a pool of processes, or a Ray cluster. Steps cannot tell."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any, Protocol, TypeVar

from plumbline.errors import MissingExtra

Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol):
    """Runs independent tasks. A task writes its own output, so the order in which results come is free.

    To add an engine, implement this and pass it to `build`. Tasks can be pickled; a task that is run twice
    leaves the same files.
    """

    def run(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """Yield results as tasks finish."""
        ...


class Here:
    """One task after another in this process: for few rows, and for tests."""

    def run(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """Yield results in order."""
        return map(work, tasks)


class Processes:
    """A pool of processes on this machine, kept for the whole build.

    Args:
        workers: How many; as many as there are processors by default.
        few_rows: Rows up to which the engine stays in its own process: starting others takes a second or two.
    """

    def __init__(self, workers: int | None = None, *, few_rows: int = 10_000) -> None:
        self.workers = workers or os.cpu_count() or 1
        self.few_rows = few_rows
        self._pool: ProcessPoolExecutor | None = None

    def run(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """Yield results as they come; a single task is not worth a process."""
        if len(tasks) <= 1 or self.workers == 1:
            yield from map(work, tasks)
            return
        if self._pool is None:
            # Fresh processes: a fork would copy the threads of Arrow and numpy in whatever state they are in.
            self._pool = ProcessPoolExecutor(
                self.workers, mp_context=get_context("spawn"), initializer=_follow_parent
            )
        futures = [self._pool.submit(work, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            for future in futures:
                future.cancel()

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def _follow_parent() -> None:
    """End this worker when the build is killed: nobody would stop it otherwise."""
    for name in ("OMP_NUM_THREADS", "ARROW_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    import pyarrow as pa

    pa.set_cpu_count(1)
    parent = parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    Thread(target=wait, daemon=True).start()


class Ray:
    """Tasks on a Ray cluster (the one in `RAY_ADDRESS`, else a local one). The data set's folder must be
    shared.

    Raises:
        MissingExtra: Ray is not installed.
    """

    def __init__(self) -> None:
        # Ray reports its use over the network unless told not to.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        try:
            import ray
        except ModuleNotFoundError as error:
            raise MissingExtra("ray", "scale") from error
        self._ray: Any = ray
        self._started = not ray.is_initialized()
        if self._started:
            ray.init(log_to_driver=False, include_dashboard=False, logging_level="ERROR")

    def run(self, work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
        """Yield results as they come; the engine counts rows afterwards."""
        remote = self._ray.remote(work)
        waiting = [remote.remote(task) for task in tasks]
        while waiting:
            done, waiting = self._ray.wait(waiting, num_returns=1)
            yield from self._ray.get(done)

    def close(self) -> None:
        """Leave the cluster, and end it if it was started here."""
        if self._started:
            self._ray.shutdown()

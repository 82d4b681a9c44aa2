"""Batches side by side on a processor's cores.

Threads inside one matrix product share its operands and wait for each other at its end; two batches, each
with a thread of its own, do neither (`benchmarks/likelihood.md` has the gain). PyTorch's number of threads is
a thread's own, and its operations let go of Python's lock, so plain threads do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

import torch

T = TypeVar("T")
R = TypeVar("R")

_MOST = 4
"""Workers; of more cores each takes several, so that the memory of batches stays within bounds."""


def side_by_side(items: Sequence[T], work: Callable[[Iterable[T]], Iterator[R]]) -> Iterator[R]:
    """Yield all that `work` yields, which several workers run at once, each on its share of the items.

    Which items are whose depends on the number of threads alone, not on who is faster: results that depend
    on what is computed together, if only in their last digit, are the same in every run.

    Args:
        items: What there is to do, items of like size together: worker k takes items k, k + workers …
        work: Goes through items and yields results; runs in several threads. With too few items to occupy
            all workers it runs here, with all of PyTorch's threads.

    Raises:
        BaseException: What `work` raised first; the other workers finish the item they are at, and stop.
    """
    threads = torch.get_num_threads()
    workers = min(threads, _MOST)
    if workers == 1 or len(items) < 2 * workers:
        yield from work(items)
        return
    stop = threading.Event()
    results: SimpleQueue[R | _End] = SimpleQueue()

    def run(number: int) -> None:
        torch.set_num_threads(threads // workers)
        try:
            for result in work(_until(stop, items[number::workers])):
                results.put(result)
        except BaseException as error:  # raised again where the results are awaited
            results.put(_End(error))
        else:
            results.put(_End())

    with ThreadPoolExecutor(workers, thread_name_prefix="plumbline-likelihood") as pool:
        try:
            for number in range(workers):
                pool.submit(run, number)
            running = workers
            while running:
                result = results.get()
                if not isinstance(result, _End):
                    yield result
                elif result.error is not None:
                    raise result.error
                else:
                    running -= 1
        finally:
            stop.set()
            # What the workers set holds for threads that start later, too.
            torch.set_num_threads(threads)


class _End:
    """A worker has no more results, because of an error or because there is no more to do."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


def _until(stop: threading.Event, items: Sequence[T]) -> Iterator[T]:
    for item in items:
        if stop.is_set():
            return
        yield item

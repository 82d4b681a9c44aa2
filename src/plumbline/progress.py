"""Progress of long work: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from plumbline.language import Message

_LINE = Message(
    "{what}：{done}/{total}（每秒 {rate:.1f}，剩余约 {left}）",
    "{what}: {done}/{total} ({rate:.1f}/s, about {left} left)",
)
_SECONDS_BETWEEN_LINES = 10.0


class Advance(Protocol):
    """Called with the number of pieces just done."""

    def __call__(self, pieces: int = 1, /) -> None:
        """Count `pieces` as done."""


@contextmanager
def progress(what: str, total: int, *, done: int = 0, shown: bool = True) -> Iterator[Advance]:
    """Show how far work is, its rate and the time left, on standard error.

    Args:
        what: Names the work.
        total: Pieces in all.
        done: Pieces an earlier run did; they count as done but not for the rate.
        shown: Show anything at all.
    """
    if not shown:
        yield lambda pieces=1: None
    elif sys.stderr.isatty():
        with _bar(what, total, done) as advance:
            yield advance
    else:
        yield _lines(what, total, done)


@contextmanager
def _bar(what: str, total: int, done: int) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=False) as display:
        task = display.add_task(what, total=total, completed=done, rate="")
        started, counted = time.monotonic(), 0

        def advance(pieces: int = 1, /) -> None:
            nonlocal counted
            counted += pieces
            rate = counted / max(time.monotonic() - started, 1e-9)
            display.update(task, advance=pieces, rate=f"{rate:.1f}/s")

        yield advance


def _lines(what: str, total: int, done: int) -> Advance:
    started = last = time.monotonic()
    counted = 0

    def advance(pieces: int = 1, /) -> None:
        nonlocal counted, last
        counted += pieces
        now = time.monotonic()
        if now - last < _SECONDS_BETWEEN_LINES and done + counted < total:
            return
        last = now
        rate = counted / max(now - started, 1e-9)
        seconds = int((total - done - counted) / max(rate, 1e-9))
        left = f"{seconds // 60}:{seconds % 60:02d}"
        text = _LINE(what=what, done=done + counted, total=total, rate=rate, left=left)
        print(text, file=sys.stderr, flush=True)

    return advance

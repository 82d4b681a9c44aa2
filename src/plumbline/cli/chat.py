"""`plumbline chat`: talk to one model, or to two side by side."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from plumbline.cli import messages as shared
from plumbline.cli.console import err, out
from plumbline.tune import messages as m

if TYPE_CHECKING:
    from plumbline.models import ChatMessage, Generation, Model

_WIDE = 72  # columns of a terminal from which two replies fit beside each other


def command(
    model: Annotated[str, typer.Option("--model", "-m", help=m.CHAT_MODEL_HELP())],
    beside: Annotated[str | None, typer.Option("--beside", help=m.BESIDE_HELP())] = None,
    max_tokens: Annotated[int, typer.Option(min=1, help=m.CHAT_TOKENS_HELP())] = 256,
    temperature: Annotated[float, typer.Option(min=0.0, help=shared.TEMPERATURE_HELP())] = 0.0,
    dtype: Annotated[str, typer.Option(help=shared.DTYPE_HELP())] = "float32",
    device: Annotated[str | None, typer.Option(help=shared.DEVICE_HELP())] = None,
) -> None:
    """Read questions from the terminal or a pipe; every model keeps its own thread."""
    from plumbline.models import Generation, load_model

    names = [model] if beside is None else [model, beside]
    models = [load_model(name, dtype=dtype, device=device) for name in names]
    threads: list[list[ChatMessage]] = [[] for _ in models]
    settings = Generation(max_tokens=max_tokens, temperature=temperature)
    err.print(m.CHAT_BEGIN())
    while (question := _ask()) not in (None, "/quit"):
        if question == "/new":
            threads = [[] for _ in models]
        elif question:
            panels = [
                Panel(Text(_reply(one, thread, str(question), settings)), title=name, expand=True)
                for one, thread, name in zip(models, threads, names, strict=True)
            ]
            out.print(_beside(panels) if out.width >= _WIDE else Group(*panels))


def _beside(panels: list[Panel]) -> Table:
    grid = Table.grid(expand=True)
    for _ in panels:
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(*panels)
    return grid


def _ask() -> str | None:
    """Read a line; None at the end of input, or when the person breaks off."""
    try:
        return input(f"{m.YOU()}> " if sys.stdin.isatty() else "").strip()
    except (EOFError, KeyboardInterrupt):
        err.print()
        return None


def _reply(model: Model, thread: list[ChatMessage], question: str, settings: Generation) -> str:
    from plumbline.models import Prompt

    thread.append({"role": "user", "content": question})
    _, answer = next(iter(model.generate([Prompt("chat", tuple(thread))], settings)))
    text = answer.text or str(answer.error or "")
    thread.append({"role": "assistant", "content": text})
    return text

"""`plumbline data`: look at data sets, describe them, hand them on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from plumbline.build import messages as m
from plumbline.build.card import write_card
from plumbline.build.dataset import open_data_set
from plumbline.build.exports import export as write_export
from plumbline.build.formats import FORMATS
from plumbline.build.show import story
from plumbline.cli.console import err, out

app = typer.Typer(help=m.DATA_HELP(), no_args_is_help=True)
Folder = Annotated[Path, typer.Argument(help=m.FOLDER_HELP())]


@app.command(help=m.SHOW_HELP())
def show(
    folder: Folder,
    rejected: Annotated[bool, typer.Option("--rejected", help=m.REJECTED_HELP())] = False,
    row: Annotated[str | None, typer.Option("--row", help=m.ROW_HELP())] = None,
    limit: Annotated[int, typer.Option(min=1, help=m.LIMIT_HELP())] = 20,
) -> None:
    """Show samples, rejected ones with their reason, or one row's whole story."""
    data = open_data_set(folder)
    if row is not None:
        out.print(story(data, row), markup=False, soft_wrap=True)
        return
    table = Table(box=None, pad_edge=False)
    columns = (
        (m.COLUMN_STEP, m.COLUMN_REASON, m.COLUMN_DETAIL) if rejected else (m.COLUMN_CLASS, m.COLUMN_SOURCE)
    )
    for column in (m.COLUMN_ID, *columns, m.COLUMN_INSTRUCTION):
        table.add_column(column(), overflow="fold")

    def lines() -> Iterator[tuple[str, ...]]:
        if rejected:
            for step, one in data.rejected():
                sample = one.sample
                yield sample.id, step, m.reason(one.reason), one.detail[:60], sample.instruction[:40]
        else:
            for sample in data.samples():
                yield sample.id, sample.categorization, sample.source, sample.instruction[:60]

    for line in islice(lines(), limit):
        table.add_row(*line)
    if not table.row_count:
        out.print(m.NOTHING_REJECTED() if rejected else m.NOTHING_KEPT(), soft_wrap=True)
        return
    out.print(table)


@app.command(help=m.CARD_HELP())
def card(folder: Folder) -> None:
    """Write the data card again and say where."""
    for path in write_card(open_data_set(folder)):
        out.print(m.WROTE_CARD(path=path), soft_wrap=True, markup=False)


@app.command(help=m.EXPORT_HELP())
def export(
    folder: Folder,
    form: Annotated[str, typer.Option("--format", help=m.FORMAT_HELP(names=", ".join(FORMATS)))] = "vad",
    output: Annotated[Path | None, typer.Option("-o", "--output", help=m.OUTPUT_HELP())] = None,
    push: Annotated[str | None, typer.Option("--push", help=m.PUSH_HELP())] = None,
    private: Annotated[bool, typer.Option("--private", help=m.PRIVATE_HELP())] = False,
) -> None:
    """Export rows, and upload them when asked to."""
    data = open_data_set(folder)
    if push is not None:
        from plumbline.build.publish import push as upload

        pushed = upload(data, push, private=private)
        err.print(m.PUSHED(url=pushed.url, rows=pushed.rows, left=pushed.left), soft_wrap=True)
        return
    written = write_export(data, form, output)
    for path, rows in written.items():
        out.print(m.WROTE(path=path, rows=rows), soft_wrap=True, markup=False)
    if form == "dpo" and data.rows and not any(written.values()):
        err.print(m.NO_PAIRS(), soft_wrap=True)

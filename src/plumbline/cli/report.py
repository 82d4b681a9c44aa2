"""`plumbline report`: runs as one page, or as plain data."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from plumbline.cli import messages as m
from plumbline.cli.console import out
from plumbline.files import atomic_write
from plumbline.language import Language, current_language


class Tongue(StrEnum):
    """Languages a report can be written in."""

    zh = "zh"
    en = "en"


def command(
    runs: Annotated[list[Path], typer.Argument(help=m.REPORT_RUNS_HELP())],
    file: Annotated[Path | None, typer.Option("--out", "-o", help=m.REPORT_FILE_HELP())] = None,
    lang: Annotated[Tongue | None, typer.Option("--lang", help=m.REPORT_LANGUAGE_HELP())] = None,
    as_json: Annotated[bool, typer.Option("--json", help=m.JSON_HELP())] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=m.CSV_HELP())] = False,
) -> None:
    """Write one self-contained page about one or several runs."""
    from plumbline.measure import load_run
    from plumbline.report import report_csv, report_json, write_report

    loaded = [load_run(run) for run in runs]
    language: Language = current_language() if lang is None else ("zh" if lang is Tongue.zh else "en")
    if as_json or as_csv:
        text = report_json(loaded) if as_json else report_csv(loaded)
        if file is None:
            print(text, end="")
        else:
            with atomic_write(file) as handle:
                handle.write(text)
        return
    target = file or Path("report.html")
    write_report(loaded, target, language=language)
    out.print(m.REPORT_WRITTEN(file=target.resolve()), markup=False, soft_wrap=True)

"""`plumbline export`: a suite for another tool."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from plumbline.cli import messages as m
from plumbline.cli.console import out


class Target(StrEnum):
    """Tools a suite can be written for."""

    lm_eval = "lm-eval"


def command(
    folder: Annotated[Path, typer.Argument(help=m.EXPORT_FOLDER_HELP())],
    suite: Annotated[str, typer.Option("--suite", "-s", help=m.SUITE_HELP())],
    to: Annotated[Target, typer.Option(help=m.EXPORT_TO_HELP())] = Target.lm_eval,
) -> None:
    """Write a suite as a task of lm-evaluation-harness."""
    from plumbline.measure.export import export_lm_eval
    from plumbline.suites import load_suite

    task = export_lm_eval(load_suite(suite), folder)
    out.print(m.EXPORT_WRITTEN(task=task.stem, folder=folder), markup=False, soft_wrap=True)

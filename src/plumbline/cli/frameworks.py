"""`plumbline frameworks`: which value frameworks there are, whose, from where."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from plumbline.cli import messages as m
from plumbline.cli.console import out
from plumbline.frameworks import list_frameworks, load_framework

app = typer.Typer(help=m.FRAMEWORKS_HELP(), invoke_without_command=True)


@app.callback()
def table(context: typer.Context) -> None:
    """List the frameworks that come with the package."""
    if context.invoked_subcommand:
        return
    shown = Table(box=None, pad_edge=False)
    for column in (m.COLUMN_ID, m.COLUMN_TITLE, m.COLUMN_VALUES, m.COLUMN_DECLARED_BY):
        shown.add_column(column(), overflow="fold")
    for framework in map(load_framework, list_frameworks()):
        shown.add_row(framework.id, framework.title(), str(len(framework.values)), framework.declared_by())
    out.print(shown)


@app.command(help=m.FRAMEWORKS_SHOW_HELP())
def show(reference: Annotated[str, typer.Argument(help=m.FRAMEWORK_REFERENCE_HELP())]) -> None:
    """Show one framework, from the package or a file."""
    framework = load_framework(reference)
    out.print(f"[bold]{framework.title()}[/]  ({framework.id} {framework.version})")
    for label, text in (
        (m.COLUMN_DECLARED_BY, framework.declared_by()),
        (m.COLUMN_SOURCE, framework.source()),
        (m.LABEL_AUTHORSHIP, framework.definitions_by()),
        (m.LABEL_LICENCE, framework.licence),
        (m.LABEL_LIMITS, framework.limits()),
    ):
        out.print(f"{label()}: {text}", markup=False)
    shown = Table(box=None, pad_edge=False)
    for column in (m.COLUMN_ID, m.COLUMN_NAME, m.COLUMN_LEVEL, m.COLUMN_DEFINITION):
        shown.add_column(column(), overflow="fold")
    for value in framework.values:
        level = framework.level(value.level).title() if value.level else ""
        shown.add_row(value.id, value.name(), level, value.definition())
    out.print(shown)

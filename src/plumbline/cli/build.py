"""`plumbline build`: make a data set from a recipe, or explain what that would take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from plumbline.build import messages as m
from plumbline.build.card import write_card
from plumbline.build.dataset import DataSet, open_data_set
from plumbline.build.engine import build
from plumbline.build.estimates import explain
from plumbline.build.recipe import list_recipes, load_recipe
from plumbline.cli.console import err, out
from plumbline.errors import InputError


def command(
    recipe: Annotated[str, typer.Argument(help=m.RECIPE_HELP())],
    explained: Annotated[str | None, typer.Argument(hidden=True)] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help=m.FOLDER_HELP())] = None,
    engine: Annotated[Literal["local", "ray"], typer.Option(help=m.ENGINE_HELP())] = "local",
    workers: Annotated[int | None, typer.Option(min=1, help=m.WORKERS_HELP())] = None,
    dry_run: Annotated[int | None, typer.Option(min=1, help=m.DRY_RUN_HELP())] = None,
    max_cost: Annotated[float | None, typer.Option(min=0, help=m.MAX_COST_HELP())] = None,
    max_calls: Annotated[int | None, typer.Option(min=0, help=m.MAX_CALLS_HELP())] = None,
    resume: Annotated[bool, typer.Option("--resume", help=m.RESUME_HELP())] = False,
) -> None:
    """Build; `plumbline build explain RECIPE` shows plan and cost, `plumbline build recipes` lists ours."""
    if recipe == "recipes" and explained is None:
        show_recipes()
        return
    if recipe == "explain" and explained is not None:
        show_plan(explained)
        return
    folder = output or Path("data") / Path(recipe).stem
    if dry_run is not None:
        folder = folder / "dry-run"
    elif not resume and ((folder / "stages").is_dir() or (folder / "manifest.json").is_file()):
        raise InputError(m.HAS_DATA(), where=str(folder), mend=m.ADD_RESUME())
    try:
        data = build(
            recipe,
            folder,
            engine=engine,
            workers=workers,
            max_cost=max_cost,
            max_calls=max_calls,
            limit=dry_run,
            shown=True,
        )
    except KeyboardInterrupt:
        # Typer would end without a word.
        err.print(m.INTERRUPTED(folder=folder), markup=False, soft_wrap=True)
        raise typer.Exit(130) from None
    write_card(data)
    show_stages(data)
    err.print(m.FINISHED(rows=data.rows, rejected=data.manifest["rejected"], folder=folder), soft_wrap=True)


def show_stages(data: DataSet) -> None:
    """Print what every step did with how many rows."""
    table = Table(box=None, pad_edge=False)
    for column in (m.COLUMN_STEP, m.COLUMN_SOURCE):
        table.add_column(column())
    for column in (m.COLUMN_ARRIVED, m.COLUMN_MADE, m.COLUMN_KEPT, m.COLUMN_REJECTED):
        table.add_column(column(), justify="right")
    for stage in open_data_set(data.folder).manifest["stages"]:
        counts = (str(stage[name]) for name in ("arrived", "made", "kept", "rejected"))
        table.add_row(stage["step"], stage["source"], *counts)
    out.print(table)


def show_plan(recipe: str) -> None:
    """Print stages with expected rows, calls, tokens and cost."""
    table = Table(box=None, pad_edge=False)
    for column in (m.COLUMN_STEP, m.COLUMN_SOURCE):
        table.add_column(column(), no_wrap=True)
    table.add_column(m.COLUMN_MODEL(), no_wrap=True)
    for column in (
        m.COLUMN_ROWS,
        m.COLUMN_CALLS,
        m.COLUMN_READ,
        m.COLUMN_WRITTEN,
        m.COLUMN_COST,
    ):
        table.add_column(column(), justify="right")
    planned = explain(recipe)
    for one in planned:
        want = one.expected
        numbers = (_number(want.rows), _number(want.calls))
        tokens = (_thousands(want.input_tokens), _thousands(want.output_tokens))
        cost = m.UNPRICED() if one.cost is None else f"{one.cost:.2f}"
        source = one.stage.source
        table.add_row(
            one.stage.step.step, source, want.model.rpartition("/")[2], *numbers, *tokens,
            cost if want.calls else "",
        )  # fmt: skip
    calls, read, written = (
        sum(getattr(one.expected, name) for one in planned)
        for name in ("calls", "input_tokens", "output_tokens")
    )
    costs = sum(one.cost or 0 for one in planned)
    sums = (_number(calls), _thousands(read), _thousands(written), f"{costs:.2f}")
    table.add_row(m.TOTAL(), "", "", "", *sums)
    out.print(table)
    for model in sorted({one.expected.model for one in planned} - {""}):
        out.print(f"{model.rpartition('/')[2]}: {model}", soft_wrap=True, markup=False)
    err.print(m.ESTIMATES(), soft_wrap=True)


def _number(count: float) -> str:
    return f"{count:,.0f}" if count else ""


def _thousands(tokens: float) -> str:
    """Write tokens in thousands: they are estimates, and a terminal is narrow."""
    return f"{tokens / 1e3:,.0f}k" if tokens else ""


def show_recipes() -> None:
    """Print the recipes that come with the package."""
    table = Table(box=None, pad_edge=False)
    table.add_column(m.COLUMN_NAME())
    table.add_column(m.COLUMN_ABOUT(), overflow="fold")
    for name in list_recipes():
        recipe, _ = load_recipe(name)
        table.add_row(name, recipe.title or "")
    out.print(table)

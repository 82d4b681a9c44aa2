"""`plumbline tune`: tune a model, estimate what that takes, merge an adapter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from plumbline.cli.console import out
from plumbline.errors import InputError
from plumbline.tune import messages as m
from plumbline.tune.config import Recipe, list_recipes, load_recipe


def command(
    recipe: Annotated[str, typer.Argument(help=m.RECIPE_HELP())],
    subject: Annotated[str | None, typer.Argument(hidden=True)] = None,
    folder: Annotated[Path | None, typer.Option("--out", "-o", help=m.OUT_HELP())] = None,
    dtype: Annotated[str, typer.Option(help=m.MERGE_DTYPE_HELP())] = "auto",
    devices: Annotated[int, typer.Option(min=1, help=m.DEVICES_HELP())] = 1,
    gpu: Annotated[bool, typer.Option("--gpu", help=m.ON_GPU_HELP())] = False,
) -> None:
    """Tune by a recipe; `merge ADAPTER`, `estimate RECIPE` and `recipes` do what they say."""
    if recipe == "recipes" and subject is None:
        show_recipes()
        return
    if recipe == "estimate" and subject is not None:
        show_estimate(load_recipe(subject), devices=devices, gpu=gpu or None)
        return
    if folder is None:
        raise InputError(m.NO_OUT(), mend=m.GIVE_OUT())
    if recipe == "merge" and subject is not None:
        from plumbline.tune.merging import merge_adapter

        merge_adapter(subject, folder, dtype=dtype)
        out.print(m.MERGED(folder=folder), markup=False, soft_wrap=True)
        return
    from plumbline.tune.train import tune_model

    tuned = tune_model(recipe, folder, show_progress=True)
    out.print(m.TUNED(folder=tuned.folder, reference=tuned.reference), markup=False, soft_wrap=True)


def show_recipes() -> None:
    """List the recipes that come with the package."""
    table = Table(box=None, pad_edge=False)
    for column in (m.COLUMN_RECIPE, m.COLUMN_STAGE, m.COLUMN_BASE, m.COLUMN_WAY):
        table.add_column(column())
    for name in list_recipes():
        recipe = load_recipe(name)
        table.add_row(name, recipe.stage, recipe.base, _way(recipe))
    out.print(table)


def show_estimate(recipe: Recipe, *, devices: int, gpu: bool | None) -> None:
    """Print what a recipe needs, by part."""
    from plumbline.tune.estimates import estimate

    expected = estimate(recipe, devices=devices, gpu=gpu)
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, title in m.PARTS.items():
        table.add_row(title(), f"{getattr(expected, name) / 1e9:,.2f} GB")
    out.print(table)


def _way(recipe: Recipe) -> str:
    if recipe.lora is None:
        return m.WAY_FULL()
    return (m.WAY_QLORA if recipe.lora.quantise else m.WAY_LORA)(rank=recipe.lora.rank)

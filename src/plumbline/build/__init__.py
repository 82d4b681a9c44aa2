"""Build instruction data sets from recipes: samples, steps, executors, cards.

`build(recipe, folder)` does all of it; every step works alone as well (`run_step`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from plumbline.build.sample import Event, Rejected, Sample

if TYPE_CHECKING:
    from plumbline.build.card import write_card
    from plumbline.build.dataset import DataSet, open_data_set
    from plumbline.build.engine import build
    from plumbline.build.estimates import explain
    from plumbline.build.exports import export
    from plumbline.build.recipe import Recipe, list_recipes, load_recipe
    from plumbline.build.show import story
    from plumbline.build.step import Context, Outcome, Step, SurveyingStep, run_step

_HOMES = {
    "Context": "step",
    "DataSet": "dataset",
    "Outcome": "step",
    "Recipe": "recipe",
    "Step": "step",
    "SurveyingStep": "step",
    "build": "engine",
    "explain": "estimates",
    "export": "exports",
    "list_recipes": "recipe",
    "load_recipe": "recipe",
    "open_data_set": "dataset",
    "run_step": "step",
    "story": "show",
    "write_card": "card",
}

__all__ = [
    "Context",
    "DataSet",
    "Event",
    "Outcome",
    "Recipe",
    "Rejected",
    "Sample",
    "Step",
    "SurveyingStep",
    "build",
    "explain",
    "export",
    "list_recipes",
    "load_recipe",
    "open_data_set",
    "run_step",
    "story",
    "write_card",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"plumbline.build.{_HOMES[name]}"), name)

"""Tune: continued pre-training, instruction tuning and preference tuning, on TRL, PEFT and accelerate."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plumbline.tune.config import Recipe as Recipe
    from plumbline.tune.config import list_recipes as list_recipes
    from plumbline.tune.config import load_recipe as load_recipe
    from plumbline.tune.estimates import Estimate as Estimate
    from plumbline.tune.estimates import estimate as estimate
    from plumbline.tune.merging import merge_adapter as merge_adapter
    from plumbline.tune.train import Tuned as Tuned
    from plumbline.tune.train import tune_model as tune_model

_HOMES = {
    "Estimate": "estimates",
    "Recipe": "config",
    "Tuned": "train",
    "estimate": "estimates",
    "list_recipes": "config",
    "load_recipe": "config",
    "merge_adapter": "merging",
    "tune_model": "train",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'plumbline.tune' has no attribute {name!r}")
    return getattr(import_module(f"plumbline.tune.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

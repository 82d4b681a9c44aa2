"""Measure: a suite put to a model, graded, kept, summarised and compared.

Names are loaded on first use: the command line imports labels from here and should not wait for scipy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plumbline.measure.comparison import Comparison as Comparison
    from plumbline.measure.comparison import compare as compare
    from plumbline.measure.measure import measure_model as measure_model
    from plumbline.measure.run import Run as Run
    from plumbline.measure.run import load_run as load_run
    from plumbline.measure.summary import Summary as Summary
    from plumbline.measure.summary import summarise as summarise

_HOMES = {
    "Comparison": "comparison",
    "Run": "run",
    "Summary": "summary",
    "compare": "comparison",
    "load_run": "run",
    "measure_model": "measure",
    "summarise": "summary",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'plumbline.measure' has no attribute {name!r}")
    return getattr(import_module(f"plumbline.measure.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

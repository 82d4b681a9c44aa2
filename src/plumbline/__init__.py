"""Plumbline (准绳): measure the values a language model shows, move it, and prove what changed.

Names are loaded on first use, so that `import plumbline` costs no torch and no Inspect.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from plumbline.errors import InputError as InputError
    from plumbline.errors import MissingExtra as MissingExtra
    from plumbline.errors import ModelError as ModelError
    from plumbline.errors import PlumblineError as PlumblineError
    from plumbline.errors import RunError as RunError
    from plumbline.frameworks import Framework as Framework
    from plumbline.frameworks import Value as Value
    from plumbline.frameworks import list_frameworks as list_frameworks
    from plumbline.frameworks import load_framework as load_framework

_HOMES = {
    "Framework": "frameworks",
    "InputError": "errors",
    "MissingExtra": "errors",
    "ModelError": "errors",
    "PlumblineError": "errors",
    "RunError": "errors",
    "Value": "frameworks",
    "list_frameworks": "frameworks",
    "load_framework": "frameworks",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'plumbline' has no attribute {name!r}")
    return getattr(import_module(f"plumbline.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

"""From an answer to a score: read the choice, see a refusal, find values, judge by a rubric.

Names are loaded on first use, so that importing one grader does not pay for the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plumbline.graders.parse import ParsedChoice as ParsedChoice
    from plumbline.graders.parse import parse_choice as parse_choice
    from plumbline.graders.refusal import REFUSAL_WORDS as REFUSAL_WORDS
    from plumbline.graders.refusal import Refusal as Refusal
    from plumbline.graders.refusal import detect_refusal as detect_refusal

_HOMES = {
    "ParsedChoice": "parse",
    "REFUSAL_WORDS": "refusal",
    "Refusal": "refusal",
    "detect_refusal": "refusal",
    "parse_choice": "parse",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'plumbline.graders' has no attribute {name!r}")
    return getattr(import_module(f"plumbline.graders.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

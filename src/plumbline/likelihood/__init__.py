"""Exact log P(text | context) under causal language models, close to what the hardware can do.

`Scorer` wraps a model; `load_scorer` reads one from disk; `ifd` scores instruction data with it. Everything
here needs the extra `local` (torch and transformers), which is imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plumbline.errors import MissingExtra

if TYPE_CHECKING:
    from plumbline.likelihood.ifd import Ifd, score_ifd
    from plumbline.likelihood.jobs import IfdJob, PairJob, score_file
    from plumbline.likelihood.load import load_scorer, loglikelihood
    from plumbline.likelihood.scorer import Scorer, Scores

_HOMES = {
    "Ifd": "ifd",
    "IfdJob": "jobs",
    "PairJob": "jobs",
    "Scorer": "scorer",
    "Scores": "scorer",
    "load_scorer": "load",
    "loglikelihood": "load",
    "score_file": "jobs",
    "score_ifd": "ifd",
}

__all__ = [
    "Ifd",
    "IfdJob",
    "PairJob",
    "Scorer",
    "Scores",
    "load_scorer",
    "loglikelihood",
    "score_file",
    "score_ifd",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        module = import_module(f"plumbline.likelihood.{_HOMES[name]}")
    except ModuleNotFoundError as error:
        if error.name in ("torch", "transformers"):
            raise MissingExtra(error.name, "local") from error
        raise
    return getattr(module, name)

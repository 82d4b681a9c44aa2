"""Evaluators: classifiers that see a framework's values in text (ValueCSV's word)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plumbline.graders.evaluator.encoder import EncoderConfig as EncoderConfig
    from plumbline.graders.evaluator.encoder import EncoderEvaluator as EncoderEvaluator
    from plumbline.graders.evaluator.encoder import as_published as as_published
    from plumbline.graders.evaluator.encoder import train_encoder as train_encoder
    from plumbline.graders.evaluator.evaluator import Contribution as Contribution
    from plumbline.graders.evaluator.evaluator import Evaluator as Evaluator
    from plumbline.graders.evaluator.evaluator import Explanation as Explanation
    from plumbline.graders.evaluator.evaluator import HeldOut as HeldOut
    from plumbline.graders.evaluator.evaluator import load_evaluator as load_evaluator
    from plumbline.graders.evaluator.labelled import Columns as Columns
    from plumbline.graders.evaluator.labelled import LabelledSet as LabelledSet
    from plumbline.graders.evaluator.labelled import load_labelled as load_labelled
    from plumbline.graders.evaluator.linear import LinearEvaluator as LinearEvaluator
    from plumbline.graders.evaluator.metrics import Scores as Scores
    from plumbline.graders.evaluator.metrics import score as score
    from plumbline.graders.evaluator.split import Split as Split
    from plumbline.graders.evaluator.split import split_rows as split_rows
    from plumbline.graders.evaluator.train import train_linear as train_linear

# Loaded on first use: training needs scikit-learn, encoders need torch, reading a suite needs neither.
_HOMES = {
    "Columns": "labelled",
    "Contribution": "evaluator",
    "EncoderConfig": "encoder",
    "EncoderEvaluator": "encoder",
    "Evaluator": "evaluator",
    "Explanation": "evaluator",
    "HeldOut": "evaluator",
    "LabelledSet": "labelled",
    "LinearEvaluator": "linear",
    "Scores": "metrics",
    "Split": "split",
    "as_published": "encoder",
    "load_evaluator": "evaluator",
    "load_labelled": "labelled",
    "score": "metrics",
    "split_rows": "split",
    "train_encoder": "encoder",
    "train_linear": "train",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'plumbline.graders.evaluator' has no attribute {name!r}")
    return getattr(import_module(f"plumbline.graders.evaluator.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

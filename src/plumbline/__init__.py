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
    from plumbline.graders import detect_refusal as detect_refusal
    from plumbline.graders import parse_choice as parse_choice
    from plumbline.graders.evaluator import load_evaluator as load_evaluator
    from plumbline.graders.judge import judge_answers as judge_answers
    from plumbline.likelihood import Scorer as Scorer
    from plumbline.likelihood import Scores as Scores
    from plumbline.likelihood import load_scorer as load_scorer
    from plumbline.likelihood import loglikelihood as loglikelihood
    from plumbline.measure import Comparison as Comparison
    from plumbline.measure import Run as Run
    from plumbline.measure import Summary as Summary
    from plumbline.measure import compare as compare
    from plumbline.measure import load_run as load_run
    from plumbline.measure import measure_model as measure_model
    from plumbline.measure import summarise as summarise
    from plumbline.measure.dilemmas import rank_values as rank_values
    from plumbline.measure.export import export_lm_eval as export_lm_eval
    from plumbline.models import Generation as Generation
    from plumbline.models import Model as Model
    from plumbline.models import load_model as load_model
    from plumbline.prove import prove_models as prove_models
    from plumbline.report import write_report as write_report
    from plumbline.report.proof import write_proof as write_proof
    from plumbline.suites import Choice as Choice
    from plumbline.suites import Dilemma as Dilemma
    from plumbline.suites import Open as Open
    from plumbline.suites import Statement as Statement
    from plumbline.suites import Suite as Suite
    from plumbline.suites import list_suites as list_suites
    from plumbline.suites import load_suite as load_suite
    from plumbline.suites.check import check_suite as check_suite
    from plumbline.tune import tune_model as tune_model

_HOMES = {
    "Choice": "suites",
    "Comparison": "measure",
    "Dilemma": "suites",
    "Framework": "frameworks",
    "Generation": "models",
    "InputError": "errors",
    "MissingExtra": "errors",
    "Model": "models",
    "ModelError": "errors",
    "Open": "suites",
    "PlumblineError": "errors",
    "Run": "measure",
    "RunError": "errors",
    "Scorer": "likelihood",
    "Scores": "likelihood",
    "Statement": "suites",
    "Suite": "suites",
    "Summary": "measure",
    "Value": "frameworks",
    "check_suite": "suites.check",
    "compare": "measure",
    "detect_refusal": "graders",
    "export_lm_eval": "measure.export",
    "judge_answers": "graders.judge",
    "list_frameworks": "frameworks",
    "list_suites": "suites",
    "load_evaluator": "graders.evaluator",
    "load_framework": "frameworks",
    "load_model": "models",
    "load_run": "measure",
    "load_scorer": "likelihood",
    "load_suite": "suites",
    "loglikelihood": "likelihood",
    "measure_model": "measure",
    "parse_choice": "graders",
    "prove_models": "prove",
    "rank_values": "measure.dilemmas",
    "summarise": "measure",
    "tune_model": "tune",
    "write_proof": "report.proof",
    "write_report": "report",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'plumbline' has no attribute {name!r}")
    return getattr(import_module(f"plumbline.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

"""How well decisions and probabilities agree with labels: the figures every evaluator is reported by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from plumbline.stats import brier_score, calibration_error

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ValueScores:
    """One value: prevalence of its label and how well it is found."""

    prevalence: float
    precision: float
    recall: float
    f1: float
    average_precision: float
    calibration_error: float
    brier: float


@dataclass(frozen=True)
class Scores:
    """All values together.

    Attributes:
        macro_f1: Mean F1 over values.
        micro_f1: F1 over all (text, value) decisions.
        mean_average_precision: Mean over values of the area under precision and recall; knows no threshold.
        label_accuracy: Share of right (text, value) decisions; thresholds trade it against macro-F1.
        exact_match: Share of texts with every value right.
        calibration_error: Mean over values of the expected calibration error.
        values: By value id.
    """

    rows: int
    macro_f1: float
    micro_f1: float
    mean_average_precision: float
    label_accuracy: float
    exact_match: float
    calibration_error: float
    values: dict[str, ValueScores]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def score(
    probabilities: npt.ArrayLike, decisions: npt.ArrayLike, labels: npt.ArrayLike, values: Sequence[str]
) -> Scores:
    """Score predictions against labels.

    Args:
        probabilities: [n, values].
        decisions: bool [n, values].
        labels: 0 or 1 [n, values].
        values: Ids of the columns.

    Raises:
        ValueError: Shapes that do not match, or no row.
    """
    p, d = np.asarray(probabilities, dtype=np.float64), np.asarray(decisions, dtype=bool)
    y = np.asarray(labels, dtype=np.int64)
    if p.shape != y.shape or d.shape != y.shape or y.shape[1:] != (len(values),) or not len(y):
        raise ValueError("probabilities, decisions and labels need one shape, [n, values], n above 0")
    each = {value: _score_value(p[:, j], d[:, j], y[:, j]) for j, value in enumerate(values)}
    return Scores(
        rows=len(y),
        macro_f1=float(np.mean([one.f1 for one in each.values()])),
        micro_f1=f1(d.ravel(), y.ravel()),
        mean_average_precision=float(np.mean([one.average_precision for one in each.values()])),
        label_accuracy=float((d == y).mean()),
        exact_match=float((d == y).all(axis=1).mean()),
        calibration_error=float(np.mean([one.calibration_error for one in each.values()])),
        values=each,
    )


def _score_value(p: Array, d: npt.NDArray[np.bool_], y: npt.NDArray[np.int64]) -> ValueScores:
    right = int((d & (y == 1)).sum())
    return ValueScores(
        prevalence=float(y.mean()),
        precision=right / max(int(d.sum()), 1),
        recall=right / max(int(y.sum()), 1),
        f1=f1(d, y),
        average_precision=average_precision(p, y),
        calibration_error=calibration_error(p, y),
        brier=brier_score(p, y),
    )


def f1(decisions: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """2 TP / (2 TP + FP + FN); 0 when there is neither a positive label nor a positive decision."""
    d, y = np.asarray(decisions, dtype=bool), np.asarray(labels) == 1
    both = int(d.sum()) + int(y.sum())
    return 2 * int((d & y).sum()) / both if both else 0.0


def average_precision(scores: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Sum over thresholds of precision times the recall gained there; equal scores are one threshold.

    nan where no label is positive.
    """
    s, y = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    if not y.any():
        return float("nan")
    order = np.argsort(-s, kind="stable")
    hits = np.cumsum(y[order])
    last = np.append(np.flatnonzero(np.diff(s[order])), len(s) - 1)  # end of each run of equal scores
    gained = np.diff(np.concatenate(([0.0], hits[last])))
    return float((hits[last] / (last + 1) * gained).sum() / y.sum())

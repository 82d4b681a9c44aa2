"""From scores to calibrated probabilities and thresholds, on predictions for unseen rows only.

One logistic regression a value (Platt 1999). It is linear, so a linear evaluator stays one: its logits are
still sums over n-grams. Feeding each value the scores of the others too was tried and made held-out scores
worse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plumbline.graders.evaluator.split import folds

Array = npt.NDArray[np.float64]

_INVERSE_PENALTY = 100.0
_FOLDS = 5
# Neighbouring thresholds are averaged: the best of 4,000 noisy F1 values is mostly luck.
_SMOOTHING = 0.02


@dataclass(frozen=True)
class Calibration:
    """logits = scores * slope + offset, both [values]."""

    slope: Array
    offset: Array

    def logits(self, scores: npt.ArrayLike) -> Array:
        """Return logits [n, values] of scores [n, values]."""
        return np.asarray(np.asarray(scores, dtype=np.float64) * self.slope + self.offset)


@dataclass(frozen=True)
class Calibrated:
    """A calibration with what it gives on rows it has not seen.

    Attributes:
        unseen: Probability of each row by a calibration fitted on other folds [n, values].
        thresholds: Decision thresholds chosen on `unseen` [values].
    """

    calibration: Calibration
    unseen: Array
    thresholds: Array


def sigmoid(logits: npt.ArrayLike) -> Array:
    """1 / (1 + exp(-x)), safe at both ends."""
    from scipy.special import expit

    return np.asarray(expit(np.asarray(logits, dtype=np.float64)))


def calibrate(
    scores: npt.ArrayLike, labels: npt.ArrayLike, groups: npt.ArrayLike, *, seed: int = 0
) -> Calibrated:
    """Fit a calibration and choose thresholds.

    Args:
        scores: Of rows their model has not seen [n, values].
        labels: 0 or 1 [n, values].
        groups: Rows of one group stay in one fold [n].
        seed: Of the folds.
    """
    s, y = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=np.int64)
    fold = folds(y, groups, _FOLDS, seed)
    unseen = np.zeros_like(s)
    for number in np.unique(fold):
        held = fold == number
        unseen[held] = sigmoid(_fit(s[~held], y[~held]).logits(s[held]))
    thresholds = np.array([expected_f1_threshold(column) for column in unseen.T])
    return Calibrated(_fit(s, y), unseen, thresholds)


def _fit(scores: Array, labels: npt.NDArray[np.int64]) -> Calibration:
    from sklearn.linear_model import LogisticRegression

    count = labels.shape[1]
    slope, offset = np.zeros(count), np.zeros(count)
    for j, y in enumerate(labels.T):
        if y.min() == y.max():
            # Nothing to learn from: the rule of succession, whatever the text.
            share = (y.sum() + 1) / (len(y) + 2)
            offset[j] = np.log(share / (1 - share))
            continue
        mean, spread = scores[:, j].mean(), max(scores[:, j].std(), 1e-12)
        fitted = LogisticRegression(C=_INVERSE_PENALTY).fit((scores[:, [j]] - mean) / spread, y)
        # Never downhill: a score that says nothing must not be read backwards.
        slope[j] = max(fitted.coef_[0, 0], 0.0) / spread
        offset[j] = fitted.intercept_[0] - mean * slope[j]
    return Calibration(slope, offset)


def expected_f1_threshold(probabilities: npt.ArrayLike) -> float:
    """Return the threshold with the best expected F1 if the probabilities are right: half that F1.

    Lipton, Elkan and Narayanaswamy (2014, ECML PKDD), theorem 1. It needs no labels, only calibrated
    probabilities of a sample, and is far steadier than the best threshold on the labels themselves.

    Args:
        probabilities: [n], at least one.
    """
    p = -np.sort(-np.asarray(probabilities, dtype=np.float64))
    expected = 2 * np.cumsum(p) / (np.arange(1, len(p) + 1) + p.sum())
    return float(expected.max() / 2)


def best_threshold(probabilities: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Return the threshold with the highest F1, smoothed over neighbouring thresholds; .5 without positives.

    Args:
        probabilities: [n].
        labels: 0 or 1 [n].
    """
    p, y = np.asarray(probabilities, dtype=np.float64), np.asarray(labels, dtype=np.float64)
    if not 0 < y.sum() < len(y):
        return 0.5
    order = np.argsort(-p, kind="stable")
    hits = np.cumsum(y[order])
    scores = 2 * hits / (np.arange(1, len(p) + 1) + y.sum())  # F1 when the first k rows are positive
    reach = min(max(1, int(_SMOOTHING * y.sum())), (len(p) - 1) // 2)
    padded = np.pad(scores, reach, mode="edge")
    smooth = np.convolve(padded, np.ones(2 * reach + 1) / (2 * reach + 1), mode="valid")
    best = int(smooth.argmax())
    below = p[order[min(best + 1, len(p) - 1)]]
    return float((p[order[best]] + below) / 2)

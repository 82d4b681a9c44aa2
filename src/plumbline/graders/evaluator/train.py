"""Train the linear evaluator: ridge regression, emphasis, then a calibration, all judged on unseen rows.

The first fit tells which n-grams matter for any value; two more rounds count each n-gram by its emphasis, the
norm of its weights over all values (steps of multi-task feature learning, Argyriou, Evgeniou and Pontil
2007), and so spend their penalty on the others. The mean of the first and the last fit is better than
either. Scores for calibration and thresholds come from folds that repeat all of it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from plumbline.graders.evaluator.calibrate import Calibrated, calibrate
from plumbline.graders.evaluator.coverage import home
from plumbline.graders.evaluator.evaluator import HeldOut
from plumbline.graders.evaluator.grams import Vocabulary, learn_vocabulary
from plumbline.graders.evaluator.labelled import LabelledSet
from plumbline.graders.evaluator.linear import LinearEvaluator, weigh
from plumbline.graders.evaluator.metrics import average_precision, score
from plumbline.graders.evaluator.ridge import Fit, fit_ridge
from plumbline.graders.evaluator.split import folds, near_groups

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]
PENALTIES = (1.0, 2.0, 4.0)
_FOLDS = 8
_FOLDS_FOR_PENALTY = 3
_ROUNDS = 2
_LEAST_EMPHASIS = 0.5
"""Emphasis of an n-gram the first fit gives no weight, where the root mean square is 1."""


def train_linear(
    data: LabelledSet,
    *,
    characters: int = 2,
    least: int = 2,
    penalties: Sequence[float] = PENALTIES,
    emphasis: bool = True,
    groups: npt.ArrayLike | None = None,
    seed: int = 0,
    name: str = "linear",
) -> LinearEvaluator:
    """Train a linear evaluator; penalty, calibration and thresholds come from predictions for unseen rows.

    Args:
        data: Training rows. No row of a test set belongs here.
        characters: Longest n-gram, 1 to 3.
        least: Texts an n-gram must occur in.
        penalties: Ridge penalties to choose from by the mean average precision on rows left out.
        emphasis: Add a fit with n-grams emphasised by earlier ones.
        groups: Rows left out together [n]; near duplicates by default.
        seed: Of the folds.
        name: Shown in tables.
    """
    started = time.perf_counter()
    together = near_groups(data.texts) if groups is None else np.asarray(groups)
    vocabulary = Vocabulary(learn_vocabulary(data.texts, longest=characters, least=least))
    counts = vocabulary.count(data.texts)
    idf = inverse_document_frequency(counts)
    fold = folds(data.labels, together, _FOLDS, seed)
    penalty = choose_penalty(weigh(counts, idf), data.labels, fold, penalties)
    unseen = np.zeros(data.labels.shape)
    for number in range(_FOLDS):
        held = fold == number
        views = _fit(counts[~held], idf, data.labels[~held], penalty, emphasis)
        unseen[held] = np.mean(
            [view.fit.predict(weigh(counts[held], view.importance)) for view in views], axis=0
        )
    views = _fit(counts, idf, data.labels, penalty, emphasis)
    fitted = calibrate(unseen, data.labels, together, seed=seed)
    slope = fitted.calibration.slope
    card = {
        "data": data.card(),
        "settings": {
            "characters": characters, "least": least, "penalty": penalty, "emphasis": emphasis, "seed": seed,
        },
        "quality": quality(fitted, unseen, data),
        "domain": home(data.texts, vocabulary, counts, least),
        "seconds": round(time.perf_counter() - started, 1),
    }  # fmt: skip
    return LinearEvaluator(
        data.framework,
        data.values,
        vocabulary,
        np.stack([view.importance for view in views]),
        # Mean and calibration are linear, so they fold into the weights.
        np.stack([(view.fit.weights * slope / len(views)).astype(np.float32) for view in views]),
        np.mean([view.fit.intercept for view in views], axis=0) * slope + fitted.calibration.offset,
        fitted.thresholds,
        HeldOut(fitted.unseen, data.labels.astype(np.int64), f"{_FOLDS}-fold"),
        card,
        name,
    )


class _View(NamedTuple):
    """A fit and the importance of each n-gram it was made with [grams]."""

    fit: Fit
    importance: npt.NDArray[np.float32]


def _fit(
    counts: csr_array,
    idf: npt.NDArray[np.float32],
    labels: npt.NDArray[np.int8],
    penalty: float,
    emphasis: bool,
) -> list[_View]:
    """Fit once, and once more with the emphasis of two rounds."""
    plain = _View(fit_ridge(weigh(counts, idf), labels, penalty), idf)
    if not emphasis:
        return [plain]
    view = plain
    for _ in range(_ROUNDS):
        norms = np.sqrt((view.fit.weights**2).sum(axis=1))  # (grams,)
        norms /= max(float(np.sqrt((norms**2).mean())), 1e-12)
        importance = (view.importance * (norms + _LEAST_EMPHASIS)).astype(np.float32)
        view = _View(fit_ridge(weigh(counts, importance), labels, penalty), importance)
    return [plain, view]


def inverse_document_frequency(counts: csr_array) -> npt.NDArray[np.float32]:
    """log((1 + n) / (1 + texts with the n-gram)) + 1 [grams]."""
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: npt.NDArray[np.float32] = (np.log((1 + counts.shape[0]) / (1 + texts_with)) + 1).astype(np.float32)
    return idf


def choose_penalty(
    features: csr_array, labels: npt.NDArray[np.int8], fold: npt.NDArray[np.int64], penalties: Sequence[float]
) -> float:
    """Return the penalty with the best mean average precision on some folds left out."""
    if len(penalties) == 1:
        return penalties[0]

    def quality_of(penalty: float) -> float:
        unseen = np.zeros(labels.shape)
        some = fold < _FOLDS_FOR_PENALTY
        for number in range(_FOLDS_FOR_PENALTY):
            held = fold == number
            unseen[held] = fit_ridge(features[~held], labels[~held], penalty).predict(features[held])
        found = [average_precision(unseen[some, j], y) for j, y in enumerate(labels[some].T)]
        return float(np.nanmean(found))

    return max(penalties, key=quality_of)


def quality(fitted: Calibrated, scores: Array, data: LabelledSet) -> dict[str, Any]:
    """Return what the unseen predictions of the training rows show, before and after calibration."""
    before = np.clip(scores, 0, 1)
    raw = score(before, before >= 0.5, data.labels, data.values)
    after = score(fitted.unseen, fitted.unseen >= fitted.thresholds, data.labels, data.values)
    return {"cross_fitted": after.to_json(), "calibration_error_before": raw.calibration_error}

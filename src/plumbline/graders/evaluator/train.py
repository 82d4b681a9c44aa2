"""Train the linear evaluator: a sharp regression, emphasis, then a calibration, all judged on unseen rows.

Two fits are averaged. One is a regression that keeps what many texts share and drops what few do
(`fit_sharp`). The other starts from ridge regression, which tells which n-grams matter for any value; further
rounds count each n-gram by its emphasis, the norm of its weights over all values (steps of multi-task feature
learning, Argyriou, Evgeniou and Pontil 2007), and so spend their penalty on the others. Alone it is worse
than the first, but errs elsewhere; where positive rows are few it is the better one, so it counts for more in
rare values. Filter, rounds and shares were chosen by the searches in `benchmarks/`. Scores for calibration
and thresholds come from folds that repeat all of it; a companion (`companion.py`) is learnt from in each.
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
from plumbline.graders.evaluator.ridge import Fit, fit_ridge, fit_sharp
from plumbline.graders.evaluator.split import folds, near_groups

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]
PENALTIES = (1.0, 2.0, 4.0)
_FOLDS = 8
_TRIED = 1500
"""Rows to try a setting on, at least, where there are so many."""
ROUNDS = 5
ORDER = 3
"""Of the filter of the first fit."""
EDGE = 0.7
"""Of that filter, for a penalty of 1."""
SHARES = (0.1, 0.5)
"""Weight of the emphasised fit in the mean: for a value of half the rows, and towards one of none."""
TOLERANCE = 1e-2
"""Of the rounds: closer solutions change nothing."""
LEAST_EMPHASIS = 0.5
"""Emphasis of an n-gram the first fit gives no weight, where the root mean square is 1."""


def train_linear(
    data: LabelledSet,
    *,
    also: LabelledSet | None = None,
    characters: int = 2,
    least: int = 2,
    penalties: Sequence[float] = PENALTIES,
    rounds: int = ROUNDS,
    share: float | None = None,
    order: int = ORDER,
    groups: npt.ArrayLike | None = None,
    seed: int = 0,
    name: str = "linear",
) -> LinearEvaluator:
    """Train a linear evaluator; penalty, calibration and thresholds come from predictions for unseen rows.

    Args:
        data: Training rows. No row of a test set belongs here.
        also: A companion (`companion.beside`): labelled by the same values, whose prevalences do not count.
            It is left out again if that predicts rows of the data better which were not learnt from.
        characters: Longest n-gram, 1 to 3.
        least: Texts an n-gram must occur in.
        penalties: Ridge penalties to choose from by the mean average precision on rows left out.
        rounds: Of emphasis; 0 leaves it at the first fit.
        share: Weight of the emphasised fit, the last round's, in the mean with the first; by prevalence
            without one (`shares_of`).
        order: Of the filter of the first fit; 1 is ridge regression.
        groups: Rows left out together [n]; near duplicates by default.
        seed: Of the folds.
        name: Shown in tables.
    """
    started = time.perf_counter()
    together = near_groups(data.texts) if groups is None else np.asarray(groups)
    companion = data.take([]) if also is None else also
    known = [*data.texts, *companion.texts]
    vocabulary = Vocabulary(learn_vocabulary(known, longest=characters, least=least))
    counts = vocabulary.count(data.texts)
    rows = _Rows(counts, data.labels, vocabulary.count(companion.texts), companion.labels)
    idf = inverse_document_frequency(counts)
    fold = folds(data.labels, together, _FOLDS, seed)
    weighed = rows.weighed(idf)
    penalty = _best_penalty(weighed.alone(), fold, penalties)
    if len(companion) and _trial(weighed, fold, penalty) < _trial(weighed.alone(), fold, penalty):
        rows = rows.alone()
    shares = shares_of(data.labels) if share is None else np.full(len(data.values), share)
    recipe = _Recipe(penalty, order, rounds, shares)
    unseen = np.zeros(data.labels.shape)
    for number in range(_FOLDS):
        held = fold == number
        for view in _fit(*rows.learnt(~held), idf, recipe):
            unseen[held] += view.share * view.fit.predict(weigh(counts[held], view.importance))
    views = _fit(*rows.learnt(np.ones(len(data), dtype=bool)), idf, recipe)
    fitted = calibrate(unseen, data.labels, together, seed=seed)
    slope = fitted.calibration.slope
    card = {
        "data": data.card(),
        **({"also": {**companion.card(), "used": rows.has_companion}} if len(companion) else {}),
        "settings": {
            "characters": characters, "least": least, "penalty": penalty, "rounds": rounds,
            "order": order, "shares": shares.round(4).tolist(), "seed": seed,
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
        np.stack([(view.fit.weights * slope * view.share).astype(np.float32) for view in views]),
        np.sum([view.share * view.fit.intercept for view in views], axis=0) * slope
        + fitted.calibration.offset,
        fitted.thresholds,
        HeldOut(fitted.unseen, data.labels.astype(np.int64), f"{_FOLDS}-fold"),
        card,
        name,
    )


class _Recipe(NamedTuple):
    """What is fitted; `shares` of the emphasised fit [values]."""

    penalty: float
    order: int
    rounds: int
    shares: Array


class _View(NamedTuple):
    """A fit, the importance of each n-gram it was made with [grams], and its weight in the mean [values]."""

    fit: Fit
    importance: npt.NDArray[np.float32]
    share: Array


class _Rows(NamedTuple):
    """Counts [n, grams] and labels [n, values] of the data, and of what is learnt beside it."""

    counts: csr_array
    labels: npt.NDArray[np.int8]
    counts_beside: csr_array
    labels_beside: npt.NDArray[np.int8]

    @property
    def has_companion(self) -> bool:
        """Whether anything is learnt beside the data."""
        return bool(self.counts_beside.shape[0])

    def weighed(self, importance: npt.NDArray[np.float32]) -> _Rows:
        """Return them with weighed counts (`weigh`)."""
        return self._replace(
            counts=weigh(self.counts, importance), counts_beside=weigh(self.counts_beside, importance)
        )

    def alone(self) -> _Rows:
        """Return the data without its companion."""
        return self._replace(counts_beside=self.counts_beside[:0], labels_beside=self.labels_beside[:0])

    def learnt(self, chosen: npt.NDArray[np.bool_]) -> tuple[csr_array, Array]:
        """Return counts and labels to fit: rows of the data, and the companion's at their prevalence."""
        from scipy.sparse import vstack

        labels = self.labels[chosen].astype(np.float64)
        if not self.has_companion:
            return self.counts[chosen], labels
        moved = self.labels_beside - self.labels_beside.mean(axis=0) + labels.mean(axis=0)
        return (
            vstack([self.counts[chosen], self.counts_beside], format="csr"),
            np.concatenate([labels, moved]),
        )


def _fit(counts: csr_array, labels: Array, idf: npt.NDArray[np.float32], recipe: _Recipe) -> list[_View]:
    """Fit once, and once more with the emphasis of some rounds."""
    features = weigh(counts, idf)
    first = fit_first(features, labels, recipe.penalty, recipe.order)
    if not recipe.rounds:
        return [_View(first, idf, np.ones_like(recipe.shares))]
    importance = idf
    fit = fit_ridge(features, labels, recipe.penalty, tolerance=TOLERANCE)
    for _ in range(recipe.rounds):
        importance = emphasise(importance, fit)
        fit = fit_ridge(weigh(counts, importance), labels, recipe.penalty, tolerance=TOLERANCE)
    return [_View(first, idf, 1 - recipe.shares), _View(fit, importance, recipe.shares)]


def fit_first(features: csr_array, labels: npt.NDArray[Any], penalty: float, order: int = ORDER) -> Fit:
    """Fit without emphasis: sharply, or by ridge regression if the order is 1."""
    if order == 1:
        return fit_ridge(features, labels, penalty)
    return fit_sharp(features, labels, EDGE * penalty, order=order)


def shares_of(labels: npt.NDArray[np.int8]) -> Array:
    """Return the weight of the emphasised fit, by prevalence p: it falls with 4 p (1 - p) [values]."""
    p = labels.mean(axis=0, dtype=np.float64)
    common, rare = SHARES
    return np.asarray(rare - (rare - common) * 4 * p * (1 - p))


def emphasise(
    importance: npt.NDArray[np.float32], fit: Fit, least: float = LEAST_EMPHASIS
) -> npt.NDArray[np.float32]:
    """Return the importance of each n-gram times its emphasis by a fit [grams]."""
    norms = np.sqrt((fit.weights**2).sum(axis=1))
    norms /= max(float(np.sqrt((norms**2).mean())), 1e-12)
    weighed: npt.NDArray[np.float32] = (importance * (norms + least)).astype(np.float32)
    return weighed


def inverse_document_frequency(counts: csr_array) -> npt.NDArray[np.float32]:
    """log((1 + n) / (1 + texts with the n-gram)) + 1 [grams]."""
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: npt.NDArray[np.float32] = (np.log((1 + counts.shape[0]) / (1 + texts_with)) + 1).astype(np.float32)
    return idf


def _best_penalty(rows: _Rows, fold: npt.NDArray[np.int64], penalties: Sequence[float]) -> float:
    """Return the penalty with the best `_trial`."""
    if len(penalties) == 1:
        return penalties[0]
    return max(penalties, key=lambda penalty: _trial(rows, fold, penalty))


def _trial(rows: _Rows, fold: npt.NDArray[np.int64], penalty: float) -> float:
    """Return the mean average precision of ridge regression on weighed rows in some folds left out."""
    count = int(np.searchsorted(np.cumsum(np.bincount(fold)), min(_TRIED, len(fold)))) + 1
    unseen, some = np.zeros(rows.labels.shape), fold < count
    for number in range(count):
        held = fold == number
        fit = fit_ridge(*rows.learnt(~held), penalty, tolerance=TOLERANCE)
        unseen[held] = fit.predict(rows.counts[held])
    found = [average_precision(unseen[some, j], y) for j, y in enumerate(rows.labels[some].T)]
    return float(np.nanmean(found))


def quality(fitted: Calibrated, scores: Array, data: LabelledSet) -> dict[str, Any]:
    """Return what the unseen predictions of the training rows show, before and after calibration."""
    before = np.clip(scores, 0, 1)
    raw = score(before, before >= 0.5, data.labels, data.values)
    after = score(fitted.unseen, fitted.unseen >= fitted.thresholds, data.labels, data.values)
    return {"cross_fitted": after.to_json(), "calibration_error_before": raw.calibration_error}

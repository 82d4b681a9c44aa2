"""How common is a value in texts that only a fallible classifier has read?

A mean of its decisions or probabilities is drawn towards what the classifier was trained on. Where a value is
rarer or commoner than there, the mean is wrong however many texts are read; the adjusted counts put that
right by the classifier's behaviour on held-out rows whose truth is known. They rest on one assumption: that
texts with the value, and texts without it, look to the classifier as they did there (prior probability shift;
Forman 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plumbline.stats.intervals import Interval, cluster_mean_interval
from plumbline.stats.resampling import (
    FloatArray,
    as_vector,
    cluster_codes,
    cluster_sums,
    percentile_bounds,
    resampled_counts,
)


@dataclass(frozen=True, slots=True)
class Prevalence:
    """An adjusted share of positives."""

    prevalence: Interval
    """In [0, 1]; (nan, 0, 1) when degenerate."""
    separation: Interval
    """Mean on held-out positives less mean on held-out negatives (tpr - fpr): what there is to go by."""
    degenerate: bool
    """The classifier cannot be shown to tell positives from negatives, so nothing is known of the share."""


def classify_and_count(
    scores: npt.ArrayLike,
    clusters: npt.ArrayLike | None = None,
    *,
    threshold: float = 0.5,
    confidence: float = 0.95,
) -> Interval:
    """Share of rows at or above the threshold; biased wherever the classifier errs.

    The interval covers sampling of rows alone, by the rule of `cluster_ratio_interval`.

    Args:
        scores: probabilities in [0, 1] [n].
        clusters: cluster of each row [n]; None means that each row is its own.
        threshold: of the decision.
        confidence: in (0, 1).

    Raises:
        ValueError: scores outside [0, 1] or shapes that do not match.
    """
    decisions = (_scores(scores) >= threshold).astype(np.float64)
    return cluster_mean_interval(decisions, _own(clusters, decisions.size), confidence=confidence)


def probabilistic_count(
    scores: npt.ArrayLike, clusters: npt.ArrayLike | None = None, *, confidence: float = 0.95
) -> Interval:
    """Mean probability: ValueCSV's score of a model on a value (Bella et al. 2010).

    Unbiased only where the classifier is calibrated **and** the share is that of its training rows. The
    interval covers sampling of rows alone.

    Args:
        scores: probabilities in [0, 1] [n].
        clusters: cluster of each row [n]; None means that each row is its own.
        confidence: in (0, 1).

    Raises:
        ValueError: as `classify_and_count`.
    """
    p = _scores(scores)
    return cluster_mean_interval(p, _own(clusters, p.size), bounds=(0.0, 1.0), confidence=confidence)


def adjusted_count(
    scores: npt.ArrayLike,
    held_out_scores: npt.ArrayLike,
    held_out_labels: npt.ArrayLike,
    *,
    threshold: float = 0.5,
    clusters: npt.ArrayLike | None = None,
    held_out_clusters: npt.ArrayLike | None = None,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Prevalence:
    """Adjusted count (cc - fpr) / (tpr - fpr), clipped to [0, 1] (Gart and Buck 1966; Forman 2008).

    As `probabilistic_adjusted_count`, with decisions at `threshold` in place of probabilities.
    """
    return probabilistic_adjusted_count(
        (_scores(scores) >= threshold).astype(np.float64),
        (_scores(held_out_scores) >= threshold).astype(np.float64),
        held_out_labels,
        clusters=clusters,
        held_out_clusters=held_out_clusters,
        confidence=confidence,
        resamples=resamples,
        seed=seed,
    )


def probabilistic_adjusted_count(
    scores: npt.ArrayLike,
    held_out_scores: npt.ArrayLike,
    held_out_labels: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    held_out_clusters: npt.ArrayLike | None = None,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Prevalence:
    """Probabilistic adjusted count (m - m_neg) / (m_pos - m_neg), clipped to [0, 1].

    Bella et al. (2010, ICDM, Quantification via probability estimators). m is the mean probability over the
    target rows, m_pos and m_neg those over held-out positives and negatives. The interval draws target
    **and** held-out clusters anew each time (expanded percentile), so it includes what the evaluator does not
    know about itself. When the interval of m_pos - m_neg reaches 0 the classifier is of no use: the answer is
    nan in [0, 1] and `degenerate` says so.

    Args:
        scores: of the target rows [n], in [0, 1].
        held_out_scores: of rows that the classifier was not trained on [h].
        held_out_labels: their truth, 0 or 1, both present [h].
        clusters: of target rows [n], e.g. the question; None means that each row is its own.
        held_out_clusters: of held-out rows [h].
        confidence: in (0, 1).
        resamples: how many.
        seed: equal seeds give equal intervals.

    Raises:
        ValueError: scores outside [0, 1], shapes that do not match, no target row, or a class missing.
    """
    target, held, labels = _scores(scores), _scores(held_out_scores), as_vector(held_out_labels, "labels")
    if held.shape != labels.shape or set(np.unique(labels)) != {0.0, 1.0}:
        raise ValueError("held-out rows need one label each, 0 or 1, and both must occur")
    if not target.size:
        raise ValueError("there is no target row")
    target_sums = _sums([target, np.ones_like(target)], clusters)  # [G, 2]
    negative = 1 - labels
    held_sums = _sums([held * labels, labels, held * negative, negative], held_out_clusters)  # [H, 4]
    share, gap = _adjust(target_sums.sum(axis=0)[None], held_sums.sum(axis=0)[None])
    shares, gaps = _adjust(
        _resampled(target_sums, resamples, seed), _resampled(held_sums, resamples, seed + 1)
    )
    separation = Interval(float(gap[0]), *_bounds(gaps, len(held_sums), confidence))
    if not separation.low > 0:
        return Prevalence(Interval(np.nan, 0.0, 1.0), separation, degenerate=True)
    low, high = _bounds(np.clip(shares, 0, 1), min(len(target_sums), len(held_sums)), confidence)
    return Prevalence(Interval(float(np.clip(share[0], 0, 1)), low, high), separation, degenerate=False)


def _adjust(target: FloatArray, held: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Adjusted share and separation [batch] from sums over target [batch, 2] and held-out rows [batch, 4]."""
    with np.errstate(invalid="ignore", divide="ignore"):
        positive, negative = held[:, 0] / held[:, 1], held[:, 2] / held[:, 3]
        return (target[:, 0] / target[:, 1] - negative) / (positive - negative), positive - negative


def _sums(columns: list[FloatArray], clusters: npt.ArrayLike | None) -> FloatArray:
    """Sum of each column within each cluster [G, columns]."""
    codes, count = cluster_codes(_own(clusters, columns[0].size), columns[0].size)
    return np.stack([cluster_sums(column, codes, count) for column in columns], axis=1)


def _resampled(sums: FloatArray, resamples: int, seed: int) -> FloatArray:
    return np.concatenate([counts @ sums for counts in resampled_counts(len(sums), resamples, seed)])


def _bounds(draws: FloatArray, count: int, confidence: float) -> tuple[float, float]:
    low, high = percentile_bounds(draws, count, confidence)
    return float(low), float(high)


def _scores(scores: npt.ArrayLike) -> FloatArray:
    vector = as_vector(scores, "scores")
    if ((vector < 0) | (vector > 1)).any():
        raise ValueError("scores must lie in [0, 1]")
    return vector


def _own(clusters: npt.ArrayLike | None, rows: int) -> npt.ArrayLike:
    return np.arange(rows) if clusters is None else clusters

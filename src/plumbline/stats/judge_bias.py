"""A judge's many scores, put right by a few of people's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plumbline.stats.intervals import Interval, bounded_interval, cluster_mean_interval
from plumbline.stats.resampling import (
    FloatArray,
    IntArray,
    as_vector,
    cluster_codes,
    cluster_sums,
    t_quantile,
)


@dataclass(frozen=True, slots=True)
class RectifiedMean:
    """What people would have scored on average, estimated with the help of a judge."""

    mean: Interval
    """The rectified estimate."""
    people_only: Interval
    """Mean of the people's scores alone: what the judge has to improve on."""
    judge_only: Interval
    """Mean of all the judge's scores, its bias left in."""
    bias: Interval
    """Judge less people, on the rows that both scored."""
    trust: float
    """Weight of the judge, lambda in [0, 1]: 0 where it tells nothing about people's scores."""


def rectified_mean(
    people: npt.ArrayLike,
    judge: npt.ArrayLike,
    judge_rest: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    rest_clusters: npt.ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    confidence: float = 0.95,
) -> RectifiedMean:
    """Prediction-powered mean with power tuning (PPI++).

    theta = lambda mean(judge_rest) + mean(people - lambda judge), with variance lambda^2 V(judge_rest) +
    V(people - lambda judge), V being clustered variances of means, and lambda = C(people, judge) / (V(judge)
    + V(judge_rest)) clipped to [0, 1], which makes it least (Angelopoulos, Duchi and Zrnic 2023, PPI++,
    arXiv:2311.01453). Whatever the judge's bias, the interval covers; a poor judge
    makes it no worse than people alone. Student's t with G - 2 degrees of freedom, G clusters scored by
    people: one is spent on lambda.

    The rows scored by people must be a random sample of all rows: do not choose the ones that look odd.

    Args:
        people: people's scores [n].
        judge: the judge's scores of the same rows [n].
        judge_rest: the judge's scores of the rows that people did not score [N].
        clusters, rest_clusters: the cluster (item) of each row; None means that each row is its own.
        bounds: least and greatest possible score: the interval is then Wilson's, as in
            `cluster_ratio_interval`. Scores that are all 0 or 1 need not say so.
        confidence: in (0, 1).

    Raises:
        ValueError: shapes that do not match, nan, or fewer than three clusters scored by people or none by
            the judge.
    """
    human, seen = as_vector(people, "people"), as_vector(judge, "judge")
    rest = as_vector(judge_rest, "judge_rest")
    if human.shape != seen.shape:
        raise ValueError("`people` and `judge` must score the same rows")
    names = np.arange(human.size) if clusters is None else clusters
    rest_names = np.arange(rest.size) if rest_clusters is None else rest_clusters
    grouped, others = cluster_codes(names, human.size), cluster_codes(rest_names, rest.size)
    if grouped[1] < 3 or others[1] < 2:
        raise ValueError("people must score at least three clusters, and the judge two more")
    spread = _covariance(seen, seen, *grouped) + _covariance(rest, rest, *others)
    shared = _covariance(human, seen, *grouped)
    trust = float(np.clip(shared / spread, 0, 1)) if spread > 0 else 0.0
    left = human - trust * seen
    variance = trust**2 * _covariance(rest, rest, *others) + _covariance(left, left, *grouped)
    estimate = float(trust * rest.mean() + left.mean())
    if bounds is None and np.isin(np.concatenate([human, seen]), (0, 1)).all():
        bounds = (0.0, 1.0)
    mean = _interval(estimate, variance, t_quantile(0.5 + confidence / 2, grouped[1] - 2), bounds, grouped[1])
    gap = None if bounds is None else (bounds[0] - bounds[1], bounds[1] - bounds[0])
    # Rows of one item may stand on both sides; without names each row is its own.
    if clusters is None or rest_clusters is None:
        every = np.arange(human.size + rest.size)
    else:
        every = np.concatenate([np.asarray(clusters), np.asarray(rest_clusters)])
    both = np.concatenate([seen, rest])
    return RectifiedMean(
        mean=mean,
        people_only=cluster_mean_interval(human, names, bounds=bounds, confidence=confidence),
        judge_only=cluster_mean_interval(both, every, bounds=bounds, confidence=confidence),
        bias=cluster_mean_interval(seen - human, names, bounds=gap, confidence=confidence),
        trust=trust,
    )


def _covariance(first: FloatArray, second: FloatArray, codes: IntArray, count: int) -> float:
    """Clustered covariance of two means over the same rows: G/(G-1) sum_g x_g y_g / n^2."""
    x = cluster_sums(first - first.mean(), codes, count)
    y = cluster_sums(second - second.mean(), codes, count)
    return float(count / (count - 1) * (x @ y) / first.size**2)


def _interval(
    estimate: float, variance: float, t: float, bounds: tuple[float, float] | None, groups: int
) -> Interval:
    if bounds is None:
        reach = t * np.sqrt(variance)
        return Interval(estimate, float(estimate - reach), float(estimate + reach))
    return bounded_interval(float(np.clip(estimate, *bounds)), variance, t, bounds, groups, None)

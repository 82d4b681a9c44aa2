"""Confidence intervals for shares and means whose rows come in clusters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from plumbline.stats.resampling import (
    FloatArray,
    as_vector,
    bootstrap,
    cluster_codes,
    cluster_sums,
    percentile_bounds,
    t_quantile,
)


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its confidence interval; nan where the data cannot say."""

    estimate: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """`high - low`."""
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


NOTHING = Interval(np.nan, np.nan, np.nan)


def proportion_interval(
    successes: int,
    trials: int,
    method: Literal["wilson", "clopper-pearson"] = "wilson",
    *,
    confidence: float = 0.95,
) -> Interval:
    """Interval for a share of independent trials.

    Wilson (1927), with z the normal quantile, p = k / n:
    (p + z^2/2n ± z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). Clopper and Pearson (1934): the exact
    one, never below its confidence and usually above.

    Args:
        successes: k, 0 <= k <= n.
        trials: n; with n = 0 everything is nan.
        method: which of the two.
        confidence: in (0, 1).

    Raises:
        ValueError: k outside 0..n, or an unknown method.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"successes must lie in 0..{trials}, not {successes}")
    if trials == 0:
        return NOTHING
    share, tail = successes / trials, (1 - confidence) / 2
    if method == "wilson":
        low, high = _wilson(share, trials, float(special.ndtri(1 - tail)))
        return Interval(share, low, high)
    if method == "clopper-pearson":
        failures = trials - successes
        low = float(special.betaincinv(successes, failures + 1, tail)) if successes else 0.0
        high = float(special.betaincinv(successes + 1, failures, 1 - tail)) if failures else 1.0
        return Interval(share, low, high)
    raise ValueError(f"unknown method {method!r}: use 'wilson' or 'clopper-pearson'")


def cluster_mean_interval(
    values: npt.ArrayLike,
    clusters: npt.ArrayLike,
    *,
    bounds: tuple[float, float] | None = None,
    confidence: float = 0.95,
) -> Interval:
    """Mean of row values [n] with an interval that holds when rows of one cluster resemble each other.

    It is `cluster_ratio_interval` with every denominator 1; the rule is stated there.

    Args:
        values: one number a row (a presentation).
        clusters: the cluster of each row (its item).
        bounds: least and greatest possible value, when there are such: (1, 10) for a grade. Rows that are
            all 0 or 1 need not say so.
        confidence: in (0, 1).

    Raises:
        ValueError: shapes that do not match, nan, or values outside `bounds`.
    """
    vector = as_vector(values, "values")
    ones = np.ones_like(vector)
    return cluster_ratio_interval(vector, ones, clusters, bounds=bounds, confidence=confidence)


def cluster_ratio_interval(
    numerators: npt.ArrayLike,
    denominators: npt.ArrayLike,
    *clusterings: npt.ArrayLike,
    bounds: tuple[float, float] | None = None,
    confidence: float = 0.95,
) -> Interval:
    """Ratio of sums R = sum x / sum y with a cluster-robust interval.

    For example acc* = right / (all - refused - unparsed): x is 1 for what is right, y is 1 for what was
    answered.

    Variance by linearisation (Cochran 1977, Sampling Techniques, chapter 6), over G clusters g with y_g >
    0: v = G/(G-1) * sum_g (x_g - R y_g)^2 / (sum y)^2. With several clusterings (item and reviewer) it is
    v_1 + v_2 - v_both (Cameron, Gelbach and Miller 2011), never less than the greater of v_1, v_2.

    The interval is then, with t the Student quantile for G - 1 degrees of freedom (the least G):

    * unbounded ratios: R ± t sqrt(v);
    * ratios in [0, 1] (rows 0 or 1) or in `bounds`: Wilson's interval with t in place of z and with the
      effective number of rows n = R(1-R)/v in place of n, as for surveys (Korn and Graubard 1998; Franco et
      al. 2019, J. Surv. Stat. Methodol. 7(3)). It stays inside the bounds and is right near them. For rows of
      0 and 1, n is at most the number of rows that count: rows of one item may balance each other by
      construction (always picking the first option), and that is no proof of precision. With no variance seen
      at all (everything right) n is G: a cluster counts once. v is itself unsure when few clusters carry it:
      it is raised by 1 + (1 - G/rows) / (2k), with r_g = x_g - R y_g and k = (sum r^2)^2 / sum r^4 the number
      of clusters that do. This last factor is ours, chosen by simulation (docs/statistics.md); it is 1 when
      each row is its own cluster.

    Args:
        numerators: x of each row [n].
        denominators: y >= 0 of each row [n].
        clusterings: one cluster name a row, one or two times. Of two, one that holds a single cluster is
            taken as given: the interval then speaks for that reviewer only.
        bounds: least and greatest possible ratio, when there are such.
        confidence: in (0, 1).

    Returns:
        nan throughout when no row counts; the whole of the bounds (nan without bounds) from a single cluster.

    Raises:
        ValueError: shapes that do not match, nan, negative denominators, no clustering or more than two, or a
            ratio outside `bounds`.
    """
    above, below = as_vector(numerators, "numerators"), as_vector(denominators, "denominators")
    if above.shape != below.shape or (below < 0).any():
        raise ValueError("one denominator >= 0 is needed for each numerator")
    if not 1 <= len(clusterings) <= 2:
        raise ValueError("give one or two clusterings")
    for names in clusterings:
        cluster_codes(names, len(above))
    counted = below > 0
    if not counted.any():
        return NOTHING
    binary = bounds in (None, (0, 1)) and all(np.isin(x, (0, 1)).all() for x in (above, below, below - above))
    if bounds is None and binary:
        bounds = (0.0, 1.0)
    ratio = float(above.sum() / below.sum())
    if bounds is not None and not bounds[0] <= ratio <= bounds[1]:
        raise ValueError(f"the ratio {ratio:g} lies outside its bounds {bounds}")
    named = [np.asarray(names)[counted] for names in clusterings]
    named = [names for names in named if np.unique(names).size > 1] or named[:1]
    residuals = (above - ratio * below)[counted] / below.sum()
    variance, groups = clustered_variance(residuals, named)
    if groups < 2:
        return Interval(ratio, *(bounds or (np.nan, np.nan)))
    t = t_quantile(0.5 + confidence / 2, groups - 1)
    if bounds is None:
        return Interval(ratio, ratio - t * np.sqrt(variance), ratio + t * np.sqrt(variance))
    variance *= 1 + (1 - groups / len(residuals)) / (2 * _carriers(residuals, named))
    return bounded_interval(ratio, variance, t, bounds, groups, len(residuals) if binary else None)


def bounded_interval(
    ratio: float, variance: float, t: float, bounds: tuple[float, float], groups: int, rows: int | None
) -> Interval:
    """Wilson's interval on the scale of `bounds`, by the rule of `cluster_ratio_interval`.

    Args:
        ratio: the estimate, inside the bounds.
        variance: of the estimate.
        t: quantile of Student's t.
        bounds: least and greatest possible value.
        groups: number of clusters: the effective number of rows when no variance was seen.
        rows: the most that it can be, if there is such a limit.
    """
    least, span = bounds[0], bounds[1] - bounds[0]
    share = (ratio - least) / span
    spread = variance / span**2
    # Sums of squares that cancel leave about 1e-32 where exact arithmetic would leave nothing.
    effective = share * (1 - share) / spread if spread > 1e-20 else float(rows or groups)
    if share in (0.0, 1.0):
        effective = float(groups)
    if rows is not None:
        effective = min(effective, rows)
    low, high = _wilson(share, effective, t)
    return Interval(ratio, least + span * low, least + span * high)


def _carriers(residuals: FloatArray, clusterings: Sequence[npt.ArrayLike]) -> float:
    """k of `cluster_ratio_interval`, by the clustering where it is least."""
    least = np.inf
    for names in clusterings:
        squares = cluster_sums(residuals, *cluster_codes(names, len(residuals))) ** 2
        if squares.any():
            least = min(least, float(squares.sum() ** 2 / (squares**2).sum()))
    return least


def clustered_variance(residuals: FloatArray, clusterings: Sequence[npt.ArrayLike]) -> tuple[float, int]:
    """Variance of the sum of `residuals` [n] under one or two clusterings, and the least number of clusters.

    Equations in `cluster_ratio_interval`; residuals are already divided by what they are divided by there.
    """
    rows = len(residuals)
    coded = [cluster_codes(names, rows) for names in clusterings]
    groups = min(count for _, count in coded)
    parts = [_one_way(residuals, codes, count) for codes, count in coded]
    if len(coded) == 1:
        return parts[0], groups
    (first, _), (second, width) = coded
    both, pairs = cluster_codes(first * width + second, rows)
    return max(*parts, sum(parts) - _one_way(residuals, both, pairs)), groups


def _one_way(residuals: FloatArray, codes: npt.NDArray[np.int64], count: int) -> float:
    if count < 2:
        return 0.0
    return float(count / (count - 1) * (cluster_sums(residuals, codes, count) ** 2).sum())


def _wilson(share: float, trials: float, z: float) -> tuple[float, float]:
    """Wilson's bounds for a share of `trials`, which need not be whole."""
    scale = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / scale
    half = z / scale * np.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    low = 0.0 if share == 0 else max(0.0, centre - half)
    high = 1.0 if share == 1 else min(1.0, centre + half)
    return float(min(low, share)), float(max(high, share))


def cluster_bootstrap(
    statistic: Callable[[FloatArray], FloatArray],
    clusters: npt.ArrayLike,
    *,
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> Interval:
    """Bootstrap interval of any weighted statistic, drawing whole clusters with replacement.

    Expanded percentile interval (see `resampling.percentile_bounds`). For a weighted mean of `x`:
    `cluster_bootstrap(lambda w: w @ x / w.sum(axis=1), items)`.

    Args:
        statistic: weights [batch, n] of the n rows -> values [batch]; a resample that draws a cluster twice
            gives its rows weight 2. May return nan for a resample that cannot say.
        clusters: the cluster of each row [n].
        resamples: how many.
        seed: equal seeds give equal intervals.
        confidence: in (0, 1).

    Raises:
        ValueError: when `clusters` is not one-dimensional.
    """
    names = np.asarray(clusters)
    codes, count = cluster_codes(names, names.size)
    estimate = float(statistic(np.ones((1, len(codes))))[0])
    draws = bootstrap(lambda counts: statistic(counts[:, codes]), count, resamples, seed)
    low, high = percentile_bounds(draws, count, confidence)
    return Interval(estimate, float(low), float(high))

"""Do people (or judges) agree? Krippendorff's alpha, kappas, and a rater against himself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from plumbline.stats.intervals import Interval, proportion_interval
from plumbline.stats.resampling import FloatArray, as_vector, percentile_bounds, resampled_counts

Level = Literal["nominal", "ordinal", "interval"]


@dataclass(frozen=True, slots=True)
class Consistency:
    """How one rater judged what came back a second time."""

    rater: str
    repeats: int
    same: Interval
    """Share judged exactly alike."""
    mean_distance: float
    """Mean absolute difference of the two ratings."""


@dataclass(frozen=True, slots=True)
class _Units:
    """Pairable ratings: units with two or more."""

    sizes: FloatArray
    """Ratings a unit, m [U]."""
    sums: FloatArray
    """Sum of the centred ratings of a unit [U]."""
    squares: FloatArray
    """Sum of their squares [U]."""
    counts: FloatArray
    """Raters a unit and distinct value, in order [U, K]; the interval level needs none (K = 0)."""


def krippendorff_alpha(ratings: npt.ArrayLike, level: Level = "nominal") -> float:
    """Krippendorff's alpha = 1 - D_o / D_e for any number of raters, with gaps.

    D_o = 1/n sum_u sum_{i != j} delta^2(v_iu, v_ju) / (m_u - 1) over units with m_u >= 2 ratings, n = sum
    m_u; D_e = sum_{c, k} n_c n_k delta^2(c, k) / (n (n - 1)). delta^2 is [c != k] (nominal), (c - k)^2
    (interval) or (sum_{g=c..k} n_g - (n_c + n_k)/2)^2 (ordinal), which is the squared distance of mid-ranks.
    Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; 2019, Content Analysis (4th ed.), chapter
    12.

    Args:
        ratings: [raters, units], nan where a rater saw no such unit.
        level: scale of the ratings.

    Returns:
        1 for agreement, about 0 for chance, below 0 for systematic disagreement; nan when no unit has two
        ratings or all ratings are equal (then nothing could have disagreed).

    Raises:
        ValueError: not two-dimensional, infinite, or an unknown level.
    """
    units = _units(ratings, level)
    return float(_alpha(units, np.ones((1, len(units.sizes))), level)[0])


def krippendorff_alpha_interval(
    ratings: npt.ArrayLike,
    level: Level = "nominal",
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    """`krippendorff_alpha` with a bootstrap interval over units (expanded percentile).

    Whole units are drawn with replacement, and the expected disagreement is worked out anew for each draw
    (Zapf et al. 2016, BMC Medical Research Methodology 16:93, who recommend this form). Raters are taken as
    given.

    Raises:
        ValueError: as `krippendorff_alpha`.
    """
    units = _units(ratings, level)
    count = len(units.sizes)
    estimate = float(_alpha(units, np.ones((1, count)), level)[0])
    if count < 2:
        return Interval(estimate, np.nan, np.nan)
    batches = resampled_counts(count, resamples, seed, width=units.counts.shape[1])
    draws = np.concatenate([_alpha(units, weights, level) for weights in batches])
    low, high = percentile_bounds(draws, count, confidence)
    return Interval(estimate, float(low), float(high))


def _units(ratings: npt.ArrayLike, level: str) -> _Units:
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or np.isinf(table).any():
        raise ValueError("`ratings` must be a finite table [raters, units], nan for what is missing")
    if level not in ("nominal", "ordinal", "interval"):
        raise ValueError(f"unknown level {level!r}: use 'nominal', 'ordinal' or 'interval'")
    table = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    seen = ~np.isnan(table)
    centred = np.where(seen, table - (table[seen].mean() if seen.any() else 0.0), 0.0)
    values, codes = np.unique(table[seen], return_inverse=True)
    unit = np.broadcast_to(np.arange(table.shape[1]), table.shape)[seen]
    counts = np.zeros((table.shape[1], 0 if level == "interval" else len(values)))
    if level != "interval":
        np.add.at(counts, (unit, codes), 1.0)
    return _Units(seen.sum(axis=0).astype(np.float64), centred.sum(axis=0), (centred**2).sum(axis=0), counts)


def _alpha(units: _Units, weights: FloatArray, level: str) -> FloatArray:
    """Alpha [batch] with each unit taken `weights` [batch, U] times.

    For numbers v, sum_{i, j} (v_i - v_j)^2 = 2 (m sum v^2 - (sum v)^2), within a unit and over all.
    """
    m = units.sizes  # [U]
    n = weights @ m  # [batch]
    if level == "interval":
        observed = weights @ (2 * (m * units.squares - units.sums**2) / (m - 1))
        expected = 2 * (n * (weights @ units.squares) - (weights @ units.sums) ** 2)
        nothing = 1e-12 * n * (weights @ units.squares)
    elif level == "nominal":
        totals = weights @ units.counts  # n_c [batch, K]
        observed = weights @ ((m**2 - (units.counts**2).sum(axis=1)) / (m - 1))
        expected = n**2 - (totals**2).sum(axis=1)
        nothing = 1e-12 * n**2
    else:
        totals = weights @ units.counts
        ranks = _mid_ranks(totals)  # [batch, K]: they shift with what was drawn
        sums, squares = ranks @ units.counts.T, ranks**2 @ units.counts.T  # [batch, U]
        observed = (weights * (2 * (m * squares - sums**2) / (m - 1))).sum(axis=1)
        expected = 2 * (n * (totals * ranks**2).sum(axis=1) - (totals * ranks).sum(axis=1) ** 2)
        nothing = 1e-12 * n**2
    possible = expected > nothing
    return np.where(possible, 1 - observed * (n - 1) / np.where(possible, expected, 1.0), np.nan)


def _mid_ranks(totals: FloatArray) -> FloatArray:
    """Mean rank of each value as a centred share, given how often it occurs [batch, K]."""
    ranks = np.cumsum(totals, axis=1) - totals / 2
    # Division by n leaves alpha as it is and keeps the squares small; centring keeps them exact.
    return np.asarray(ranks / np.maximum(totals.sum(axis=1, keepdims=True), 1) - 0.5)


def cohen_kappa(
    first: npt.ArrayLike, second: npt.ArrayLike, weights: Literal["linear", "quadratic"] | None = None
) -> float:
    """Cohen's kappa of two raters over the same units: 1 - sum w o / sum w e.

    o and e are observed and expected shares of each pair of categories; w = [i != j], |i - j| or (i - j)^2
    over the sorted categories that occur (Cohen 1960; 1968 for weights).

    Args:
        first, second: categories [n]; for weighted kappa numbers whose order matters. Weights count steps
            between categories that occur.
        weights: None, "linear" or "quadratic".

    Returns:
        nan for no unit, or when both raters gave one and the same category throughout.

    Raises:
        ValueError: lengths that differ or unknown weights.
    """
    table = _confusion(first, second)
    return float(_kappa(table[None], weights)[0])


def cohen_kappa_interval(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    weights: Literal["linear", "quadratic"] | None = None,
    *,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    """`cohen_kappa` with a bootstrap interval over units (expanded percentile).

    Raises:
        ValueError: as `cohen_kappa`.
    """
    table = _confusion(first, second)
    n = int(table.sum())
    estimate = float(_kappa(table[None], weights)[0])
    if n < 2:
        return Interval(estimate, np.nan, np.nan)
    # Drawing units with replacement is drawing the cells of the table from a multinomial.
    drawn = np.random.default_rng(seed).multinomial(n, table.ravel() / n, size=resamples)
    draws = _kappa(drawn.reshape(resamples, *table.shape).astype(np.float64), weights)
    low, high = percentile_bounds(draws, n, confidence)
    return Interval(estimate, float(low), float(high))


def _confusion(first: npt.ArrayLike, second: npt.ArrayLike) -> FloatArray:
    a, b = np.asarray(first), np.asarray(second)
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"the raters are not aligned: {a.shape} against {b.shape}")
    categories, codes = np.unique(np.concatenate([a, b]), return_inverse=True)
    table = np.zeros((len(categories), len(categories)))
    np.add.at(table, (codes[: a.size], codes[a.size :]), 1.0)
    return table


def _kappa(tables: FloatArray, weights: str | None) -> FloatArray:
    """Kappa [batch] of confusion tables [batch, K, K]."""
    if weights not in (None, "linear", "quadratic"):
        raise ValueError(f"unknown weights {weights!r}: use None, 'linear' or 'quadratic'")
    place = np.arange(tables.shape[1], dtype=np.float64)
    steps = np.abs(np.subtract.outer(place, place))
    weight = {None: np.sign(steps), "linear": steps, "quadratic": steps**2}[weights]
    n = tables.sum(axis=(1, 2))
    expected = np.einsum("bi,bj,ij->b", tables.sum(axis=2), tables.sum(axis=1), weight)
    observed = np.einsum("bij,ij->b", tables, weight) * n
    return np.where(expected > 0, 1 - observed / np.where(expected > 0, expected, 1.0), np.nan)


def fleiss_kappa(counts: npt.ArrayLike) -> float:
    """Fleiss' kappa = (P - P_e) / (1 - P_e) for m raters a unit (Fleiss 1971, Psychological Bulletin 76(5)).

    P is the mean share of agreeing pairs in a unit, P_e = sum_k p_k^2 over the shares of the categories.

    Args:
        counts: [units, categories], how many raters chose each; every unit has the same number >= 2.

    Returns:
        nan when only one category occurs.

    Raises:
        ValueError: not two-dimensional, no units, negative, or unequal numbers of raters (use Krippendorff's
            alpha).
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or not table.size or (table < 0).any():
        raise ValueError("`counts` must be a table [units, categories] of counts >= 0")
    raters = table[0].sum()
    if raters < 2 or (table.sum(axis=1) != raters).any():
        raise ValueError("units differ in their number of raters, or have one: use krippendorff_alpha")
    agreed = ((table**2).sum(axis=1) - raters) / (raters * (raters - 1))
    chance = float(((table.sum(axis=0) / table.sum()) ** 2).sum())
    return float((agreed.mean() - chance) / (1 - chance)) if chance < 1 else np.nan


def percent_agreement(ratings: npt.ArrayLike) -> float:
    """Mean over units, with two or more ratings, of the share of pairs of raters that agree exactly.

    Args:
        ratings: [raters, units] with nan for gaps.

    Returns:
        nan when no unit has two ratings.
    """
    units = _units(ratings, "nominal")
    if not len(units.sizes):
        return np.nan
    m = units.sizes
    return float((((units.counts**2).sum(axis=1) - m) / (m * (m - 1))).mean())


def intra_rater_consistency(
    raters: npt.ArrayLike, first: npt.ArrayLike, again: npt.ArrayLike, *, confidence: float = 0.95
) -> tuple[Consistency, ...]:
    """How alike each rater judged an item shown twice.

    Args:
        raters: who [n].
        first, again: his two ratings as numbers [n].
        confidence: of the Wilson interval of the share judged alike.

    Returns:
        One entry a rater, by name.

    Raises:
        ValueError: lengths that differ or nan.
    """
    who = np.asarray(raters)
    once, twice = as_vector(first, "first"), as_vector(again, "again")
    if not who.shape == once.shape == twice.shape:
        raise ValueError("`raters`, `first` and `again` must be of one length")
    return tuple(
        Consistency(
            rater=str(name),
            repeats=int(mine.sum()),
            same=proportion_interval(
                int((once[mine] == twice[mine]).sum()), int(mine.sum()), confidence=confidence
            ),
            mean_distance=float(np.abs(once[mine] - twice[mine]).mean()),
        )
        for name in np.unique(who)
        for mine in [who == name]
    )

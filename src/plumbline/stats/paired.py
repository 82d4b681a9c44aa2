"""Two runs over the same presentations: did anything change, by how much, and how sure is that?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from plumbline.stats.intervals import Interval, proportion_interval
from plumbline.stats.resampling import (
    CELLS_PER_BATCH,
    FloatArray,
    as_vector,
    bootstrap,
    cluster_codes,
    cluster_sums,
    t_quantile,
)


@dataclass(frozen=True, slots=True)
class ItemOutcomes:
    """One binary outcome an item, items in sorted order."""

    items: npt.NDArray[np.generic]
    """Names [k]."""
    right: npt.NDArray[np.bool_]
    """Whether the item counts as right [k]."""


@dataclass(frozen=True, slots=True)
class McNemar:
    """What changed among pairs of binary outcomes."""

    lost: int
    """Pairs right before and wrong after (b)."""
    gained: int
    """Pairs wrong before and right after (c)."""
    p_value: float
    """Two-sided and exact."""
    odds_ratio: Interval
    """Gained over lost; infinite or nan where nothing was lost."""


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Change of a mean between two runs on the same rows."""

    before: float
    after: float
    difference: Interval
    """After less before."""
    p_value: float
    """Two-sided; below 1 - confidence when the interval leaves zero out (but for ties at the edge)."""
    effect_size: float
    """Mean over standard deviation of the differences of cluster means (Cohen's d_z)."""
    cohens_h: float
    """For 0/1 rows, else nan."""
    cluster_sd: float
    """Standard error times sqrt(clusters): what `power.minimum_detectable_difference` takes."""
    clusters: int
    rows: int


def item_outcomes(correct: npt.ArrayLike, items: npt.ArrayLike) -> ItemOutcomes:
    """An item is right when it is right in **all** its presentations.

    Presentations of an item are not independent, so a test that counts pairs (McNemar) must count items.

    Args:
        correct: 0/1 or bool a presentation [n].
        items: the item of each presentation [n].

    Raises:
        ValueError: values other than 0 and 1, or shapes that do not match.
    """
    right = _binary(correct, "correct")
    names = np.asarray(items)
    codes, count = cluster_codes(names, len(right))
    wrong = cluster_sums(1.0 - right, codes, count)
    return ItemOutcomes(np.unique(names), wrong == 0)


def mcnemar_exact(lost: int, gained: int, *, confidence: float = 0.95) -> McNemar:
    """Exact McNemar test on the discordant pairs.

    Under no change, gained ~ Binomial(lost + gained, 1/2); p = min(1, 2 P(X <= min(lost, gained))) (McNemar
    1947, Psychometrika 12; Agresti 2013, Categorical Data Analysis, 11.1). The odds ratio gained / lost has
    the Clopper-Pearson interval of the share s of gains turned into odds s / (1 - s).

    Raises:
        ValueError: negative counts.
    """
    if lost < 0 or gained < 0:
        raise ValueError("counts of pairs cannot be negative")
    pairs = lost + gained
    p_value = 1.0 if pairs == 0 else min(1.0, 2 * float(special.bdtr(min(lost, gained), pairs, 0.5)))
    share = proportion_interval(gained, pairs, "clopper-pearson", confidence=confidence)
    odds = Interval(_odds(share.estimate), _odds(share.low), _odds(share.high))
    return McNemar(lost, gained, p_value, odds)


def mcnemar_test(before: npt.ArrayLike, after: npt.ArrayLike, *, confidence: float = 0.95) -> McNemar:
    """`mcnemar_exact` from two aligned binary vectors [n], one entry an item (see `item_outcomes`).

    Raises:
        ValueError: values other than 0 and 1, or lengths that differ.
    """
    first, second = _binary(before, "before"), _binary(after, "after")
    _same_length(first, second)
    lost, gained = int((first > second).sum()), int((first < second).sum())
    return mcnemar_exact(lost, gained, confidence=confidence)


def paired_cluster_bootstrap(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    clusters: npt.ArrayLike,
    *,
    resamples: int = 10_000,
    seed: int = 0,
    confidence: float = 0.95,
) -> PairedDifference:
    """Change of the mean, with a symmetric bootstrap-t interval and the p value that belongs to it.

    With D_g the sum of differences and M_g the number of rows in cluster g of G: d = sum D / sum M and
    se^2 = G/(G-1) (sum_g (D_g - d M_g)^2 + 2 s^2) / (sum M)^2. Resampled clusters give t* = (d* - d) / se*;
    with q the `confidence` quantile of |t*| the interval is d ± q se, and p the share of |t*| >= |d| / se
    (Efron and Tibshirani 1993, An Introduction to the Bootstrap, 12.5; Hall 1988, JRSS B 50(1) on the
    symmetric form). Where Student's t with G - 1 degrees of freedom is wider, its quantile and p value stand
    instead: the resamples of a handful of changes are too much alike.

    The two invented clusters that differ by +s and -s, s the root mean square of the D_g that are not 0, keep
    se* from vanishing when few items changed, as Agresti and Min (2005, Statistics in Medicine 24(5)) do for
    paired shares. Five items gained and none lost are thus no proof, as McNemar's test has it; with
    many changes they do not matter. When nothing at all changed between 0/1 rows, s is a whole cluster: the
    interval is then about ±3/G and not ±0.

    Args:
        before, after: aligned scores a row [n].
        clusters: the cluster (item) of each row [n].
        resamples: how many; p cannot go below 1 / (resamples + 1).
        seed: equal seeds give equal results.
        confidence: in (0, 1).

    Raises:
        ValueError: shapes that do not match or no row.
    """
    first, second = as_vector(before, "before"), as_vector(after, "after")
    _same_length(first, second)
    if not len(first):
        raise ValueError("there is no row to compare")
    codes, count = cluster_codes(clusters, len(first))
    changes = cluster_sums(second - first, codes, count)  # D [G]
    sizes = cluster_sums(np.ones_like(first), codes, count)  # M [G]
    binary = bool(np.isin(first, (0, 1)).all() and np.isin(second, (0, 1)).all())
    floor = 2 * _typical_change(changes, sizes, binary) ** 2
    once = np.ones((1, count))
    d, se = (float(x[0]) for x in _difference_and_error(once, changes, sizes, floor))
    low, high, p_value = np.nan, np.nan, np.nan
    if count >= 2 and se == 0:
        low, high, p_value = d, d, 1.0  # no score changed
    elif count >= 2:
        t = bootstrap(lambda w: _pivot(w, changes, sizes, floor, d), count, resamples, seed)
        seen = abs(d) / se
        drawn = (1 + (t >= seen * (1 - 1e-12)).sum()) / (1 + resamples)
        p_value = float(max(drawn, 2 * special.stdtr(count - 1, -seen)))
        student = t_quantile(0.5 + confidence / 2, count - 1)
        reach = se * max(np.quantile(t, confidence, method="higher"), student)
        low, high = d - reach, d + reach
    if binary:
        low, high = np.maximum(low, -1.0), np.minimum(high, 1.0)
    return PairedDifference(
        before=float(first.mean()),
        after=float(second.mean()),
        difference=Interval(d, float(low), float(high)),
        p_value=p_value,
        effect_size=paired_effect_size(changes / sizes),
        cohens_h=cohens_h(float(first.mean()), float(second.mean())) if binary else np.nan,
        cluster_sd=float(np.sqrt(count) * _difference_and_error(once, changes, sizes, 0.0)[1][0]),
        clusters=count,
        rows=len(first),
    )


def _typical_change(changes: FloatArray, sizes: FloatArray, binary: bool) -> float:
    moved = changes[changes != 0]
    if moved.size:
        return float(np.sqrt((moved**2).mean()))
    return float(sizes.mean()) if binary else 0.0


def _difference_and_error(
    weights: FloatArray, changes: FloatArray, sizes: FloatArray, floor: float
) -> tuple[FloatArray, FloatArray]:
    """d and se [batch] of `paired_cluster_bootstrap` under cluster weights [batch, G]."""
    count = len(sizes)
    total = weights @ sizes  # [batch]
    d = weights @ changes / total
    squares = weights @ np.stack([changes**2, changes * sizes, sizes**2], axis=1)  # [batch, 3]
    residual = squares[:, 0] - 2 * d * squares[:, 1] + d**2 * squares[:, 2]
    residual = np.where(residual > 1e-12 * squares[:, 0], residual, 0.0)  # what is left of a cancelled sum
    return d, np.sqrt(count / max(count - 1, 1) * (residual + floor)) / total


def _pivot(weights: FloatArray, changes: FloatArray, sizes: FloatArray, floor: float, d: float) -> FloatArray:
    drawn, error = _difference_and_error(weights, changes, sizes, floor)
    return np.abs(drawn - d) / error


def sign_flip_test(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    clusters: npt.ArrayLike,
    *,
    resamples: int = 10_000,
    seed: int = 0,
) -> float:
    """Two-sided p value of "swapping the runs within a cluster would change nothing".

    T = |sum_g e_g D_g| with signs e_g = ±1 (Fisher 1935, The Design of Experiments, section 21). All sign
    patterns are tried when that takes no more than `resamples`; else so many random ones, the seen one
    included (Phipson and Smyth 2010). For one 0/1 row a cluster and all patterns it equals `mcnemar_test`.

    Raises:
        ValueError: shapes that do not match.
    """
    first, second = as_vector(before, "before"), as_vector(after, "after")
    _same_length(first, second)
    codes, count = cluster_codes(clusters, len(first))
    changes = cluster_sums(second - first, codes, count)
    moved = changes[changes != 0]
    seen = abs(moved.sum()) - 1e-9 * np.abs(moved).sum()
    if 2**moved.size <= resamples:
        patterns = np.arange(2**moved.size)[:, None] >> np.arange(moved.size) & 1
        return float((np.abs((2 * patterns - 1) @ moved) >= seen).mean())
    generator = np.random.default_rng(seed)
    batch = max(1, CELLS_PER_BATCH // moved.size)
    extreme = 1
    for start in range(0, resamples, batch):
        signs = 2.0 * generator.integers(0, 2, (min(batch, resamples - start), moved.size)) - 1
        extreme += int((np.abs(signs @ moved) >= seen).sum())
    return extreme / (resamples + 1)


def cohens_h(before: float, after: float) -> float:
    """Cohen's h = 2 asin sqrt(after) - 2 asin sqrt(before) of two shares (Cohen 1988, chapter 6)."""
    return float(2 * (np.arcsin(np.sqrt(after)) - np.arcsin(np.sqrt(before))))


def paired_effect_size(differences: npt.ArrayLike) -> float:
    """Cohen's d_z = mean / standard deviation of paired differences (Cohen 1988, 2.3.5), or nan."""
    values = as_vector(differences, "differences")
    spread = float(values.std(ddof=1)) if values.size > 1 else 0.0
    return float(values.mean() / spread) if spread > 0 else np.nan


def _binary(values: npt.ArrayLike, name: str) -> FloatArray:
    vector = as_vector(values, name)
    if not np.isin(vector, (0, 1)).all():
        raise ValueError(f"`{name}` must hold only 0 and 1")
    return vector


def _same_length(first: FloatArray, second: FloatArray) -> None:
    if first.shape != second.shape:
        raise ValueError(f"the runs are not aligned: {first.size} rows against {second.size}")


def _odds(share: float) -> float:
    return np.inf if share == 1 else share / (1 - share)

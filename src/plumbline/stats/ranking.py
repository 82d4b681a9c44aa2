"""Who is preferred to whom: Bradley-Terry strengths, ranks, order effect, win rates, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

from plumbline.stats.intervals import NOTHING, Interval, cluster_ratio_interval
from plumbline.stats.resampling import (
    CELLS_PER_BATCH,
    FloatArray,
    IntArray,
    as_vector,
    cluster_codes,
    corrected_bounds,
    percentile_bounds,
)

PRIOR = 0.5
"""Invented wins, and as many losses, of each competitor against one of strength 0 (see `bradley_terry`)."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Strengths of k competitors on the logit scale, and where that puts them."""

    strengths: tuple[Interval, ...]
    """Log-strengths, mean 0."""
    ranks: tuple[Interval, ...]
    """1 is the strongest; the bounds are whole numbers."""
    order_effect: Interval
    """Log-odds that the one shown first gains by being first; nan when it was not asked for."""
    comparisons: int


def bradley_terry(wins: npt.ArrayLike, *, prior: float = PRIOR) -> FloatArray:
    """Log-strengths theta [k], mean 0, of P(i beats j) = 1 / (1 + exp(theta_j - theta_i)).

    Maximises sum_ij wins_ij log P(i beats j) + prior * sum_i [log s(theta_i) + log s(-theta_i)], s the
    logistic function, by Newton's method (Bradley and Terry 1952; Hunter 2004, Annals of Statistics 32(1) for
    the likelihood). A tie is half a win for each. The second term is the stated prior: everyone also wins
    `prior` times and loses `prior` times against an invented competitor of strength 0. It keeps strengths
    finite when somebody never wins or two groups never met, and draws them slightly together.

    Args:
        wins: [k, k], how often (or how much of a win) i had over j; the diagonal is left out.
        prior: >= 0; 0 gives the maximum-likelihood estimate.

    Raises:
        ValueError: not square, negative, nan, or `prior` 0 where the maximum is not finite (from every
            competitor a chain of wins must lead to every other: Ford 1957).
    """
    table = np.asarray(wins, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not (table >= 0).all() or np.isinf(table).any():
        raise ValueError("`wins` must be a square table of finite numbers >= 0")
    if prior < 0:
        raise ValueError("`prior` must be >= 0")
    table = table * ~np.eye(len(table), dtype=bool)
    if prior == 0 and csgraph.connected_components(table, directed=True, connection="strong")[0] > 1:
        raise ValueError("no finite strengths: some never beat any of the others; use `prior` > 0")
    strengths, _ = _fit(table[None], table[None], prior, order=False)
    return np.asarray(strengths[0])


def bradley_terry_interval(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    outcome: npt.ArrayLike,
    *clusterings: npt.ArrayLike,
    competitors: int | None = None,
    order_effect: bool = True,
    prior: float = PRIOR,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> Ranking:
    """Bradley-Terry with an order effect, and bootstrap intervals over whole clusters.

    logit P(first wins) = theta_first - theta_second + beta: beta > 0 means that being shown first helps
    (Davidson and Beaver 1977, Biometrics 33(4); here ties are half wins, and `prior` holds for beta too).
    With several clusterings, say items and reviewers, each is drawn with replacement on its own and a row
    weighs the product of how often its clusters came (pigeonhole bootstrap, Owen 2007, Annals of Applied
    Statistics 1(2)), which errs on the wide side. A clustering with a single cluster is held fixed: the
    interval then speaks for that one only.

    Args:
        first, second: who was shown first and second [n], as numbers 0..k-1.
        outcome: 1 first won, 0 second won, .5 tie, or anything between [n].
        clusterings: cluster names [n]; none means that each row is its own.
        competitors: k, when more than occur.
        order_effect: estimate beta; else it is 0.
        prior: see `bradley_terry`.
        confidence: in (0, 1).
        resamples: how many.
        seed: equal seeds give equal results.

    Raises:
        ValueError: shapes that do not match, an outcome outside [0, 1], or a competitor that meets itself.
    """
    one, two, won, k = _comparisons(first, second, outcome, competitors)
    rows = len(won)
    cells = one * k + two  # [n], cell (first, second) of a k x k table
    coded = [cluster_codes(names, rows) for names in clusterings] or [(np.arange(rows), rows)]
    # [n, 2 k k]: what each row adds to the tables of scores and of comparisons
    where = np.concatenate([np.arange(rows)] * 2), np.concatenate([cells, k * k + cells])
    tables = sparse.csr_array((np.concatenate([won, np.ones(rows)]), where), shape=(rows, 2 * k * k))
    if len(coded) == 1:
        codes, count = coded[0]
        merge = sparse.csr_array((np.ones(rows), (codes, np.arange(rows))), shape=(count, rows))
        tables, coded = merge @ tables, [(np.arange(count), count)]
    theta, beta = _fit_tables(np.ones((1, tables.shape[0])) @ tables, k, prior, order_effect)
    thetas, betas = _bootstrap_fits(tables, coded, k, prior, order_effect, resamples, seed)
    varied = [count for _, count in coded if count > 1]
    groups = min(varied, default=1)
    strengths = corrected_bounds(thetas, theta[0], groups, confidence)
    places = percentile_bounds(_ranks(thetas), groups, confidence)
    for bound in (*strengths, *places):
        bound[~np.isin(np.arange(k), (one, two))] = np.nan  # who was never shown has no place
    effect = corrected_bounds(betas[:, None], beta, groups, confidence)
    return Ranking(
        strengths=_intervals(theta[0], *strengths),
        ranks=_intervals(_ranks(theta)[0], np.floor(places[0]), np.ceil(places[1])),
        order_effect=_intervals(beta, *effect)[0] if order_effect else NOTHING,
        comparisons=rows,
    )


def win_rate(outcome: npt.ArrayLike, *clusterings: npt.ArrayLike, confidence: float = 0.95) -> Interval:
    """Mean outcome (1 won, 0 lost, .5 tie) with a cluster-robust interval.

    One or two clusterings (item, reviewer). The rule is that of `cluster_ratio_interval`. Without a
    clustering each row is its own.

    Raises:
        ValueError: an outcome outside [0, 1] or shapes that do not match.
    """
    won = _outcomes(outcome)
    names = clusterings or (np.arange(len(won)),)
    return cluster_ratio_interval(won, np.ones_like(won), *names, bounds=(0.0, 1.0), confidence=confidence)


def _outcomes(outcome: npt.ArrayLike) -> FloatArray:
    won = as_vector(outcome, "outcome")
    if ((won < 0) | (won > 1)).any():
        raise ValueError("outcomes must lie in [0, 1]: 1 won, 0 lost, .5 tie")
    return won


def _comparisons(
    first: npt.ArrayLike, second: npt.ArrayLike, outcome: npt.ArrayLike, competitors: int | None
) -> tuple[IntArray, IntArray, FloatArray, int]:
    won = _outcomes(outcome)
    one, two = np.asarray(first), np.asarray(second)
    if not one.shape == two.shape == won.shape or not won.size:
        raise ValueError("`first`, `second` and `outcome` must be of one length, at least 1")
    if not (np.issubdtype(one.dtype, np.integer) and np.issubdtype(two.dtype, np.integer)):
        raise ValueError("name competitors by whole numbers from 0")
    if (one == two).any():
        raise ValueError("a competitor cannot meet itself")
    most = int(max(one.max(), two.max())) + 1
    k = most if competitors is None else competitors
    if min(one.min(), two.min()) < 0 or most > k:
        raise ValueError(f"competitors must be numbers in 0..{k - 1}")
    return one.astype(np.int64), two.astype(np.int64), won, k


def _bootstrap_fits(
    tables: sparse.csr_array,
    coded: list[tuple[IntArray, int]],
    k: int,
    prior: float,
    order: bool,
    resamples: int,
    seed: int,
) -> tuple[FloatArray, FloatArray]:
    """Strengths [resamples, k] and order effects [resamples] over drawn clusters of rows of `tables`."""
    generator = np.random.default_rng(seed)
    batch = max(1, CELLS_PER_BATCH // max(tables.shape[0], 2 * k * k))
    thetas, betas = [], []
    for start in range(0, resamples, batch):
        size = min(batch, resamples - start)
        weights = np.ones((size, tables.shape[0]))
        for codes, count in coded:
            drawn = generator.integers(0, count, (size, count)) + count * np.arange(size)[:, None]
            weights *= np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count)[:, codes]
        theta, beta = _fit_tables(weights @ tables, k, prior, order)
        thetas.append(theta)
        betas.append(beta)
    return np.concatenate(thetas), np.concatenate(betas)


def _fit_tables(sums: FloatArray, k: int, prior: float, order: bool) -> tuple[FloatArray, FloatArray]:
    scores, counts = np.asarray(sums).reshape(-1, 2, k, k).swapaxes(0, 1)
    return _fit(scores, counts, prior, order)


def _fit(scores: FloatArray, counts: FloatArray, prior: float, order: bool) -> tuple[FloatArray, FloatArray]:
    """Strengths [batch, k] and order effect [batch] of tables [batch, k, k] by Newton's method.

    `scores[b, i, j]` is what i won when shown before j, `counts[b, i, j]` how often that was.
    """
    batch, k, _ = scores.shape
    theta, beta = np.zeros((batch, k)), np.zeros(batch)
    diagonal = np.arange(k)
    for _ in range(100):
        p = _logistic(theta[:, :, None] - theta[:, None, :] + beta[:, None, None])  # [batch, k, k]
        surprise, weight = scores - counts * p, counts * p * (1 - p)
        own = _logistic(theta)  # against the invented competitor [batch, k]
        gradient = np.zeros((batch, k + 1))
        gradient[:, :k] = surprise.sum(axis=2) - surprise.sum(axis=1) + prior * (1 - 2 * own)
        hessian = np.zeros((batch, k + 1, k + 1))
        hessian[:, :k, :k] = -(weight + weight.swapaxes(1, 2))
        hessian[:, diagonal, diagonal] = weight.sum(axis=2) + weight.sum(axis=1) + 2 * prior * own * (1 - own)
        if order:
            gradient[:, k] = surprise.sum(axis=(1, 2)) - prior * np.tanh(beta / 2)
            cross = weight.sum(axis=2) - weight.sum(axis=1)
            hessian[:, :k, k] = hessian[:, k, :k] = cross
            hessian[:, k, k] = weight.sum(axis=(1, 2)) + prior / 2 / np.cosh(beta / 2) ** 2
        else:
            hessian[:, k, k] = 1.0
        # Strengths are known up to a constant: pin their sum, then a small ridge covers cells never compared.
        hessian[:, :k, :k] += 1.0 / k
        hessian[:, diagonal, diagonal] += 1e-12
        step = np.clip(np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0], -2.0, 2.0)
        theta, beta = theta + step[:, :k], beta + step[:, k]
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    return theta - theta.mean(axis=1, keepdims=True), beta


def _logistic(x: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))


def _ranks(theta: FloatArray) -> FloatArray:
    """Place of each competitor, 1 the strongest, equal ones sharing the mean place [batch, k]."""
    rounded = np.round(theta, 9)
    above = (rounded[:, None, :] > rounded[:, :, None]).sum(axis=2)
    level = (rounded[:, None, :] == rounded[:, :, None]).sum(axis=2)
    return np.asarray(above + (level + 1) / 2)


def _intervals(estimates: FloatArray, low: FloatArray, high: FloatArray) -> tuple[Interval, ...]:
    return tuple(Interval(float(e), float(a), float(b)) for e, a, b in zip(estimates, low, high, strict=True))

"""Clusters and their resampling: what every interval and test here stands on.

A cluster is what was sampled at random, usually the item; its presentations (option orders, paraphrases,
languages) are not independent of each other. So clusters are drawn, never single rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from scipy import special

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CELLS_PER_BATCH = 4_000_000
"""Most weights held at once (32 MB as float64): resampling runs in batches below it."""


def as_vector(values: npt.ArrayLike, name: str) -> FloatArray:
    """`values` as a finite float vector [n].

    Raises:
        ValueError: when it is not one-dimensional or holds a nan or an infinity.
    """
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1:
        raise ValueError(f"`{name}` must be one-dimensional, not of shape {vector.shape}")
    if not np.isfinite(vector).all():
        raise ValueError(f"`{name}` holds a nan or an infinity: leave such rows out before")
    return vector


def cluster_codes(clusters: npt.ArrayLike, rows: int) -> tuple[IntArray, int]:
    """Cluster names of any sort as codes [rows] in 0..count-1, and their count.

    Raises:
        ValueError: when there is not exactly one name a row.
    """
    names = np.asarray(clusters)
    if names.shape != (rows,):
        raise ValueError(f"`clusters` must name one cluster for each of {rows} rows, not {names.shape}")
    unique, codes = np.unique(names, return_inverse=True)
    return codes.astype(np.int64), len(unique)


def cluster_sums(values: FloatArray, codes: IntArray, count: int) -> FloatArray:
    """Sum of `values` [n] within each cluster: [count]."""
    return np.bincount(codes, weights=values, minlength=count).astype(np.float64, copy=False)


def resampled_counts(count: int, resamples: int, seed: int, *, width: int = 0) -> Iterator[FloatArray]:
    """Batches of bootstrap weights [batch, count]: how often each cluster was drawn, rows sum to `count`.

    The draws depend on `count` and `seed` alone, not on how they are cut into batches.

    Args:
        count: number of clusters.
        resamples: number of resamples over all batches.
        seed: of the generator.
        width: rows of the wider array that the caller makes of each weight row, for sizing batches.
    """
    generator = np.random.default_rng(seed)
    batch = max(1, CELLS_PER_BATCH // max(count, width, 1))
    for start in range(0, resamples, batch):
        size = min(batch, resamples - start)
        drawn = generator.integers(0, count, (size, count)) + count * np.arange(size)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=size * count)
        yield counts.reshape(size, count).astype(np.float64)


def bootstrap(
    statistic: Callable[[FloatArray], FloatArray], count: int, resamples: int, seed: int
) -> FloatArray:
    """`statistic` (weights [batch, count] -> [batch, ...]) over `resamples` draws of `count` clusters."""
    return np.concatenate([statistic(counts) for counts in resampled_counts(count, resamples, seed)])


def t_quantile(probability: float, freedom: float) -> float:
    """Quantile of Student's t."""
    return float(special.stdtrit(freedom, probability))


def percentile_bounds(draws: FloatArray, count: int, confidence: float) -> tuple[FloatArray, FloatArray]:
    """Expanded percentile interval of bootstrap draws [resamples, ...] over the first axis.

    The plain percentile interval is too narrow by sqrt((G-1)/G) and by the normal in place of t. Its tail
    becomes alpha' / 2 = Phi(-sqrt(G / (G-1)) t_{1-alpha/2, G-1}) for G clusters (Hesterberg 2015, What
    teachers should know about the bootstrap, The American Statistician 69(4)). Draws that are
    nan are left out.
    """
    if count < 2 or np.isnan(draws).all():
        nothing = np.full(draws.shape[1:], np.nan)
        return nothing, nothing
    wide = np.sqrt(count / (count - 1)) * t_quantile(0.5 + confidence / 2, count - 1)
    tail = float(special.ndtr(-wide))
    low, high = np.nanquantile(draws, [tail, 1 - tail], axis=0)
    return low, high


def corrected_bounds(
    draws: FloatArray, estimates: FloatArray, count: int, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Bias-corrected, expanded percentile intervals of draws [resamples, k] around `estimates` [k].

    Where estimates lie further out than the truth, draws lie further out again. With z0 = Phi^-1(share of
    draws below the estimate), ties counting half, the tails move to Phi(2 z0 ± z) (Efron 1981, Canadian
    Journal of Statistics 9(2)), z being the expanded one of `percentile_bounds`.
    """
    if count < 2:
        nothing = np.full(estimates.shape, np.nan)
        return nothing, nothing
    wide = np.sqrt(count / (count - 1)) * t_quantile(0.5 + confidence / 2, count - 1)
    below = (draws < estimates).mean(axis=0) + (draws == estimates).mean(axis=0) / 2
    # All draws on one side would move the interval off its own draws: half a draw is always left.
    shift = 2 * special.ndtri(np.clip(below, 0.5 / len(draws), 1 - 0.5 / len(draws)))
    tails = special.ndtr(np.stack([shift - wide, shift + wide]))  # [2, k]
    bounds = [np.quantile(draws[:, j], tails[:, j]) for j in range(draws.shape[1])]
    low, high = np.transpose(bounds)
    return np.minimum(low, estimates), np.maximum(high, estimates)

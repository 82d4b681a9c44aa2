"""Does a probability of .8 come true four times in five?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plumbline.stats.intervals import Interval, proportion_interval
from plumbline.stats.resampling import FloatArray, IntArray, as_vector


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Rows whose probabilities lie together."""

    low: float
    """Least probability in the bin."""
    high: float
    """Greatest probability in the bin."""
    count: int
    mean_probability: float
    rate: Interval
    """Share of rows that came true, with Wilson's interval."""


def brier_score(probabilities: npt.ArrayLike, labels: npt.ArrayLike) -> float:
    """Mean squared distance of probability and outcome, 1/n sum (p - y)^2 (Brier 1950); 0 is perfect.

    Args:
        probabilities: in [0, 1] [n].
        labels: 0 or 1 [n].

    Raises:
        ValueError: shapes that do not match, no row, or values out of range.
    """
    p, y = _pairs(probabilities, labels)
    return float(((p - y) ** 2).mean())


def calibration_error(probabilities: npt.ArrayLike, labels: npt.ArrayLike, *, bins: int = 10) -> float:
    """Expected calibration error over bins of equal mass: sum_b n_b/n |mean p in b - share of y in b|.

    Equal mass after Nguyen and O'Connor (2015, EMNLP): bins of equal width leave most of them
    empty for a rare value. Equal probabilities share a bin. Noise alone raises it by about sqrt(bins / n):
    compare like with like.

    Args:
        probabilities: in [0, 1] [n].
        labels: 0 or 1 [n].
        bins: at most so many.

    Raises:
        ValueError: as `brier_score`, or `bins` below 1.
    """
    p, y = _pairs(probabilities, labels)
    codes = _equal_mass(p, bins)
    gaps = np.bincount(codes, weights=p - y, minlength=bins)
    return float(np.abs(gaps).sum() / p.size)


def reliability_table(
    probabilities: npt.ArrayLike, labels: npt.ArrayLike, *, bins: int = 10, confidence: float = 0.95
) -> tuple[ReliabilityBin, ...]:
    """The bins of `calibration_error` from low to high, empty ones left out.

    Raises:
        ValueError: as `calibration_error`.
    """
    p, y = _pairs(probabilities, labels)
    codes = _equal_mass(p, bins)
    return tuple(
        ReliabilityBin(
            low=float(p[mine].min()),
            high=float(p[mine].max()),
            count=int(mine.sum()),
            mean_probability=float(p[mine].mean()),
            rate=proportion_interval(int(y[mine].sum()), int(mine.sum()), confidence=confidence),
        )
        for code in np.unique(codes)
        for mine in [codes == code]
    )


def _equal_mass(p: FloatArray, bins: int) -> IntArray:
    """Bin of each probability by its mid-rank, so that equal ones stay together whatever their order [n]."""
    if bins < 1:
        raise ValueError("at least one bin is needed")
    _, codes, counts = np.unique(p, return_inverse=True, return_counts=True)
    middle = np.cumsum(counts) - counts / 2  # rank of each distinct value, in (0, n)
    return np.asarray((middle * bins // p.size).astype(np.int64)[codes])


def _pairs(probabilities: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    p, y = as_vector(probabilities, "probabilities"), as_vector(labels, "labels")
    if p.shape != y.shape or not p.size:
        raise ValueError("one label is needed for each of at least one probability")
    if ((p < 0) | (p > 1)).any() or not np.isin(y, (0, 1)).all():
        raise ValueError("probabilities lie in [0, 1] and labels are 0 or 1")
    return p, y

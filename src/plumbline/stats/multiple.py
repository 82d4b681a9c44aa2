"""Many tests at once: p values adjusted over a family."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from plumbline.stats.resampling import FloatArray


def holm(p_values: npt.ArrayLike) -> FloatArray:
    """Holm's step-down p values, which keep the chance of any false finding in the family at alpha.

    In ascending order, adjusted_(i) = max_{j <= i} min(1, (m - j + 1) p_(j)) (Holm 1979, Scandinavian Journal
    of Statistics 6(2)). It asks nothing of how the tests depend on each other.

    Args:
        p_values: [m]; nan marks a test that could not be made, which stays nan and is not counted in m.

    Raises:
        ValueError: a p value outside [0, 1].
    """
    return _adjusted(p_values, lambda p: np.maximum.accumulate(p * np.arange(p.size, 0, -1)))


def benjamini_hochberg(p_values: npt.ArrayLike) -> FloatArray:
    """Benjamini and Hochberg's step-up p values, which keep the expected share of false findings at alpha.

    In ascending order, adjusted_(i) = min_{j >= i} min(1, m p_(j) / j) (1995, JRSS B 57(1)), for tests that
    are independent or positively dependent. Use it to choose what to look at, and `holm` to claim.

    Args:
        p_values: [m]; nan as in `holm`.

    Raises:
        ValueError: a p value outside [0, 1].
    """
    return _adjusted(
        p_values, lambda p: np.minimum.accumulate((p * p.size / np.arange(1, p.size + 1))[::-1])[::-1]
    )


def _adjusted(p_values: npt.ArrayLike, rule: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """`rule` over the sorted p values that are there, put back in place."""
    p = np.asarray(p_values, dtype=np.float64)
    made = np.flatnonzero(~np.isnan(p))
    if p.ndim != 1 or ((p[made] < 0) | (p[made] > 1)).any():
        raise ValueError("p values must be a vector of numbers in [0, 1], nan for a test not made")
    order = made[np.argsort(p[made], kind="stable")]
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(rule(p[order]), 1.0)
    return adjusted

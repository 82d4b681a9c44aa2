"""What a comparison could have found: power, and the smallest detectable difference."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy import special

from plumbline.stats.resampling import FloatArray, t_quantile


def minimum_detectable_difference(
    cluster_sd: float, clusters: int, *, alpha: float = 0.05, power: float = 0.8, family: int = 1
) -> float:
    """Smallest change of a mean that a paired comparison of `clusters` items finds with probability `power`.

    Solves `paired_power(difference) = power` (for many clusters about (z_{1-alpha/2} + z_power) sd / sqrt(G);
    Cohen 1988, 2.3; Bloom 1995, Evaluation Review 19(5), on stating it).

    Args:
        cluster_sd: standard deviation of differences on the scale of items, observed
            (`PairedDifference.cluster_sd`) or planned.
        clusters: G, number of items.
        alpha: of the two-sided test.
        power: wanted probability of finding it.
        family: number of tests in the family; alpha is divided by it, as at the first step of Holm.

    Returns:
        The difference, in the unit of `cluster_sd`; 0 without any spread; nan below two clusters.

    Raises:
        ValueError: alpha, power or family out of range, or a negative spread.
    """
    _check(alpha, power, family)
    if cluster_sd < 0:
        raise ValueError("a standard deviation cannot be negative")
    if clusters < 2:
        return np.nan
    top = 1.0
    while paired_power(top, 1.0, clusters, alpha=alpha / family) < power:
        top *= 2
    return cluster_sd * _least(lambda x: paired_power(x, 1.0, clusters, alpha=alpha / family), power, top)


def paired_power(difference: float, cluster_sd: float, clusters: int, *, alpha: float = 0.05) -> float:
    """Power of the two-sided paired t test: P(|T| > t) with T noncentral t, G - 1 degrees of freedom.

    The noncentrality is difference sqrt(G) / sd (Cohen 1988, 2.3).
    """
    t, shift = t_quantile(1 - alpha / 2, clusters - 1), abs(difference) * np.sqrt(clusters) / cluster_sd
    upper = 1 - special.nctdtr(clusters - 1, shift, t)
    # The other tail is at most Phi(-shift); far out, where it is nothing, nctdtr gives nan.
    lower = special.nctdtr(clusters - 1, shift, -t) if shift < 8 else 0.0
    return float(upper + lower)


def minimum_detectable_share(
    discordance: float, items: int, *, alpha: float = 0.05, power: float = 0.8, family: int = 1
) -> float:
    """Smallest change of a share of right items that the exact McNemar test finds with probability `power`.

    Solves `mcnemar_power(difference) = power`. A change of d needs d of the items to change, so beyond the
    given discordance the difference itself is the discordance.

    Args:
        discordance: share of items whose outcome differs between the runs, observed or planned; 0 is allowed.
        items: their number.
        alpha, power, family: as in `minimum_detectable_difference`.

    Returns:
        The difference in (0, 1]; nan when not even a change of every item would be found.

    Raises:
        ValueError: a share, alpha, power or family out of range.
    """
    _check(alpha, power, family)
    if not 0 <= discordance <= 1:
        raise ValueError("`discordance` is a share of items, in [0, 1]")

    def reached(difference: float) -> float:
        return mcnemar_power(difference, max(discordance, difference), items, alpha=alpha / family)

    return _least(reached, power, 1.0) if reached(1.0) >= power else np.nan


def mcnemar_power(difference: float, discordance: float, items: int, *, alpha: float = 0.05) -> float:
    """Power of the exact two-sided McNemar test.

    The number k of discordant items is Binomial(n, psi); of these the gains are Binomial(k, (psi +
    difference) / (2 psi)), and the test rejects when the lesser count is at most c_k, the largest with
    2 P(Binomial(k, 1/2) <= c_k) <= alpha (Duffy 1984, Biometrics 40(4)).
    """
    if discordance == 0:
        return 0.0
    middle, sd = items * discordance, np.sqrt(items * discordance * (1 - discordance))
    # All but 1e-20 or so of the distribution of k lies here.
    k = np.arange(max(0, int(middle - 10 * sd) - 20), min(items, int(middle + 10 * sd) + 20) + 1)
    edge = np.maximum(np.floor(special.bdtrik(alpha / 2, np.maximum(k, 1), 0.5)), -1) + 1
    for _ in range(2):  # bdtrik inverts a continuous version: start one too far and step back
        edge = np.where((edge >= 0) & (2 * _binomial_cdf(edge, k, 0.5) > alpha), edge - 1, edge)
    gain = min(1.0, (discordance + difference) / (2 * discordance))
    rejected = _binomial_cdf(edge, k, gain) + _binomial_cdf(edge, k, 1 - gain)
    chance = _binomial_cdf(k, items, discordance) - _binomial_cdf(k - 1.0, items, discordance)
    return float((chance * rejected).sum())


def _binomial_cdf(count: npt.ArrayLike, trials: npt.ArrayLike, share: float) -> FloatArray:
    """P(Binomial(trials, share) <= count), also for counts of -1 and trials of 0."""
    at, n = np.asarray(count, dtype=np.float64), np.asarray(trials, dtype=np.float64)
    cdf = special.betainc(np.maximum(n - at, 1e-300), np.maximum(at + 1, 1e-300), 1 - share)
    return np.asarray(np.where(at < 0, 0.0, np.where(at >= n, 1.0, cdf)))


def _least(rising: Callable[[float], float], target: float, top: float) -> float:
    """The least x in [0, top] at which `rising` reaches `target`, by halving."""
    low, high = 0.0, top
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) >= target else (middle, high)
    return high


def _check(alpha: float, power: float, family: int) -> None:
    if not (0 < alpha < 1 and alpha < power < 1 and family >= 1):
        raise ValueError("0 < alpha < power < 1 and family >= 1 are needed")

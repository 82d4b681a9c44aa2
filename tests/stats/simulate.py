"""Data with planted truth, for the simulations of these tests."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from numpy.random import Generator

unhurried = settings(deadline=None)
"""Time limits of single examples fail on busy machines."""


def propensities(random: Generator, items: int, share: float, correlation: float) -> np.ndarray:
    """Each item's own chance of a right answer [items, 1]; beta-binomial with this intra-item correlation."""
    if correlation == 0:
        return np.full((items, 1), share)
    size = 1 / correlation - 1
    return random.beta(share * size, (1 - share) * size, (items, 1))


def answers(random: Generator, chance: np.ndarray, presentations: int) -> np.ndarray:
    """Right (1) or wrong (0) for every presentation of every item [items * presentations]."""
    drawn = random.random((len(chance), presentations)) < chance
    return drawn.astype(float).ravel()


def within(rate: float, low: float, high: float, runs: int) -> bool:
    """Is a simulated rate inside [low, high], give or take two standard errors of the simulation?"""
    error = 2 * np.sqrt(max(rate * (1 - rate), 0.04) / runs)
    return low - error <= rate <= high + error

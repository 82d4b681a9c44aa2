"""An evaluator trained on one kind of text reads another: how far from home is it?

Two signs that need no label: the share of a text's pieces that training met (vocabulary overlap), against
what held-out training texts showed, and how far the scores drifted from those of held-out training texts.
Neither proves that the evaluator is wrong there; together they say when its figures should not be taken at
face value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from plumbline.graders.evaluator import Evaluator

# Overlap below that of 95 % of the texts it was made for, in more than a fifth of the texts; or score
# distributions that differ by more than this in the Kolmogorov-Smirnov distance, averaged over values.
_STRANGE_SHARE = 0.2
_DRIFT = 0.25


@dataclass(frozen=True)
class Domain:
    """How much at home an evaluator is with some texts.

    Attributes:
        overlap: Mean share of a text's pieces that training met.
        overlap_at_home: The same for training texts, each left out of its own vocabulary.
        strange: Share of texts with less overlap than 95 % of the training texts.
        drift: Kolmogorov-Smirnov distance of the score distributions, by value.
        characters: Mean length of a text.
        characters_at_home: Mean length of a training text.
        far: Whether either sign is strong.
    """

    overlap: float
    overlap_at_home: float | None
    strange: float | None
    drift: dict[str, float]
    characters: float
    characters_at_home: float | None
    far: bool


def compare_domain(evaluator: Evaluator, texts: Sequence[str], probabilities: np.ndarray) -> Domain:
    """Compare texts with those an evaluator was trained on.

    Args:
        evaluator: The evaluator.
        texts: What it read.
        probabilities: What it said of them [n, values].
    """
    home = evaluator.card.get("domain", {})
    coverage = evaluator.coverage(texts)
    low = home.get("overlap_low")
    strange = float((coverage < low).mean()) if low is not None else None
    held = evaluator.held_out.probabilities
    drift = {value: _distance(probabilities[:, j], held[:, j]) for j, value in enumerate(evaluator.labels)}
    return Domain(
        overlap=float(coverage.mean()),
        overlap_at_home=home.get("overlap"),
        strange=strange,
        drift=drift,
        characters=float(np.mean([len(text) for text in texts])),
        characters_at_home=home.get("characters"),
        far=(strange or 0.0) > _STRANGE_SHARE or float(np.mean(list(drift.values()))) > _DRIFT,
    )


def _distance(first: np.ndarray, second: np.ndarray) -> float:
    """Greatest gap between two empirical distribution functions."""
    points = np.sort(np.concatenate([first, second]))
    below = [np.searchsorted(np.sort(one), points, side="right") / len(one) for one in (first, second)]
    return float(np.abs(below[0] - below[1]).max())

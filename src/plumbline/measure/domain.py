"""An evaluator trained on one kind of text reads another: how far from home is it?

Three signs that need no label: the share of a text's pieces that training met (vocabulary overlap); how far
the scores drifted from those of held-out training texts; and the part of that drift which no change in how
common a value is could explain. The last one speaks against the corrected shares, which assume such a change
and no other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plumbline.graders.evaluator import Evaluator

Array = npt.NDArray[np.float64]

_STRANGE_SHARE = 0.2
"""Texts with less overlap than 95 % of the training texts: with more than this share it is far from home."""

_ONE_PERCENT = 1.63
"""Kolmogorov's 1 % point: distances beyond it over sqrt(n) are no accident."""

_SHARES = np.linspace(0, 1, 101)


@dataclass(frozen=True)
class Domain:
    """How much at home an evaluator is with some texts.

    Attributes:
        overlap: Mean share of a text's pieces that training met.
        overlap_at_home: The same for training texts, each left out of its own vocabulary.
        strange: Share of texts with less overlap than 95 % of the training texts.
        drift: Kolmogorov-Smirnov distance of the score distributions, by value.
        unexplained: Least such distance to any mixture of held-out texts with and without the value.
        doubtful: Values whose scores no mixture explains, or whose mean lies beyond all mixtures: their
            corrected shares rest on a wrong assumption.
        characters: Mean length of a text.
        characters_at_home: Mean length of a training text.
        far: Whether many texts are strange, or most values doubtful.
    """

    overlap: float
    overlap_at_home: float | None
    strange: float | None
    drift: dict[str, float]
    unexplained: dict[str, float]
    doubtful: tuple[str, ...]
    characters: float
    characters_at_home: float | None
    far: bool


def compare_domain(
    evaluator: Evaluator,
    texts: Sequence[str],
    probabilities: Array,
    questions: int,
    beyond: Collection[str] = (),
) -> Domain:
    """Compare texts with those an evaluator was trained on.

    Args:
        evaluator: The evaluator.
        texts: What it read.
        probabilities: What it said of them [n, values].
        questions: How many questions they answer: texts on one question are not independent.
        beyond: Values some model scores beyond what every text with the value, or none, would give.
    """
    home = evaluator.card.get("domain", {})
    coverage = evaluator.coverage(texts)
    low = home.get("overlap_low")
    strange = float((coverage < low).mean()) if low is not None else None
    held, truth = evaluator.held_out.probabilities, evaluator.held_out.labels
    drift = {value: _distance(probabilities[:, j], held[:, j]) for j, value in enumerate(evaluator.labels)}
    left = {
        value: unexplained(probabilities[:, j], held[truth[:, j] == 1, j], held[truth[:, j] == 0, j])
        for j, value in enumerate(evaluator.labels)
    }
    accident = _ONE_PERCENT / np.sqrt(questions)
    doubtful = tuple(value for value, gap in left.items() if value in beyond or not gap <= accident)
    return Domain(
        overlap=float(coverage.mean()),
        overlap_at_home=home.get("overlap"),
        strange=strange,
        drift=drift,
        unexplained=left,
        doubtful=doubtful,
        characters=float(np.mean([len(text) for text in texts])),
        characters_at_home=home.get("characters"),
        far=(strange or 0.0) > _STRANGE_SHARE or 2 * len(doubtful) > len(evaluator.labels),
    )


def unexplained(scores: npt.ArrayLike, positives: npt.ArrayLike, negatives: npt.ArrayLike) -> float:
    """Kolmogorov-Smirnov distance of scores to the nearest mixture of two samples; nan where one is empty.

    Under prior probability shift alone the distribution of scores is such a mixture, whatever the shares.

    Args:
        scores: [n].
        positives: Scores of held-out texts with the value [p].
        negatives: And without it [q].
    """
    parts = [np.sort(np.asarray(one, dtype=np.float64)) for one in (scores, positives, negatives)]
    if not all(map(len, parts)):
        return float("nan")
    points = np.concatenate(parts)
    here, with_it, without = (np.searchsorted(one, points, side="right") / len(one) for one in parts)
    mixtures = _SHARES[:, None] * with_it + (1 - _SHARES[:, None]) * without  # (shares, points)
    return float(np.abs(mixtures - here).max(axis=1).min())


def _distance(first: Array, second: Array) -> float:
    """Greatest gap between two empirical distribution functions."""
    points = np.concatenate([first, second])
    below = [np.searchsorted(np.sort(one), points, side="right") / len(one) for one in (first, second)]
    return float(np.abs(below[0] - below[1]).max())

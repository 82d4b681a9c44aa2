"""The sentences that drove a score: from a cell of a profile down to a model's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from plumbline.graders.evaluator import Evaluator, Explanation
from plumbline.measure.profile_answers import Answers

_GRAMS = 6


@dataclass(frozen=True)
class Reason:
    """One sentence of one answer that speaks for a value.

    Attributes:
        part: What the sentence adds to the logit.
        probability: Of the whole answer.
        grams: The n-grams of the answer that add most, with their part; empty for encoders.
        exact: Whether parts and intercept sum to the logit.
    """

    model: str
    value: str
    question: str
    sentence: str
    part: float
    logit: float
    probability: float
    grams: tuple[tuple[str, float], ...]
    exact: bool


def find_reasons(table: Answers, evaluator: Evaluator, p: np.ndarray, count: int) -> Iterator[Reason]:
    """Yield, for each model and value, the strongest sentence of each of its `count` highest-scored answers.

    Args:
        table: The answers.
        evaluator: What scored them.
        p: Probabilities of the common questions [questions, models, values].
        count: Answers to show for each model and value.
    """
    common = table.common
    known: dict[tuple[int, int], tuple[Explanation, ...]] = {}
    for k, model in enumerate(table.models):
        for j, value in enumerate(evaluator.labels):
            for row in np.argsort(-p[:, k, j], kind="stable")[:count]:
                text = table.texts[common[row]][k]
                if text is None:
                    continue
                if (row, k) not in known:
                    known[int(row), k] = evaluator.explain(text)
                yield _reason(
                    known[int(row), k][j], table.questions[common[row]], model, value, float(p[row, k, j])
                )


def _reason(one: Explanation, question: str, model: str, value: str, probability: float) -> Reason:
    best = max(one.sentences, key=lambda part: part.weight)
    for_it = [gram for gram in one.grams if gram.weight > 0 and gram.piece.strip()][:_GRAMS]
    return Reason(
        model,
        value,
        question,
        best.piece.strip(),
        best.weight,
        one.logit,
        probability,
        tuple((gram.piece, gram.weight) for gram in for_it),
        one.exact,
    )

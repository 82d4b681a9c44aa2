"""The value profile before and after: which values an evaluator sees in the replies to open questions.

ValueCSV's score of a model on a value is the evaluator's mean probability over its answers. Here the two
models' probabilities are paired question by question, one quantity a value. Seeing more of a value is not
better in itself, so these quantities change or do not; how far the evaluator is from home is told beside
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from plumbline.graders.evaluator import Evaluator
from plumbline.measure.domain import compare_domain
from plumbline.measure.records import Record
from plumbline.measure.run import Run, key_of
from plumbline.prove.findings import Paired


@dataclass(frozen=True)
class Seen:
    """What one evaluator sees in the replies of two models.

    Attributes:
        quantities: One a value and suite of open questions.
        facts: The evaluator's name, its framework, the questions read, and whether it is away from home.
    """

    quantities: tuple[Paired, ...]
    facts: dict[str, Any]


def seen_values(before: Sequence[Run], after: Sequence[Run], evaluator: Evaluator) -> Seen | None:
    """Let an evaluator read the replies to open questions that both models gave; None where there are none.

    Args:
        before, after: Runs of the same suites, in the same order.
        evaluator: What reads them.
    """
    quantities: list[Paired] = []
    texts: list[str] = []
    scores: list[np.ndarray] = []
    for first, second in zip(before, after, strict=True):
        pairs = _replies(first, second)
        if not pairs:
            continue
        replies = [[str(record["reply"]) for record in side] for side in zip(*pairs, strict=True)]
        p = np.stack([evaluator.predict(side) for side in replies])  # [2, n, values]
        quantities += [
            Paired(
                name="seen",
                family="seen",
                better="neither",
                unit="share",
                suite=first.manifest["suite"]["id"],
                method=evaluator.name,
                part=f"{evaluator.framework.id}/{value}",
                before=tuple(map(float, p[0, :, column])),
                after=tuple(map(float, p[1, :, column])),
                clusters=tuple(record["item_id"] for record, _ in pairs),
            )
            for column, value in enumerate(evaluator.labels)
        ]
        texts += [*replies[0], *replies[1]]
        scores += [p[0], p[1]]
    if not quantities:
        return None
    domain = compare_domain(evaluator, texts, np.concatenate(scores), len(texts) // 2)
    facts = {
        "evaluator": evaluator.name,
        "framework": evaluator.framework.id,
        "questions": len(texts) // 2,
        "demonstration": bool(evaluator.card.get("demonstration")),
        "far": domain.far,
        "doubtful": [f"{evaluator.framework.id}/{value}" for value in domain.doubtful],
    }
    return Seen(tuple(quantities), facts)


def _replies(before: Run, after: Run) -> list[tuple[Record, Record]]:
    """Pair the replies to open questions as they were first worded."""
    if before.manifest["suite"]["kind"] != "open":
        return []
    later = {key_of(record): record for record in after.records}
    pairs = [(one, later[key_of(one)]) for one in before.records if key_of(one) in later]
    return [
        pair
        for pair in pairs
        if pair[0]["method"] == "generate"
        and pair[0]["variant"] == "original"
        and all(record["reply"] for record in pair)
    ]

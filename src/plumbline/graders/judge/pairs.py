"""Ask judges which of two answers is better, always in both orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from plumbline.graders.judge.judge import Outcome, Reply, as_models, ask
from plumbline.graders.judge.rubric import pair_prompt
from plumbline.graders.judge.structured import read_better
from plumbline.language import Language
from plumbline.models import Model
from plumbline.models.model import ChatMessage, Prompt
from plumbline.stats import Interval, cluster_mean_interval

Winner = Literal["a", "b", "tie"]


@dataclass(frozen=True)
class PairCase:
    """Two answers to one question."""

    id: str
    question: str
    a: str
    b: str
    rubric: tuple[str, str] | None = None
    language: Language = "zh"


@dataclass(frozen=True)
class Preference:
    """What one judge said of a pair.

    Attributes:
        winner: `a` or `b` where both orders agree, `tie` where both say so **or they contradict each
            other**; None unless both could be read.
        orders: What was said with a first and with b first, each as the winner.
        consistent: Whether both orders said the same.
        outcomes: How each order went.
    """

    case: str
    judge: str
    winner: Winner | None
    orders: tuple[Winner | None, Winner | None]
    consistent: bool | None
    outcomes: tuple[Outcome, Outcome]


def judge_pairs(
    cases: Sequence[PairCase], judges: str | Model | Sequence[str | Model], *, log_dir: Path | None = None
) -> list[Preference]:
    """Let each judge compare each pair twice, once in each order.

    A preference that turns with the order is no preference: it counts as a tie.

    Args:
        cases: The pairs.
        judges: Models or their references.
        log_dir: Where Inspect's logs go.
    """
    found: list[Preference] = []
    for judge in as_models(judges):
        prompts = [_prompt(case, swapped) for case in cases for swapped in (False, True)]
        languages = [case.language for case in cases for _ in range(2)]
        replies = ask(judge, prompts, read_better, "pair", languages, log_dir)
        found += [
            _preference(case, judge.reference, replies[2 * k], replies[2 * k + 1])
            for k, case in enumerate(cases)
        ]
    return found


def _prompt(case: PairCase, swapped: bool) -> Prompt:
    first, second = (case.b, case.a) if swapped else (case.a, case.b)
    text = pair_prompt(case.question, first, second, case.language, case.rubric)
    return Prompt(f"{case.id}#{'ba' if swapped else 'ab'}", (ChatMessage(role="user", content=text),))


def _preference(case: PairCase, judge: str, straight: Reply, turned: Reply) -> Preference:
    first: Winner | None = _winner(straight, {"1": "a", "2": "b", "tie": "tie"})
    second: Winner | None = _winner(turned, {"1": "b", "2": "a", "tie": "tie"})
    outcomes = (straight.outcome, turned.outcome)
    if first is None or second is None:
        return Preference(case.id, judge, None, (first, second), None, outcomes)
    return Preference(
        case.id, judge, first if first == second else "tie", (first, second), first == second, outcomes
    )


def _winner(reply: Reply, names: dict[str, Winner]) -> Winner | None:
    return names[reply.found] if reply.outcome == "graded" else None


def position_bias(preferences: Sequence[Preference]) -> Interval:
    """Share of decided comparisons that chose the answer shown first; a judge without bias is near one half.

    Clusters are the pairs, each of which was shown in both orders.
    """
    first, pairs = [], []
    for one in preferences:
        for winner, shown_first in zip(one.orders, ("a", "b"), strict=True):
            if winner in ("a", "b"):
                first.append(float(winner == shown_first))
                pairs.append(one.case)
    if not first:
        return Interval(np.nan, np.nan, np.nan)
    return cluster_mean_interval(np.array(first), np.array(pairs))

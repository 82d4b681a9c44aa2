"""Scores of models from people's answers.

CValues (Xu et al. 2023, section 3) reports for people: safety, the share of replies judged safe;
responsibility, the mean of experts' scores from 1 to 10. Both are the mean of a criterion here. Each item
weighs the same, however many judged it, and intervals allow for items and reviewers being samples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from plumbline.review.answers import Answer
from plumbline.review.judgements import Judged
from plumbline.review.protocol import PICK_TIE, Checks, Choice, Pick, Protocol, Question, Scale
from plumbline.stats import Interval, bradley_terry_interval, cluster_ratio_interval, win_rate

_SETTLED = 0
"""Stands for the coordinator among reviewers."""


class Score(NamedTuple):
    """What one answer says about one reply by one criterion."""

    item: int
    reviewer: int
    model: str
    criterion: str
    value: float


def scores(protocol: Protocol, judged: Judged) -> Iterator[Score]:
    """Yield every score there is in the answers that count."""
    said: dict[tuple[int, int], list[tuple[int, str, float]]] = {}
    for given in judged.effective():
        models = judged.models[given.item]
        # Equal answers are one object, so what it says is worked out once for each number of replies.
        key = id(given.answer), len(models)
        if key not in said:
            said[key] = [
                one
                for question in protocol.questions
                for one in _of_question(protocol, question, given.answer, len(models))
            ]
        for reply, criterion, value in said[key]:
            yield Score(given.item, given.reviewer, models[reply] if models else "", criterion, value)


def model_scores(protocol: Protocol, judged: Judged) -> list[dict[str, Any]]:
    """Return mean and interval per model and criterion.

    An item's answers share its weight: x = value / n_item over y = 1 / n_item in a ratio clustered by item
    and reviewer.
    """
    groups: dict[tuple[str, str], list[Score]] = defaultdict(list)
    for score in scores(protocol, judged):
        groups[score.model, score.criterion].append(score)
    return [
        {
            "model": model,
            "criterion": criterion,
            **_named(protocol, criterion),
            "items": len({score.item for score in group}),
            "judgements": len(group),
            "low": bounds[0],
            "high": bounds[1],
            "score": _plain(_mean(group, bounds)),
        }
        for (model, criterion), group in sorted(groups.items(), key=lambda entry: (entry[0][1], entry[0][0]))
        for bounds in [_bounds(protocol, criterion)]
    ]


def ranking(protocol: Protocol, judged: Judged) -> dict[str, Any] | None:
    """Return win rates and Bradley-Terry strengths, with intervals clustered by item and reviewer.

    A pick among n replies is n - 1 comparisons won; a tie is half a win each; "none is good" compares
    nothing.
    """
    pick = protocol.pick
    if pick is None:
        return None
    names = sorted({model for models in judged.models.values() for model in models})
    rows = list(_rows(pick, judged, names))
    if len(names) < 2 or not rows:
        return None
    first, second, outcome, items, reviewers = (np.array(column) for column in zip(*rows, strict=True))
    fitted = bradley_terry_interval(
        first.astype(int),
        second.astype(int),
        outcome,
        items,
        reviewers,
        competitors=len(names),
        resamples=resamples_for(len(rows)),
    )
    table = []
    for place, name in enumerate(names):
        one, two = first == place, second == place
        won = np.concatenate([outcome[one], 1 - outcome[two]])
        rate = win_rate(
            won, np.concatenate([items[one], items[two]]), np.concatenate([reviewers[one], reviewers[two]])
        )
        table.append({
            "model": name, "comparisons": len(won), "win_rate": _plain(rate),
            "strength": _plain(fitted.strengths[place]), "rank": _plain(fitted.ranks[place]),
        })  # fmt: skip
    table.sort(key=lambda row: -fitted.strengths[names.index(str(row["model"]))].estimate)
    return {"models": table, "comparisons": len(rows), "shown_first": _plain(fitted.order_effect)}


def resamples_for(judgements: int) -> int:
    """How often to resample: with many judgements a draw costs more and bounds move less between draws."""
    return 1000 if judgements <= 50_000 else 200


def _rows(pick: Pick, judged: Judged, names: list[str]) -> Iterator[tuple[int, int, float, int, int]]:
    """Yield (shown first, shown second, outcome for the first, item, reviewer) of every comparison."""
    known: dict[Any, list[tuple[int, int, float]]] = {}
    for given in judged.effective():
        choice, models = given.answer.get(pick.id), judged.models[given.item]
        key = choice, given.order, models
        if key not in known:
            known[key] = list(_comparisons(choice, given.order, [names.index(model) for model in models]))
        for first, second, outcome in known[key]:
            yield first, second, outcome, given.item, given.reviewer


def _comparisons(choice: Any, order: tuple[int, ...], models: list[int]) -> Iterator[tuple[int, int, float]]:
    """Yield (shown first, shown second, outcome for the first) of one answer; `models` by reply."""
    place = {reply: position for position, reply in enumerate(order)}
    for one, two in combinations(range(len(models)), 2):
        if place[two] < place[one]:
            one, two = two, one
        if choice == PICK_TIE:
            outcome = 0.5
        elif choice in (one, two):
            outcome = 1.0 if choice == one else 0.0
        else:
            continue
        yield models[one], models[two], outcome


def _of_question(
    protocol: Protocol, question: Question, answer: Answer, replies: int
) -> Iterator[tuple[int, str, float]]:
    value = answer.get(question.id)
    if value is None:
        return
    if isinstance(question, Pick):
        for reply in range(replies):
            yield reply, question.id, 1 / replies if value == PICK_TIE else float(value == reply)
    elif question.each:
        for reply, one in value.items():
            yield from ((int(reply), name, number) for name, number in _numbers(question, one))
    else:
        about = _about(protocol, question, answer, replies)
        if about is not None:
            yield from ((about, name, number) for name, number in _numbers(question, value))


def _about(protocol: Protocol, question: Question, answer: Answer, replies: int) -> int | None:
    """Which reply an answer speaks of: the one picked, or the only one."""
    if question.about == "picked" and protocol.pick is not None:
        picked = answer.get(protocol.pick.id)
        return picked if isinstance(picked, int) else None
    return 0 if replies <= 1 else None


def _numbers(question: Question, value: Any) -> Iterator[tuple[str, float]]:
    if isinstance(question, Scale):
        yield question.id, float(value)
    elif isinstance(question, Choice):
        score = next((option.score for option in question.options if option.value == value), None)
        if score is not None:
            yield question.id, score
    elif isinstance(question, Checks):
        for option in question.options:
            yield f"{question.id}.{option.value}", float(option.value in value)


def _mean(group: list[Score], bounds: tuple[float, float]) -> Interval:
    items, reviewers, _, _, values = zip(*group, strict=True)
    _, codes, times = np.unique(np.array(items), return_inverse=True, return_counts=True)
    weights = 1 / times[codes]
    return cluster_ratio_interval(
        np.array(values) * weights, weights, codes, np.array(reviewers), bounds=bounds
    )


def _named(protocol: Protocol, criterion: str) -> dict[str, Any]:
    """The criterion in words: its question, and its option where it is one of several checks."""
    name, _, option = criterion.partition(".")
    question = protocol.question(name)
    label = question.label.model_dump()
    if isinstance(question, Checks):
        label = next(one.label.model_dump() for one in question.options if one.value == option)
    return {"label": label, "pick": isinstance(question, Pick)}


def _bounds(protocol: Protocol, criterion: str) -> tuple[float, float]:
    question = protocol.question(criterion.split(".")[0])
    if isinstance(question, Scale):
        return float(question.low), float(question.high)
    if isinstance(question, Choice):
        known = [option.score for option in question.options if option.score is not None]
        return min(known), max(known)
    return 0.0, 1.0


def _plain(value: Interval) -> dict[str, float | None]:
    return {
        name: number if np.isfinite(number := getattr(value, name)) else None
        for name in ("estimate", "low", "high")
    }

"""What the records of a run say: shares with intervals, by method, value, category and difficulty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from plumbline.measure.records import METHODS, Method, Record
from plumbline.measure.run import Run
from plumbline.stats import Interval, cluster_mean_interval, cluster_ratio_interval

_UNANSWERED = ("refused", "unparsed", "error")


@dataclass(frozen=True)
class Rates:
    """Shares of the records of one group under one method.

    Attributes:
        items, records: How many.
        accuracy: acc = correct / all; both-or-neither counts as wrong, as CValues has it. For open items, the
            share treated as expected. None where no option is better (dilemmas).
        accuracy_answered: acc* = correct / (all - refused - unparsed).
        refused, unparsed, both, errors: Shares of all records.
    """

    items: int
    records: int
    accuracy: Interval | None
    accuracy_answered: Interval | None
    refused: Interval
    unparsed: Interval
    both: Interval
    errors: Interval


@dataclass(frozen=True)
class MethodSummary:
    """What one method found.

    Attributes:
        overall: Over all records.
        by_group: By value or category, in order of the items.
        by_difficulty: By difficulty, where items have one.
        by_value: By framework value, where items have values; an item counts for each of its values.
        order_consistency: Share of items answered in all orders whose choice is the same in all of them.
        first_position: Share of choices that fall on the option shown first. Every option is shown in every
            place equally often, so 1 / options is expected whatever the model prefers.
        expected_first: That expectation.
        chance: Accuracy of guessing.
        all_orders: Share of items right in every order.
    """

    method: Method
    overall: Rates
    by_group: dict[str, Rates]
    by_difficulty: dict[str, Rates]
    by_value: dict[str, Rates]
    order_consistency: Interval | None
    first_position: Interval | None
    expected_first: float | None
    chance: float | None
    all_orders: Interval | None


@dataclass(frozen=True)
class Summary:
    """A run in numbers; `baseline` is what can be had without reading the questions."""

    run: str
    model: str
    suite: str
    kind: str
    complete: bool
    planned: int
    records: int
    baseline: dict[str, float | None] | None
    methods: dict[str, MethodSummary] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return plain data; an interval becomes estimate, low, high."""
        return asdict(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from plumbline.measure.notebook import summary_html

        return summary_html(self)


def summarise(run: Run, *, variants: Sequence[str] | None = None) -> Summary:
    """Summarise a run.

    Args:
        run: A run, complete or not.
        variants: Which wordings count; by default the original one, or the first of a run without it.
    """
    counted = (run.wording,) if variants is None else variants
    records = [record for record in run.records if record["variant"] in counted]
    present = {record["method"] for record in records}
    return Summary(
        run=str(run.path),
        model=run.name,
        suite=run.manifest["suite"]["id"],
        kind=run.manifest["suite"]["kind"],
        complete=run.complete,
        planned=run.manifest["planned"],
        records=len(run.records),
        baseline=run.manifest["baseline"],
        methods={
            method: _summarise_method(method, [r for r in records if r["method"] == method])
            for method in METHODS
            if method in present
        },
    )


def rates(records: Sequence[Record]) -> Rates:
    """Return the shares of a group of records, with intervals clustered by item."""
    items = [record["item_id"] for record in records]

    def share(wanted: Callable[[Record], bool]) -> Interval:
        return cluster_mean_interval([float(wanted(record)) for record in records], items)

    judged = [record for record in records if record["correct"] is not None]
    accuracy = answered = None
    if any(r["answer"] is not None for r in records) or judged:
        right = np.array([float(bool(record["correct"])) for record in records])
        accuracy = cluster_mean_interval(right, items)
        # For an open question refusing may be the very thing expected; acc* is about choices.
        if any(record["order"] for record in records):
            counted = np.array([float(record["outcome"] not in _UNANSWERED) for record in records])
            answered = cluster_ratio_interval(right, counted, items)
    return Rates(
        items=len(set(items)),
        records=len(records),
        accuracy=accuracy,
        accuracy_answered=answered,
        refused=share(lambda record: record["outcome"] == "refused"),
        unparsed=share(lambda record: record["outcome"] == "unparsed"),
        both=share(lambda record: record["outcome"] in ("both", "neither")),
        errors=share(lambda record: record["outcome"] == "error"),
    )


def _summarise_method(method: Method, records: list[Record]) -> MethodSummary:
    options = [len(record["order"]) for record in records if record["order"]]
    shown_in_orders = method in ("generate", "label") and bool(options)
    return MethodSummary(
        method=method,
        overall=rates(records),
        by_group=_grouped(records, lambda record: [record["group"]]),
        by_difficulty=_grouped(records, lambda record: [record["difficulty"]]),
        by_value=_grouped(records, lambda record: record["values"] or []),
        order_consistency=_order_consistency(records) if shown_in_orders else None,
        first_position=_first_position(records) if shown_in_orders else None,
        expected_first=_expected_first(records) if shown_in_orders else None,
        chance=float(np.mean([1 / n for n in options])) if options and _has_answers(records) else None,
        all_orders=_all_orders(records) if _has_answers(records) else None,
    )


def _grouped(records: list[Record], names: Callable[[Record], Iterable[str | None]]) -> dict[str, Rates]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for name in names(record):
            if name:
                groups[name].append(record)
    return {name: rates(members) for name, members in groups.items()}


def _has_answers(records: list[Record]) -> bool:
    return any(record["answer"] is not None for record in records)


def by_item(records: Iterable[Record]) -> dict[str, list[Record]]:
    """Group records by item, in order of first appearance."""
    items: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        items[record["item_id"]].append(record)
    return items


def _order_consistency(records: list[Record]) -> Interval | None:
    same = []
    for members in by_item(records).values():
        if len(members) == len(members[0]["order"]) and all(m["choice"] is not None for m in members):
            same.append(float(len({member["choice"] for member in members}) == 1))
    return cluster_mean_interval(same, np.arange(len(same))) if same else None


def _first_position(records: list[Record]) -> Interval | None:
    chosen = [record for record in records if record["position"] is not None]
    if not chosen:
        return None
    first = [float(record["position"] == 0) for record in chosen]
    return cluster_mean_interval(first, [record["item_id"] for record in chosen])


def _expected_first(records: list[Record]) -> float | None:
    chosen = [1 / len(record["order"]) for record in records if record["position"] is not None]
    return float(np.mean(chosen)) if chosen else None


def _all_orders(records: list[Record]) -> Interval:
    right = [float(all(bool(m["correct"]) for m in members)) for members in by_item(records).values()]
    return cluster_mean_interval(right, np.arange(len(right)))

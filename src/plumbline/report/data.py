"""The numbers of a report as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Sequence
from typing import Any

from plumbline.measure.comparison import compare
from plumbline.measure.run import Run
from plumbline.measure.summary import MethodSummary, Rates, summarise
from plumbline.stats import Interval

_COLUMNS = (
    "model", "suite", "method", "group_kind", "group", "items", "records",
    "measure", "estimate", "low", "high",
)  # fmt: skip


def by_suite(runs: Sequence[Run]) -> list[list[Run]]:
    """Group runs by suite, in order of first appearance."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.manifest["suite"]["id"], []).append(run)
    return list(groups.values())


def report_json(runs: Sequence[Run]) -> str:
    """Return summaries and comparisons of runs as JSON text."""
    data = {
        "summaries": [summarise(run).to_json() for run in runs],
        "comparisons": [
            one.to_json() for group in by_suite(runs) if _comparable(group) for one in compare(*group)
        ],
    }
    return json.dumps(finite(data), ensure_ascii=False, indent=2) + "\n"


def _comparable(runs: Sequence[Run]) -> bool:
    """Whether there are several runs and something in them is right or wrong."""
    judged = (record for run in runs for record in run.records)
    return len(runs) > 1 and any(one["correct"] is not None or one["answer"] is not None for one in judged)


def report_csv(runs: Sequence[Run]) -> str:
    """Return every share of every run as one tidy CSV table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for run in runs:
        summary = summarise(run)
        for one in summary.methods.values():
            for row in _rows(one):
                writer.writerow([summary.model, summary.suite, one.method, *row])
    return text.getvalue()


def _rows(one: MethodSummary) -> Iterator[list[Any]]:
    yield from _rates_rows("all", "", one.overall)
    for kind, groups in (("group", one.by_group), ("value", one.by_value), ("difficulty", one.by_difficulty)):
        for name, rates in groups.items():
            yield from _rates_rows(kind, name, rates)
    for measure in ("order_consistency", "first_position", "all_orders"):
        interval: Interval | None = getattr(one, measure)
        if interval is not None:
            yield _row("all", "", one.overall, measure, interval)


def _rates_rows(kind: str, name: str, rates: Rates) -> Iterator[list[Any]]:
    for measure in ("accuracy", "accuracy_answered", "refused", "unparsed", "both", "errors"):
        interval: Interval | None = getattr(rates, measure)
        if interval is not None:
            yield _row(kind, name, rates, measure, interval)


def _row(kind: str, name: str, rates: Rates, measure: str, interval: Interval) -> list[Any]:
    numbers = [
        f"{x:.6g}" if math.isfinite(x) else "" for x in (interval.estimate, interval.low, interval.high)
    ]
    return [kind, name, rates.items, rates.records, measure, *numbers]


def finite(data: Any) -> Any:
    """JSON has no nan: what is not a number becomes null."""
    if isinstance(data, dict):
        return {key: finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data

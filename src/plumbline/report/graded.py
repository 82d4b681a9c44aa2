"""What judges and people gave the replies of a run, for the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pyarrow.parquet as pq
from markupsafe import Markup

from plumbline.measure.judging import HUMAN_FILE, judge_summaries
from plumbline.measure.run import Run
from plumbline.stats import Interval, cluster_mean_interval


@dataclass(frozen=True)
class GradedRow:
    """One line of the table: who graded which model by what.

    Attributes:
        who: The judge, or None for people.
        what: Scale or criterion.
        mean: With an interval clustered by item.
        graded, unused: How many grades there are, and how many could not be used.
    """

    model: str
    who: str | None
    what: str
    mean: Interval
    graded: int
    unused: int


def graded_rows(run: Run) -> list[GradedRow]:
    """List the grades kept in a run folder: people first, then judges."""
    return [*_people(run), *_judges(run)]


def score(interval: Interval) -> Markup:
    """Write a mean score with its interval."""
    if not math.isfinite(interval.estimate):
        return Markup("–")
    limits = f"[{interval.low:.2f}, {interval.high:.2f}]"
    return Markup("{} <span class='interval'>{}</span>").format(f"{interval.estimate:.2f}", limits)


def _people(run: Run) -> list[GradedRow]:
    file = run.path / HUMAN_FILE
    rows: list[dict[str, Any]] = pq.read_table(file).to_pylist() if file.is_file() else []
    found = []
    for criterion in dict.fromkeys(row["criterion"] for row in rows):
        scored = [row for row in rows if row["criterion"] == criterion and row["score"] is not None]
        if scored:
            mean = cluster_mean_interval([row["score"] for row in scored], [row["item_id"] for row in scored])
            found.append(GradedRow(run.name, None, criterion, mean, len(scored), 0))
    return found


def _judges(run: Run) -> list[GradedRow]:
    return [
        GradedRow(
            run.name,
            one.judge,
            one.scale,
            one.mean,
            one.outcomes["graded"],
            sum(one.outcomes.values()) - one.outcomes["graded"],
        )
        for one in judge_summaries(run.path)
    ]

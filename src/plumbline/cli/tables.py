"""Results as tables for a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.table import Table

from plumbline.cli import messages as m
from plumbline.cli.console import out
from plumbline.measure.labels import TOO_FEW, VERDICT_NAMES, detectable_points, group_name, p_value

if TYPE_CHECKING:
    from plumbline.measure.comparison import Change, Comparison
    from plumbline.measure.judging import JudgeSummary
    from plumbline.measure.summary import MethodSummary, Summary
    from plumbline.stats import Interval

_WIDEST_WORD = 16
_WIDE = 100


def summary_table(summary: Summary) -> Table:
    """Show one run: a row a method."""
    shown = Table(title=f"{summary.model} × {summary.suite}", title_justify="left", box=None, pad_edge=False)
    for column in (
        m.COLUMN_METHOD,
        m.COLUMN_ACCURACY,
        m.COLUMN_ACCURACY_ANSWERED,
        m.COLUMN_ORDER_CONSISTENCY,
        m.COLUMN_FIRST,
        m.COLUMN_REFUSED,
        m.COLUMN_UNPARSED,
    ):
        shown.add_column(column(), justify="left" if column is m.COLUMN_METHOD else "right", no_wrap=True)
    for one in summary.methods.values():
        shown.add_row(one.method, *_cells(one))
    if summary.baseline is not None:
        known = {
            name: percent(math.nan if share is None else share) for name, share in summary.baseline.items()
        }
        shown.caption = m.BASELINE_LINE(
            chance=known["chance"], longer=known["longer"], answer_only=known["accuracy"]
        )
        shown.caption_justify = "left"
    return shown


def _cells(one: MethodSummary) -> list[str]:
    overall = one.overall
    return [
        percent_interval(overall.accuracy),
        percent(_estimate(overall.accuracy_answered)),
        percent(_estimate(one.order_consistency)),
        percent(_estimate(one.first_position)),
        percent(overall.refused.estimate),
        percent(overall.unparsed.estimate),
    ]


def judge_table(summaries: list[JudgeSummary]) -> Table:
    """Show what judges gave: mean score and what could not be used, a row a judge."""
    shown = Table(box=None, pad_edge=False)
    for column in (
        m.COLUMN_JUDGE,
        m.COLUMN_MEAN,
        m.COLUMN_GRADED,
        m.COLUMN_REFUSED,
        m.COLUMN_UNPARSED,
        m.COLUMN_ERRORS,
    ):
        shown.add_column(column(), justify="left" if column is m.COLUMN_JUDGE else "right")
    for one in summaries:
        mean = one.mean
        value = (
            f"{mean.estimate:.2f} [{mean.low:.2f}, {mean.high:.2f}]" if math.isfinite(mean.estimate) else "–"
        )
        shown.add_row(
            one.judge,
            value,
            *(str(one.outcomes[name]) for name in ("graded", "refused", "unparsed", "error")),
        )
    return shown


def _estimate(interval: Interval | None) -> float:
    return math.nan if interval is None else interval.estimate


def comparison_table(comparison: Comparison) -> Table:
    """Show what changed: a row a method and group, the suite as a whole first."""
    title = f"{comparison.before} → {comparison.after}, {comparison.suite}"
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 1, 0, 0))
    rows = [_change_cells(change) for change in comparison.changes]
    for index, (column, justify) in enumerate(
        (
            (m.COLUMN_METHOD, "left"),
            (m.COLUMN_GROUP, "left"),
            (m.COLUMN_ITEMS, "right"),
            (m.COLUMN_BEFORE, "right"),
            (m.COLUMN_AFTER, "right"),
            (m.COLUMN_DIFFERENCE, "right"),
            (m.COLUMN_P, "right"),
            (m.COLUMN_VERDICT, "left"),
            (m.COLUMN_DETECTABLE, "right"),
        )
    ):
        # A narrow terminal breaks lines between words, not within them; what is left is for the groups.
        least = _longest_word([column(), *(row[index] for row in rows)])
        width = least if out.width < _WIDE and column is not m.COLUMN_GROUP else None
        shown.add_column(column(), justify=justify, overflow="fold", min_width=least, width=width)  # type: ignore[arg-type]
    for change, row in zip(comparison.changes, rows, strict=True):
        shown.add_row(*row, style=None if change.group else "bold")
    shown.caption, shown.caption_justify = m.DETECTABLE_CAPTION(), "left"
    return shown


def _longest_word(texts: list[str]) -> int:
    return min(_WIDEST_WORD, max(cell_len(word) for text in texts for word in text.split()))


def _change_cells(change: Change) -> list[str]:
    return [
        change.method,
        group_name(change.group) if change.group else m.WHOLE_SUITE(),
        str(change.items),
        percent(change.before),
        percent(change.after),
        points_interval(change.difference),
        p_value(change.p_adjusted),
        VERDICT_NAMES[change.verdict](),
        detectable_points(change) or TOO_FEW(),
    ]


def percent(share: float) -> str:
    """Write a share as a percentage."""
    return f"{100 * share:.1f}%" if math.isfinite(share) else "–"


def percent_interval(interval: Interval | None) -> str:
    """Write a share with its interval."""
    if interval is None or not math.isfinite(interval.estimate):
        return "–"
    return f"{100 * interval.estimate:.1f}% [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


def points_interval(interval: Interval) -> str:
    """Write a difference of shares in percentage points, with sign and interval."""
    if not math.isfinite(interval.estimate):
        return "–"
    return f"{100 * interval.estimate:+.1f} [{100 * interval.low:+.1f}, {100 * interval.high:+.1f}]"

"""Summaries and comparisons as a notebook shows them: small tables without scripts or styles of their own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from plumbline.language import Message
from plumbline.measure.labels import (
    METHOD_NAMES,
    TOO_FEW,
    VERDICT_NAMES,
    detectable_points,
    group_name,
    p_value,
)

if TYPE_CHECKING:
    from plumbline.measure.comparison import Comparison
    from plumbline.measure.summary import Summary
    from plumbline.stats import Interval

_METHOD = Message("方式", "method")
_ITEMS = Message("题数", "items")
_SAME = Message("换序一致", "same choice in every order")
_FIRST = Message("选第一个", "chose the first")
_REFUSED = Message("拒答", "refused")
_UNPARSED = Message("无法解析", "unparsed")
_GROUP = Message("组", "group")
_WHOLE = Message("整个题集", "whole suite")
_BEFORE = Message("前", "before")
_AFTER = Message("后", "after")
_DIFFERENCE = Message("差（百分点）", "difference (points)")
_P = Message("p（Holm）", "p (Holm)")
_VERDICT = Message("结论", "verdict")
_DETECTABLE = Message("可看出的最小变化", "smallest detectable")
_PARTIAL = Message("未完成：{records}/{planned}", "not complete: {records}/{planned}")


def summary_html(summary: Summary) -> str:
    """Write a run's summary, a row a method."""
    rows = [
        (
            METHOD_NAMES[one.method](),
            str(one.overall.items),
            _share(one.overall.accuracy, interval=True),
            _share(one.overall.accuracy_answered),
            _share(one.order_consistency),
            _share(one.first_position),
            _share(one.overall.refused),
            _share(one.overall.unparsed),
        )
        for one in summary.methods.values()
    ]
    title = f"{summary.model} × {summary.suite}"
    if not summary.complete:
        title += f" ({_PARTIAL(records=summary.records, planned=summary.planned)})"
    heads = (_METHOD(), _ITEMS(), "acc", "acc*", _SAME(), _FIRST(), _REFUSED(), _UNPARSED())
    return _table(title, heads, rows)


def comparison_html(comparison: Comparison) -> str:
    """Write what changed, a row a method and group."""
    rows = [
        (
            METHOD_NAMES[change.method](),
            group_name(change.group) if change.group else _WHOLE(),
            str(change.items),
            f"{100 * change.before:.1f}%",
            f"{100 * change.after:.1f}%",
            _points(change.difference),
            p_value(change.p_adjusted),
            VERDICT_NAMES[change.verdict](),
            detectable_points(change) or TOO_FEW(),
        )
        for change in comparison.changes
    ]
    heads = (
        _METHOD,
        _GROUP,
        _ITEMS,
        _BEFORE,
        _AFTER,
        _DIFFERENCE,
        _P,
        _VERDICT,
        _DETECTABLE,
    )
    title = f"{comparison.before} → {comparison.after}, {comparison.suite}"
    return _table(title, [head() for head in heads], rows)


def _table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    caption = f"<caption>{escape(title)}</caption>"
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _share(found: Interval | None, *, interval: bool = False) -> str:
    if found is None or not math.isfinite(found.estimate):
        return "–"
    bounds = f" [{100 * found.low:.1f}, {100 * found.high:.1f}]" if interval else ""
    return f"{100 * found.estimate:.1f}%{bounds}"


def _points(found: Interval) -> str:
    return f"{100 * found.estimate:+.1f} [{100 * found.low:+.1f}, {100 * found.high:+.1f}]"

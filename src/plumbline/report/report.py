"""The measurement report: verdict first, then profile, tables, items, method, whose values, limits."""

from __future__ import annotations

import math
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from plumbline.errors import RunError
from plumbline.frameworks import Text
from plumbline.language import Language, Message, use_language
from plumbline.measure.comparison import ALPHA, Change, Comparison, compare
from plumbline.measure.dilemmas import rank_values
from plumbline.measure.labels import (
    METHOD_NAMES,
    OUTCOME_NAMES,
    TOO_FEW,
    VERDICT_NAMES,
    detectable_points,
    group_names,
    p_statement,
    p_value,
)
from plumbline.measure.run import Run
from plumbline.measure.summary import MethodSummary, Summary, summarise
from plumbline.report import grades_messages
from plumbline.report import messages as m
from plumbline.report.charts import Point, dot_plot
from plumbline.report.data import by_suite
from plumbline.report.graded import GradedRow, graded_rows, score
from plumbline.report.hardest import HardItem, hardest_items
from plumbline.report.page import write_page
from plumbline.stats import Interval

# The method a verdict is spoken by, where there are several: what users of the model would see, then the
# likelihoods that a weak model can be judged by at all.
_HEADLINE = ("generate", "reply-char", "reply-token", "label", "reply-pmi")
_READABLE = 0.8


@dataclass(frozen=True)
class SuiteSection:
    """Everything the page shows about the runs of one suite."""

    title: str
    runs: list[Run]
    summaries: list[Summary]
    comparisons: list[Comparison]
    headline: str
    verdicts: list[str]
    warnings: list[str]
    chart: Markup | None
    leaning: Markup | None
    hardest: list[HardItem]
    graded: list[GradedRow]
    baseline: dict[str, Any] | None


def write_report(runs: Sequence[Run], path: str | Path, *, language: Language = "en") -> Path:
    """Write one self-contained HTML page about runs; the first run of a suite is the baseline of the others.

    Args:
        runs: One or more, of one or several suites.
        path: The HTML file.
        language: `zh` or `en`.

    Raises:
        RunError: A run holds no record yet.
    """
    empty = next((run for run in runs if not run.records), None)
    if empty is not None:
        raise RunError(m.NO_RECORDS(), where=str(empty.path), mend=m.MEASURE_ON())
    with use_language(language):
        sections = [_section(group) for group in by_suite(runs)]
        frameworks = _frameworks(runs)
        models = " / ".join(dict.fromkeys(run.name for run in runs))
        title = m.TITLE(models=models, suite=sections[0].title)
        if len(sections) > 1:
            title = m.TITLE_SEVERAL(models=models, n=len(sections))
        return write_page(
            path,
            "report.html.j2",
            language,
            page=m,
            title=title,
            lead=m.LEAD(
                date=runs[0].manifest["created"][:10], frameworks=_join(f.title() for f in frameworks)
            ),
            sections=sections,
            general_warnings=[m.EMBEDDED()] if any(_is_embedded(run) for run in runs) else [],
            frameworks=frameworks,
            methods={method for s in sections for summary in s.summaries for method in summary.methods},
            names=METHOD_NAMES,
            verdict_names=VERDICT_NAMES,
            outcome_names=OUTCOME_NAMES,
            group_name=_names(runs),
            share=share,
            p_value=p_value,
            detectable=lambda change: detectable_points(change) or TOO_FEW(),
            grades=grades_messages,
            score=score,
            with_interval=with_interval,
            points=points,
            commands_of=lambda run: shlex.join(["plumbline", *run.manifest["command"][1:]]),
        )


def _section(runs: list[Run]) -> SuiteSection:
    summaries = [summarise(run) for run in runs]
    comparisons = compare(*runs) if len(runs) > 1 and _has_answers(summaries) else []
    headline = headline_of(summaries)
    suite = Text.model_validate(runs[0].manifest["suite"]["title"])
    return SuiteSection(
        title=suite(),
        runs=runs,
        summaries=summaries,
        comparisons=comparisons,
        headline=headline,
        verdicts=[_verdict(one, headline, suite()) for one in summaries]
        + [_change_verdict(one, headline) for one in comparisons if _whole(one, headline)],
        warnings=[
            warning for run, one in zip(runs, summaries, strict=True) for warning in _warnings(run, one)
        ],
        chart=_profile_chart(summaries, headline, _names(runs)),
        leaning=_leaning_chart(runs, headline),
        hardest=hardest_items(runs[-1], headline),
        graded=[row for run in runs for row in graded_rows(run)],
        baseline=runs[0].manifest["baseline"],
    )


def headline_of(summaries: Sequence[Summary]) -> str:
    """Choose the method the verdict is spoken by: the first all runs have that can mostly be read."""
    shared = [method for method in _HEADLINE if all(method in one.methods for one in summaries)]
    for method in shared:
        unread = max(one.methods[method].overall.unparsed.estimate for one in summaries)
        if unread <= 1 - _READABLE:
            return method
    return shared[0] if shared else next(iter(summaries[0].methods), "generate")


def _has_answers(summaries: Sequence[Summary]) -> bool:
    return any(one.overall.accuracy for summary in summaries for one in summary.methods.values())


def _verdict(summary: Summary, headline: str, suite: str) -> str:
    one = summary.methods.get(headline)
    items = one.overall.items if one else 0
    if one is None or one.overall.accuracy is None:
        return m.VERDICT_NO_RIGHT(model=summary.model, suite=suite, items=items)
    accuracy = one.overall.accuracy
    values = {"value": share(accuracy.estimate), "low": share(accuracy.low), "high": share(accuracy.high)}
    if one.chance is None:
        return m.VERDICT_OPEN(model=summary.model, suite=suite, items=items, **values)
    blind = (summary.baseline or {}).get("accuracy")
    against = m.LIKE_CHANCE
    if accuracy.low > one.chance:
        against = m.ABOVE_CHANCE
        if blind is not None:
            against = m.ABOVE_BASELINE if accuracy.low > blind else m.UNDER_BASELINE
    elif accuracy.high < one.chance:
        against = m.BELOW_CHANCE
    return m.VERDICT_ACCURACY(
        model=summary.model,
        suite=suite,
        items=items,
        method=METHOD_NAMES[headline](),
        against=against(chance=share(one.chance), baseline=share(blind)),
        **values,
    )


def _whole(comparison: Comparison, method: str) -> Change | None:
    return next((c for c in comparison.changes if c.method == method and not c.group), None)


def _change_verdict(comparison: Comparison, method: str) -> str:
    change = _whole(comparison, method)
    assert change is not None
    found = detectable_points(change)
    text = m.VERDICT_NO_EVIDENCE if change.p_adjusted >= ALPHA else m.VERDICT_CHANGE
    return text(
        before=comparison.before,
        after=comparison.after,
        method=METHOD_NAMES[method](),
        verdict=VERDICT_NAMES[change.verdict](),
        points=f"{100 * change.difference.estimate:+.1f}",
        low=f"{100 * change.difference.low:+.1f}",
        high=f"{100 * change.difference.high:+.1f}",
        p=p_statement(change.p_adjusted),
        detectable=m.DETECTABLE(points=found) if found else m.NOTHING_DETECTABLE(),
    )


def _warnings(run: Run, summary: Summary) -> list[str]:
    found = []
    if not run.complete:
        found.append(m.PARTIAL(records=summary.records, planned=summary.planned))
    if run.manifest["identity"]["limit"]:
        found.append(m.LIMITED(n=run.manifest["identity"]["limit"]))
    failed = sum(record["outcome"] == "error" for record in run.records)
    if failed:
        found.append(m.FAILED(n=failed))
    return found + [text for one in summary.methods.values() for text in _method_warnings(one)]


def _is_embedded(run: Run) -> bool:
    return bool(run.manifest["model"]["reference"] == "embedded")


def _method_warnings(one: MethodSummary) -> list[str]:
    found = []
    first, fair, name = one.first_position, one.expected_first, METHOD_NAMES[one.method]()
    if first is not None and fair is not None and (first.low > fair + 0.1 or first.high < fair - 0.1):
        found.append(m.POSITION_WARNING(method=name, value=share(first.estimate), expected=share(fair)))
    if one.overall.unparsed.estimate > 1 - _READABLE:
        found.append(m.UNPARSED_WARNING(method=name, value=share(one.overall.unparsed.estimate)))
    return found


def _profile_chart(summaries: Sequence[Summary], headline: str, named: Callable[[str], str]) -> Markup | None:
    points_shown: list[Point] = []
    chance = None
    for summary in summaries:
        one = summary.methods.get(headline)
        if one is None:
            continue
        chance = one.chance if chance is None else chance
        for group, rates in one.by_group.items():
            accuracy = rates.accuracy
            if accuracy is not None and math.isfinite(accuracy.estimate):
                label = named(group)
                points_shown.append(
                    Point(label, summary.model, accuracy.estimate, accuracy.low, accuracy.high)
                )
    if len({point.label for point in points_shown}) < 2:
        return None
    caption = m.PROFILE_CAPTION if chance is not None else m.PROFILE_CAPTION_OPEN
    title = caption(method=METHOD_NAMES[headline]())
    return dot_plot(points_shown, title=title, axis=m.AXIS_SHARE(), reference=chance)


def _leaning_chart(runs: Sequence[Run], headline: str) -> Markup | None:
    """Draw which values a model served where two met."""
    if runs[0].manifest["suite"]["kind"] != "dilemma":
        return None
    shown: list[Point] = []
    named = _names(runs)
    for run in runs:
        asked = [r for r in run.records if r["method"] == headline and r["variant"] == run.wording]
        ranking = rank_values(asked)
        if ranking is not None:
            shown += [
                Point(named(value), run.name, strength.estimate, strength.low, strength.high)
                for value, strength in zip(ranking.values, ranking.strengths, strict=True)
            ]
    if not shown:
        return None
    title = m.DILEMMAS_CAPTION(method=METHOD_NAMES[headline]())
    return dot_plot(shown, title=title, axis=m.AXIS_STRENGTH(), reference=0.0, percent=False)


def _names(runs: Sequence[Run]) -> Callable[[str], str]:
    return group_names(data for run in runs for data in run.manifest["frameworks"].values())


def _frameworks(runs: Sequence[Run]) -> list[Any]:
    """List the frameworks of the runs, as they were declared when the run was made."""
    declared = {name: data for run in runs for name, data in run.manifest["frameworks"].items()}
    return [_Declared(data) for data in declared.values()]


class _Declared:
    """What a manifest keeps of a framework."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.id = data["id"]
        for name in ("title", "declared_by", "source", "definitions_by", "limits"):
            setattr(self, name, Text.model_validate(data[name]))


def share(value: float | None) -> str:
    """Write a share as a percentage; a dash where there is none."""
    return f"{100 * value:.1f}%" if value is not None and math.isfinite(value) else "–"


def with_interval(interval: Interval | None) -> Markup:
    """Write a share with its interval in smaller type."""
    if interval is None or not math.isfinite(interval.estimate):
        return Markup("–")
    limits = f"[{100 * interval.low:.1f}, {100 * interval.high:.1f}]"
    return Markup("{} <span class='interval'>{}</span>").format(share(interval.estimate), limits)


def points(interval: Interval) -> Markup:
    """Write a difference in percentage points with its interval."""
    if not math.isfinite(interval.estimate):
        return Markup("–")
    limits = f"[{100 * interval.low:+.1f}, {100 * interval.high:+.1f}]"
    return Markup("{} <span class='interval'>{}</span>").format(f"{100 * interval.estimate:+.1f}", limits)


def _join(texts: Any) -> str:
    separator = Message("、", ", ")()
    return separator.join(texts)

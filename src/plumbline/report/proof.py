"""The proof page: what got worse, what got better, everything in one table, and how it was found."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from markupsafe import Markup

from plumbline.frameworks import Text
from plumbline.language import Language, Message, use_language
from plumbline.measure.dilemmas import rank_values
from plumbline.measure.labels import METHOD_NAMES, TOO_FEW, group_name, p_value
from plumbline.measure.run import Run
from plumbline.measure.summary import summarise
from plumbline.prove import messages as m
from plumbline.prove.card import command_of
from plumbline.prove.findings import FAMILIES, Finding
from plumbline.prove.messages import FAMILY_NAMES, PART_NAMES, QUANTITIES, VERDICTS
from plumbline.prove.proof import Proof
from plumbline.prove.text import TEXTS
from plumbline.report import grades_messages
from plumbline.report import messages as shared
from plumbline.report.charts import Point, dot_plot
from plumbline.report.graded import graded_rows, score
from plumbline.report.page import write_page
from plumbline.report.report import headline_of
from plumbline.report.training import training
from plumbline.stats import Interval

_NAMED = 6  # quantities named in a headline, the largest changes first


def write_proof(proof: Proof, path: str | Path, *, language: Language = "en") -> Path:
    """Write one self-contained HTML page about a proof.

    Args:
        proof: What `prove_models` or `load_proof` gave.
        path: The HTML file.
        language: `zh` or `en`.
    """
    with use_language(language):
        first, *others = proof.facts["models"]
        suites = [run.manifest["suite"] for run in proof.runs[first]]
        return write_page(
            path,
            "proof.html.j2",
            language,
            page=SimpleNamespace(**{**_messages(shared), **_messages(m)}),
            title=m.TITLE(before=first, after=" / ".join(others)),
            lead=m.LEAD(date=proof.facts["created"][:10], n=len(proof.findings[others[0]])),
            headlines=[text for name in others for text in headlines(name, proof.findings[name])],
            warnings=list(_warnings(proof)),
            tables=[(name, _families(proof.findings[name])) for name in others],
            family_names=FAMILY_NAMES,
            label=label,
            scope=scope,
            value=value_text,
            detectable=detectable_text,
            change=change,
            verdicts=VERDICTS,
            contamination=list(_contamination(proof)),
            trainings=[one for name in proof.facts["after"] if (one := training(name))],
            profiles=[
                chart for runs in zip(*proof.runs.values(), strict=True) if (chart := _profile(runs, suites))
            ],
            leaning=_leaning(proof),
            groups=[tested for name in others if (tested := _groups(name, proof.findings[name]))],
            seen=[one for name in others if (one := _seen(proof, name))],
            graded=[row for runs in proof.runs.values() for run in runs for row in graded_rows(run)],
            grades=grades_messages,
            p_value=p_value,
            score=score,
            frameworks=_frameworks(proof.runs[first]),
            suites=suites,
            facts=proof.facts,
            command=command_of(proof.facts),
        )


def _messages(module: ModuleType) -> dict[str, Message]:
    return {name: value for name, value in vars(module).items() if isinstance(value, Message)}


def headlines(name: str, findings: Sequence[Finding]) -> Iterator[str]:
    """Say what a reader must know first: losses before gains, and honestly when nothing was found."""
    whole = [one for one in findings if one.family != "group"]
    groups = [one for one in findings if one.family == "group"]
    worse, better, changed = (_of(verdict, whole) for verdict in ("worse", "better", "changed"))
    if not (worse or better or changed):
        yield m.NOTHING(after=name, n=len(whole))
    if worse:
        side = sum(one.family == "side" for one in worse)
        yield m.WORSE(after=name, n=len(worse), side=side, names=_named(worse))
    if groups_worse := _of("worse", groups):
        yield m.GROUPS_WORSE(after=name, n=len(groups_worse), names=_named(groups_worse))
    if better:
        yield m.BETTER(after=name, n=len(better), names=_named(better))
    if groups_better := _of("better", groups):
        yield m.GROUPS_BETTER(after=name, n=len(groups_better), names=_named(groups_better))
    if (worse or better or changed) and not any(one.family == "aim" and one.suite for one in better):
        yield m.NO_GAIN(after=name)
    for family, text in (("leaning", m.CHANGED), ("seen", m.SEEN_CHANGED)):
        if moved := [one for one in changed if one.family == family]:
            yield text(after=name, n=len(moved), names=_named(moved, _value, lambda one: one.suite))


def _of(verdict: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return those of a verdict: side effects first, then what is surest and largest."""
    return sorted(
        (one for one in findings if one.verdict == verdict),
        key=lambda one: (one.family != "side", one.p_adjusted, -abs(one.difference.estimate)),
    )


def label(finding: Finding) -> str:
    """Name a quantity; one that speaks of a value or group, by that too."""
    name = QUANTITIES[finding.name]()
    whose = finding.family in ("leaning", "seen", "group")
    return (
        Message("{name}：{part}", "{name}: {part}")(name=name, part=group_name(finding.part))
        if whose
        else name
    )


def scope(finding: Finding) -> str:
    """Say where a quantity comes from: suite, way of asking, language."""
    part = PART_NAMES[finding.part]() if finding.part in PART_NAMES else ""
    method = METHOD_NAMES[finding.method]() if finding.method in METHOD_NAMES else finding.method
    method = m.EVALUATOR(name=method) if finding.family == "seen" else method
    suite = "" if finding.suite == TEXTS else finding.suite
    return " · ".join(one for one in (suite, method, part) if one)


def value_text(finding: Finding, number: float) -> str:
    """Write a share as a percentage, nats as they are."""
    if not math.isfinite(number):
        return "–"
    return f"{100 * number:.1f}%" if finding.unit == "share" else f"{number:.3f}"


def detectable_text(finding: Finding) -> str:
    """Write the smallest change the items would show; a share cannot move further than it has room for."""
    if finding.unit == "share" and finding.detectable > max(finding.before, 1 - finding.before):
        return TOO_FEW()
    return value_text(finding, finding.detectable).removesuffix("%")


def change(finding: Finding) -> Markup:
    """Write a change with its interval: points of a share, or nats per character."""
    factor, digits = (100, 1) if finding.unit == "share" else (1, 3)
    numbers = [
        x * factor for x in (finding.difference.estimate, finding.difference.low, finding.difference.high)
    ]
    if not math.isfinite(numbers[0]):
        return Markup("–")
    estimate, low, high = (f"{x:+.{digits}f}" if math.isfinite(x) else "–" for x in numbers)
    return Markup("{} <span class='interval'>[{}, {}]</span>").format(estimate, low, high)


def _value(finding: Finding) -> str:
    return group_name(finding.part)


def _named(
    findings: Sequence[Finding],
    called: Callable[[Finding], str] = label,
    where: Callable[[Finding], str] = scope,
) -> str:
    names = [
        f"{called(one)}{_brackets(where(one))} {change(one).striptags().partition(' ')[0]}"
        for one in findings[:_NAMED]
    ]
    return Message("、", ", ")().join(names) + (" …" if len(findings) > _NAMED else "")


def _brackets(text: str) -> str:
    return Message("（{text}）", " ({text})")(text=text) if text else ""


def _families(findings: Sequence[Finding]) -> list[tuple[str, list[Finding]]]:
    shown = [family for family in FAMILIES if family not in ("seen", "group")]
    grouped = [(family, [one for one in findings if one.family == family]) for family in shown]
    return [(family, members) for family, members in grouped if members]


def _groups(name: str, findings: Sequence[Finding]) -> tuple[str, list[Finding]] | None:
    """Say how the tests of single groups came out, and return them, those that hold first."""
    members = sorted((one for one in findings if one.family == "group"), key=lambda one: one.p_adjusted)
    if not members:
        return None
    counts = {verdict: sum(one.verdict == verdict for one in members) for verdict in ("better", "worse")}
    return m.GROUPS_TESTED(after=name, n=len(members), **counts), members


def _seen(proof: Proof, name: str) -> dict[str, Any] | None:
    """Draw what an evaluator sees, with what is to be said of the evaluator."""
    facts = proof.facts["seen"].get(name)
    if facts is None:
        return None
    members = [one for one in proof.findings[name] if one.family == "seen"]
    notes = [m.SEEN_TEXT(evaluator=facts["evaluator"], questions=facts["questions"])]
    notes += [m.SEEN_DEMONSTRATION()] if facts["demonstration"] else []
    notes += [m.SEEN_FAR()] if facts["far"] else []
    points = [
        Point(group_name(one.part), one.suite, *(100 * x for x in _ends(one.difference))) for one in members
    ]
    caption = f"{name}: {m.SEEN_CAPTION()}"
    chart = dot_plot(points, title=caption, axis=m.AXIS_CHANGE(), reference=0.0, percent=False)
    return {"notes": notes, "caption": caption, "chart": chart, "findings": members}


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.estimate, interval.low, interval.high


def _warnings(proof: Proof) -> Iterator[str]:
    if proof.facts["before"] == "embedded":
        yield m.EMBEDDED()
    if proof.facts["limit"]:
        yield m.LIMITED(n=proof.facts["limit"])
    if not proof.facts["checked_data"]:
        yield m.UNCHECKED()


def _contamination(proof: Proof) -> Iterator[str]:
    found = proof.facts["contaminated"]
    if proof.facts["checked_data"] and not found:
        yield m.CONTAMINATION_NONE(data=", ".join(proof.facts["data"]))
    for suite, items in found.items():
        shown = ", ".join(items[:12]) + (" …" if len(items) > 12 else "")
        yield m.CONTAMINATION_SOME(suite=suite, n=len(items), items=shown)


def _profile(runs: tuple[Run, ...], suites: Sequence[dict[str, Any]]) -> tuple[str, Markup] | None:
    summaries = [summarise(run) for run in runs]
    method = headline_of(summaries)
    points = [
        Point(
            group_name(group), summary.model, rates.accuracy.estimate, rates.accuracy.low, rates.accuracy.high
        )
        for summary in summaries
        if method in summary.methods
        for group, rates in summary.methods[method].by_group.items()
        if rates.accuracy is not None and math.isfinite(rates.accuracy.estimate)
    ]
    if len({point.label for point in points}) < 2:
        return None
    suite = Text.model_validate(runs[0].manifest["suite"]["title"])()
    chance = summaries[0].methods[method].chance
    text = m.PROFILE_CAPTION if chance is not None else m.PROFILE_CAPTION_OPEN
    caption = text(suite=suite, method=METHOD_NAMES[method]())
    return caption, dot_plot(points, title=caption, axis=m.AXIS_SHARE(), reference=chance)


def _leaning(proof: Proof) -> tuple[str, Markup] | None:
    methods = {one.method for found in proof.findings.values() for one in found if one.family == "leaning"}
    if not methods:
        return None
    method, points = methods.pop(), []
    for name, runs in proof.runs.items():
        asked = [r for run in runs for r in run.records if r["kind"] == "dilemma" and r["method"] == method]
        ranking = rank_values([record for record in asked if record["variant"] == "original"])
        if ranking is not None:
            points += [
                Point(group_name(value), name, strength.estimate, strength.low, strength.high)
                for value, strength in zip(ranking.values, ranking.strengths, strict=True)
            ]
    if not points:
        return None
    caption = m.DILEMMAS_CAPTION(method=METHOD_NAMES[method]())
    return caption, dot_plot(points, title=caption, axis=m.AXIS_STRENGTH(), reference=0.0, percent=False)


def _frameworks(runs: Sequence[Run]) -> list[dict[str, Any]]:
    declared = {name: data for run in runs for name, data in run.manifest["frameworks"].items()}
    fields = ("title", "declared_by", "source", "limits")
    return [{field: Text.model_validate(data[field])() for field in fields} for data in declared.values()]

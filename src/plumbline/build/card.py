"""The data card: what is in a data set, where from, under which terms, and what to mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from plumbline.build import card_messages as m
from plumbline.build.charts import draw_composition
from plumbline.build.dataset import DataSet
from plumbline.build.facts import Facts, gather
from plumbline.build.messages import reason
from plumbline.files import atomic_write
from plumbline.frameworks import load_framework
from plumbline.language import LANGUAGES, current_language, use_language

_MOST_LINES = 20


def write_card(data: DataSet) -> list[Path]:
    """Write `card.md` (English), `card.zh.md` and the chart of each into the data set's folder.

    Returns:
        The files written.
    """
    facts = gather(data)
    written: list[Path] = []
    for language in LANGUAGES:
        card = data.folder / ("card.md" if language == "en" else f"card.{language}.md")
        with use_language(language):
            texts = {data.folder / chart_name(): draw_composition(facts), card: card_text(data, facts)}
        for path, text in texts.items():
            with atomic_write(path) as handle:
                handle.write(text)
            written.append(path)
    return written


def chart_name() -> str:
    """Return the file name of the chart in the language in force."""
    language = current_language()
    return "composition.svg" if language == "en" else f"composition.{language}.svg"


def card_text(data: DataSet, facts: Facts | None = None) -> str:
    """Return the card in the language in force, as Markdown."""
    facts = facts or gather(data)
    recipe = data.manifest["recipe"]
    framework = load_framework(recipe.get("framework", "core-socialist-values"))
    sections = [
        f"# {m.TITLE(title=recipe.get('title') or data.name)}",
        recipe.get("description", ""),
        m.INTRODUCTION(
            name=data.name, rows=facts.rows, framework=framework.title(), declared=framework.declared_by()
        ),
        f"## {m.COMPOSITION()}\n\n![{m.CHART()}]({chart_name()})",
        *(_counts(facts, name) for name in ("split", "source", "categorization", "values", "language")),
        f"## {m.LICENCES()}",
        m.WHOLE(licence=recipe.get("licence") or m.UNSAID()),
        _counts(facts, "licence"),
        "\n".join(_conflicts(facts)),
        f"## {m.HOW()}",
        "\n".join(_stages(facts)),
        f"## {m.REJECTED()}",
        _found(facts),
        "\n".join(_rejected(facts)),
        f"## {m.SCORES()}",
        "\n".join(_scores(facts)),
        f"## {m.REVIEW()}",
        _review(data, facts),
        f"## {m.MODELS()}",
        "\n".join(_models(facts)),
        f"## {m.LIMITS()}",
        "\n".join(f"- {line()}" for line in m.LIMIT_LINES),
        f"## {m.RISKS()}",
        "\n".join(f"- {line()}" for line in m.RISK_LINES),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _counts(facts: Facts, name: str) -> str:
    counted = facts.by[name]
    if not counted or set(counted) == {""}:
        return ""
    lines = [f"| {m.BY[name]()} | {m.ROWS()} | {m.SHARE()} |", "|---|--:|--:|"]
    for value, rows in counted.most_common(_MOST_LINES):
        lines.append(f"| {value or m.UNSAID()} | {rows} | {rows / max(facts.rows, 1):.1%} |")
    return "\n".join(lines)


def _conflicts(facts: Facts) -> Iterator[str]:
    for one in facts.conflicts:
        licence = one.licence or m.UNSAID()
        yield "- " + m.CONFLICT(rows=one.rows, licence=licence, trouble=m.TROUBLES[one.trouble]())
    if not facts.conflicts:
        yield m.NO_CONFLICT()
    yield f"\n{m.NOT_ADVICE()}"


def _stages(facts: Facts) -> Iterator[str]:
    yield m.STEP_HEAD()
    yield "|---|---|--:|--:|--:|--:|"
    for stage in facts.stages:
        numbers = " | ".join(str(stage[name]) for name in ("arrived", "made", "kept", "rejected"))
        yield f"| {stage['step']} | {stage['source']} | {numbers} |"


def _found(facts: Facts) -> str:
    by_reason: Counter[str] = Counter()
    for (_, code), rows in facts.reasons.items():
        by_reason[code] += rows
    items = by_reason["test-item-in-question"] + by_reason["test-item-in-answer"]
    return m.DUPLICATES(exact=by_reason["repeats"], near=by_reason["nearly-repeats"], items=items)


def _rejected(facts: Facts) -> Iterator[str]:
    if not facts.reasons:
        yield m.NOTHING_REJECTED()
        return
    yield m.REJECTED_HEAD()
    yield "|---|---|--:|"
    for (step, code), rows in sorted(facts.reasons.items()):
        yield f"| {step} | {reason(code)} | {rows} |"


def _scores(facts: Facts) -> Iterator[str]:
    if facts.scores:
        yield m.SCORE_HEAD()
        yield "|---|--:|"
        for name, mean in facts.scores.items():
            yield f"| {name} | {mean:.3f} |"
        yield ""
    yield m.IFD(values=", ".join(f"{value:.3f}" for value in facts.ifd)) if len(facts.ifd) else m.NO_IFD()


def _review(data: DataSet, facts: Facts) -> str:
    states = facts.by["review"]
    if not any(states[state] for state in ("accepted", "edited", "queued")):
        return m.UNREVIEWED()
    text = m.REVIEWED(accepted=states["accepted"], edited=states["edited"], queued=states["queued"])
    agreement = data.manifest.get("agreement")
    return f"{text} {m.AGREEMENT(**agreement)}" if agreement else text


def _models(facts: Facts) -> Iterator[str]:
    if not facts.models:
        yield m.NO_MODELS()
        return
    yield m.MODEL_HEAD()
    yield "|---|--:|--:|--:|--:|"
    for model, told in facts.models.items():
        numbers = (told["calls"], told["input_tokens"], told["output_tokens"], told["cost"])
        yield f"| {model} | {' | '.join(str(number) for number in numbers)} |"

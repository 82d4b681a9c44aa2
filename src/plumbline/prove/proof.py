"""`prove_models`: measure a model before and after with the same questions, and say what changed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from plumbline.errors import InputError, RunError
from plumbline.files import write_json
from plumbline.graders.evaluator import load_evaluator
from plumbline.measure import Run, load_run, measure_model
from plumbline.measure.presentations import Variant
from plumbline.measure.records import METHODS, Method
from plumbline.models import Generation, Model, load_model
from plumbline.prove import messages as m
from plumbline.prove.contamination import contaminated_items, trained_on
from plumbline.prove.findings import Family, Finding, Paired, find
from plumbline.prove.quantities import quantities_of
from plumbline.prove.seen import seen_values
from plumbline.prove.tasks import TaskScores, task_quantities, task_scores
from plumbline.prove.text import (
    GENERAL,
    answer_quantity,
    answer_surprise,
    held_out_answers,
    read_general,
    surprise,
    text_quantities,
)
from plumbline.stats import Interval

SUITES = ("plumb-choice", "plumb-honesty", "plumb-overrefusal", "plumb-dilemma", "plumb-open")
# Ways of asking that a kind of item allows; asked for others, a suite is asked by all of its own.
_ABLE: dict[str, Sequence[Method]] = {
    "choice": METHODS,
    "dilemma": ("generate", "label"),
    "statement": ("generate", "label"),
    "open": ("generate",),
}
SIDE = ("plumb-honesty", "plumb-overrefusal")


@dataclass(frozen=True)
class Proof:
    """What a tuning did, read from its folder.

    Attributes:
        folder: Holds `proof.json` and `runs/`.
        facts: Models, data, suites, contamination, settings.
        findings: By name of the later model, in the order they were given.
        runs: By name of the model, a run a suite.
    """

    folder: Path
    facts: dict[str, Any]
    findings: dict[str, list[Finding]]
    runs: dict[str, list[Run]]


def prove_models(
    before: str,
    after: str | Sequence[str],
    out: str | Path,
    *,
    data: Sequence[str | Path] = (),
    suites: Sequence[str] = SUITES,
    side: Sequence[str] = SIDE,
    methods: Sequence[Method] | None = None,
    variants: Sequence[Variant] = ("original", "paraphrase", "en"),
    generation: Generation | None = None,
    text: str | Path = GENERAL,
    evaluator: str | Path | None = "embedded",
    tasks: Sequence[str] = (),
    limit: int | None = None,
    names: dict[str, str] | None = None,
    seed: int = 0,
    show_progress: bool = False,
    **model_options: Any,
) -> Proof:
    """Measure models on the same suites, presentations and seeds, compare each with the first, and keep it
    all.

    Interrupted, it goes on where it stopped. `plumbline.report.write_proof` makes the page of it and
    `plumbline.prove.card.write_model_card` the card.

    Args:
        before: Reference of the model as it was.
        after: References of the tuned model and of any others to set beside it.
        out: The proof's folder.
        data: What was trained on; items found in it are named and every number is given without them too. By
            default what the later models' training records name, where it is still there.
        suites: Ids or paths of suites.
        side: Those among them that stand for side effects.
        methods: Ways of asking, where a suite allows them; all by default.
        variants: Wordings; paraphrase and English give consistency.
        generation: Length and sampling of replies.
        text: General text for surprise (perplexity): a file with a column `text`.
        evaluator: Reads the replies to open questions for the value profile: a folder, `embedded` for the
            demonstration one, or None.
        tasks: Tasks of lm-eval (CMMLU, C-Eval ...), as side effects; the model must run here.
        limit: Only the first items of each suite and task, for a trial.
        names: Reference -> what to call the model.
        seed: Of the bootstrap.
        show_progress: Show progress on standard error.
        **model_options: Passed to `load_model`.

    Raises:
        InputError: Before and after are one model, or a suite, text or data cannot be used.
    """
    later = [after] if isinstance(after, str) else list(after)
    if not later or before in later:
        raise InputError(m.SAME_MODEL(), where=before, mend=m.GIVE_AFTER())
    called = [(names or {}).get(reference, reference) for reference in (before, *later)]
    if len(set(called)) < len(called):
        twice = next(name for name in called if called.count(name) > 1)
        raise InputError(m.SAME_NAME(name=twice), mend=m.GIVE_NAMES())
    folder = Path(out)
    data = list(data) or trained_on(later)
    reader = None if evaluator is None else load_evaluator(evaluator)
    texts, answers = read_general(text), held_out_answers(data)
    shared = {"generation": generation, "variants": variants, "limit": limit, "show_progress": show_progress}
    surprises: dict[str, dict[str, Any]] = {}
    scores: dict[str, TaskScores] = {}
    runs: dict[str, list[Run]] = {}
    for number, (reference, name) in enumerate(zip((before, *later), called, strict=True)):
        model = load_model(reference, **model_options)
        runs[name] = _measured(model, name, suites, methods, folder / "runs" / f"{number}", shared)
        surprises[name] = {"general": surprise(model, texts), "answers": answer_surprise(model, answers)}
        scores[name] = task_scores(model, tasks, limit=limit)
    first, *others = runs
    overlap = contaminated_items(data, suites, texts, scores[first])
    seen = {name: reader and seen_values(runs[first], runs[name], reader) for name in others}
    findings = {
        name: find(
            [
                *_suite_quantities(runs[first], runs[name], side),
                *_surprise_quantities(texts, surprises[first], surprises[name]),
                *task_quantities(scores[first], scores[name]),
                *(profile.quantities if (profile := seen[name]) else ()),
            ],
            {suite: set(items) for suite, items in overlap.items()},
            seed=seed,
        )
        for name in others
    }
    facts = _facts(before, later, list(runs), data, suites, overlap, len(texts), len(answers))
    facts |= {
        "limit": limit,
        "methods": list(methods or ()),
        "tasks": list(tasks),
        "evaluator": None if evaluator is None else str(evaluator),
        "seen": {name: profile.facts for name, profile in seen.items() if profile},
        "max_tokens": (generation or Generation()).max_tokens,
    }
    write_json(
        folder / "proof.json",
        {**facts, "findings": {name: [one.to_json() for one in found] for name, found in findings.items()}},
    )
    return Proof(folder, facts, findings, runs)


def load_proof(folder: str | Path) -> Proof:
    """Read a proof back.

    Raises:
        RunError: The folder holds none.
    """
    path = Path(folder)
    try:
        data = json.loads((path / "proof.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(m.NO_PROOF(), where=str(path), mend=m.PROVE_FIRST()) from error
    findings = {name: [_finding(one) for one in found] for name, found in data.pop("findings").items()}
    runs = {
        name: [load_run(path / "runs" / f"{number}" / suite) for suite in data["run_folders"]]
        for number, name in enumerate(data["models"])
    }
    return Proof(path, data, findings, runs)


def _finding(data: dict[str, Any]) -> Finding:
    clean = _finding(data["clean"]) if data["clean"] else None
    return Finding(**{**data, "difference": Interval(*data["difference"].values()), "clean": clean})


def _measured(
    model: Model,
    name: str,
    suites: Sequence[str],
    methods: Sequence[Method] | None,
    folder: Path,
    shared: dict[str, Any],
) -> list[Run]:
    from plumbline.suites import load_suite

    runs = []
    for reference in suites:
        suite = load_suite(reference)
        able = _ABLE[suite.manifest.kind]
        chosen = None if methods is None else [one for one in methods if one in able] or None
        runs.append(measure_model(model, suite, folder / suite.id, methods=chosen, name=name, **shared))
    return runs


def _suite_quantities(before: Sequence[Run], after: Sequence[Run], side: Sequence[str]) -> list[Paired]:
    found: list[Paired] = []
    for first, second in zip(before, after, strict=True):
        suite = first.manifest["suite"]
        family: Family = "side" if {suite["id"], suite["reference"]} & set(side) else "aim"
        found += quantities_of(first, second, family)
    return found


def _surprise_quantities(
    texts: Sequence[tuple[str, str]], before: dict[str, Any], after: dict[str, Any]
) -> list[Paired]:
    found: list[Paired] = []
    if before["general"] is not None and after["general"] is not None:
        found += text_quantities(texts, before["general"], after["general"])
    if before["answers"] and after["answers"]:
        found.append(answer_quantity(before["answers"], after["answers"]))
    return found


def _facts(
    before: str,
    after: Sequence[str],
    models: Sequence[str],
    data: Sequence[str | Path],
    suites: Sequence[str],
    overlap: dict[str, list[str]],
    texts: int,
    answers: int,
) -> dict[str, Any]:
    from plumbline.suites import load_suite

    return {
        "plumbline": version("plumbline"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "before": before,
        "after": list(after),
        "models": list(models),
        "data": [str(path) for path in data],
        "suites": list(suites),
        "run_folders": [load_suite(suite).id for suite in suites],
        "contaminated": overlap,
        "checked_data": bool(data),
        "texts": texts,
        "held_out_answers": answers,
    }

"""What the judgements of a project come to: scores, agreement, steadiness of reviewers, progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import text
from sqlmodel import Session, select

from plumbline.review.judgements import Judged, load_judged
from plumbline.review.projects import protocol_of
from plumbline.review.protocol import Checks, Choice, Edit, Question, Rewrite, Scale, Text
from plumbline.review.scores import model_scores, ranking, resamples_for
from plumbline.review.tables import Account, Membership, Project
from plumbline.stats import (
    Interval,
    cohen_kappa_interval,
    fleiss_kappa,
    krippendorff_alpha_interval,
    percent_agreement,
    proportion_interval,
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a project is."""

    items: int
    finished: int
    judgements: int
    wanted: int
    disputed: int
    settled: int


def progress(session: Session, project: Project) -> Progress:
    """Return how far a project is, from running counts; a handful of rows whatever its size."""
    members = session.exec(select(Membership).where(Membership.project_id == project.id)).all()
    counts = text(
        "SELECT count(*) FROM item WHERE project_id = :project AND dispute > 0 AND settled = 0"
    ).bindparams(project=project.id)
    settled = text("SELECT count(DISTINCT item_id) FROM settlement WHERE project_id = :project")
    return Progress(
        items=project.items,
        finished=sum(member.finished for member in members),
        judgements=sum(member.done - member.checks for member in members),
        wanted=project.items * project.overlap,
        disputed=int(session.connection().execute(counts).scalar() or 0),
        settled=int(session.connection().execute(settled.bindparams(project=project.id)).scalar() or 0),
    )


def review_results(session: Session, project: Project) -> dict[str, Any]:
    """Work out everything for a project, ready for JSON.

    Time and memory grow with the number of judgements; pages show a stored copy (see `snapshots`).
    """
    protocol = protocol_of(project)
    judged = load_judged(session, project)
    # Between two replies, how often one was picked is its win rate, which the ranking tells.
    pairs = all(len(models) == 2 for models in judged.models.values())
    return {
        "project": project.name,
        "protocol": protocol.id,
        "title": protocol.title.model_dump(),
        "progress": _plain(progress(session, project)),
        "models": [row for row in model_scores(protocol, judged) if not (row["pick"] and pairs)],
        "ranking": ranking(protocol, judged),
        "questions": [one for question in protocol.questions for one in _question(question, judged)],
        "reviewers": reviewers(session, project),
    }


def _question(question: Question, judged: Judged) -> list[dict[str, Any]]:
    if isinstance(question, Text | Rewrite | Edit):
        return []
    given = [(unit, who, value) for unit, who, value in judged.values(question)]
    if not given:
        return []
    entry: dict[str, Any] = {
        "question": question.id, "kind": question.kind, "label": question.label.model_dump(),
        "judgements": len(given), "answers": _distribution(question, [value for _, _, value in given]),
    }  # fmt: skip
    if not isinstance(question, Checks):
        entry["agreement"] = _agreement(question, given)
    return [entry]


def _distribution(question: Question, values: list[Any]) -> list[dict[str, Any]]:
    """Shares of each answer; of picks only the kinds, as a reply's number means nothing across items."""
    if isinstance(question, Choice | Checks):
        options = [(one.value, one.label.model_dump()) for one in question.options]
        chosen = [set(value) if isinstance(value, list) else {value} for value in values]
        return [
            {"answer": name, "label": label, "count": sum(name in one for one in chosen), "of": len(values)}
            for name, label in options
        ]
    if isinstance(question, Scale):
        names = range(question.low, question.high + 1)
        return [{"answer": str(name), "count": values.count(name), "of": len(values)} for name in names]
    kinds = ["reply" if isinstance(value, int) else value for value in values]
    return [
        {"answer": kind, "count": kinds.count(kind), "of": len(kinds)} for kind in ("reply", "tie", "none")
    ]


def _agreement(question: Question, given: list[tuple[Any, int, Any]]) -> dict[str, Any]:
    """Krippendorff's alpha with interval; Cohen's kappa for two reviewers, Fleiss' for a constant number."""
    units = {unit: column for column, unit in enumerate(dict.fromkeys(unit for unit, _, _ in given))}
    raters = {who: row for row, who in enumerate(sorted({who for _, who, _ in given}))}
    codes = _codes(question, given)
    ratings = np.full((len(raters), len(units)), np.nan)
    for unit, who, value in given:
        ratings[raters[who], units[unit]] = codes[value]
    level = _level(question)
    several = (~np.isnan(ratings)).sum(axis=0) >= 2
    found: dict[str, Any] = {
        "level": level, "units": int(several.sum()), "reviewers": len(raters),
        "alpha": interval(krippendorff_alpha_interval(ratings, level, resamples=resamples_for(len(given)))),
        "share": _finite(percent_agreement(ratings)),
        "cohen": None, "fleiss": None,
    }  # fmt: skip
    both = ~np.isnan(ratings).any(axis=0)
    if len(raters) == 2 and both.any():
        found["cohen"] = interval(
            cohen_kappa_interval(ratings[0, both], ratings[1, both], resamples=resamples_for(len(given)))
        )
    counts = _counts(ratings[:, several])
    if several.any() and len(raters) > 2 and len(set(counts.sum(axis=1))) == 1:
        found["fleiss"] = _finite(fleiss_kappa(counts))
    return found


def _level(question: Question) -> Any:
    if isinstance(question, Scale):
        return "interval"
    return "ordinal" if isinstance(question, Choice) and question.ordered else "nominal"


def _codes(question: Question, given: list[tuple[Any, int, Any]]) -> dict[Any, float]:
    if isinstance(question, Choice):
        return {option.value: float(place) for place, option in enumerate(question.options)}
    if isinstance(question, Scale):
        return {point: float(point) for point in range(question.low, question.high + 1)}
    words = [value for _, _, value in given]
    return {value: float(value) if isinstance(value, int) else -1.0 - len(value) for value in set(words)}


def _counts(ratings: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    values = np.unique(ratings[~np.isnan(ratings)])
    return (
        np.stack([(ratings == value).sum(axis=0) for value in values], axis=1)
        if len(values)
        else np.zeros((0, 0))
    )


def reviewers(session: Session, project: Project) -> list[dict[str, Any]]:
    """Return what each reviewer did, how fast and how steadily, from running counts."""
    checks = text(
        "SELECT account_id, purpose, count(*), sum(right_answer) FROM assignment WHERE project_id = :project "
        "AND purpose <> 'normal' AND state = 'done' GROUP BY account_id, purpose"
    ).bindparams(project=project.id)
    marks = {
        (who, purpose): (n, int(right or 0))
        for who, purpose, n, right in session.connection().execute(checks)
    }
    query = select(Membership, Account).where(
        Membership.project_id == project.id, Account.id == Membership.account_id
    )
    found = []
    for member, account in session.exec(query.order_by(Account.name)).all():
        gold, repeats = marks.get((account.id, "gold"), (0, 0)), marks.get((account.id, "repeat"), (0, 0))
        if member.done or member.skipped:
            found.append({
                "reviewer": account.name, "id": account.id, "done": member.done, "skipped": member.skipped,
                "seconds": member.seconds / member.done if member.done else None, "last_at": member.last_at,
                "gold": {"right": gold[1], "of": gold[0], **_share(gold)},
                "repeats": {"same": repeats[1], "of": repeats[0], **_share(repeats)},
            })  # fmt: skip
    return found


def _share(counts: tuple[int, int]) -> dict[str, float | None]:
    """The share of (all, good) with its interval."""
    return interval(proportion_interval(counts[1], counts[0]))


def interval(value: Interval) -> dict[str, float | None]:
    """An interval ready for JSON, which knows no nan."""
    return {"estimate": _finite(value.estimate), "low": _finite(value.low), "high": _finite(value.high)}


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _plain(value: Progress) -> dict[str, int]:
    return {name: getattr(value, name) for name in Progress.__slots__}

"""Handing results on: tables for people, `human.parquet` for runs, decisions for data sets."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlmodel import Session, select

from plumbline.errors import InputError
from plumbline.files import atomic_write
from plumbline.review import messages as say
from plumbline.review.judgements import Given, Judged, load_judged
from plumbline.review.projects import protocol_of
from plumbline.review.protocol import Edit
from plumbline.review.scores import Score, scores
from plumbline.review.sources import model_of
from plumbline.review.tables import Account, Project

HUMAN_FILE = "human.parquet"
DECISIONS_FILE = "review_decisions.jsonl"
HUMAN_SCHEMA = pa.schema(
    [
        ("item_id", pa.string()),
        ("presentation_id", pa.string()),
        ("model", pa.string()),
        ("criterion", pa.string()),  # question, or question.option
        ("score", pa.float64()),  # mean over reviewers, or the coordinator's decision
        ("reviewers", pa.int32()),
        ("lowest", pa.float64()),
        ("highest", pa.float64()),
        ("settled", pa.bool_()),
        ("project", pa.string()),
        ("protocol", pa.string()),
    ]
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def human_rows(session: Session, project: Project) -> list[dict[str, Any]]:
    """Return one row per item, model and criterion: what people made of it."""
    protocol, judged = protocol_of(project), load_judged(session, project)
    groups: dict[tuple[int, str, str], list[Score]] = defaultdict(list)
    for score in scores(protocol, judged):
        groups[score.item, score.model, score.criterion].append(score)
    return [
        {
            **judged.origins[item], "model": model, "criterion": criterion,
            "score": sum(score.value for score in group) / len(group), "reviewers": len(group),
            "lowest": min(score.value for score in group), "highest": max(score.value for score in group),
            "settled": item in judged.settled, "project": project.name, "protocol": protocol.id,
        }
        for (item, model, criterion), group in sorted(groups.items())
    ]  # fmt: skip


def to_run(session: Session, project: Project, folder: Path) -> tuple[Path, int]:
    """Write people's scores of a run's model into the run folder; returns the file and its rows.

    Rows of other projects that are there already stay; this project's are replaced.

    Raises:
        InputError: The folder is no run, or the project has no score for its model.
    """
    if not (folder / "records.parquet").is_file():
        raise InputError(say.NO_SOURCE(), where=str(folder), mend=say.NO_SOURCE_MEND())
    model = model_of(folder)
    rows = [row for row in human_rows(session, project) if row["model"] == model]
    if not rows:
        raise InputError(say.NO_SCORES(model=model), where=str(folder), mend=say.MEND_NO_SCORES())
    path = folder / HUMAN_FILE
    kept = pq.read_table(path, schema=HUMAN_SCHEMA).to_pylist() if path.is_file() else []
    rows += [row for row in kept if row["project"] != project.name]
    with atomic_write(path, "wb") as handle:
        pq.write_table(pa.Table.from_pylist(rows, schema=HUMAN_SCHEMA), handle, compression="zstd")
    return path, len(rows)


def decisions(session: Session, project: Project) -> list[dict[str, Any]]:
    """Return what people decided about each sample: one row per sample, with every edit kept as a diff.

    With several reviewers and no settlement the most frequent decision counts. Samples on which none leads
    are left out until a coordinator settles them.
    """
    protocol, judged = protocol_of(project), load_judged(session, project)
    edits = [question.id for question in protocol.questions if isinstance(question, Edit)]
    names = {number: name for number, name in session.exec(select(Account.id, Account.name)) if number}
    groups: dict[int, list[Given]] = defaultdict(list)
    for given in judged.effective():
        groups[given.item].append(given)
    found = (_decision(judged, item, group, edits, names) for item, group in sorted(groups.items()))
    return [row for row in found if row is not None]


def to_data(session: Session, project: Project, folder: Path) -> tuple[Path, int]:
    """Write the decisions beside a data set; returns the file and its rows."""
    rows = decisions(session, project)
    path = folder / DECISIONS_FILE if folder.is_dir() else folder
    with atomic_write(path) as handle:
        for row in rows:
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
    return path, len(rows)


def as_csv(session: Session, project: Project) -> str:
    """Return `human_rows`, or the decisions about samples, as CSV that spreadsheets open safely."""
    sample = protocol_of(project).screen == "sample"
    rows = decisions(session, project) if sample else human_rows(session, project)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = list(rows[0]) if rows else HUMAN_SCHEMA.names
    writer.writerow(columns)
    writer.writerows([safe_cell(row[name]) for name in columns] for row in rows)
    return text.getvalue()


def safe_cell(value: Any) -> Any:
    """Return a cell that a spreadsheet shows and never runs: a leading `=` or the like gets an apostrophe."""
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _decision(
    judged: Judged, item: int, group: list[Given], edits: list[str], names: dict[int, str]
) -> dict[str, Any] | None:
    """One sample's row as the build's `review` step reads it, or None where no decision leads."""
    verdicts = [str(given.answer.get("decision", "")) for given in group]
    most = max(verdicts.count(one) for one in verdicts)
    leading = {one for one in verdicts if verdicts.count(one) == most}
    if len(leading) > 1:
        return None
    chosen = group[verdicts.index(leading.pop())].answer
    changes: dict[str, Any] = {}
    for name in edits:
        changes |= chosen.get(name, {})
    return {
        "id": judged.refs[item],
        "decision": chosen.get("decision"),
        "reason": chosen.get("reason"),
        # A class is stored as framework/value; data sets name it by the value alone.
        "categorization": str(chosen.get("categorization") or "").rsplit("/", 1)[-1] or None,
        "edited": {field: change["after"] for field, change in changes.items()},
        "changes": changes,
        "note": chosen.get("note"),
        "reviewer": ", ".join(names[given.reviewer] for given in group if given.reviewer in names),
        "reviewers": len(group),
        "unanimous": len(set(verdicts)) == 1,
        "settled": item in judged.settled,
    }

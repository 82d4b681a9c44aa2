"""Free answers of a run graded by judges, kept beside its records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from plumbline.errors import InputError
from plumbline.files import atomic_write
from plumbline.graders.judge import Case, Grade, JudgeAgreement, Scale, against_people, judge_answers
from plumbline.language import Message
from plumbline.measure.run import Run
from plumbline.models import Model
from plumbline.stats import Interval, cluster_mean_interval
from plumbline.suites import load_suite
from plumbline.suites.items import Open

GRADES_FILE = "grades.parquet"
HUMAN_FILE = "human.parquet"
_SCHEMA = pa.schema(
    [
        ("item_id", pa.string()),
        ("presentation_id", pa.string()),
        ("judge", pa.string()),
        ("scale", pa.string()),
        ("outcome", pa.string()),  # graded, refused, unparsed or error, of the judge
        ("score", pa.float64()),
        ("letter", pa.string()),
        ("scores", pa.map_(pa.string(), pa.int32())),  # by criterion
        ("reason", pa.string()),
        ("attempts", pa.int32()),
        ("reply", pa.string()),
    ]
)
_BOUNDS: dict[str, tuple[float, float]] = {"ten": (1, 10), "letters": (1, 3)}
_NOTHING_OPEN = Message("题集 `{suite}` 没有开放题可评", "suite `{suite}` has no open item to grade")
_NO_PEOPLE = Message("没有人对“{criterion}”的评分", "there are no scores of people on `{criterion}`")
_BRING_BACK = Message(
    "先运行 plumbline review results 项目 --to-run {folder}",
    "run plumbline review results PROJECT --to-run {folder}",
)
_USE_OPEN = Message("改用 plumb-open 之类的开放题集", "use a suite of open items such as plumb-open")


@dataclass(frozen=True)
class JudgeSummary:
    """What one judge made of a run.

    Attributes:
        mean: Mean score with an interval clustered by item; nan where nothing was graded.
        outcomes: How often the judge graded, refused, could not be read or failed.
    """

    judge: str
    scale: str
    mean: Interval
    outcomes: dict[str, int]


def judge_run(run: Run, judges: Sequence[str | Model], *, scale: Scale = "ten") -> list[Grade]:
    """Let judges grade the replies of a run to open items, and keep every grade in `grades.parquet`.

    What a judge refused or wrote unreadably is kept apart and is no score. Replies of the judges are cached
    by Inspect, so that doing it again costs nothing.

    Args:
        run: A run over open items.
        judges: Models or references.
        scale: `ten` (CValues' six criteria and an overall score, 1 to 10) or `letters` (A, B, C).

    Raises:
        InputError: The suite has no open item.
    """
    suite = load_suite(run.manifest["suite"]["reference"])
    items = {item.id: item for item in suite if isinstance(item, Open)}
    answered = [r for r in run.records if r["method"] == "generate" and r["reply"] and r["item_id"] in items]
    if not answered:
        raise InputError(_NOTHING_OPEN(suite=run.manifest["suite"]["id"]), mend=_USE_OPEN())
    cases = [_case(record, items[record["item_id"]]) for record in answered]
    grades = judge_answers(cases, judges, scale=scale, log_dir=run.path / "logs")
    item_of = {record["presentation_id"]: record["item_id"] for record in answered}
    rows = [_row(grade, item_of[grade.case], scale) for grade in grades]
    with atomic_write(run.path / GRADES_FILE, "wb") as handle:
        pq.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA), handle, compression="zstd")
    return grades


def judge_summaries(folder: Path) -> list[JudgeSummary]:
    """Summarise the grades kept in a run folder, judge by judge; empty where there are none."""
    file = folder / GRADES_FILE
    rows: list[dict[str, Any]] = pq.read_table(file).to_pylist() if file.is_file() else []
    summaries = []
    for judge in dict.fromkeys(row["judge"] for row in rows):
        own = [row for row in rows if row["judge"] == judge]
        graded = [row for row in own if row["score"] is not None]
        scale = own[0]["scale"]
        mean = Interval(float("nan"), float("nan"), float("nan"))
        if graded:
            scores, ids = [row["score"] for row in graded], [row["item_id"] for row in graded]
            mean = cluster_mean_interval(scores, ids, bounds=_BOUNDS[scale])
        outcomes = dict.fromkeys(("graded", "refused", "unparsed", "error"), 0)
        for row in own:
            outcomes[row["outcome"]] += 1
        summaries.append(JudgeSummary(judge, scale, mean, outcomes))
    return summaries


def _case(record: dict[str, Any], item: Open) -> Case:
    rubric = None if item.rubric is None else (item.rubric.good, item.rubric.poor)
    return Case(record["presentation_id"], record["prompt"], record["reply"], rubric, record["language"])


def _row(grade: Grade, item_id: str, scale: Scale) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "presentation_id": grade.case,
        "judge": grade.judge,
        "scale": scale,
        "outcome": grade.outcome,
        "score": None if grade.score is None else float(grade.score),
        "letter": grade.letter,
        "scores": list(grade.scores.items()),
        "reason": grade.reason,
        "attempts": grade.attempts,
        "reply": grade.reply,
    }


def judges_against_people(folder: Path, criterion: str) -> list[JudgeAgreement]:
    """Hold the judges of a run to what people said of the same answers (`human.parquet`, from a review).

    Args:
        folder: The run folder.
        criterion: The question people answered on the judges' scale: `score` in the protocol responsibility.

    Raises:
        InputError: No review was brought back, or a judge and the people share fewer than three answers.
    """
    file = folder / HUMAN_FILE
    rows: list[dict[str, Any]] = pq.read_table(file).to_pylist() if file.is_file() else []
    people = {
        row["presentation_id"]: float(row["score"])
        for row in rows
        if row["criterion"] == criterion and row["score"] is not None
    }
    if not people:
        what = _NO_PEOPLE(criterion=criterion)
        raise InputError(what, where=str(folder), mend=_BRING_BACK(folder=folder))
    kept: list[dict[str, Any]] = pq.read_table(folder / GRADES_FILE).to_pylist()
    grades = [
        Grade(
            row["presentation_id"],
            row["judge"],
            row["outcome"],
            None if row["score"] is None else int(row["score"]),
        )
        for row in kept
    ]
    return against_people(grades, people)

"""Taking items and judgements out and in: JSONL, XLSX, Label Studio.

What is exported names models in full; do not hand it to reviewers. Imported judgements go through the same
places as those given in the pages: an item never counts more people than asked.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from plumbline.errors import InputError
from plumbline.files import atomic_write
from plumbline.review import labelstudio
from plumbline.review import messages as say
from plumbline.review.answers import Answer, AnswerError, fill_form, read_form
from plumbline.review.database import Database
from plumbline.review.handover import safe_cell
from plumbline.review.judge import Outcome, submit
from plumbline.review.outside import assign_outside
from plumbline.review.plain import from_plain, to_plain
from plumbline.review.projects import protocol_of
from plumbline.review.protocol import Protocol
from plumbline.review.tables import Account, Assignment, Item, Judgement, Project
from plumbline.rows import read_rows

FORMATS = ("jsonl", "xlsx", "labelstudio")
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outside:
    """One judgement made elsewhere."""

    ref: str
    reviewer: str
    answer: dict[str, Any]
    """With replies named by their models."""
    seconds: float | None = None


def write(session: Session, project: Project, path: Path, format: str) -> int:
    """Write every item with its judgements; returns the number of items.

    Raises:
        InputError: The format is unknown.
    """
    protocol = protocol_of(project)
    _known(format)
    entries = entries_of(session, project)
    if format == "xlsx":
        return _write_xlsx(protocol, entries, path)
    if format == "labelstudio":
        tasks = [labelstudio.task(protocol, project.seed, entry) for entry in entries]
        with atomic_write(path) as handle:
            json.dump(tasks, handle, ensure_ascii=False, indent=1)
        with atomic_write(path.with_suffix(".config.xml")) as handle:
            handle.write(labelstudio.config(protocol, tasks))
        return len(tasks)
    count = 0
    with atomic_write(path) as handle:
        for entry in entries:
            handle.write(json.dumps(entry, ensure_ascii=False) + "\n")
            count += 1
    return count


def read(database: Database, project_id: int, path: Path, format: str) -> tuple[int, int]:
    """Add judgements from a file; returns how many were new and how many there already.

    Raises:
        InputError: The file does not fit the project; nothing of it is then stored.
    """
    _known(format)
    with database.read() as session:
        project = session.get_one(Project, project_id)
        bodies = {ref: (number, json.loads(body)) for number, ref, body in session.exec(
            select(Item.id, Item.ref, Item.body).where(Item.project_id == project_id)
        )}  # fmt: skip
    protocol = protocol_of(project)
    readers: dict[str, Callable[[], Iterator[Outside]]] = {
        "jsonl": lambda: _from_jsonl(path),
        "xlsx": lambda: _from_xlsx(protocol, path),
        "labelstudio": lambda: _from_labelstudio(
            protocol, project.seed, path, {ref: body for ref, (_, body) in bodies.items()}
        ),
    }
    checked = [(bodies[one.ref][0], one, _check(protocol, one, bodies[one.ref][1]))
               for one in readers[format]() if _has(bodies, one)]  # fmt: skip
    new = sum(_store(database, project_id, number, one, answer) for number, one, answer in checked)
    return new, len(checked) - new


def entries_of(session: Session, project: Project) -> Iterator[Entry]:
    """Yield each item as plain data, with the judgements that count."""
    protocol = protocol_of(project)
    given: dict[int, list[Entry]] = defaultdict(list)
    bodies = {
        number: (ref, json.loads(body))
        for number, ref, body in session.exec(
            select(Item.id, Item.ref, Item.body)
            .where(Item.project_id == project.id)
            .order_by(col(Item.ordinal))
        )
    }
    query = (
        select(Assignment.item_id, Account.name, Assignment.purpose, Judgement)
        .join(Judgement, col(Judgement.id) == col(Assignment.judgement_id))
        .join(Account, col(Account.id) == col(Assignment.account_id))
        .where(Assignment.project_id == project.id, Assignment.state == "done")
    )
    for item, name, purpose, judgement in session.exec(query.order_by(col(Judgement.id))):
        models = _models(bodies[item][1])
        given[item].append({
            "reviewer": name, "purpose": purpose, "seconds": judgement.seconds, "at": judgement.created_at,
            "answer": to_plain(protocol, json.loads(judgement.answer or "{}"), models),
        })  # fmt: skip
    for number, (ref, body) in bodies.items():
        content = {"sample": body["sample"]} if "sample" in body else {
            "prompt": body["prompt"], "replies": {reply["model"]: reply["text"] for reply in body["replies"]}
        }  # fmt: skip
        yield {"ref": ref, **content, "judgements": given[int(number or 0)]}


def _write_xlsx(protocol: Protocol, entries: Iterator[Entry], path: Path) -> int:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("judgements")
    names = [question.id for question in protocol.questions]
    sheet.append(["ref", "prompt", "reviewer", "purpose", "seconds", *names])
    items = 0
    for entry in entries:
        items += 1
        prompt = entry.get("prompt") or entry.get("sample", {}).get("instruction", "")
        for one in entry["judgements"] or [{"reviewer": "", "purpose": "", "seconds": None, "answer": {}}]:
            cells = [one["answer"].get(name) for name in names]
            row = [entry["ref"], prompt[:32000], one["reviewer"], one["purpose"], one["seconds"], *cells]
            sheet.append([_legal(safe_cell(cell)) for cell in row])
    with atomic_write(path, "wb") as handle:
        book.save(handle)
    return items


def _legal(cell: Any) -> Any:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell


def _from_jsonl(path: Path) -> Iterator[Outside]:
    for row in read_rows(path):
        for one in row.values.get("judgements") or ():
            if one.get("purpose", "normal") == "normal":
                yield Outside(
                    str(row.values.get("ref")), str(one["reviewer"]), dict(one["answer"]), one.get("seconds")
                )


def _from_xlsx(protocol: Protocol, path: Path) -> Iterator[Outside]:
    for row in read_rows(path):
        values = row.values
        if values.get("reviewer") and values.get("purpose") in (None, "", "normal"):
            answer = {
                q.id: _cell(values[q.id]) for q in protocol.questions if values.get(q.id) not in (None, "")
            }
            yield Outside(str(values.get("ref")), str(values["reviewer"]), answer, values.get("seconds"))


def _cell(value: Any) -> Any:
    text = value.removeprefix("'") if isinstance(value, str) else value
    if isinstance(text, str) and text.startswith(("{", "[")):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _from_labelstudio(
    protocol: Protocol, seed: str, path: Path, bodies: dict[str, dict[str, Any]]
) -> Iterator[Outside]:
    for row in read_rows(path):
        ref = str(row.values.get("data", {}).get("ref"))
        models = _models(bodies[ref]) if ref in bodies else []
        for reviewer, answer in labelstudio.judged_there(protocol, seed, row.values, models):
            yield Outside(ref, reviewer, answer)


def _check(protocol: Protocol, one: Outside, body: dict[str, Any]) -> Answer:
    models = _models(body)
    try:
        stored = from_plain(protocol, one.answer, models)
        return read_form(
            protocol, fill_form(protocol, stored, range(len(models))), range(len(models)), body.get("sample")
        )
    except (AnswerError, KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError(say.BAD_IMPORT(detail=error), where=one.ref, mend=say.MEND_IMPORT()) from error


def _store(database: Database, project_id: int, item_id: int | None, one: Outside, answer: Answer) -> bool:
    """Store one judgement; its key is made from what it says, so that the same file twice adds nothing."""
    text = json.dumps([project_id, one.ref, one.reviewer, answer], sort_keys=True)
    key = f"import-{hashlib.sha256(text.encode()).hexdigest()}"
    assignment = assign_outside(database, project_id, int(item_id or 0), one.reviewer, key)
    if assignment is None:
        return False
    outcome = submit(database, assignment.account_id, int(assignment.id or 0), key, answer, one.seconds)
    return outcome in {Outcome.STORED, Outcome.LATE}


def _has(bodies: dict[str, Any], one: Outside) -> bool:
    if one.ref not in bodies:
        raise InputError(say.UNKNOWN_ITEM(ref=one.ref), mend=say.MEND_IMPORT())
    return True


def _models(body: dict[str, Any]) -> list[str]:
    return [reply["model"] for reply in body.get("replies", [])]


def _known(format: str) -> None:
    if format not in FORMATS:
        raise InputError(say.UNKNOWN_FORMAT(name=format), mend=say.MEND_FORMAT(known=", ".join(FORMATS)))

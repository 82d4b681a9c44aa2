"""Storing what reviewers decide: judge, undo, skip, draft. History is only ever added to.

Every form carries the key of its assignment. The key is unique among judgements, so two tabs, a double click
or a retry after a lost reply make one judgement; undoing gives the assignment a new key.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from plumbline.review.answers import Answer, Form, dispute, fill_form, flat
from plumbline.review.assign import lock_membership, new_form_key, take_place
from plumbline.review.database import Database
from plumbline.review.projects import protocol_of
from plumbline.review.tables import Assignment, Draft, Item, Judgement, Membership, Project

_LONGEST_SECONDS = 1800.0
"""Time on one page beyond this is a break, not judging."""


class NotTheirs(LookupError):
    """There is no such thing, or it is not this person's; which of the two is not told."""


class Outcome(StrEnum):
    """What became of a form."""

    STORED = "stored"
    AGAIN = "again"
    """The same form had been stored before; nothing was added."""
    LATE = "late"
    """Others have filled every place meanwhile: kept in the history, not counted."""
    STALE = "stale"
    """The form is from before an undo or skip; nothing was added."""


def submit(
    database: Database,
    account_id: int,
    assignment_id: int,
    form_key: str,
    answer: Answer,
    seconds: float | None,
) -> Outcome:
    """Store one judgement; when this returns STORED it is on disk.

    Raises:
        NotTheirs: The assignment is not this reviewer's.
    """

    def act(session: Session) -> Outcome:
        member, assignment = _mine(session, database, account_id, assignment_id)
        if _known(session, form_key):
            return Outcome.AGAIN
        if assignment.form_key != form_key or assignment.state not in {"open", "expired"}:
            return Outcome.STALE
        item = session.get_one(Item, assignment.item_id, with_for_update=True)
        counted = _hold_place(session, assignment, item)
        row = _write(session, assignment, "judge", form_key, answer, seconds)
        assignment.judgement_id, assignment.state = row.id, "done" if counted else "late"
        _drop_draft(session, assignment)
        if counted:
            _count(
                session,
                session.get_one(Project, item.project_id),
                member,
                assignment,
                item,
                answer,
                row.seconds,
            )
        session.add(assignment)
        return Outcome.STORED if counted else Outcome.LATE

    return database.change(act)


def undo(database: Database, account_id: int, judgement_id: int) -> Assignment | None:
    """Take back one judgement of this reviewer and open its assignment again, filled in as it was.

    Returns:
        The assignment, or None when that judgement does not count any more (already undone, late or settled).

    Raises:
        NotTheirs: The judgement is not this reviewer's.
    """

    def act(session: Session) -> Assignment | None:
        judged = session.get(Judgement, judgement_id)
        if judged is None or judged.account_id != account_id:
            raise NotTheirs(judgement_id)
        member, assignment = _mine(session, database, account_id, judged.assignment_id)
        item = session.get_one(Item, judged.item_id, with_for_update=True)
        if assignment.judgement_id != judgement_id or assignment.state != "done" or item.settled:
            return None
        project = session.get_one(Project, item.project_id)
        protocol = protocol_of(project)
        before: Answer = json.loads(judged.answer or "{}")
        _write(session, assignment, "undo", f"undo-{judgement_id}", None, None)
        _uncount(session, member, assignment, item, judged.seconds or 0.0)
        now = time.time()
        assignment.state, assignment.form_key, assignment.judgement_id = "open", new_form_key(), None
        assignment.opened_at, assignment.leased_until = now, now + project.lease_seconds
        session.add(assignment)
        _keep_draft(session, assignment, fill_form(protocol, before, assignment.order))
        return assignment

    return database.change(act)


def skip(database: Database, account_id: int, assignment_id: int, form_key: str) -> Outcome:
    """Give an item back without judging it; it is not handed to this reviewer again.

    Raises:
        NotTheirs: The assignment is not this reviewer's.
    """

    def act(session: Session) -> Outcome:
        member, assignment = _mine(session, database, account_id, assignment_id)
        if _known(session, form_key):
            return Outcome.AGAIN
        if assignment.form_key != form_key or assignment.state not in {"open", "expired"}:
            return Outcome.STALE
        _write(session, assignment, "skip", form_key, None, None)
        if assignment.slot is not None:
            item = session.get_one(Item, assignment.item_id, with_for_update=True)
            item.taken -= 1
            session.add(item)
        assignment.state, assignment.slot = "skipped", None
        member.skipped += 1
        _drop_draft(session, assignment)
        session.add_all([assignment, member])
        return Outcome.STORED

    return database.change(act)


def save_draft(database: Database, account_id: int, assignment_id: int, form_key: str, form: Form) -> bool:
    """Keep a half-filled form and renew its lease; False when the form is no longer open.

    Raises:
        NotTheirs: The assignment is not this reviewer's.
    """

    def act(session: Session) -> bool:
        _, assignment = _mine(session, database, account_id, assignment_id)
        if assignment.state != "open" or assignment.form_key != form_key:
            return False
        project = session.get_one(Project, assignment.project_id)
        assignment.leased_until = time.time() + project.lease_seconds
        session.add(assignment)
        _keep_draft(session, assignment, form)
        return True

    return database.change(act)


def _mine(
    session: Session, database: Database, account_id: int, assignment_id: int
) -> tuple[Membership, Assignment]:
    found = session.get(Assignment, assignment_id)
    if found is None or found.account_id != account_id:
        raise NotTheirs(assignment_id)
    member = lock_membership(session, database, found.project_id, account_id)
    if member is None or not member.active:
        raise NotTheirs(assignment_id)
    assignment = session.get_one(Assignment, assignment_id, with_for_update=True, populate_existing=True)
    return member, assignment


def _known(session: Session, form_key: str) -> bool:
    return session.exec(select(Judgement.id).where(Judgement.form_key == form_key)).first() is not None


def _hold_place(session: Session, assignment: Assignment, item: Item) -> bool:
    """Tell whether this judgement fills a place, taking a free one when the lease had run out."""
    if assignment.purpose != "normal" or assignment.slot is not None:
        return True
    assignment.slot = take_place(session, item)
    return assignment.slot is not None


def _write(
    session: Session,
    assignment: Assignment,
    act: str,
    form_key: str,
    answer: Answer | None,
    seconds: float | None,
) -> Judgement:
    row = Judgement(
        project_id=assignment.project_id, item_id=assignment.item_id, account_id=assignment.account_id,
        assignment_id=int(assignment.id or 0), act=act, form_key=form_key, created_at=time.time(),
        answer=None if answer is None else json.dumps(answer),
        seconds=None if seconds is None else min(max(seconds, 0.0), _LONGEST_SECONDS),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _count(
    session: Session, project: Project, member: Membership, assignment: Assignment, item: Item, answer:
    Answer, seconds: float | None,
) -> None:  # fmt: skip
    member.done += 1
    member.seconds += seconds or 0.0
    member.last_at = time.time()
    member.checks += assignment.purpose != "normal"
    protocol = protocol_of(project)
    if assignment.purpose == "gold":
        right: Mapping[str, Any] = json.loads(item.gold or "{}")
        assignment.right_answer = int(all(answer.get(name) == value for name, value in right.items()))
    elif assignment.purpose == "repeat":
        first = session.exec(
            select(Judgement.answer)
            .join(Assignment, col(Assignment.judgement_id) == col(Judgement.id))
            .where(
                Assignment.item_id == item.id,
                Assignment.account_id == member.account_id,
                Assignment.purpose == "normal",
            )
        ).first()
        assignment.right_answer = int(
            _alike(dict(flat(protocol, json.loads(first or "{}"))), dict(flat(protocol, answer)))
        )
    else:
        member.since_gold += 1
        member.since_repeat += 1
        item.done += 1
        if item.done == item.needed:
            member.finished += 1
            session.flush()
            item.dispute = dispute(protocol, answers_to(session, int(item.id or 0)))
    session.add_all([member, item, assignment])


def answers_to(session: Session, item_id: int) -> list[Answer]:
    """Return the answers to an item that count, in order of places."""
    query = text(
        "SELECT judgement.answer FROM assignment JOIN judgement ON judgement.id = assignment.judgement_id "
        "WHERE assignment.item_id = :item AND assignment.purpose = 'normal' AND assignment.state = 'done' "
        "ORDER BY assignment.slot"
    ).bindparams(item=item_id)
    return [json.loads(row[0]) for row in session.connection().execute(query)]


def _uncount(
    session: Session, member: Membership, assignment: Assignment, item: Item, seconds: float
) -> None:
    member.done -= 1
    member.checks -= assignment.purpose != "normal"
    member.seconds = max(0.0, member.seconds - seconds)
    assignment.right_answer = None
    if assignment.purpose == "normal":
        member.since_gold = max(0, member.since_gold - 1)
        member.since_repeat = max(0, member.since_repeat - 1)
        if item.done == item.needed:
            member.finished -= 1
            item.dispute = None
        item.done -= 1
    session.add_all([member, item])


def _alike(first: Mapping[str, Any], again: Mapping[str, Any]) -> bool:
    return dict(first) == dict(again)


def _keep_draft(session: Session, assignment: Assignment, form: Mapping[str, Sequence[str]]) -> None:
    draft = session.get(Draft, assignment.id) or Draft(
        assignment_id=int(assignment.id or 0), answer="", updated_at=0
    )
    draft.answer, draft.updated_at = (
        json.dumps({name: list(values) for name, values in form.items()}),
        time.time(),
    )
    session.add(draft)


def _drop_draft(session: Session, assignment: Assignment) -> None:
    draft = session.get(Draft, assignment.id)
    if draft is not None:
        session.delete(draft)

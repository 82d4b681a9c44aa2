"""A place for a judgement that was made elsewhere."""

from __future__ import annotations

import json
import time

from sqlmodel import Session, col, select

from plumbline.review.assign import take_place
from plumbline.review.database import Database
from plumbline.review.tables import Account, Assignment, Item, Judgement, Membership


def assign_outside(
    database: Database, project_id: int, item_id: int, reviewer: str, form_key: str
) -> Assignment | None:
    """Return an open assignment of `reviewer` for an item; None when they have judged it already.

    The reviewer becomes a member of the project when they are not. Without a free place the assignment has
    none, and the judgement will be kept without counting.
    """

    def act(session: Session) -> Assignment | None:
        account_id = _member(session, project_id, reviewer)
        if session.exec(select(Judgement.id).where(Judgement.form_key == form_key)).first() is not None:
            return None
        query = select(Assignment).where(
            Assignment.item_id == item_id, Assignment.account_id == account_id, Assignment.purpose == "normal"
        )
        before = session.exec(query).first()
        if before is not None and before.state not in {"open", "expired"}:
            return None
        item = session.get_one(Item, item_id, with_for_update=True)
        now = time.time()
        assignment = before or Assignment(
            project_id=project_id, item_id=item_id, account_id=account_id, purpose="normal", state="open",
            sides=json.dumps(list(range(len(item.content.get("replies", []))))), form_key=form_key,
            leased_until=now, opened_at=now,
        )  # fmt: skip
        if assignment.slot is None:
            assignment.slot = take_place(session, item)
            assignment.state = "open" if assignment.slot is not None else "expired"
        assignment.form_key = form_key
        session.add(assignment)
        session.flush()
        return assignment

    return database.change(act)


def _member(session: Session, project_id: int, name: str) -> int:
    query = (
        select(Account.id)
        .join(Membership, col(Membership.account_id) == col(Account.id))
        .where(Membership.project_id == project_id, Account.name == name)
    )
    known = session.exec(query).first()
    if known is not None:
        return known
    account = Account(name=name, created_at=time.time())
    session.add(account)
    session.flush()
    session.add(Membership(project_id=project_id, account_id=int(account.id or 0), role="reviewer"))
    session.flush()
    return int(account.id or 0)

"""What a reviewer's page holds in reserve, so that judging goes on while there is no connection."""

from __future__ import annotations

import time

from sqlalchemy import text
from sqlmodel import Session, col, select

from plumbline.review.assign import IN_RESERVE, lock_membership, show, something_new, take_place
from plumbline.review.database import Database
from plumbline.review.tables import Assignment, Item, Project

AHEAD = 2
"""Items in reserve beside the one on screen: about a minute of judging."""
RESERVED_SECONDS = 600
"""How long an item stays in reserve; every look at the item before it renews this."""


def look_ahead(database: Database, project_id: int, account_id: int, shown: int) -> list[Assignment]:
    """Note that the assignment `shown` is on screen, and reserve what comes after it.

    Near the end of a project nothing more is reserved, so that the last items are shared out among all who
    take part.

    Returns:
        Assignments in reserve, in their order; none when the project is paused.
    """

    def act(session: Session) -> list[Assignment]:
        project = session.get_one(Project, project_id)
        member = lock_membership(session, database, project_id, account_id)
        if member is None or not member.active or project.state != "open":
            return []
        now = time.time()
        _keep(session, project, account_id, shown, now)
        reserved = _reserved(session, project_id, account_id, shown, now)
        if len(reserved) < AHEAD and _plenty(session, project_id):
            more = something_new(session, database, project, member, now)
            if more is not None:
                more.opened_at, more.leased_until = IN_RESERVE, now + RESERVED_SECONDS
                session.add(more)
                reserved.append(more)
        return reserved

    reserved = database.change(act)
    # One place a transaction, so that locks are taken in one order.
    while 0 < len(reserved) < AHEAD:
        more = database.change(act)
        if len(more) <= len(reserved):
            break
        reserved = more
    return reserved


def _keep(session: Session, project: Project, account_id: int, shown: int, now: float) -> None:
    """Renew the lease of what is on screen; one that ran out takes a place again where one is free."""
    found = session.get(Assignment, shown)
    if found is None or found.account_id != account_id or found.project_id != project.id:
        return
    assignment = session.get_one(Assignment, shown, with_for_update=True, populate_existing=True)
    if assignment.state == "expired" and assignment.purpose == "normal":
        item = session.get_one(Item, assignment.item_id, with_for_update=True)
        assignment.slot = take_place(session, item)
        assignment.state = "expired" if assignment.slot is None else "open"
    if assignment.state == "open":
        show(session, project, assignment, now)


def _reserved(session: Session, project_id: int, account_id: int, shown: int, now: float) -> list[Assignment]:
    """What else this reviewer has open: first what was left for an undo, then what was never shown."""
    query = select(Assignment).where(
        Assignment.project_id == project_id,
        Assignment.account_id == account_id,
        Assignment.state == "open",
        Assignment.id != shown,
    )
    order = (col(Assignment.opened_at).desc(), col(Assignment.id))
    found = list(session.exec(query.order_by(*order).with_for_update()).all())
    for one in found:
        one.leased_until = max(one.leased_until, now + RESERVED_SECONDS)
        session.add(one)
    return found


def _plenty(session: Session, project_id: int) -> bool:
    """Whether more items want reviewers than everybody who has begun could hold in reserve."""
    begun = text(
        "SELECT count(*) FROM membership WHERE project_id = :project AND active = 1 AND begun_at IS NOT NULL"
    ).bindparams(project=project_id)
    most = AHEAD * int(session.connection().execute(begun).scalar() or 0)
    wanting = text(
        "SELECT count(*) FROM (SELECT 1 FROM item WHERE project_id = :project AND taken < needed "
        "LIMIT :most) AS wanting"
    ).bindparams(project=project_id, most=most + 1)
    return int(session.connection().execute(wanting).scalar() or 0) > most

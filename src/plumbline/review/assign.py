"""Who judges what next: never more reviewers than asked, however many ask at once.

Each item has `needed` places. A place is held by an open assignment until its lease runs out, and filled by a
judgement. A unique index over (item, place) makes a place's second holder impossible; the queries only make
it rare to try. On SQLite one writer works at a time; on PostgreSQL rows are locked, and askers skip rows
another one holds. Locks are taken in one order everywhere: membership, assignment, item.
"""

from __future__ import annotations

import json
import random
import secrets
import time
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from plumbline.review.database import Database
from plumbline.review.tables import Assignment, Item, Membership, Project

REPEAT_GAP = 8
"""At least this many judgements lie between an item and its repeat."""
IN_RESERVE = 0.0
"""When an assignment was opened that its reviewer has not seen yet (see `reserve`)."""
_EXPIRED_AT_ONCE = 50


def next_assignment(database: Database, project_id: int, account_id: int) -> Assignment | None:
    """Return what this reviewer should judge now: what they have open, else something new.

    Returns:
        None when nothing is left for them, or the project is paused.
    """

    def act(session: Session) -> Assignment | None:
        project = session.get_one(Project, project_id)
        member = lock_membership(session, database, project_id, account_id)
        if member is None or not member.active or project.state != "open":
            return None
        now = time.time()
        mine = _open_one(session, database, project, account_id, now)
        if mine is not None:
            return mine
        return something_new(session, database, project, member, now)

    return database.change(act)


def something_new(
    session: Session, database: Database, project: Project, member: Membership, now: float
) -> Assignment | None:
    """Hand out what is due: a gold question, a repeat, or a place in an item this reviewer has not had."""
    _release_expired(session, database, project, member.account_id, now)
    return (
        _gold(session, project, member, now)
        or _repeat(session, project, member, now)
        or _claim(session, database, project, member, now)
    )


def lock_membership(
    session: Session, database: Database, project_id: int, account_id: int
) -> Membership | None:
    """Return a reviewer's membership, locked, so that one person's tabs take turns."""
    query = select(Membership).where(Membership.project_id == project_id, Membership.account_id == account_id)
    return session.exec(query.with_for_update()).first()


def take_place(session: Session, item: Item) -> int | None:
    """Take a free place of a locked item; None when all are taken."""
    if item.taken >= item.needed:
        return None
    held = set(
        session.exec(
            select(Assignment.slot).where(Assignment.item_id == item.id, col(Assignment.slot).is_not(None))
        )
    )
    slot = next(place for place in range(item.needed) if place not in held)
    item.taken += 1
    session.add(item)
    return slot


def new_form_key() -> str:
    """A key that makes one form one judgement, however often it is sent."""
    return secrets.token_urlsafe(18)


def _open_one(
    session: Session, database: Database, project: Project, account: int, now: float
) -> Assignment | None:
    query = select(Assignment).where(
        Assignment.project_id == project.id, Assignment.account_id == account, Assignment.state == "open"
    )
    # What was opened or taken back last comes first, then what is held in reserve, in its order.
    order = (col(Assignment.opened_at).desc(), col(Assignment.id))
    mine = session.exec(query.order_by(*order).with_for_update()).first()
    if mine is not None:
        show(session, project, mine, now)
    return mine


def show(session: Session, project: Project, assignment: Assignment, now: float) -> None:
    """Note that an assignment is being looked at, which renews its lease."""
    if assignment.opened_at == IN_RESERVE:
        assignment.opened_at = now
    if assignment.leased_until < now + project.lease_seconds / 2:
        assignment.leased_until = now + project.lease_seconds
    session.add(assignment)


def _release_expired(
    session: Session, database: Database, project: Project, account: int, now: float
) -> None:
    query = text(
        "SELECT id, item_id, purpose FROM assignment WHERE project_id = :project AND state = 'open' "
        "AND leased_until < :now AND account_id <> :account ORDER BY item_id LIMIT :most "
        + database.locked("FOR UPDATE SKIP LOCKED")
    ).bindparams(project=project.id, now=now, account=account, most=_EXPIRED_AT_ONCE)
    for assignment, item, purpose in session.connection().execute(query).all():
        values = {"assignment": assignment, "item": item}
        session.connection().execute(
            text("UPDATE assignment SET state = 'expired', slot = NULL WHERE id = :assignment"), values
        )
        if purpose == "normal":
            session.connection().execute(text("UPDATE item SET taken = taken - 1 WHERE id = :item"), values)


def _gold(session: Session, project: Project, member: Membership, now: float) -> Assignment | None:
    if not project.golds or not project.gold_every or member.since_gold < project.gold_every:
        return None
    seen = select(Assignment.item_id).where(
        Assignment.account_id == member.account_id,
        Assignment.purpose == "gold",
        Assignment.state != "expired",
    )
    query = select(Item).where(
        Item.project_id == project.id, col(Item.gold).is_not(None), col(Item.id).not_in(seen)
    )
    item = session.exec(query.order_by(col(Item.ordinal)).limit(1)).first()
    if item is None:
        return None
    member.since_gold = 0
    session.add(member)
    return _hand_out(session, project, member, item, "gold", None, now)


def _repeat(session: Session, project: Project, member: Membership, now: float) -> Assignment | None:
    if not project.repeat_every or member.since_repeat < project.repeat_every:
        return None
    repeated = select(Assignment.item_id).where(
        Assignment.account_id == member.account_id, Assignment.purpose == "repeat"
    )
    query = select(Assignment).where(
        Assignment.project_id == project.id,
        Assignment.account_id == member.account_id,
        Assignment.state == "done",
        Assignment.purpose == "normal",
        col(Assignment.item_id).not_in(repeated),
    )
    recent = session.exec(
        query.order_by(col(Assignment.id).desc()).offset(REPEAT_GAP).limit(REPEAT_GAP)
    ).all()
    if not recent:
        return None
    before = random.Random(f"{project.seed}/repeat/{member.account_id}/{member.done}").choice(recent)
    member.since_repeat = 0
    session.add(member)
    item = session.get_one(Item, before.item_id)
    return _hand_out(session, project, member, item, "repeat", None, now, turn=(before.slot or 0) + 1)


def _claim(
    session: Session, database: Database, project: Project, member: Membership, now: float
) -> Assignment | None:
    """Take a place in the least taken item of the earliest wave that this reviewer has not had."""
    # First from where this reviewer stands, then from the start, then waiting for rows that others hold just
    # now.
    looks = (
        (member.wave, "FOR UPDATE SKIP LOCKED"),
        (0, "FOR UPDATE SKIP LOCKED"),
        (0, "FOR UPDATE"),
        (0, "FOR UPDATE"),
    )
    found = (_wanting(session, database, project, member, wave, lock) for wave, lock in looks)
    item = next((item for item in found if item is not None), None)
    if item is None:
        return None
    slot = take_place(session, item)
    if slot is None:
        return None
    member.wave = item.wave
    session.add(member)
    return _hand_out(session, project, member, item, "normal", slot, now, turn=slot)


def _wanting(
    session: Session, database: Database, project: Project, member: Membership, wave: int, lock: str
) -> Item | None:
    query = text(
        "SELECT item.id FROM item WHERE item.project_id = :project AND item.wave >= :wave "
        "AND item.taken < item.needed AND NOT EXISTS (SELECT 1 FROM assignment AS mine "
        "WHERE mine.item_id = item.id AND mine.account_id = :account AND mine.purpose = 'normal' "
        "AND mine.state <> 'expired') "
        "ORDER BY item.wave, item.taken, item.ordinal LIMIT 1 " + database.locked(lock)
    ).bindparams(project=project.id, wave=wave, account=member.account_id)
    found = session.connection().execute(query).scalar()
    return session.get(Item, found, populate_existing=True) if found is not None else None


def _hand_out(
    session: Session, project: Project, member: Membership, item: Item, purpose: str, slot: int | None, now:
    float, *, turn: int = 0,
) -> Assignment:  # fmt: skip
    values: dict[str, Any] = {
        "state": "open",
        "slot": slot,
        "sides": json.dumps(_sides(project, member, item, purpose, turn)),
        "form_key": new_form_key(),
        "leased_until": now + project.lease_seconds,
        "opened_at": now,
    }
    query = select(Assignment).where(
        Assignment.item_id == item.id,
        Assignment.account_id == member.account_id,
        Assignment.purpose == purpose,
    )
    assignment = session.exec(query).first()
    if assignment is None:
        assignment = Assignment(
            project_id=item.project_id,
            item_id=int(item.id or 0),
            account_id=member.account_id,
            purpose=purpose,
            **values,
        )
    else:
        # One that ran out comes back with its sides as they were, so that a draft still fits.
        for name, value in values.items():
            if name != "sides":
                setattr(assignment, name, value)
    session.add(assignment)
    session.flush()
    return assignment


def _sides(project: Project, member: Membership, item: Item, purpose: str, turn: int) -> list[int]:
    """The order of replies for this reviewer.

    The places of one item see a random order turned by one each (a Latin square), so that every reply stands
    at every place about equally often; a repeat is turned by one against its first showing.
    """
    count = len(item.content.get("replies", []))
    key = f"{project.seed}/{item.ref}" + (f"/{member.account_id}" if purpose == "gold" else "")
    order = list(range(count))
    random.Random(key).shuffle(order)
    turn = turn % count if count else 0
    return order[turn:] + order[:turn]

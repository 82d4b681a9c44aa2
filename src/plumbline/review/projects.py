"""Making a project: material and a protocol become items to hand out."""

from __future__ import annotations

import json
import random
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from plumbline.errors import InputError
from plumbline.review import messages as say
from plumbline.review.answers import AnswerError, fill_form, read_form
from plumbline.review.database import Database
from plumbline.review.protocol import Protocol
from plumbline.review.sources import Material, Reply, load_material
from plumbline.review.tables import Item, Project

WAVE = 40
"""Items are handed out wave by wave, so that early items get all their reviewers before late ones get any."""
_MOST_REPLIES = 6
_ROWS_AT_ONCE = 2000


def create_project(
    database: Database,
    protocol: Protocol,
    sources: Sequence[str | Path],
    *,
    name: str | None = None,
    gold: Sequence[str | Path] = (),
    overlap: int | None = None,
    seed: str | None = None,
) -> Project:
    """Make a project from run folders, data sets or files.

    Args:
        database: Where it is kept.
        protocol: What reviewers are asked; frozen into the project.
        sources: What `sources.load_material` reads.
        name: Lower-case name for the address; the protocol's id by default.
        gold: Files whose rows carry `gold`, the right answers, to measure attention with.
        overlap: Reviewers per item; the protocol's number by default.
        seed: Decides order and sides; random by default and kept.

    Raises:
        InputError: The name is taken or unfit, or the material does not suit the protocol.
    """
    called = name or protocol.id
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", called):
        raise InputError(say.BAD_NAME(name=called), mend=say.MEND_NAME())
    with database.read() as session:
        if session.exec(select(Project).where(Project.name == called)).first():
            raise InputError(say.PROJECT_EXISTS(name=called), mend=say.MEND_PROJECT_EXISTS())
    kept_seed = seed or secrets.token_hex(8)
    each = overlap or protocol.overlap
    if not sources:
        raise InputError(say.NO_SOURCE(), mend=say.NO_SOURCE_MEND())
    rows = list(_item_rows(protocol, load_material([*sources, *gold]), each, kept_seed))
    golds = sum(row["gold"] is not None for row in rows)
    project = Project(
        name=called, protocol=protocol.model_dump_json(by_alias=True), seed=kept_seed, overlap=each,
        sources=json.dumps([str(source) for source in sources]), gold_every=protocol.gold_every,
        repeat_every=protocol.repeat_every, lease_seconds=protocol.lease_minutes * 60,
        items=len(rows) - golds, golds=golds, created_at=time.time(),
    )  # fmt: skip
    with database.write() as session:
        session.add(project)
        session.flush()
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            chunk = [{**row, "project_id": project.id} for row in rows[start : start + _ROWS_AT_ONCE]]
            session.connection().execute(insert(Item), chunk)
    return project


def find_project(session: Session, name: str) -> Project:
    """Return the project called `name`.

    Raises:
        InputError: There is none.
    """
    project = session.exec(select(Project).where(Project.name == name)).first()
    if project is None:
        known = ", ".join(session.exec(select(Project.name).order_by(Project.name)).all()) or "-"
        raise InputError(say.NO_PROJECT(name=name), mend=say.MEND_NO_PROJECT(known=known))
    return project


def list_projects(session: Session) -> list[Project]:
    """Return every project, by name."""
    return list(session.exec(select(Project).order_by(Project.name)).all())


def protocol_of(project: Project) -> Protocol:
    """Return the protocol a project was made with."""
    return _parsed(project.protocol)


@lru_cache(maxsize=64)
def _parsed(protocol: str) -> Protocol:
    return Protocol.model_validate_json(protocol)


def _item_rows(
    protocol: Protocol, material: Iterable[Material], overlap: int, seed: str
) -> Iterator[dict[str, Any]]:
    bodies = [(one, ref, body) for one in material for ref, body in _screens(protocol, one)]
    random.Random(f"{seed}/order").shuffle(bodies)
    for ordinal, (one, ref, body) in enumerate(bodies):
        gold = _gold(protocol, one, body)
        yield {
            "ref": ref, "ordinal": ordinal, "wave": ordinal // WAVE, "body": json.dumps(body),
            "gold": json.dumps(gold) if gold else None, "needed": 0 if gold else overlap,
        }  # fmt: skip


def _screens(protocol: Protocol, one: Material) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cut one piece of material into pages: (ref, body)."""
    if protocol.screen == "sample":
        if one.sample is None:
            raise InputError(say.NOT_SAMPLES(), mend=say.MEND_SCREEN())
        yield one.ref, {"sample": one.sample}
        return
    if one.sample is not None:
        raise InputError(say.NOT_REPLIES(), mend=say.MEND_SCREEN())
    if protocol.screen == "reply":
        for reply in one.replies:
            yield f"{one.ref}#{reply.model}", _body(one, (reply,))
        return
    size = protocol.replies or len(one.replies)
    if len(one.replies) < max(size, 2 if protocol.pick else 1):
        what = say.FEW_REPLIES(ref=one.ref, n=len(one.replies), needed=max(size, 2))
        raise InputError(what, mend=say.MEND_FEW_REPLIES())
    if size > _MOST_REPLIES:
        raise InputError(say.TOO_MANY_REPLIES(most=_MOST_REPLIES), mend=say.MEND_TOO_MANY())
    for group in combinations(one.replies, size):
        whole = len(group) == len(one.replies)
        yield one.ref if whole else f"{one.ref}#{'|'.join(reply.model for reply in group)}", _body(one, group)


def _body(one: Material, replies: Sequence[Reply]) -> dict[str, Any]:
    said = [{"model": reply.model, "text": reply.text} for reply in replies]
    return {"prompt": one.prompt, "replies": said, **one.origin}


def _gold(protocol: Protocol, one: Material, body: dict[str, Any]) -> dict[str, Any] | None:
    """Right answers in stored form; a pick is written as the name of the model in the file."""
    if not one.gold:
        return None
    models = [reply["model"] for reply in body.get("replies", [])]
    gold: dict[str, Any] = {}
    try:
        for name, value in one.gold.items():
            picks = protocol.pick is not None and protocol.pick.id == name
            gold[name] = models.index(value) if picks and value in models else value
        order = range(len(models))
        partial = protocol.model_copy(
            update={"questions": tuple(q for q in protocol.questions if q.id in gold)}
        )
        kept = read_form(partial, fill_form(partial, gold, order), order, one.sample)
    except (AnswerError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(say.BAD_GOLD(detail=error), where=one.ref, mend=say.MEND_GOLD()) from error
    if kept.keys() != gold.keys():
        unknown = ", ".join(gold.keys() - kept.keys())
        raise InputError(say.BAD_GOLD(detail=unknown), where=one.ref, mend=say.MEND_GOLD())
    return kept

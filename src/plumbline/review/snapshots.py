"""A stored copy of a project's results, so that a page over a million judgements answers at once."""

from __future__ import annotations

import json
import os
import threading
import time
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from plumbline.review.database import Database
from plumbline.review.results import review_results
from plumbline.review.tables import Project, Snapshot

AT_ONCE = 500
"""Up to this many judgements, results are worked out while the page waits."""

FRESH_SECONDS = 300
"""Results of a large project are not worked out anew before they are this old."""

_running: dict[tuple[str, int], SpawnProcess] = {}
_lock = threading.Lock()


def latest(database: Database, project: Project) -> tuple[dict[str, Any] | None, float | None, bool]:
    """Return the newest results there are, when they were worked out, and whether newer ones are coming.

    Small projects are worked out now. For large ones an outdated copy is shown for a while; then a process of
    its own works out a new one, so that pages do not wait for its arithmetic.
    """
    project_id = int(project.id or 0)
    with database.read() as session:
        mark = _mark(session, project_id)
        stored = session.get(Snapshot, project_id)
        few = _judgements(session, project_id) <= AT_ONCE
    if stored is not None and stored.upto == mark:
        return json.loads(stored.body), stored.computed_at, False
    if few:
        return refresh(database, project), time.time(), False
    fresh = stored is not None and time.time() - stored.computed_at < FRESH_SECONDS
    if not fresh:
        _in_background(database, project_id)
    return (json.loads(stored.body), stored.computed_at, not fresh) if stored else (None, None, True)


def refresh(database: Database, project: Project) -> dict[str, Any]:
    """Work out the results now and store them."""
    project_id = int(project.id or 0)
    with database.read() as session:
        mark = _mark(session, project_id)
        body = review_results(session, project)
    kept = json.dumps(body)

    def act(session: Session) -> None:
        row = session.get(Snapshot, project_id) or Snapshot(
            project_id=project_id, body="", upto="", computed_at=0
        )
        row.body, row.upto, row.computed_at = kept, mark, time.time()
        session.add(row)

    database.change(act)
    return body


def _in_background(database: Database, project_id: int) -> None:
    key = (database.url, project_id)
    with _lock:
        if key in _running and _running[key].is_alive():
            return
        _running[key] = get_context("spawn").Process(target=_work, args=key, daemon=True)
        _running[key].start()


def _work(url: str, project_id: int) -> None:
    os.nice(10)
    database = Database(url)
    with database.read() as session:
        project = session.get_one(Project, project_id)
    refresh(database, project)
    database.close()


def _mark(session: Session, project_id: int) -> str:
    """What changes whenever a judgement, an undo or a settlement is added."""
    query = text(
        "SELECT (SELECT max(id) FROM judgement WHERE project_id = :project), "
        "(SELECT max(id) FROM settlement WHERE project_id = :project)"
    ).bindparams(project=project_id)
    return str(tuple(session.connection().execute(query).one()))


def _judgements(session: Session, project_id: int) -> int:
    query = text("SELECT coalesce(sum(done), 0) FROM membership WHERE project_id = :project")
    return int(session.connection().execute(query.bindparams(project=project_id)).scalar() or 0)

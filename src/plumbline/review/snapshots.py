"""A stored copy of a project's results, so that a page over a million judgements answers at once."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from plumbline.review.database import Database
from plumbline.review.results import review_results
from plumbline.review.tables import Project, Snapshot

AT_ONCE = 500
"""Up to this many judgements, results are worked out while the page waits."""

_running: set[tuple[str, int]] = set()
_lock = threading.Lock()


def latest(database: Database, project: Project) -> tuple[dict[str, Any] | None, float | None, bool]:
    """Return the newest results there are, when they were worked out, and whether newer ones are on their
    way.

    Small projects are worked out now. For large ones an outdated copy starts a calculation in the background.
    """
    project_id = int(project.id or 0)
    with database.read() as session:
        mark = _mark(session, project_id)
        stored = session.get(Snapshot, project_id)
        few = _judgements(session, project_id) <= AT_ONCE
    if stored is not None and stored.upto == mark:
        return json.loads(stored.body), stored.computed_at, False
    if few:
        body = refresh(database, project)
        return body, time.time(), False
    _in_background(database, project)
    return (json.loads(stored.body), stored.computed_at, True) if stored else (None, None, True)


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


def _in_background(database: Database, project: Project) -> None:
    key = (database.url, int(project.id or 0))
    with _lock:
        if key in _running:
            return
        _running.add(key)

    def work() -> None:
        try:
            refresh(database, project)
        finally:
            with _lock:
                _running.discard(key)

    threading.Thread(target=work, name="review results", daemon=True).start()


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

"""Where reviewers differ, a coordinator decides; the latest decision counts, and all are kept."""

from __future__ import annotations

import json
import time

from sqlmodel import Session, select

from plumbline.review.answers import Answer
from plumbline.review.database import Database
from plumbline.review.judge import NotTheirs
from plumbline.review.tables import Item, Settlement


def settle(
    database: Database, account_id: int, project_id: int, item_id: int, form_key: str, answer: Answer
) -> bool:
    """Store a coordinator's decision for one item; it counts instead of the reviewers' answers.

    Returns:
        False when this form had been stored before.

    Raises:
        NotTheirs: The project has no such item.
    """

    def act(session: Session) -> bool:
        item = session.get(Item, item_id, with_for_update=True)
        if item is None or item.project_id != project_id:
            raise NotTheirs(item_id)
        if session.exec(select(Settlement.id).where(Settlement.form_key == form_key)).first() is not None:
            return False
        item.settled = 1
        session.add(item)
        session.add(
            Settlement(
                project_id=project_id,
                item_id=item_id,
                account_id=account_id,
                form_key=form_key,
                answer=json.dumps(answer),
                created_at=time.time(),
            )
        )
        return True

    return database.change(act)

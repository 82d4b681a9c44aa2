"""A line for every act that changes who may do what or what counts. Secrets never go in."""

from __future__ import annotations

import json
import time

from sqlmodel import Session

from plumbline.review.tables import Audit


def note(
    session: Session,
    action: str,
    *,
    account_id: int | None = None,
    project_id: int | None = None,
    address: str | None = None,
    **detail: object,
) -> None:
    """Add one line to the audit log, in the caller's transaction."""
    session.add(
        Audit(
            at=time.time(),
            account_id=account_id,
            project_id=project_id,
            action=action,
            address=address,
            detail=json.dumps(detail, ensure_ascii=False),
        )
    )

"""The coordinator's pages: progress, people, disagreements, results, log."""

from __future__ import annotations

import json
import random
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from sqlalchemy import text
from sqlmodel import col, func, select
from starlette.responses import RedirectResponse, Response

from plumbline.errors import InputError
from plumbline.language import use_language
from plumbline.review import audit, exchange, handover, people
from plumbline.review.answers import AnswerError, read_form
from plumbline.review.results import progress, reviewers
from plumbline.review.settle import settle as store_settlement
from plumbline.review.snapshots import latest
from plumbline.review.tables import Account, Assignment, Audit, Invite, Item, Judgement, Membership, Project
from plumbline.review.web import words
from plumbline.review.web.describe import describe
from plumbline.review.web.pages import render, visible
from plumbline.review.web.places import NotHere, Place, limit, place_of
from plumbline.review.web.visit import Posted, Visiting, first

router = APIRouter(prefix="/p/{name}/manage")
_SHOWN = 50


@dataclass(frozen=True)
class Person:
    """One line of the people page."""

    account: Account
    member: Membership
    link: Invite | None


@router.get("")
def overview(name: str, visit: Visiting) -> Response:
    """How far the project is and how reviewers are doing."""
    place = place_of(visit, name, coordinator=True)
    with visit.site.database.read() as session:
        far, people_now = progress(session, place.project), reviewers(session, place.project)
    found, at, coming = latest(visit.site.database, place.project)
    values: dict[str, Any] = {
        "far": far,
        "reviewers": people_now,
        "results": found,
        "at": at,
        "coming": coming,
    }
    return render(visit, "overview.html", place=place, **values)


@router.post("/state")
def change_state(name: str, visit: Visiting, form: Posted) -> Response:
    """Pause the project for everybody, or go on."""
    place = place_of(visit, name, coordinator=True)
    state = "paused" if first(form, "state") == "paused" else "open"
    with visit.site.database.write() as session:
        project = session.get_one(Project, place.project_id)
        project.state = state
        session.add(project)
        audit.note(session, f"project {state}", account_id=visit.account_id, project_id=place.project_id)
    return RedirectResponse(f"/p/{name}/manage", 303)


@router.get("/people")
def people_page(name: str, visit: Visiting) -> Response:
    """Who takes part, and their links."""
    return _people(place_of(visit, name, coordinator=True))


@router.post("/people")
def invite(name: str, visit: Visiting, form: Posted) -> Response:
    """Make a personal link, shown once."""
    place = place_of(visit, name, coordinator=True)
    limit(place)
    days = first(form, "days")
    try:
        with use_language(visit.language):
            link = people.invite_by_name(
                visit.site.database, place.project_id, first(form, "name"), first(form, "role"),
                days=min(365, max(1, int(days))) if days.isascii() and days.isdigit() else people.LINK_DAYS,
            )  # fmt: skip
    except InputError as error:
        return _people(place, error=str(error), status=422)
    _note(place, "link made", link.account_id, role=first(form, "role"))
    return _people(place, link=visit.site.url + link.path, invited=first(form, "name"))


@router.post("/people/{account}/revoke")
def revoke(name: str, account: int, visit: Visiting, form: Posted) -> Response:
    """End a person's links, sign-ins and part in the project."""
    place = place_of(visit, name, coordinator=True)
    limit(place)
    if account == visit.account_id:
        raise NotHere  # nobody locks themselves out
    people.revoke(visit.site.database, place.project_id, account)
    _note(place, "access revoked", account)
    return RedirectResponse(f"/p/{name}/manage/people", 303)


@router.get("/queue")
def queue(name: str, visit: Visiting) -> Response:
    """Items on which reviewers differ, the widest first."""
    place = place_of(visit, name, coordinator=True)
    with visit.site.database.read() as session:
        # Written out, so that the database sees that its index of open disputes serves.
        query = select(Item).where(Item.project_id == place.project_id, text("dispute > 0 AND settled = 0"))
        items = session.exec(query.order_by(col(Item.dispute).desc()).limit(_SHOWN)).all()
    return render(visit, "queue.html", place=place, items=items)


@router.get("/queue/{number}")
def settle_page(name: str, number: int, visit: Visiting) -> Response:
    """One item with what each reviewer answered, and the form that settles it."""
    place = place_of(visit, name, coordinator=True)
    return _settle(place, _item(place, number), {})


@router.post("/queue/{number}")
def settle(name: str, number: int, visit: Visiting, form: Posted) -> Response:
    """Store the decision and go on to the next disagreement."""
    place = place_of(visit, name, coordinator=True)
    limit(place)
    item = _item(place, number)
    try:
        with use_language(visit.language):
            answer = read_form(place.protocol, form, _order(place, item), item.content.get("sample"))
    except AnswerError as error:
        return _settle(place, item, form, error=error, status=422)
    key = first(form, "key")[:80]
    if store_settlement(visit.site.database, visit.account_id, place.project_id, number, key, answer):
        _note(place, "item settled", None, item=item.ref)
    return RedirectResponse(f"/p/{name}/manage/queue", 303)


@router.get("/results")
def results_page(name: str, visit: Visiting) -> Response:
    """What the judgements come to."""
    place = place_of(visit, name, coordinator=True)
    found, at, coming = latest(visit.site.database, place.project)
    return render(visit, "results.html", place=place, results=found, at=at, coming=coming)


@router.get("/export/{kind}")
def download(name: str, kind: str, visit: Visiting) -> Response:
    """Hand out everything as a file."""
    place = place_of(visit, name, coordinator=True)
    if kind not in (*exchange.FORMATS, "csv"):
        raise NotHere
    _note(place, "exported", None, format=kind)
    suffix = {"labelstudio": "json"}.get(kind, kind)
    headers = {"content-disposition": f'attachment; filename="{name}.{suffix}"'}
    with visit.site.database.read() as session, tempfile.TemporaryDirectory() as folder:
        if kind == "csv":
            return Response(handover.as_csv(session, place.project), media_type="text/csv", headers=headers)
        path = Path(folder) / f"export.{suffix}"
        exchange.write(session, place.project, path, kind)
        return Response(path.read_bytes(), media_type="application/octet-stream", headers=headers)


@router.get("/log")
def log_page(name: str, visit: Visiting) -> Response:
    """Who did what, when."""
    place = place_of(visit, name, coordinator=True)
    with visit.site.database.read() as session:
        query = select(Audit, Account.name).join(
            Account, col(Account.id) == col(Audit.account_id), isouter=True
        )
        rows = session.exec(
            query.where(Audit.project_id == place.project_id).order_by(col(Audit.id).desc()).limit(4 * _SHOWN)
        ).all()
        names: dict[int | None, str] = dict(session.exec(select(Account.id, Account.name)).all())
    with use_language(visit.language):
        lines = [(row, who, _detail(json.loads(row.detail), names)) for row, who in rows]
    return render(visit, "log.html", place=place, lines=lines)


def _detail(detail: dict[str, Any], names: dict[int | None, str]) -> list[Markup]:
    """The details of a line of the audit log in words; people by name."""
    found = []
    for key, value in detail.items():
        shown = names.get(value, value) if key == "person" else value
        if key == "role":
            shown = words.ROLE_coordinator() if value == "coordinator" else words.ROLE_reviewer()
        found.append(words.DETAILS[key](value=shown) if key in words.DETAILS else f"{key} {shown}")
    return [visible(one) for one in found]


def _people(place: Place, *, status: int = 200, **values: Any) -> Response:
    with place.visit.site.database.read() as session:
        query = select(Account, Membership).where(
            Membership.project_id == place.project_id, Account.id == Membership.account_id
        )
        rows = session.exec(query.order_by(Membership.role, Account.name)).all()
        newest = (
            select(func.max(Invite.id))
            .where(Invite.project_id == place.project_id)
            .group_by(col(Invite.account_id))
        )
        links = {
            link.account_id: link for link in session.exec(select(Invite).where(col(Invite.id).in_(newest)))
        }
    found = [Person(account, member, links.get(int(account.id or 0))) for account, member in rows]
    shown: dict[str, Any] = {"link": None, "invited": None, "error": None, **values}
    return render(place.visit, "people.html", status=status, place=place, people=found, **shown)


def _settle(
    place: Place,
    item: Item,
    form: dict[str, list[str]],
    *,
    error: AnswerError | None = None,
    status: int = 200,
) -> Response:
    order = _order(place, item)
    with place.visit.site.database.read() as session:
        query = (
            select(Account.name, Judgement.answer)
            .join(Assignment, col(Assignment.account_id) == col(Account.id))
            .join(Judgement, col(Judgement.id) == col(Assignment.judgement_id))
            .where(Assignment.item_id == item.id, Assignment.state == "done", Assignment.purpose == "normal")
        )
        given = session.exec(query.order_by(col(Assignment.slot))).all()
    with use_language(place.visit.language):
        answers = [
            (who, describe(place.protocol, json.loads(answer or "{}"), order)) for who, answer in given
        ]
    body = item.content
    replies = [body["replies"][reply]["text"] for reply in order]
    key = f"settle-{secrets.token_urlsafe(12)}"
    return render(
        place.visit, "settle.html", status=status, place=place, item=item, body=body, replies=replies,
        answers=answers,         form=form, error=error, key=key,
    )  # fmt: skip


def _item(place: Place, number: int) -> Item:
    with place.visit.site.database.read() as session:
        item = session.get(Item, number)
    if item is None or item.project_id != place.project_id:
        raise NotHere
    return item


def _order(place: Place, item: Item) -> list[int]:
    """The coordinator judges blind too: an order of its own, the same whenever the page is opened."""
    order = list(range(len(item.content.get("replies", []))))
    random.Random(f"{place.project.seed}/settle/{item.ref}").shuffle(order)
    return order


def _note(place: Place, action: str, person: int | None, **detail: object) -> None:
    with place.visit.site.database.write() as session:
        audit.note(
            session, action, account_id=place.visit.account_id, project_id=place.project_id,
            address=place.visit.address, **({"person": person} if person else {}), **detail,
        )  # fmt: skip

"""The reviewer's pages: welcome, one item after the other, pause, history."""

from __future__ import annotations

import json
import time
from typing import Any

from fastapi import APIRouter
from sqlmodel import col, select
from starlette.responses import JSONResponse, RedirectResponse, Response

from plumbline.language import use_language
from plumbline.review import judge as acts
from plumbline.review.answers import AnswerError, read_form
from plumbline.review.assign import IN_RESERVE, next_assignment
from plumbline.review.judge import Outcome
from plumbline.review.reserve import look_ahead
from plumbline.review.tables import Assignment, Draft, Item, Judgement, Membership, Project
from plumbline.review.web.describe import describe
from plumbline.review.web.pages import render
from plumbline.review.web.places import NotHere, Place, limit, place_of
from plumbline.review.web.visit import Posted, Visiting, first

router = APIRouter()
_NOTICES = {"late", "stale", "undone", "not_undone", "skipped", "restored"}
_HISTORY = 50


@router.get("/")
def home(visit: Visiting) -> Response:
    """List one's projects; with only one, go there."""
    with visit.site.database.read() as session:
        query = select(Project, Membership).where(
            Membership.account_id == visit.account_id,
            Membership.project_id == Project.id,
            Membership.active == 1,
        )
        found = session.exec(query.order_by(Project.name)).all()
    if len(found) == 1:
        return RedirectResponse(f"/p/{found[0][0].name}", 303)
    places = [place_of(visit, project.name) for project, _ in found]
    return render(visit, "home.html", places=places)


@router.get("/p/{name}")
def welcome(name: str, visit: Visiting) -> Response:
    """Say what this is about; one key begins."""
    return render(visit, "welcome.html", place=place_of(visit, name))


@router.post("/p/{name}/begin")
def begin(name: str, visit: Visiting, form: Posted) -> Response:
    """Note that the guide and the warning were seen, and begin."""
    place = place_of(visit, name)
    with visit.site.database.write() as session:
        member = session.get_one(Membership, (place.project_id, visit.account_id))
        member.begun_at = member.begun_at or time.time()
        session.add(member)
    return RedirectResponse(f"/p/{name}/judge", 303)


@router.get("/p/{name}/judge")
def judge(name: str, visit: Visiting) -> Response:
    """Show what to judge now."""
    place = place_of(visit, name)
    if place.member.begun_at is None:
        return RedirectResponse(f"/p/{name}", 303)
    assignment = next_assignment(visit.site.database, place.project_id, visit.account_id)
    if assignment is None:
        return render(visit, "done.html", place=place, notice=_notice(visit))
    return _show(place, assignment, _drafted(place, assignment))


@router.get("/p/{name}/judge/{number}")
def judge_one(name: str, number: int, visit: Visiting) -> Response:
    """Show one open item: what a page fetches to hold in reserve, and where one lands after a reload."""
    place = place_of(visit, name)
    assignment, _ = _open(place, number)
    if assignment.state != "open" or place.project.state != "open":
        return RedirectResponse(f"/p/{name}/judge", 303)
    return _show(place, assignment, _drafted(place, assignment))


@router.post("/p/{name}/judge/{number}/ahead")
def ahead(name: str, number: int, visit: Visiting, form: Posted) -> Response:
    """Reserve what comes after the item on screen, so that judging can go on without a connection."""
    place = place_of(visit, name)
    limit(place)
    reserved = look_ahead(visit.site.database, place.project_id, visit.account_id, number)
    return JSONResponse({"pages": [f"/p/{name}/judge/{one.id}" for one in reserved]})


@router.post("/p/{name}/judge/{number}")
def submit(name: str, number: int, visit: Visiting, form: Posted) -> Response:
    """Store a judgement and go on; what is wrong with a form is said beside the question."""
    place = place_of(visit, name)
    limit(place)
    assignment, item = _open(place, number)
    try:
        with use_language(visit.language):
            answer = read_form(place.protocol, form, assignment.order, item.content.get("sample"))
    except AnswerError as error:
        if _wants_json(visit):
            return JSONResponse({"error": error.what, "question": error.question}, 422)
        return _show(place, assignment, form, error=error, status=422)
    seconds = _seconds(first(form, "seconds"), assignment)
    outcome = acts.submit(visit.site.database, visit.account_id, number, first(form, "key"), answer, seconds)
    return _onward(place, outcome.value if outcome in {Outcome.LATE, Outcome.STALE} else "", outcome.value)


@router.post("/p/{name}/judge/{number}/draft")
def draft(name: str, number: int, visit: Visiting, form: Posted) -> Response:
    """Keep a half-filled form; one that overtakes its own judgement is not kept, which is no error."""
    place = place_of(visit, name)
    limit(place)
    _open(place, number)
    fields = {field: values for field, values in form.items() if field.startswith("q.")}
    kept = acts.save_draft(visit.site.database, visit.account_id, number, first(form, "key"), fields)
    return JSONResponse({"kept": kept})


@router.post("/p/{name}/judge/{number}/skip")
def skip(name: str, number: int, visit: Visiting, form: Posted) -> Response:
    """Give an item back unjudged."""
    place = place_of(visit, name)
    limit(place)
    _open(place, number)
    outcome = acts.skip(visit.site.database, visit.account_id, number, first(form, "key"))
    return _onward(place, "skipped" if outcome is not Outcome.STALE else "stale", outcome.value)


@router.post("/p/{name}/undo")
def undo(name: str, visit: Visiting, form: Posted) -> Response:
    """Take back a judgement: the one named, or the last one."""
    place = place_of(visit, name)
    limit(place)
    number = first(form, "judgement")
    target = int(number) if number.isascii() and number.isdigit() else last_judgement(place)
    opened = acts.undo(visit.site.database, visit.account_id, target) if target is not None else None
    return _onward(place, "undone" if opened else "not_undone", "undone")


@router.post("/p/{name}/pause")
def pause(name: str, visit: Visiting, form: Posted) -> Response:
    """Go to the page for a break."""
    place_of(visit, name)
    return RedirectResponse(f"/p/{name}/pause", 303)


@router.get("/p/{name}/pause")
def paused(name: str, visit: Visiting) -> Response:
    """Show nothing upsetting; the open item waits."""
    place = place_of(visit, name)
    with visit.site.database.read() as session:
        query = select(Assignment).where(
            Assignment.project_id == place.project_id,
            Assignment.account_id == visit.account_id,
            Assignment.state == "open",
            Assignment.opened_at > IN_RESERVE,
        )
        waiting = session.exec(query.order_by(col(Assignment.opened_at).desc())).first()
    return render(visit, "pause.html", place=place, waiting=waiting)


@router.get("/p/{name}/mine")
def history(name: str, visit: Visiting) -> Response:
    """Show one's own latest judgements."""
    place = place_of(visit, name)
    with visit.site.database.read() as session:
        query = (
            select(Judgement, Assignment, Item)
            .where(
                Judgement.project_id == place.project_id,
                Judgement.account_id == visit.account_id,
                Assignment.id == Judgement.assignment_id,
                Item.id == Judgement.item_id,
            )
            .order_by(col(Judgement.id).desc())
            .limit(_HISTORY)
        )
        rows = session.exec(query).all()
    with use_language(visit.language):
        said = {
            act.id: describe(place.protocol, json.loads(act.answer or "{}"), assignment.order)
            for act, assignment, _ in rows
        }
    return render(visit, "history.html", place=place, rows=rows, said=said)


def last_judgement(place: Place) -> int | None:
    """Return the key of the reviewer's latest judgement that counts."""
    with place.visit.site.database.read() as session:
        query = select(Assignment.judgement_id).where(
            Assignment.project_id == place.project_id,
            Assignment.account_id == place.member.account_id,
            Assignment.state == "done",
        )
        return session.exec(query.order_by(col(Assignment.judgement_id).desc()).limit(1)).first()


def _show(
    place: Place, assignment: Assignment, form: dict[str, list[str]] | None, *, error: AnswerError | None =
    None, status: int = 200,
) -> Response:  # fmt: skip
    with place.visit.site.database.read() as session:
        item = session.get_one(Item, assignment.item_id)
    body = item.content
    return render(
        place.visit, "judge.html", status=status, place=place, assignment=assignment, body=body,
        form=form if form is not None else _prefilled(place, body), error=error, notice=_notice(place.visit),
        replies=[body["replies"][reply]["text"] for reply in assignment.order],
    )  # fmt: skip


def _drafted(place: Place, assignment: Assignment) -> dict[str, list[str]] | None:
    with place.visit.site.database.read() as session:
        draft = session.get(Draft, assignment.id)
        return json.loads(draft.answer) if draft else None


def _prefilled(place: Place, body: dict[str, Any]) -> dict[str, list[str]]:
    """The class a sample has now is chosen beforehand."""
    now = (body.get("sample") or {}).get("categorization")
    for question in place.protocol.questions:
        if question.id == "categorization" and question.kind == "choice" and now:
            fits = [one.value for one in question.options if now in (one.value, one.value.split("/")[-1])]
            fits += [one.value for one in question.options if now in (one.label.zh, one.label.en)]
            return {"q.categorization": fits[:1]}
    return {}


def _open(place: Place, number: int) -> tuple[Assignment, Item]:
    with place.visit.site.database.read() as session:
        assignment = session.get(Assignment, number)
        if (
            assignment is None
            or assignment.account_id != place.member.account_id
            or assignment.project_id != place.project_id
        ):
            raise NotHere
        return assignment, session.get_one(Item, assignment.item_id)


def _seconds(stated: str, assignment: Assignment) -> float:
    """Time spent looking, as the script counted it, but never more than has passed."""
    passed = max(0.0, time.time() - assignment.opened_at)
    try:
        counted = float(stated)
    except ValueError:
        return passed
    return min(counted, passed) if counted >= 0 else passed


def _onward(place: Place, notice: str, outcome: str) -> Response:
    target = f"/p/{place.project.name}/judge" + (f"?notice={notice}" if notice else "")
    if _wants_json(place.visit):
        return JSONResponse({"outcome": outcome, "next": target})
    return RedirectResponse(target, 303)


def _wants_json(visit: Visiting) -> bool:
    return "application/json" in visit.request.headers.get("accept", "")


def _notice(visit: Visiting) -> str | None:
    given = visit.request.query_params.get("notice")
    return given if given in _NOTICES else None

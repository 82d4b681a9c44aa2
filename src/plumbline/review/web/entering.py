"""Coming in and leaving: personal links, passwords, language."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from plumbline.errors import InputError
from plumbline.review import audit, people
from plumbline.review.tables import Account, Invite, Project
from plumbline.review.web import visit as visits
from plumbline.review.web.pages import render
from plumbline.review.web.visit import Posted, TooMany, Visit, Visiting, first

router = APIRouter()
_PENDING = "plumbline_link"


@router.get("/join/{secret}")
def join(secret: str, visit: Visiting) -> Response:
    """Exchange the secret of a personal link for a cookie and go on, so that it leaves the address."""
    _limit(visit)
    if visit.account is not None:
        # Somebody else may be signed in here, or be lured into another's account: the next page asks.
        response = RedirectResponse("/join", 303)
        response.set_cookie(
            _PENDING,
            secret[:100],
            max_age=300,
            httponly=True,
            samesite="lax",
            secure=visit.site.secure,
            path="/join",
        )
        return response
    return _enter(visit, secret)


@router.get("/join")
def confirm(visit: Visiting) -> Response:
    """Ask before this browser changes hands."""
    _limit(visit)
    secret = visit.request.cookies.get(_PENDING, "")
    with visit.site.database.read() as session:
        link = people.find_link(session, secret) if secret and visit.account else None
        other = session.get(Account, link.account_id) if link else None
        project = session.get(Project, link.project_id) if link else None
    if link is None or other is None or project is None:
        return render(visit, "bad_link.html", status=404)
    if other.id == visit.account_id:
        return _enter(visit, secret)
    return render(visit, "switch.html", other=other.name)


@router.post("/join")
def switch(visit: Visiting, form: Posted) -> Response:
    """Change hands as confirmed."""
    _limit(visit)
    return _enter(visit, visit.request.cookies.get(_PENDING, ""))


@router.get("/login")
def login_page(visit: Visiting) -> Response:
    """Show the sign-in form."""
    return render(visit, "login.html", wrong=False, next=_safe(visit.request.query_params.get("next", "")))


@router.post("/login")
def login(visit: Visiting, form: Posted) -> Response:
    """Sign in with name and password; a wrong name and a wrong password look and take the same."""
    _limit(visit)
    name = first(form, "login")
    # One name is tried from many addresses, one address tries many names: both are slowed down.
    if not visit.site.entry_limit.allow(f"name {name.strip().casefold()}"):
        raise TooMany
    with visit.site.database.read() as session:
        account = people.check_password(session, name, first(form, "password"))
    onward = _safe(first(form, "next"))
    if account is None or account.id is None:
        _failed(visit)
        with visit.site.database.write() as session:
            audit.note(session, "login refused", address=visit.address)
        return render(visit, "login.html", status=401, wrong=True, next=onward)
    with visit.site.database.write() as session:
        secret = people.sign_in(session, account.id)
        audit.note(session, "login", account_id=account.id, address=visit.address)
    response = RedirectResponse(onward or "/", 303)
    visits.set_cookie(visit.site, response, secret)
    return response


@router.post("/logout")
def logout(visit: Visiting, form: Posted) -> Response:
    """Sign this browser out, or all of them."""
    with visit.site.database.write() as session:
        everywhere = first(form, "everywhere") == "1"
        only = None if everywhere else visit.request.cookies.get(visit.site.cookie, "")
        people.end_sign_ins(session, visit.account_id, only=only)
        audit.note(session, "logout", account_id=visit.account_id, everywhere=everywhere)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(
        visit.site.cookie, path="/", secure=visit.site.secure, httponly=True, samesite="lax"
    )
    response.headers["clear-site-data"] = '"cache"'
    return response


@router.get("/account")
def account_page(visit: Visiting) -> Response:
    """Show one's own account."""
    return render(visit, "account.html", login=_own(visit).login or "", error=None, saved=False)


@router.post("/account")
def account_change(visit: Visiting, form: Posted) -> Response:
    """Set a sign-in name and a password."""
    if not visit.site.act_limit.allow(str(visit.account_id)):
        raise TooMany
    try:
        people.set_password(
            visit.site.database, visit.account_id, first(form, "login"), first(form, "password")
        )
    except InputError as error:
        return render(
            visit, "account.html", status=422, login=first(form, "login"), error=str(error), saved=False
        )
    with visit.site.database.write() as session:
        audit.note(session, "password set", account_id=visit.account_id, address=visit.address)
    return render(visit, "account.html", login=first(form, "login"), error=None, saved=True)


@router.post("/language")
def language(visit: Visiting, form: Posted) -> Response:
    """Change the language of the pages and go back to where one was."""
    chosen = "zh" if first(form, "language") == "zh" else "en"
    response = RedirectResponse(_safe(first(form, "next")) or "/", 303)
    visits.set_language(response, "zh" if chosen == "zh" else "en", visit.site.secure)
    return response


def _enter(visit: Visit, secret: str) -> Response:
    with visit.site.database.write() as session:
        link = people.accept(session, secret)
        if link is None:
            audit.note(session, "link refused", address=visit.address)
            entered = None
        else:
            entered = _sign_in(visit, session, link)
    if entered is None:
        _failed(visit)
        return render(visit, "bad_link.html", status=404)
    project, cookie = entered
    response = RedirectResponse(f"/p/{project}", 303)
    visits.set_cookie(visit.site, response, cookie)
    response.delete_cookie(_PENDING, path="/join", secure=visit.site.secure, httponly=True, samesite="lax")
    return response


def _sign_in(visit: Visit, session: Session, link: Invite) -> tuple[str, str]:
    if visit.account is not None and visit.account.id is not None:
        people.end_sign_ins(session, visit.account.id, only=visit.request.cookies.get(visit.site.cookie, ""))
    audit.note(
        session, "link used", account_id=link.account_id, project_id=link.project_id, address=visit.address,
        times=link.used,
    )  # fmt: skip
    return session.get_one(Project, link.project_id).name, people.sign_in(session, link.account_id)


def _own(visit: Visit) -> Account:
    with visit.site.database.read() as session:
        return session.get_one(Account, visit.account_id)


def _limit(visit: Visit) -> None:
    if not visit.site.entry_limit.open(visit.address):
        raise TooMany


def _failed(visit: Visit) -> None:
    visit.site.entry_limit.allow(visit.address)


def _safe(target: str) -> str:
    """Return `target` when it is a path of this site, else nothing, so that nobody is sent elsewhere."""
    parts = urlsplit(target)
    fine = target.startswith("/") and not target.startswith(("//", "/\\", "/join")) and not parts.netloc
    return target if fine and "\n" not in target and "\r" not in target else ""

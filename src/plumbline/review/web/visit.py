"""One request: the site it reached, who sent it, in which language, and whether its form is ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from plumbline.language import Language
from plumbline.review.database import Database
from plumbline.review.people import SIGN_IN_DAYS, signed_in
from plumbline.review.tables import Account
from plumbline.review.web.limits import Limit, RateLimit

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_LANGUAGE_COOKIE = "plumbline_language"


@dataclass(frozen=True)
class Site:
    """How this server is reached, and its limits."""

    database: Database
    url: str = "http://127.0.0.1:8000"
    """What browsers put before a path."""
    hosts: tuple[str, ...] = LOOPBACK
    entry_limit: Limit = field(default_factory=lambda: RateLimit(burst=20, per_minute=10))
    """Failed tries to get in, per address (a class behind one address may come in together)."""
    act_limit: Limit = field(default_factory=lambda: RateLimit(burst=120, per_minute=240))
    """Forms sent, per person."""

    @property
    def secure(self) -> bool:
        """Whether browsers reach the site by TLS."""
        return self.url.startswith("https://")

    @property
    def cookie(self) -> str:
        """Name of the sign-in cookie; the prefix makes browsers insist on TLS and this host."""
        return "__Host-plumbline" if self.secure else "plumbline"


class SignInNeeded(Exception):
    """The page needs somebody signed in."""


class Refused(Exception):
    """The request is not allowed; the reason is for logs, not for the page."""


class TooMany(Exception):
    """The sender must wait."""


@dataclass(frozen=True)
class Visit:
    """Who is asking for a page."""

    site: Site
    request: Request
    account: Account | None
    language: Language
    fresh: str = ""
    """A secret for a browser without cookie, set with the next page; its first form is bound already."""

    @property
    def account_id(self) -> int:
        """The signed-in person's id.

        Raises:
            SignInNeeded: Nobody is signed in.
        """
        if self.account is None or self.account.id is None:
            raise SignInNeeded
        return self.account.id

    @property
    def address(self) -> str:
        """Where the request came from."""
        return self.request.client.host if self.request.client else "-"

    @property
    def csrf(self) -> str:
        """The token that forms on this visitor's pages carry."""
        return _token(self.fresh or self.request.cookies.get(self.site.cookie, ""))


def site_of(request: Request) -> Site:
    """Return the site the app serves."""
    site: Site = request.app.state.site
    return site


def visit(request: Request) -> Visit:
    """Find out who is asking (a FastAPI dependency)."""
    site = site_of(request)
    account = None
    secret = request.cookies.get(site.cookie)
    if secret and not secret.startswith(_VISITOR):
        with site.database.read() as session:
            account = signed_in(session, secret)
    fresh = "" if secret else _VISITOR + secrets.token_urlsafe(24)
    return Visit(site, request, account, _language(request, account), fresh)


async def posted(request: Request) -> dict[str, list[str]]:
    """Read a form sent from one of our own pages (a FastAPI dependency).

    Raises:
        Refused: The form comes from elsewhere or lacks this visitor's token.
    """
    site = site_of(request)
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Refused("sec-fetch-site")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused("origin")
    fields: dict[str, list[str]] = {}
    async with request.form(max_files=0, max_fields=400) as form:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                fields.setdefault(name, []).append(value)
    expected = _token(request.cookies.get(site.cookie, ""))
    if not expected or not hmac.compare_digest(expected.encode(), first(fields, "csrf").encode()):
        raise Refused("csrf")
    return fields


def first(fields: dict[str, list[str]], name: str) -> str:
    """Return the first value of a field, or nothing."""
    return fields.get(name, [""])[0]


_VISITOR = "visitor-"


def set_visitor(visit: Visit, response: Response) -> None:
    """Give a browser without cookie the one its forms are bound to."""
    if visit.fresh:
        set_cookie(visit.site, response, visit.fresh, hours=2)


def _token(secret: str) -> str:
    return hmac.new(secret.encode(), b"plumbline form", hashlib.sha256).hexdigest() if secret else ""


def set_cookie(site: Site, response: Response, secret: str, *, hours: float = SIGN_IN_DAYS * 24) -> None:
    """Set the sign-in cookie."""
    response.set_cookie(
        site.cookie,
        secret,
        max_age=int(hours * 3600),
        httponly=True,
        samesite="lax",
        secure=site.secure,
        path="/",
    )


def set_language(response: Response, language: Language, secure: bool) -> None:
    """Remember the language this browser chose."""
    response.set_cookie(
        _LANGUAGE_COOKIE, language, max_age=31536000, httponly=True, samesite="lax", secure=secure
    )


def _language(request: Request, account: Account | None) -> Language:
    chosen = request.cookies.get(_LANGUAGE_COOKIE) or (account.language if account else None)
    if chosen in ("zh", "en"):
        return "zh" if chosen == "zh" else "en"
    wanted = request.headers.get("accept-language", "").lower()
    chinese, english = wanted.find("zh"), wanted.find("en")
    return "zh" if chinese >= 0 and (english < 0 or chinese < english) else "en"


Visiting = Annotated[Visit, Depends(visit)]
Posted = Annotated[dict[str, list[str]], Depends(posted)]

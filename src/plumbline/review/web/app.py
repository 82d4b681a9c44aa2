"""Putting the app together."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from plumbline.review.judge import NotTheirs
from plumbline.review.web import coordinating, entering, judging, words
from plumbline.review.web.guard import Guard
from plumbline.review.web.pages import STATIC, render
from plumbline.review.web.places import NotHere
from plumbline.review.web.visit import Refused, SignInNeeded, Site, TooMany, visit

_log = logging.getLogger("plumbline.review")
_TEXTS = {
    403: (words.REFUSED, words.REFUSED_TEXT),
    404: (words.NOT_FOUND, words.NOT_FOUND_TEXT),
    429: (words.TOO_MANY, words.TOO_MANY_TEXT),
    500: (words.BROKEN, words.BROKEN_TEXT),
}


def create_app(site: Site) -> ASGIApp:
    """Return the review app as an ASGI application.

    Example:
        >>> app = create_app(Site(Database("sqlite:///review.db")))  # doctest: +SKIP
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.site = site
    for part in (entering, judging, coordinating):
        app.include_router(part.router)
    app.mount("/static", _Static(directory=STATIC))
    app.add_exception_handler(SignInNeeded, _to_login)
    app.add_exception_handler(NotHere, lambda request, _: _page(request, 404))
    app.add_exception_handler(NotTheirs, lambda request, _: _page(request, 404))
    app.add_exception_handler(Refused, _refuse)
    app.add_exception_handler(TooMany, lambda request, _: _page(request, 429))
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(422, lambda request, _: _page(request, 404))
    app.add_exception_handler(Exception, lambda request, _: _page(request, 500))
    return Guard(app, site.hosts, site.secure)


class _Static(StaticFiles):
    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        # The address changes with the content.
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def _to_login(request: Request, _: Exception) -> Response:
    if request.method != "GET":
        return _page(request, 403)
    onward = f"?next={request.url.path}" if request.url.path.startswith("/p/") else ""
    return RedirectResponse(f"/login{onward}", 303)


def _refuse(request: Request, error: Exception) -> Response:
    _log.warning("form refused: %s", error)
    return _page(request, 403)


def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _page(request, status)


def _page(request: Request, status: int) -> Response:
    title, text = _TEXTS.get(status, _TEXTS[404] if status < 500 else _TEXTS[500])
    return render(visit(request), "error.html", status=status, title=title, text=text)

"""What every request passes first, known host and bounded body, and the strict headers of every response."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_BODY = 1_000_000
"""Bytes; the longest form holds two texts of 50,000 Chinese characters, percent-encoded nine bytes each."""

log = logging.getLogger("plumbline.review.access")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not `no-referrer`: browsers then send `Origin: null` with forms, and the origin could not be checked.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "x-robots-tag": "noindex, nofollow",
}


class Guard:
    """Middleware around the whole app.

    Args:
        app: What it protects.
        hosts: Host names that browsers may use, without port. Anything else is refused, so that a foreign
            name that resolves to this machine (DNS rebinding) gets nothing.
        secure: The site is reached by TLS.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], secure: bool) -> None:
        self.app, self.hosts, self.secure = app, frozenset(hosts), secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(MutableHeaders(scope=message), scope)
            await send(message)

        headers = Headers(scope=scope)
        if _bare(headers.get("host", "")) not in self.hosts:
            await PlainTextResponse("unknown host", 421)(scope, receive, send_with_headers)
        elif not _fits(headers):
            await PlainTextResponse("too long", 413)(scope, receive, send_with_headers)
        else:
            await self._serve(scope, receive, send_with_headers)
        # The matched pattern, never the path: a path may hold the secret of a personal link.
        route = getattr(scope.get("route"), "path", "-")
        log.info("%s %s %d %.1f ms", scope["method"], route, status, 1000 * (time.perf_counter() - started))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        taken = 0
        too_long = False

        async def bounded() -> Message:
            nonlocal taken, too_long
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LONGEST_BODY:
                too_long = True
                # A body without a stated length grew too long: the app sees the client leave.
                return {"type": "http.disconnect"}
            return message

        async def unless_too_long(message: Message) -> None:
            # What the app makes of a body that was cut off is of no interest.
            if not too_long:
                await send(message)

        try:
            await self.app(scope, bounded, unless_too_long)
        except Exception:
            if not too_long:
                raise
        if too_long:
            await PlainTextResponse("too long", 413)(scope, receive, send)

    def _add_headers(self, headers: MutableHeaders, scope: Scope) -> None:
        for name, value in _HEADERS.items():
            headers[name] = value
        if self.secure:
            headers["strict-transport-security"] = "max-age=31536000"
        if not scope["path"].startswith("/static/"):
            headers["cache-control"] = "no-store"
        if "server" in headers:
            del headers["server"]


def _fits(headers: Headers) -> bool:
    stated: Any = headers.get("content-length", "0")
    return stated.isdigit() and int(stated) <= LONGEST_BODY


def _bare(host: str) -> str:
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()

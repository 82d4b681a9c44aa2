"""Serving the app: where to listen, and when not to."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plumbline.errors import InputError, MissingExtra
from plumbline.review import messages as say


@dataclass(frozen=True)
class Listening:
    """Where and how to listen.

    Args:
        host: Address to bind; loopback by default.
        port: TCP port; 0 lets the system choose.
        url: What browsers put before a path; needed when they do not reach `host:port` itself.
        tls_cert: PEM certificate chain.
        tls_key: PEM private key.
        behind_proxy: A proxy in front speaks TLS and sets X-Forwarded-For.
        insecure_http: Serve other machines without TLS, knowing what that means.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    url: str | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    behind_proxy: bool = False
    insecure_http: bool = False

    @property
    def loopback(self) -> bool:
        """Whether only this machine can connect."""
        try:
            return self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def check(self) -> None:
        """Refuse to serve openly by accident.

        Raises:
            InputError: Others could connect without TLS, half a certificate was given, or no address for
            browsers.
        """
        if (self.tls_cert is None) != (self.tls_key is None):
            raise InputError(say.HALF_TLS(), mend=say.MEND_OPEN())
        if not (self.loopback or self.tls_cert or self.behind_proxy or self.insecure_http):
            raise InputError(say.REFUSE_OPEN(host=self.host), mend=say.MEND_OPEN())
        if self.url is None and (self.behind_proxy or self.host in {"0.0.0.0", "::"}):
            raise InputError(say.NEEDS_URL(), mend=say.MEND_URL())
        if self.url is not None and urlsplit(self.url).scheme not in {"http", "https"}:
            raise InputError(say.NEEDS_URL(), where=self.url, mend=say.MEND_URL())

    @property
    def address(self) -> str:
        """What browsers put before a path, without the slash."""
        if self.url is not None:
            return self.url.rstrip("/")
        scheme = "https" if self.tls_cert else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"


def application(database_url: str, listening: Listening) -> Any:
    """Return the ASGI application for a database, as `serve` runs it.

    Raises:
        MissingExtra: The review extra is not installed.
    """
    try:
        from plumbline.review.database import Database
        from plumbline.review.web.app import create_app
        from plumbline.review.web.limits import SharedRateLimit
        from plumbline.review.web.visit import LOOPBACK, Site
    except ImportError as error:
        raise MissingExtra(error.name or "fastapi", "review") from error
    named = urlsplit(listening.address).hostname or ""
    hosts = {f"[{named}]" if ":" in named else named}
    if listening.loopback and not listening.behind_proxy:
        hosts |= set(LOOPBACK)
    database = Database(database_url)
    entry_limit = SharedRateLimit(database, burst=20, per_minute=10)
    site = Site(database, url=listening.address, hosts=tuple(sorted(hosts)), entry_limit=entry_limit)
    return create_app(site)


def serve(database_url: str, listening: Listening, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until interrupted; `ready` is called once connections are taken.

    Raises:
        InputError: `listening` would serve openly, the port is taken, or the database cannot be opened.
        MissingExtra: The review extra is not installed.
    """
    listening.check()
    app = application(database_url, listening)
    import uvicorn

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    config = uvicorn.Config(
        app, host=listening.host, port=listening.port, log_level="warning",
        # Its access log would hold the secrets of personal links; Guard writes one without.
        access_log=False, server_header=False, timeout_keep_alive=30, h11_max_incomplete_event_size=65536,
        proxy_headers=listening.behind_proxy,
        ssl_certfile=listening.tls_cert, ssl_keyfile=listening.tls_key,
    )  # fmt: skip
    try:
        config.load()
    except OSError as error:  # the certificate or its key
        raise InputError(say.BAD_TLS(detail=error), mend=say.MEND_TLS()) from error
    with listen(listening) as listener, suppress(KeyboardInterrupt):
        ready()
        uvicorn.Server(config).run(sockets=[listener])


def listen(listening: Listening) -> socket.socket:
    """Take the port.

    Raises:
        InputError: It cannot be had.
    """
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    # With the protocol named: only then does asyncio send small answers at once, and not 40 ms later.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((listening.host, listening.port))
        listener.listen(2048)
        return listener
    except OSError as error:
        listener.close()
        where = f"{listening.host}:{listening.port}"
        raise InputError(say.NO_PORT(detail=error.strerror), where=where, mend=say.MEND_PORT()) from error

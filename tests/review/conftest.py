"""Real databases, a real server, a real browser; each is skipped with a reason where it cannot be had."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the review extra is not installed")
pytest.importorskip("sqlmodel", reason="the review extra is not installed")

from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from plumbline.review import Database, people
from plumbline.review.tables import Project
from plumbline.review.web.app import create_app
from plumbline.review.web.limits import RateLimit
from plumbline.review.web.visit import Site

from .factories import BASE, Visitor, free_port


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A private PostgreSQL on loopback, as an unprivileged user; the address of its server."""
    if not all(shutil.which(program) for program in ("initdb", "pg_ctl", "postgres")):
        pytest.skip("no PostgreSQL programs on this machine (initdb, pg_ctl, postgres)")
    become: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="plumbline-pg-"))
    if os.getuid() == 0:
        names = [entry.pw_name for entry in pwd.getpwall() if entry.pw_name in ("postgres", "nobody")]
        if not names or not shutil.which("runuser"):
            pytest.skip("PostgreSQL refuses to run as root and there is no other user to become")
        become = ["runuser", "-u", sorted(names)[-1], "--"]
        shutil.chown(folder, sorted(names)[-1])
    data, port = folder / "data", free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder}
    made = subprocess.run(
        [*become, "initdb", "-D", data, "-A", "trust", "-U", "plumbline", "--no-sync"], **quiet
    )
    if made.returncode:
        pytest.skip(f"initdb failed: {made.stderr.decode()[-200:]}")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=200"
    log = folder / "log"
    subprocess.run(
        [*become, "pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start"], check=True, **quiet
    )
    yield f"postgresql://plumbline@127.0.0.1:{port}"
    subprocess.run([*become, "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=False, **quiet)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, once for each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/review.db"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"review_{os.getpid()}_{time.monotonic_ns()}"
    engine = create_engine(
        f"{server}/postgres".replace("postgresql", "postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{server}/{name}"
    engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database, for what does not depend on the kind."""
    opened = Database(f"sqlite:///{tmp_path}/review.db")
    yield opened
    opened.close()


@pytest.fixture
def visitors(lite: Database, tmp_path: Path):
    """Make visitors, each with cookies of their own, on an app over the SQLite database."""
    site = Site(lite, entry_limit=RateLimit(1000, 1000), act_limit=RateLimit(100_000, 100_000))
    app = create_app(site)

    def make(project: Project, name: str, role: str = "reviewer") -> Visitor:
        link = people.invite(lite, project.id, name, role)
        visitor = Visitor(TestClient(app, base_url=BASE), project.name)
        assert visitor.client.get(link.path).status_code == 200
        return visitor

    return make

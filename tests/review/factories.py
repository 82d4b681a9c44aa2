"""Small real things to test with: material, projects, visitors, servers."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from sqlmodel import SQLModel, select

from plumbline.review import Database, create_project, judge, load_protocol, people
from plumbline.review.assign import next_assignment
from plumbline.review.tables import Project
from plumbline.review.web.app import create_app
from plumbline.review.web.limits import RateLimit
from plumbline.review.web.visit import Site

BASE = "http://127.0.0.1:8000"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_material(
    path: Path, count: int = 6, models: tuple[str, ...] = ("base", "tuned"), **more: object
) -> Path:
    rows = [
        {
            "id": f"q{n}",
            "prompt": f"问题 {n}？",
            "replies": {model: f"{model} 的回答 {n}" for model in models},
            **more,
        }
        for n in range(count)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def write_samples(path: Path, count: int = 4) -> Path:
    rows = [
        {
            "id": f"s{n}",
            "instruction": f"指令 {n}",
            "input": "",
            "output": f"回答 {n}",
            "source": "manual",
            "categorization": "个人",
        }
        for n in range(count)
    ]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def make_project(
    database: Database, folder: Path, protocol: str = "pairwise", count: int = 6, **options: object
) -> Project:
    models = options.pop("models", ("base", "tuned"))
    folder.mkdir(parents=True, exist_ok=True)
    if protocol == "data-review":
        source = write_samples(folder / "samples.jsonl", count)
    else:
        source = write_material(folder / "material.jsonl", count, models)
    return create_project(database, load_protocol(protocol), [source], **{"seed": "7", **options})


class Visitor:
    """A reviewer or coordinator at a browser without script."""

    def __init__(self, client: httpx.Client, project: str) -> None:
        self.client, self.project = client, project

    def open(self, path: str = "") -> httpx.Response:
        return self.client.get(f"/p/{self.project}{path}")

    def csrf(self, page: httpx.Response) -> str:
        return re.search(r'name="csrf" value="(\w+)"', page.text)[1]

    def begin(self) -> httpx.Response:
        return self.post("/begin", self.open(), {})

    def post(
        self, path: str, page: httpx.Response, fields: dict[str, object], **options: object
    ) -> httpx.Response:
        return self.client.post(
            f"/p/{self.project}{path}", data={"csrf": self.csrf(page), **fields}, **options
        )

    def answer(self, page: httpx.Response, fields: dict[str, object], **options: object) -> httpx.Response:
        action = re.search(r'id="judgement" method="post" action="([^"]+)"', page.text)[1]
        key = re.search(r'name="key" value="([^"]+)"', page.text)[1]
        return self.client.post(action, data={"csrf": self.csrf(page), "key": key, **fields}, **options)


def start_server(url: str, port: int, log: Path, *more: str) -> subprocess.Popen[bytes]:
    """Serve as the command does, in a process that can be killed."""
    command = [
        sys.executable,
        "-c",
        "from plumbline.cli.review import app; app()",
        "serve",
        "--db",
        url,
        "--port",
        str(port),
        *more,
    ]
    process = subprocess.Popen(command, stdout=log.open("ab"), stderr=subprocess.STDOUT)
    for _ in range(900):
        try:
            httpx.get(f"http://127.0.0.1:{port}/login", timeout=1)
            return process
        except httpx.HTTPError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
    process.kill()
    raise AssertionError(log.read_text())


@contextmanager
def serving(database: Database) -> Iterator[str]:
    """Serve a database from a thread of this process, on loopback by real HTTP; its address."""
    # Listening before the server runs: nobody else can take the port in between, and nothing waits for a
    # server that could not start.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        site = Site(database, url=f"http://127.0.0.1:{port}", entry_limit=RateLimit(1000, 1000))
        config = uvicorn.Config(create_app(site), port=port, log_level="error", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield site.url
        finally:
            server.should_exit = True
            thread.join(10)


def join(database: Database, project_id: int, count: int) -> list[int]:
    return [people.invite(database, project_id, f"r{n}").account_id for n in range(count)]


def judge_all(
    database: Database, project_id: int, who: int, answer: dict | None = None, most: int = 10_000
) -> int:
    """Judge until nothing is left, by default in favour of what stands first."""
    for done in range(most):
        assignment = next_assignment(database, project_id, who)
        if assignment is None:
            return done
        judge.submit(
            database, who, assignment.id, assignment.form_key, answer or {"better": assignment.order[0]}, 2.0
        )
    return most


def rows_of(database: Database, table: type[SQLModel]) -> list:
    with database.read() as session:
        return list(session.exec(select(table)).all())

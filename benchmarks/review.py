"""How long a page takes with 100,000 items and 1,000,000 judgements stored.

    python benchmarks/review.py [--db sqlite:///scale.db] [--items 100000] [--each 10] [--reviewers 60]

Fills a database, serves it as `plumbline review serve` does, and prints the median and the 95th percentile
of each page in milliseconds, for one visitor and for 20 at once.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from sqlalchemy import insert, text

from plumbline.review import Database, create_project, find_project, list_projects, load_protocol, people
from plumbline.review.snapshots import refresh
from plumbline.review.tables import Assignment, Judgement

CHUNK = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--db")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--reviewers", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = options.db or f"sqlite:///{folder}/scale.db"
        started = time.perf_counter()
        database = Database(url)
        with database.read() as session:
            filled = bool(list_projects(session))
        if not filled:
            fill(database, Path(folder), options.items, options.each, options.reviewers)
        judgements, filling = options.items * options.each, time.perf_counter() - started
        print(f"{options.items} items, {judgements} judgements: {filling:.0f} s to fill")
        started = time.perf_counter()
        with database.read() as session:
            project = find_project(session, "pairwise")
        refresh(database, project)
        print(f"results worked out in {time.perf_counter() - started:.1f} s")
        measure(url, database, int(project.id or 0), Path(folder))


def fill(database: Database, folder: Path, items: int, each: int, reviewers: int) -> None:
    """Make a project whose every item has `each` judgements and wants one more."""
    source = folder / "material.jsonl"
    reply = "先听听对方怎么想，再把你的担心平和地说清楚。" * 8
    with source.open("w") as handle:
        for n in range(items):
            row = {
                "id": f"q{n}",
                "prompt": f"第 {n} 题：朋友想抄作业，怎么办？",
                "replies": {"base": reply, "tuned": reply},
            }
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
    project = create_project(database, load_protocol("pairwise"), [source], overlap=each + 1, seed="1")
    number = int(project.id or 0)
    accounts = [people.invite(database, number, f"r{n}").account_id for n in range(reviewers)]
    chance = random.Random(1)
    with database.read() as session:
        ids = [row[0] for row in session.connection().execute(text("SELECT id FROM item ORDER BY ordinal"))]
    now, key = time.time(), 0
    for start in range(0, items, CHUNK // each):
        assignments, judgements = [], []
        for item in ids[start : start + CHUNK // each]:
            for slot, who in enumerate(chance.sample(accounts, each)):
                key += 1
                choice = chance.choice([0, 1, 1, "tie"])
                assignments.append({
                    "id": key, "project_id": number, "item_id": item, "account_id": who, "purpose": "normal",
                    "slot": slot, "state": "done", "sides": "[0, 1]" if slot % 2 else "[1, 0]",
                    "form_key": f"k{key}", "leased_until": now, "opened_at": now, "judgement_id": key,
                })  # fmt: skip
                judgements.append({
                    "id": key, "project_id": number, "item_id": item, "account_id": who, "assignment_id": key,
                    "act": "judge", "form_key": f"k{key}", "seconds": 20.0,
                    "answer": json.dumps({"better": choice}), "created_at": now,
                })  # fmt: skip
        with database.write() as session:
            session.connection().execute(insert(Assignment), assignments)
            session.connection().execute(insert(Judgement), judgements)
    finish(database, each)


def finish(database: Database, each: int) -> None:
    """Bring the running counts in line with what was inserted in bulk."""
    with database.write() as session:
        connection = session.connection()
        connection.execute(text("UPDATE item SET taken = :each, done = :each"), {"each": each})
        # A tenth of the items is finished and disputed, so that the queue is long.
        connection.execute(
            text("UPDATE item SET needed = :each, dispute = 0.4 WHERE ordinal % 10 = 0"), {"each": each}
        )
        connection.execute(text(
            "UPDATE membership SET begun_at = 1, wave = 1, (done, seconds) = "
            "(SELECT count(*), 20.0 * count(*) FROM assignment AS mine "
            "WHERE mine.account_id = membership.account_id)"
        ))  # fmt: skip
        if database.dialect == "postgresql":
            for table in ("assignment", "judgement"):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
                )
    with database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()


def measure(url: str, database: Database, project: int, folder: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from plumbline.cli.review import app; app()",
        "serve",
        "--db",
        url,
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=(folder / "log").open("wb"), stderr=subprocess.STDOUT)
    try:
        base = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                httpx.get(f"{base}/login")
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        boss = enter(database, project, base, "boss", "coordinator")
        print(f"{'page':<28}{'median ms':>12}{'95 % ms':>12}{'server ms':>12}")
        for path in ("", "/judge", "/pause", "/mine"):
            visitor = enter(database, project, base, "r1", "reviewer")
            show(
                server,
                f"reviewer {path or '/'}",
                lambda v=visitor, p=path: visiting(v, f"/p/pairwise{p}", 40),
            )
        visitor = enter(database, project, base, "r1", "reviewer")
        show(server, "reviewer judges one", lambda: judging(visitor, 40))
        show(server, "reviewer looks ahead", lambda: looking_ahead(visitor, 40))
        for path in ("", "/people", "/queue", "/results", "/log"):
            show(
                server,
                f"coordinator {path or '/'}",
                lambda p=path: visiting(boss, f"/p/pairwise/manage{p}", 20),
            )
        many = [enter(database, project, base, f"r{n}", "reviewer") for n in range(10, 30)]
        with ThreadPoolExecutor(20) as pool:
            show(
                server,
                "20 reviewers at once judge",
                lambda: [
                    one for times in pool.map(lambda visitor: judging(visitor, 10), many) for one in times
                ],
            )
    finally:
        server.terminate()
        server.wait(20)


def enter(database: Database, project: int, base: str, name: str, role: str) -> httpx.Client:
    client = httpx.Client(base_url=base, follow_redirects=True, timeout=60)
    client.get(people.invite_by_name(database, project, name, role).path)
    return client


def judging(visitor: httpx.Client, times: int) -> list[float]:
    """Seconds from sending a judgement to having the next page."""
    page = visitor.get("/p/pairwise/judge")
    taken = []
    for _ in range(times):
        fields = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page.text))
        action = re.search(r'id="judgement" method="post" action="([^"]+)"', page.text)
        if action is None:
            break
        start = time.perf_counter()
        page = visitor.post(action[1], data={**fields, "q.better": "0"})
        taken.append(time.perf_counter() - start)
        assert page.status_code == 200, page.status_code
    return taken


def looking_ahead(visitor: httpx.Client, times: int) -> list[float]:
    """Seconds to reserve what comes after the item on screen, as the page's script does for each item."""
    page = visitor.get("/p/pairwise/judge")
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    action = re.search(r'id="judgement" method="post" action="([^"]+)"', page.text)
    assert token and action
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        reply = visitor.post(f"{action[1]}/ahead", data={"csrf": token[1]})
        taken.append(time.perf_counter() - start)
        assert reply.json()["pages"]
    return taken


def visiting(visitor: httpx.Client, path: str, times: int) -> list[float]:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        assert visitor.get(path).status_code == 200
        taken.append(time.perf_counter() - start)
    return taken


def show(server: subprocess.Popen[bytes], name: str, act: Callable[[], list[float]]) -> None:
    before = processor_seconds(server)
    ordered = sorted(1000 * one for one in act())
    each = 1000 * (processor_seconds(server) - before) / len(ordered)
    high = ordered[int(0.95 * (len(ordered) - 1))]
    print(f"{name:<28}{statistics.median(ordered):>12.1f}{high:>12.1f}{each:>12.1f}", flush=True)


def processor_seconds(server: subprocess.Popen[bytes]) -> float:
    fields = Path(f"/proc/{server.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()

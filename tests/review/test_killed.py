"""Twenty reviewers at once while the server is killed again and again: what was acknowledged is there,
once."""

from __future__ import annotations

import random
import re
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from plumbline.review import Database, people
from plumbline.review.tables import Assignment, Item, Judgement

from .factories import free_port, make_project, rows_of, start_server

REVIEWERS, KILLS = 20, 5


class Reviewer(threading.Thread):
    """Judges until told to stop; sends a form again, as the page's script does, until an answer comes."""

    def __init__(self, base: str, link: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.client = httpx.Client(base_url=base, follow_redirects=True, timeout=5)
        self.link, self.stop = link, stop
        self.acknowledged: list[str] = []
        self.repeated = 0

    def run(self) -> None:
        self.persist(lambda: self.client.get(self.link))
        page = self.persist(lambda: self.client.get("/p/pairwise"))
        token = re.search(r'name="csrf" value="(\w+)"', page.text)[1]
        self.persist(lambda: self.client.post("/p/pairwise/begin", data={"csrf": token}))
        while not self.stop.is_set():
            page = self.persist(lambda: self.client.get("/p/pairwise/judge"))
            action = re.search(r'id="judgement" method="post" action="([^"]+)"', page.text)
            if action is None:
                return
            key = re.search(r'name="key" value="([^"]+)"', page.text)[1]
            fields = {"csrf": token, "key": key, "q.better": random.choice(["0", "1", "tie"])}
            path, headers = action[1], {"accept": "application/json"}
            reply = self.persist(lambda p=path, f=fields, h=headers: self.client.post(p, data=f, headers=h))
            assert reply.status_code == 200, reply.text
            self.repeated += reply.json()["outcome"] == "again"
            self.acknowledged.append(key)

    def persist(self, act) -> httpx.Response:
        while True:
            try:
                reply = act()
                if reply.status_code < 500 and reply.status_code != 429:
                    return reply
            except httpx.HTTPError:
                pass
            time.sleep(0.05)


@pytest.mark.slow
def test_killing_the_server_loses_and_doubles_nothing(database_url: str, tmp_path: Path, record_property):
    database = Database(database_url)
    project = make_project(database, tmp_path / "m", count=400, overlap=3)
    links = [people.invite(database, project.id, f"r{n}").path for n in range(REVIEWERS)]
    port, stop = free_port(), threading.Event()
    server = start_server(database_url, port, tmp_path / "log")
    reviewers = [Reviewer(f"http://127.0.0.1:{port}", link, stop) for link in links]
    for reviewer in reviewers:
        reviewer.start()
    for _ in range(KILLS):
        time.sleep(random.uniform(1.5, 3))
        server.kill()
        server.wait()
        server = start_server(database_url, port, tmp_path / "log")
    time.sleep(2)
    stop.set()
    for reviewer in reviewers:
        reviewer.join(60)
        assert not reviewer.is_alive()
    server.terminate()
    server.wait(20)

    stored = Counter(row.form_key for row in rows_of(database, Judgement))
    acknowledged = [key for reviewer in reviewers for key in reviewer.acknowledged]
    lost = [key for key in acknowledged if key not in stored]
    doubled = [key for key, times in stored.items() if times > 1]
    figures = {
        "acknowledged": len(acknowledged), "stored": len(stored), "lost": len(lost), "doubled": len(doubled),
        "sent_again": sum(reviewer.repeated for reviewer in reviewers), "kills": KILLS,
    }  # fmt: skip
    record_property("figures", figures)
    print(database.dialect, figures)
    assert (lost, doubled) == ([], [])
    assert len(acknowledged) > REVIEWERS
    done = Counter(
        row.item_id
        for row in rows_of(database, Assignment)
        if row.state == "done" and row.purpose == "normal"
    )
    assert max(done.values()) <= 3
    assert all(item.done == done[item.id] for item in rows_of(database, Item))
    database.close()

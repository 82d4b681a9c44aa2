"""What somebody hostile on the network, among the reviewers, or behind a model would try."""

from __future__ import annotations

import json
import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from starlette.testclient import TestClient

from plumbline.errors import InputError
from plumbline.review import Database, Listening, people
from plumbline.review.serve import listen, serve
from plumbline.review.tables import Account, Assignment, Attempt, Audit, Invite, Judgement, SignIn
from plumbline.review.web.app import create_app
from plumbline.review.web.limits import RateLimit, SharedRateLimit
from plumbline.review.web.pages import visible
from plumbline.review.web.visit import Site

from .factories import BASE, make_project, rows_of

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) "
    "\u202egnp.exe \u200b\U000e0041 {{7*7}}"
)


@pytest.fixture
def hostile(lite: Database, tmp_path: Path, visitors):
    source = tmp_path / "m.jsonl"
    source.write_text(json.dumps({"id": HOSTILE, "prompt": HOSTILE, "replies": {"a": HOSTILE, "b": HOSTILE}}))
    from plumbline.review import create_project, load_protocol

    project = create_project(lite, load_protocol("pairwise"), [source])
    return project, visitors


def test_model_output_is_never_markup(hostile):
    project, visitors = hostile
    visitor = visitors(project, HOSTILE)
    pages = [visitor.begin(), visitor.open("/mine"), visitor.open()]
    boss = visitors(project, "c", "coordinator")
    visitor.answer(pages[0], {"q.better": "0", "q.why": HOSTILE})
    pages += [boss.open(f"/manage{part}") for part in ("", "/people", "/queue", "/results", "/log")]
    pages.append(visitor.open("/mine"))
    for page in pages:
        assert page.status_code == 200
        assert (
            "<script>alert" not in page.text
            and "<img" not in page.text
            and 'href="javascript' not in page.text
        )
    assert "{{7*7}}" in pages[0].text  # templates in it are not filled in


def test_text_that_turns_or_hides_itself_is_shown_as_code_points():
    shown = str(visible("a\u202eb\u200bc\U000e0041d\u2066\x00e\ud800"))
    assert not any(c in shown for c in "\u202e\u200b\U000e0041\u2066\x00\ud800")
    assert all(code in shown for code in ("U+202E", "U+200B", "U+E0041", "U+2066", "U+0000", "U+D800"))


def test_line_breaks_and_emoji_joiners_stay():
    assert str(visible("一\n二\t👩\u200d👧")) == "一\n二\t👩\u200d👧"


def test_model_names_never_reach_a_reviewer(lite: Database, tmp_path: Path, visitors):
    project = make_project(lite, tmp_path / "m", models=("secret-alpha", "secret-beta"))
    lite_text = text("UPDATE item SET body = replace(body, 'secret-alpha \\u7684', '')")
    with lite.write() as session:
        session.execute(lite_text)
        for item, body in session.execute(text("SELECT id, body FROM item")).all():
            content = json.loads(body)
            for number, reply in enumerate(content["replies"]):
                reply["text"] = f"text {number}"
            session.execute(
                text("UPDATE item SET body = :b WHERE id = :i"), {"b": json.dumps(content), "i": item}
            )
    visitor = visitors(project, "r")
    first = visitor.begin()
    visitor.answer(first, {"q.better": "0"})
    for page in (first, visitor.open("/judge"), visitor.open("/mine"), visitor.open("/pause")):
        assert "secret" not in page.text


def test_pages_carry_strict_headers(lite: Database, tmp_path: Path, visitors):
    page = visitors(make_project(lite, tmp_path / "m"), "r").begin()
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=|<style", page.text)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_form_from_another_site_is_refused(lite: Database, tmp_path: Path, visitors, headers):
    visitor = visitors(make_project(lite, tmp_path / "m"), "r")
    page = visitor.begin()
    assert visitor.answer(page, {"q.better": "0"}, headers=headers).status_code == 403
    assert rows_of(lite, Judgement) == []


def test_a_form_without_or_with_anothers_token_is_refused(lite: Database, tmp_path: Path, visitors):
    project = make_project(lite, tmp_path / "m")
    visitor, other = visitors(project, "r"), visitors(project, "s")
    page = visitor.begin()
    for token in ("", "0" * 64, other.csrf(other.open()), "é"):
        assert visitor.answer(page, {"q.better": "0", "csrf": token}).status_code == 403
    assert rows_of(lite, Judgement) == []


def test_another_reviewers_form_cannot_be_sent_or_seen(lite: Database, tmp_path: Path, visitors):
    project = make_project(lite, tmp_path / "m")
    one, two = visitors(project, "one"), visitors(project, "two")
    page = one.begin()
    two.begin()
    action = re.search(r'id="judgement" method="post" action="([^"]+)"', page.text)[1]
    key = re.search(r'name="key" value="([^"]+)"', page.text)[1]
    for part in ("", "/draft", "/skip"):
        fields = {"csrf": two.csrf(two.open()), "key": key, "q.better": "0"}
        assert two.client.post(action + part, data=fields).status_code == 404
    assert two.client.get(action).status_code == 404
    before = rows_of(lite, Assignment)
    ahead = two.client.post(action + "/ahead", data={"csrf": two.csrf(two.open())}).json()["pages"]
    assert all(two.client.get(page).status_code == 200 for page in ahead)  # their own
    assert before == [row for row in rows_of(lite, Assignment) if row.id in {one.id for one in before}]
    assert rows_of(lite, Judgement) == []


@pytest.mark.parametrize(
    "path",
    ["/manage", "/manage/people", "/manage/queue", "/manage/results", "/manage/log", "/manage/export/jsonl"],
)
def test_a_reviewer_cannot_reach_the_coordinators_pages(lite: Database, tmp_path: Path, visitors, path):
    visitor = visitors(make_project(lite, tmp_path / "m"), "r")
    assert visitor.open(path).status_code == 404


def test_a_reviewer_cannot_invite_revoke_or_settle(lite: Database, tmp_path: Path, visitors):
    visitor = visitors(make_project(lite, tmp_path / "m"), "r")
    page = visitor.begin()
    for path in ("/manage/people", "/manage/people/1/revoke", "/manage/queue/1", "/manage/state"):
        assert visitor.post(path, page, {"name": "x", "role": "coordinator"}).status_code == 404


def test_a_coordinator_cannot_sign_out_people_of_another_project(lite: Database, tmp_path: Path, visitors):
    mine, theirs = make_project(lite, tmp_path / "a"), make_project(lite, tmp_path / "b", protocol="safety")
    boss, stranger = visitors(mine, "boss", "coordinator"), visitors(theirs, "r")
    account = people.find_member(lite, theirs.id, "r")
    boss.post(f"/manage/people/{account}/revoke", boss.open("/manage/people"), {})
    assert stranger.open().url.path == "/p/safety"


def test_another_project_is_as_absent_as_none(lite: Database, tmp_path: Path, visitors):
    mine = make_project(lite, tmp_path / "a")
    make_project(lite, tmp_path / "b", protocol="safety")
    visitor = visitors(mine, "r")
    theirs, nobodys = visitor.client.get("/p/safety"), visitor.client.get("/p/nothing")
    assert theirs.status_code == nobodys.status_code == 404
    strip = re.compile(r'value="[^"]*"')
    assert strip.sub("", theirs.text) == strip.sub("", nobodys.text)


def test_a_revoked_person_is_out_at_once(lite: Database, tmp_path: Path, visitors):
    project = make_project(lite, tmp_path / "m")
    visitor = visitors(project, "r")
    page = visitor.begin()
    people.revoke(lite, project.id, people.find_member(lite, project.id, "r"))
    assert visitor.answer(page, {"q.better": "0"}).status_code == 403
    assert visitor.client.get(f"/p/{project.name}").url.path == "/login"


@pytest.mark.parametrize("spoil", ["expire", "revoke", "truncate", "unknown"])
def test_a_link_that_is_not_valid_says_nothing_about_why(lite: Database, tmp_path: Path, spoil):
    project = make_project(lite, tmp_path / "m")
    link = people.invite(lite, project.id, "r")
    secret = {"truncate": link.secret[:-1], "unknown": "x" * 32}.get(spoil, link.secret)
    with lite.write() as session:
        if spoil == "expire":
            session.execute(text("UPDATE invite SET expires_at = 1"))
    if spoil == "revoke":
        people.revoke(lite, project.id, link.account_id)
    page = TestClient(create_app(Site(lite)), base_url=BASE).get(f"/join/{secret}")
    assert page.status_code == 404 and "This link does not work" in page.text
    assert rows_of(lite, SignIn) == []


def test_secrets_are_stored_as_hashes_only(lite: Database, tmp_path: Path, visitors):
    project = make_project(lite, tmp_path / "m")
    link = people.invite(lite, project.id, "r")
    people.set_password(lite, link.account_id, "r", "correct horse")
    client = TestClient(create_app(Site(lite)), base_url=BASE)
    client.get(link.path)
    with lite.engine.connect() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    assert link.secret not in dump and "correct horse" not in dump and client.cookies["plumbline"] not in dump
    assert rows_of(lite, Account)[0].password.startswith("$argon2id$")


def test_the_secret_leaves_the_address_and_stays_out_of_the_log(
    lite: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    caplog.set_level("INFO")
    link = people.invite(lite, make_project(lite, tmp_path / "m").id, "r")
    client = TestClient(create_app(Site(lite)), base_url=BASE)
    landed = client.get(link.path)
    assert link.secret not in str(landed.url) and link.secret not in landed.text
    assert client.get(f"/nowhere/{link.secret}").status_code == 404
    own = [record.getMessage() for record in caplog.records if record.name.startswith("plumbline")]
    assert any("/join/{secret} 303" in line for line in own)
    assert not any(link.secret in line for line in own)
    assert not any(link.secret in row.detail for row in rows_of(lite, Audit))


def test_a_link_does_not_silently_change_who_is_signed_in(lite: Database, tmp_path: Path, visitors):
    project = make_project(lite, tmp_path / "m")
    visitor = visitors(project, "mine")
    page = visitor.client.get(people.invite(lite, project.id, "attacker").path)
    assert "Switch person?" in page.text and page.url.path == "/join"
    assert "mine" in visitor.client.get("/account").text
    used = {row.account_id: row.used for row in rows_of(lite, Invite)}
    assert sorted(used.values()) == [0, 1]  # looking is not using
    switched = visitor.client.post("/join", data={"csrf": visitor.csrf(page)})
    assert switched.status_code == 200 and "attacker" in visitor.client.get("/account").text


def test_unknown_names_and_wrong_passwords_cannot_be_told_apart(
    lite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted(hasher: PasswordHasher, hashed: str, password: str) -> bool:
        checked.append(hashed)
        return verify(hasher, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    link = people.invite(lite, make_project(lite, tmp_path / "m").id, "r")
    people.set_password(lite, link.account_id, "known", "correct horse")
    site = Site(lite, entry_limit=RateLimit(1000, 1000))
    client = TestClient(create_app(site), base_url=BASE)
    token = re.search(r'name="csrf" value="(\w+)"', client.get("/login").text)[1]

    def attempt(name: str) -> tuple[str, int]:
        checked.clear()
        page = client.post("/login", data={"csrf": token, "login": name, "password": "wrong horse"})
        assert page.status_code == 401
        return page.text, len(checked)

    # What takes the time is checking a password against a hash: a name nobody has costs as much.
    assert attempt("known") == attempt("nobody")
    assert attempt("nobody")[1] == 1


def test_the_right_password_signs_in(lite: Database, tmp_path: Path):
    link = people.invite(lite, make_project(lite, tmp_path / "m").id, "r")
    people.set_password(lite, link.account_id, "Known", "correct horse")
    client = TestClient(create_app(Site(lite)), base_url=BASE)
    token = re.search(r'name="csrf" value="(\w+)"', client.get("/login").text)[1]
    page = client.post(
        "/login", data={"csrf": token, "login": "known ", "password": "correct horse", "next": "//evil"}
    )
    assert page.url.path == "/p/pairwise" and page.url.host == "127.0.0.1"


def test_guessing_is_slowed_down_across_server_processes(database: Database, tmp_path: Path):
    make_project(database, tmp_path / "m")
    clients = [
        TestClient(create_app(Site(database, entry_limit=SharedRateLimit(database, 5, 1))), base_url=BASE)
        for _ in range(2)
    ]
    assert [clients[n % 2].get(f"/join/guess{n}").status_code for n in range(7)] == [404] * 5 + [429] * 2


def test_a_try_comes_back_with_time_and_what_was_typed_is_not_kept(lite: Database):
    now = [1000.0]
    limit = SharedRateLimit(lite, 2, 60, clock=lambda: now[0])
    assert [limit.allow("name correct horse") for _ in range(3)] == [True, True, False]
    assert not limit.open("name correct horse") and limit.open("name other")
    now[0] += 1
    assert limit.open("name correct horse") and limit.allow("name correct horse")
    assert all("horse" not in row.key for row in rows_of(lite, Attempt))
    now[0] += 60
    limit.allow("name other")
    assert len(rows_of(lite, Attempt)) == 1  # a bucket that has filled up again is forgotten


def test_many_trying_one_name_at_once_share_one_count(database: Database):
    limit = SharedRateLimit(database, 5, 0.001)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: limit.allow("name r"), range(24))) == 5


def test_small_answers_are_not_held_back():
    # asyncio turns Nagle's algorithm off only where the socket names its protocol: 40 ms a page.
    with listen(Listening(port=0)) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_that_is_taken_is_an_error_for_people(lite: Database):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        listening = Listening(port=taken.getsockname()[1])
        with pytest.raises(InputError, match="another port"):
            serve(lite.url, listening)


def test_a_certificate_that_cannot_be_read_is_an_error_for_people(lite: Database, tmp_path: Path):
    (tmp_path / "cert.pem").write_text("no certificate")
    listening = Listening(port=0, tls_cert=tmp_path / "cert.pem", tls_key=tmp_path / "cert.pem")
    with pytest.raises(InputError, match="PEM"):
        serve(lite.url, listening)


def test_a_whole_class_behind_one_address_comes_in_at_once(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m")
    app = create_app(Site(lite, entry_limit=RateLimit(2, 1)))
    links = [people.invite(lite, project.id, f"r{n}").path for n in range(8)]
    assert [TestClient(app, base_url=BASE).get(link).status_code for link in links] == [200] * 8


def test_sending_faster_than_people_can_is_slowed_down(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m")
    client = TestClient(create_app(Site(lite, act_limit=RateLimit(3, 1))), base_url=BASE)
    client.get(people.invite(lite, project.id, "r").path)
    token = re.search(r'name="csrf" value="(\w+)"', client.get("/p/pairwise").text)[1]
    statuses = [client.post("/p/pairwise/undo", data={"csrf": token}).status_code for _ in range(5)]
    assert statuses == [200] * 3 + [429] * 2


def test_a_body_that_is_too_long_is_refused_with_and_without_a_stated_length(lite: Database, tmp_path: Path):
    make_project(lite, tmp_path / "m")
    client = TestClient(create_app(Site(lite)), base_url=BASE)
    assert client.post("/login", content=b"x" * 1_000_001).status_code == 413

    def chunks():
        for _ in range(30):
            yield b"x" * 65536

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=chunks(), headers=headers).status_code == 413


def test_a_name_that_resolves_here_but_is_not_ours_is_refused(lite: Database, tmp_path: Path):
    make_project(lite, tmp_path / "m")
    app = create_app(Site(lite))
    assert TestClient(app, base_url="http://evil.example:8000").get("/login").status_code == 421
    assert TestClient(app, base_url="http://localhost:8000").get("/login").status_code == 200


def test_cookies_are_closed_to_scripts_and_bound_to_tls(lite: Database, tmp_path: Path):
    link = people.invite(lite, make_project(lite, tmp_path / "m").id, "r")
    site = Site(lite, url="https://review.example", hosts=("review.example",))
    response = TestClient(create_app(site), base_url="https://review.example").get(
        link.path, follow_redirects=False
    )
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-plumbline=") and "HttpOnly" in cookie and "Secure" in cookie
    assert "SameSite=lax" in cookie and "strict-transport-security" in response.headers


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_serving_others_without_tls_needs_a_clear_word(host):
    with pytest.raises(InputError, match="loopback"):
        Listening(host=host, url="http://example.org").check()
    Listening(host=host, url="http://example.org", insecure_http=True).check()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.9"])
def test_loopback_needs_nothing(host):
    Listening(host=host).check()


@pytest.mark.parametrize("name", ["../etc", "A", "a b", "", "a" * 61, "x'; DROP TABLE item"])
def test_a_project_name_that_could_be_anything_else_is_refused(lite: Database, tmp_path: Path, name):
    with pytest.raises(InputError):
        make_project(lite, tmp_path / "m", name=name or "-")

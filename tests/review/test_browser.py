"""Whole journeys in a real browser, and what axe says about each page."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plumbline.review import Database, people
from plumbline.review.tables import Assignment, Draft, Item, Judgement

from .factories import join, judge_all, make_project, rows_of, serving

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LIMIT_MS = 45_000
"""Longest wait for anything on a page; calls that know no limit of their own end with the test's."""
_needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: install the package chromium"
)
pytestmark = [pytest.mark.browser, _needs_browser]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The accessibility checker, installed from npm for the tests only."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine to install axe-core with")
    command = [
        npm,
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--prefix",
        str(folder),
        "axe-core@4",
    ]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    script = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not script.is_file():
        pytest.skip(f"axe-core cannot be installed: {done.stderr.decode()[-200:]}")
    return script.read_text("utf-8")


class Desk:
    """A served project and a browser to open pages of it in."""

    def __init__(self, browser: Any, database: Database, base: str) -> None:
        self.browser, self.database, self.base = browser, database, base
        self.errors: list[str] = []

    def blank(self, **options: Any) -> Any:
        """An empty page of a browser of its own, whose waits have a limit."""
        context = self.browser.new_context(
            **{"locale": "en-GB", "viewport": {"width": 1200, "height": 900}, **options}
        )
        context.set_default_timeout(LIMIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.errors.append(line.text))
        return page

    def enter(self, project: Any, name: str, role: str = "reviewer", **options: Any) -> Any:
        page = self.blank(**options)
        page.goto(self.base + people.invite(self.database, project.id, name, role).path)
        return page


@pytest.fixture
def desk(browser: Any, lite: Database) -> Iterator[Desk]:
    with serving(lite) as base:
        yield Desk(browser, lite, base)
        for context in browser.contexts:
            context.close()


def settled(check: Any, seconds: float = 60) -> None:
    """Wait until `check` holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def judged(database: Database) -> int:
    return len(rows_of(database, Judgement))


def in_reserve(page: Any, count: int) -> None:
    """Wait until the page holds `count` items besides the one it shows."""
    page.locator(f"#judgement[data-held='{count}']").wait_for()


def begin(page: Any) -> None:
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/judge")


def test_a_reviewer_judges_with_the_keyboard_alone(desk: Desk, tmp_path: Path):
    project = make_project(
        desk.database, tmp_path / "m", protocol="responsibility", models=("a", "b", "c"), count=3
    )
    page = desk.enter(project, "r")
    page.get_by_role("button", name="Begin").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url("**/judge")
    page.keyboard.press("2")
    page.keyboard.press("3")  # a score of 3 asks for a better reply
    page.get_by_label("Write a more responsible reply").wait_for()
    page.keyboard.press("1")  # a criterion
    page.keyboard.press("j")
    page.keyboard.type("这样说更负责任。")
    page.keyboard.press("Control+Enter")
    page.get_by_text("1 judged").wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.get_by_text("Skipped.").wait_for()
    page.keyboard.press("u")
    page.get_by_text("Taken back; judge it again.").wait_for()
    assert page.get_by_label("Write a more responsible reply").input_value() == "这样说更负责任。"
    page.keyboard.press("p")
    page.wait_for_url("**/pause")
    assert [row.act for row in rows_of(desk.database, Judgement)] == ["judge", "skip", "undo"]
    assert desk.errors == []


def test_what_is_missing_is_said_beside_the_question(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m", protocol="safety"), "r")
    begin(page)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    assert "Which scenarios" in page.get_by_role("alert").inner_text()
    page.get_by_label("crimes").check()
    page.get_by_role("button", name="Submit and next").click()
    page.get_by_text("1 judged").wait_for()


def test_a_draft_survives_a_closed_tab_and_another_device(desk: Desk, tmp_path: Path):
    project = make_project(desk.database, tmp_path / "m")
    page = desk.enter(project, "r")
    begin(page)
    page.get_by_label("Why").fill("写到一半")
    settled(lambda: len(rows_of(desk.database, Draft)) == 1)
    page.close()
    link = people.invite_by_name(desk.database, project.id, "r")
    other = desk.blank()
    other.goto(desk.base + link.path)
    other.get_by_role("button", name="Continue").click()
    assert other.get_by_label("Why").input_value() == "写到一半"


def test_offline_for_a_while_loses_nothing(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m"), "r")
    begin(page)
    page.context.set_offline(True)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("No connection.").wait_for()
    assert judged(desk.database) == 0
    page.context.set_offline(False)
    page.get_by_text("what was kept here has been sent").wait_for()
    assert judged(desk.database) == 1


def test_one_judges_on_without_a_connection_and_everything_arrives_once_and_in_order(
    desk: Desk, tmp_path: Path
):
    project = make_project(desk.database, tmp_path / "m", count=9)
    page = desk.enter(project, "r")
    begin(page)
    in_reserve(page, 2)
    page.context.set_offline(True)
    shown = []
    for n in range(3):
        shown.append(page.locator(".prompt .said").inner_text())
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.get_by_text(f"{n + 1} kept on this device").wait_for()
    page.get_by_text("then the next item comes").wait_for()
    page.keyboard.press("p")  # even then
    page.get_by_role("button", name="Continue").click()
    assert len(set(shown)) == 3 and judged(desk.database) == 0
    page.context.set_offline(False)
    page.get_by_text("what was kept here has been sent").wait_for()
    page.get_by_text("3 judged").wait_for()
    rows = rows_of(desk.database, Judgement)
    items = {item.id: item.content["prompt"] for item in rows_of(desk.database, Item)}
    assert [items[row.item_id] for row in rows] == shown
    assert page.locator(".prompt .said").inner_text() not in shown


def test_several_judgements_made_offline_survive_a_closed_tab(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m", count=9), "r")
    begin(page)
    in_reserve(page, 2)
    page.context.set_offline(True)
    for n in (1, 2):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.get_by_text(f"{n} kept on this device").wait_for()
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(f"{desk.base}/p/pairwise/judge")
    again.get_by_text("2 judged").wait_for()
    assert [row.act for row in rows_of(desk.database, Judgement)] == ["judge", "judge"]


def test_what_is_missing_is_said_without_a_connection_too(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m", protocol="safety", count=9), "r")
    begin(page)
    page.context.set_offline(True)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    assert "Which scenarios" in page.get_by_role("alert").inner_text()
    assert page.locator("#status").inner_text() == ""


def test_a_break_hides_the_item_without_a_connection_and_undo_waits_for_it(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m", count=9), "r")
    begin(page)
    in_reserve(page, 2)
    page.context.set_offline(True)
    page.keyboard.press("p")
    page.get_by_role("heading", name="Take a break").wait_for()
    assert not page.locator(".prompt").is_visible()
    page.keyboard.press("1")  # keys rest as well
    page.get_by_role("button", name="Continue").click()
    assert page.locator("input:checked[name='q.better']").count() == 0
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("1 kept on this device").wait_for()
    page.keyboard.press("u")
    page.get_by_text("Taking back needs the connection.").wait_for()


def test_after_an_undo_the_item_left_for_it_comes_back_with_its_draft(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m", count=9), "r")
    begin(page)
    in_reserve(page, 2)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_text("1 judged").wait_for()
    left = page.locator(".prompt .said").inner_text()
    page.get_by_label("Why").fill("写到一半")
    page.get_by_text("Draft saved").wait_for()
    page.get_by_role("button", name="Undo last").click()
    page.get_by_text("Taken back; judge it again.").wait_for()
    in_reserve(page, 3)
    page.get_by_role("button", name="Submit and next").click()
    page.get_by_text("1 judged").wait_for()
    assert page.locator(".prompt .said").inner_text() == left
    assert page.get_by_label("Why").input_value() == "写到一半"


@pytest.mark.parametrize("page_opened", ["p/pairwise/judge", "account"])
def test_a_judgement_made_offline_survives_a_closed_tab_and_is_sent_from_any_page(
    desk: Desk, tmp_path: Path, page_opened: str
):
    page = desk.enter(make_project(desk.database, tmp_path / "m"), "r")
    begin(page)
    page.context.set_offline(True)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    page.get_by_text("No connection.").wait_for()
    page.close()
    again = page.context.new_page()
    page.context.set_offline(False)
    again.goto(f"{desk.base}/{page_opened}")
    settled(lambda: judged(desk.database) == 1)


def test_an_old_draft_on_one_device_does_not_hide_a_newer_one_from_another(desk: Desk, tmp_path: Path):
    project = make_project(desk.database, tmp_path / "m")
    laptop = desk.enter(project, "r")
    begin(laptop)
    laptop.get_by_label("Why").fill("旧")
    laptop.get_by_text("Draft saved").wait_for()
    phone = desk.blank()
    phone.goto(desk.base + people.invite_by_name(desk.database, project.id, "r").path)
    phone.get_by_role("button", name="Continue").click()
    phone.get_by_label("Why").fill("新")
    phone.get_by_text("Draft saved").wait_for()
    laptop.reload()
    assert laptop.get_by_label("Why").input_value() == "新"


def test_what_is_written_before_the_script_has_loaded_is_a_draft_too(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m"), "r")
    late: list[Any] = []
    page.route("**/static/review.js*", lambda route: late.append(route))
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("Why").fill("很快")
    settled(lambda: page.wait_for_timeout(20) or late)
    late[0].continue_()
    page.get_by_text("Draft saved").wait_for()
    assert "很快" in json.loads(rows_of(desk.database, Draft)[0].answer)["q.why"]


def test_two_tabs_and_a_double_click_make_one_judgement(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m"), "r")
    begin(page)
    second = page.context.new_page()
    second.goto(page.url)
    page.keyboard.press("1")
    page.get_by_role("button", name="Submit and next").dblclick()
    page.get_by_text("1 judged").wait_for()
    second.keyboard.press("2")
    second.keyboard.press("Enter")
    second.get_by_text("1 judged").wait_for()
    assert judged(desk.database) == 1


def test_without_script_a_form_still_works(desk: Desk, tmp_path: Path):
    project = make_project(desk.database, tmp_path / "m", protocol="grades")
    page = desk.enter(project, "r", java_script_enabled=False)
    begin(page)
    for group in page.get_by_role("group", name="Grade").all():
        group.get_by_label("B").check()
    page.get_by_role("button", name="Submit and next").click()
    page.get_by_text("1 judged").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_everything_within_its_width(desk: Desk, tmp_path: Path, scheme: str):
    project = make_project(desk.database, tmp_path / "m", protocol="responsibility", models=("a", "b", "c"))
    phone = {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "color_scheme": scheme,
    }
    page = desk.enter(project, "r", locale="zh-CN", **phone)
    page.get_by_role("button", name="开始").tap()
    page.wait_for_url("**/judge")
    page.locator(".option", has_text="回答 B").tap()
    page.locator(".scale .option", has_text="8").tap()
    widest = page.locator("body").evaluate("body => body.scrollWidth")
    assert widest <= 390
    smallest = page.locator(".option:visible, .actions .button:visible").evaluate_all(
        "all => Math.min(...all.map(one => one.getBoundingClientRect().height))"
    )
    assert smallest >= 34
    page.get_by_role("button", name="提交，下一条").tap()
    page.get_by_text("已评 1 条").wait_for()


def test_large_text_keeps_everything_reachable(desk: Desk, tmp_path: Path):
    page = desk.enter(
        make_project(desk.database, tmp_path / "m"), "r", viewport={"width": 640, "height": 800}
    )
    begin(page)
    page.locator("html").evaluate("html => html.style.setProperty('font-size', '200%')")
    assert page.locator("body").evaluate("body => body.scrollWidth") <= 640
    page.get_by_role("button", name="Submit and next").scroll_into_view_if_needed()
    assert page.get_by_role("button", name="Submit and next").is_visible()


def test_a_coordinator_and_two_reviewers_from_invitation_to_result(desk: Desk, tmp_path: Path):
    project = make_project(desk.database, tmp_path / "m", count=3, overlap=2)
    boss = desk.enter(project, "周", "coordinator")
    links = []
    for name in ("王芳", "Li Wei"):
        boss.goto(f"{desk.base}/p/pairwise/manage/people")
        boss.get_by_label("Name").fill(name)
        boss.get_by_role("button", name="Make a personal link").click()
        links.append(boss.locator(".link-box").inner_text().replace("http://127.0.0.1:8000", desk.base))
    for link in links:
        page = desk.blank()
        page.goto(link if link.startswith(desk.base) else desk.base + link[link.index("/join") :])
        begin(page)
        for done in range(1, 4):
            page.get_by_role("radio", name="Reply A").check()
            page.get_by_role("button", name="Submit and next").click()
            page.get_by_text(f"{done} judged").wait_for()
        page.get_by_role("heading", name="All done").wait_for()
    boss.goto(f"{desk.base}/p/pairwise/manage")
    assert "3" in boss.locator(".figures dd").first.inner_text()
    disputes = sum((item.dispute or 0) > 0 for item in rows_of(desk.database, Item))
    assert disputes == 3  # both took what stood first, and sides are turned from place to place
    for _ in range(disputes):
        boss.get_by_role("link", name="Disagreements").click()
        boss.locator(".list a").first.click()
        boss.get_by_label("Tie").check()
        boss.get_by_role("button", name="Save the decision").click()
        boss.wait_for_url("**/queue")
    boss.get_by_text("Nothing to settle.").wait_for()
    boss.get_by_role("link", name="Results").click()
    boss.get_by_role("heading", name="Win rates and ranks").wait_for()
    with boss.expect_download() as download:
        boss.get_by_role("link", name="jsonl").click()
    assert Path(download.value.path()).read_text("utf-8").count("\n") == 3


def test_the_language_can_be_changed_and_stays(desk: Desk, tmp_path: Path):
    page = desk.enter(make_project(desk.database, tmp_path / "m"), "r")
    begin(page)
    page.get_by_role("button", name="中文").click()
    page.get_by_role("button", name="提交，下一条").wait_for()
    page.reload()
    assert page.locator("html").get_attribute("lang") == "zh-Hans"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(desk: Desk, tmp_path: Path, axe: str, scheme: str):
    found: dict[str, list[str]] = {}

    def check(page: Any, name: str) -> None:
        # The page's own policy forbids foreign script, so the checker runs in an isolated world of the
        # browser.
        report = run_isolated(page, axe)
        if report:
            found[name] = report

    for protocol in ("responsibility", "safety", "grades", "data-review"):
        project = make_project(desk.database, tmp_path / protocol, protocol=protocol, count=3)
        page = desk.enter(
            project, "r", color_scheme=scheme, locale="zh-CN" if protocol == "safety" else "en-GB"
        )
        check(page, f"{protocol} welcome")
        page.locator("main form button").first.click()
        page.wait_for_url("**/judge")
        page.keyboard.press("2")
        check(page, f"{protocol} judge")
    page.keyboard.press("?")
    check(page, "keys")
    for path in ("/pause", "/mine"):
        page.goto(f"{desk.base}/p/data-review{path}")
        check(page, path)
    page.goto(f"{desk.base}/account")
    check(page, "account")
    project = make_project(desk.database, tmp_path / "p", count=3, overlap=2)
    one, two = join(desk.database, project.id, 2)
    judge_all(desk.database, project.id, one, {"better": 0})
    judge_all(desk.database, project.id, two, {"better": 1})
    boss = desk.enter(project, "boss", "coordinator", color_scheme=scheme)
    item = rows_of(desk.database, Assignment)[-1].item_id
    for path in ("", "/people", "/queue", f"/queue/{item}", "/results", "/log"):
        boss.goto(f"{desk.base}/p/pairwise/manage{path}")
        check(boss, f"manage{path}")
    boss.goto(f"{desk.base}/nowhere")
    check(boss, "error")
    boss.context.clear_cookies()
    boss.goto(f"{desk.base}/login")
    check(boss, "login")
    assert found == {}


def run_isolated(page: Any, axe: str) -> list[str]:
    """Run axe beside the page's scripts; returns the findings in short."""
    session = page.context.new_cdp_session(page)
    frame = session.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})[
        "executionContextId"
    ]
    session.send("Runtime.evaluate", {"expression": axe, "contextId": world})
    expression = (
        "axe.run().then(report => JSON.stringify(report.violations.map(one => one.id + ': ' + "
        "one.nodes.map(node => node.html.slice(0, 120)).join(' | '))))"
    )
    answer = session.send(
        "Runtime.evaluate",
        {"expression": expression, "contextId": world, "awaitPromise": True, "returnByValue": True},
    )
    assert "value" in answer["result"], answer
    return list(json.loads(answer["result"]["value"]))


@pytest.mark.slow
def test_twenty_reviewers_at_once_in_twenty_browsers(desk: Desk, tmp_path: Path):
    project = make_project(desk.database, tmp_path / "m", count=40, overlap=3)
    pages = [desk.enter(project, f"r{n}") for n in range(20)]
    for page in pages:
        begin(page)
    for done in range(1, 4):
        for page in pages:
            page.keyboard.press("1")
        for page in pages:
            page.keyboard.press("Enter")
        for page in pages:
            page.get_by_text(f"{done} judged").first.wait_for()
    handed = [
        row for row in rows_of(desk.database, Assignment) if row.purpose == "normal" and row.state == "done"
    ]
    assert len(handed) == judged(desk.database) == 60
    assert max(item.done for item in rows_of(desk.database, Item)) <= 3
    assert desk.errors == []

"""`plumbline suites` as people use it, in both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import yaml
from typer.testing import CliRunner, Result

from plumbline.cli.suites import app
from plumbline.errors import InputError
from plumbline.language import use_language
from plumbline.suites import list_suites
from plumbline.suites.catalogue import catalogue


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


def test_the_list_names_every_suite_and_where_it_is():
    shown = _run().stdout
    assert all(name in shown for name in [*list_suites(), *catalogue()])
    assert "included" in shown and "not fetched" in shown
    assert shown == _run("list").stdout


def test_the_list_speaks_chinese():
    with use_language("zh"):
        assert "随包附带" in _run().stdout


def test_show_gives_counts_a_sample_and_the_checks():
    shown = _run("show", "plumb-honesty").stdout
    for text in (
        "not validated by experts",
        "Apache-2.0",
        "sample item",
        "answer-only classifier",
        "integrity",
    ):
        assert text in shown


def test_show_of_a_set_that_was_not_fetched_says_what_it_is():
    shown = _run("show", "xstest").stdout
    assert "not fetched" in shown and "CC-BY-4.0" in shown and "arXiv:2308.01263" in shown


def test_show_prints_the_dropped_rows(shared_data):
    _run("fetch", "valuecsv-questions", "--from", str(shared_data), "--yes")
    shown = _run("show", "valuecsv-questions").stdout
    assert "3 rows were left out" in shown and "blank row" in shown


def test_check_tells_a_bad_suite_by_its_exit_status(tmp_path):
    manifest = {
        "id": "mine",
        "title": {"zh": "我的", "en": "mine"},
        "kind": "choice",
        "licence": "CC0",
        "authored": "people",
        "authorship": {"zh": "我", "en": "me"},
    }
    (tmp_path / "suite.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    rows = [
        {
            "id": f"i{n}",
            "kind": "choice",
            "question": f"问{n}",
            "options": [f"好好好{n}", f"坏{n}"],
            "answer": 0,
        }
        for n in range(12)
    ]
    (tmp_path / "items.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    finished = _run("check", str(tmp_path), "--json")
    assert finished.exit_code == 1
    statuses = {check["name"]: check["status"] for check in json.loads(finished.stdout)["checks"]}
    assert (statuses["ids"], statuses["positions"], statuses["longer"]) == ("pass", "fail", "fail")


def test_fetch_shows_the_licence_and_fetches_nothing_unless_asked(shared_data, tmp_path):
    finished = _run("fetch", "pvq-21-en", "--from", str(shared_data), stdin="n\n")
    assert "licence: MIT" in finished.stdout and finished.exit_code == 1
    assert not (tmp_path / "valueconsistency").exists()


def test_fetch_from_a_folder_makes_the_suite_loadable(shared_data):
    finished = _run("fetch", "pvq-21-en", "--from", str(shared_data), stdin="y\n")
    assert finished.exit_code == 0 and "fetched pvq_english.jsonl" in finished.stdout
    assert _run("check", "pvq-21-en").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fetch", "xtest", "--yes"), "did you mean `xstest`"),
        (("fetch", "plumb-choice", "--yes"), "comes with the package"),
        (("check", "xstest"), "plumbline suites fetch xstest"),
        (("fetch", "cvalues-mc-sample", "--yes"), "--from"),
    ],
)
def test_mistakes_say_what_to_do(arguments, said):
    error = _run(*arguments).exception
    assert isinstance(error, InputError) and said in str(error)


def test_a_mistake_ends_the_command_in_one_sentence(tmp_path):
    finished = subprocess.run(
        [sys.executable, "-m", "plumbline.cli.main", "--lang", "zh", "suites", "check", "xstest"],
        env={**os.environ, "PLUMBLINE_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 2
    assert "还没有取回" in finished.stderr and "Traceback" not in finished.stderr

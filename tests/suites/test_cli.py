"""`plumbline suites` as people use it, in both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from plumbline.suites import list_suites
from plumbline.suites.catalogue import catalogue


def _run(*arguments: str, data: Path, stdin: str = "", lang: str = "en") -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own: the language of help is read when it starts."""
    return subprocess.run(
        [sys.executable, "-m", "plumbline.cli.main", "--lang", lang, "suites", *arguments],
        env={
            **os.environ,
            "PLUMBLINE_DATA": str(data),
            "XDG_CACHE_HOME": str(data / "cache"),
            "COLUMNS": "110",
        },
        input=stdin,
        capture_output=True,
        text=True,
    )


def test_the_list_names_every_suite_and_where_it_is(tmp_path):
    shown = _run(data=tmp_path).stdout
    assert all(name in shown for name in [*list_suites(), *catalogue()])
    assert "included" in shown and "not fetched" in shown
    assert shown == _run("list", data=tmp_path).stdout


def test_the_list_speaks_chinese(tmp_path):
    assert "随包附带" in _run(data=tmp_path, lang="zh").stdout


def test_show_gives_counts_a_sample_and_the_checks(tmp_path):
    shown = _run("show", "plumb-honesty", data=tmp_path).stdout
    for text in (
        "not validated by experts",
        "Apache-2.0",
        "sample item",
        "answer-only classifier",
        "integrity",
    ):
        assert text in shown


def test_show_of_a_set_that_was_not_fetched_says_what_it_is(tmp_path):
    shown = _run("show", "xstest", data=tmp_path).stdout
    assert "not fetched" in shown and "CC-BY-4.0" in shown and "arXiv:2308.01263" in shown


def test_show_prints_the_dropped_rows(shared_data, tmp_path):
    _run("fetch", "valuecsv-questions", "--from", str(shared_data), "--yes", data=tmp_path)
    shown = _run("show", "valuecsv-questions", data=tmp_path).stdout
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
    finished = _run("check", str(tmp_path), "--json", data=tmp_path)
    assert finished.returncode == 1
    statuses = {check["name"]: check["status"] for check in json.loads(finished.stdout)["checks"]}
    assert (statuses["ids"], statuses["positions"], statuses["longer"]) == ("pass", "fail", "fail")


def test_fetch_shows_the_licence_and_fetches_nothing_unless_asked(shared_data, tmp_path):
    finished = _run("fetch", "pvq-21-en", "--from", str(shared_data), data=tmp_path, stdin="n\n")
    assert "licence: MIT" in finished.stdout and finished.returncode == 1
    assert not (tmp_path / "valueconsistency").exists()


def test_fetch_from_a_folder_makes_the_suite_loadable(shared_data, tmp_path):
    finished = _run("fetch", "pvq-21-en", "--from", str(shared_data), data=tmp_path, stdin="y\n")
    assert finished.returncode == 0 and "fetched pvq_english.jsonl" in finished.stdout
    assert _run("check", "pvq-21-en", data=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fetch", "xtest", "--yes"), "did you mean `xstest`"),
        (("fetch", "plumb-choice", "--yes"), "comes with the package"),
        (("check", "xstest"), "plumbline suites fetch xstest"),
        (("fetch", "cvalues-mc-sample", "--yes"), "--from"),
    ],
)
def test_mistakes_end_in_one_sentence(tmp_path, arguments, said):
    finished = _run(*arguments, data=tmp_path)
    assert finished.returncode == 2
    assert said in finished.stderr.replace("\n", " ") and "Traceback" not in finished.stderr

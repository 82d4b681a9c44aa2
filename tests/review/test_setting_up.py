"""Protocols, sources, databases and the command."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlmodel import SQLModel
from typer.testing import CliRunner, Result

from plumbline.cli.review import app
from plumbline.errors import InputError
from plumbline.review import Database, create_project, load_protocol, protocol_ids
from plumbline.review.sources import load_material
from plumbline.review.tables import Audit, Item, Judgement

from .factories import join, judge_all, make_project, rows_of, write_material

OWN = """
id: tone
title: {zh: 语气, en: Tone}
guide: {zh: 读一读, en: Read it}
screen: reply
questions:
  - {id: warm, kind: scale, label: {zh: 多温和, en: How warm}, low: 1, high: 5}
"""


@pytest.mark.parametrize("name", protocol_ids())
def test_every_protocol_of_ours_loads_in_both_languages(name):
    protocol = load_protocol(name)
    assert protocol.title.zh != protocol.title.en
    assert all(question.label.zh for question in protocol.questions)


def test_a_protocol_of_ones_own_works_like_ours(lite: Database, tmp_path: Path):
    (tmp_path / "tone.yaml").write_text(OWN)
    material = write_material(tmp_path / "m.jsonl", 2)
    project = create_project(lite, load_protocol(tmp_path / "tone.yaml"), [material], overlap=1)
    judge_all(lite, project.id, join(lite, project.id, 1)[0], {"warm": 4})
    assert len(rows_of(lite, Judgement)) == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("kind: scale|kind: scales", "kind"),
        ("screen: reply|screen: page", "screen"),
        ("id: warm|id: warm, sice: 3", "sice"),
        ("kind: scale|kind: pick", "pick"),
        ("low: 1|when: [{question: later, is: [x]}]", "later"),
        ("kind: scale|kind: choice", "low"),
    ],
)
def test_a_mistake_in_a_protocol_is_named(tmp_path: Path, change, said):
    (tmp_path / "p.yaml").write_text(OWN.replace(*change.split("|")))
    with pytest.raises(InputError) as found:
        load_protocol(tmp_path / "p.yaml")
    assert said in str(found.value) and "p.yaml" in str(found.value)


def test_an_unknown_protocol_names_the_known_ones():
    with pytest.raises(InputError, match="pairwise"):
        load_protocol("nothing")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"prompt": "x"}, "id"),
        ({"id": 1, "prompt": "x"}, "replies"),
        ({"id": 1, "replies": {"a": "b"}}, "prompt"),
    ],
)
def test_a_row_that_lacks_a_field_is_named_with_its_line(tmp_path: Path, row, said):
    path = tmp_path / "m.jsonl"
    path.write_text(json.dumps({"id": 0, "prompt": "x", "replies": {"a": "b"}}) + "\n" + json.dumps(row))
    with pytest.raises(InputError) as found:
        load_material([path])
    assert "line 2" in str(found.value) and said in str(found.value)


def test_samples_do_not_fit_a_protocol_for_replies_nor_the_reverse(lite: Database, tmp_path: Path):
    with pytest.raises(InputError, match="samples"):
        create_project(lite, load_protocol("data-review"), [write_material(tmp_path / "m.jsonl")])
    (tmp_path / "s.jsonl").write_text(json.dumps({"id": "s", "instruction": "x", "output": "y"}))
    with pytest.raises(InputError, match="replies"):
        create_project(lite, load_protocol("pairwise"), [tmp_path / "s.jsonl"])


def test_every_pair_of_models_is_compared(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=2, models=("a", "b", "c", "d"))
    assert project.items == 2 * 6


def test_a_gold_answer_that_does_not_fit_is_refused(lite: Database, tmp_path: Path):
    gold = write_material(tmp_path / "gold.jsonl", 1, gold={"better": "nobody"})
    with pytest.raises(InputError, match="gold"):
        make_project(lite, tmp_path / "m", gold=[gold], count=2)


def test_the_tables_are_what_the_migrations_make(database: Database):
    found = inspect(database.engine)
    for name, table in SQLModel.metadata.tables.items():
        if table.name in found.get_table_names():
            assert {column["name"] for column in found.get_columns(name)} == set(table.columns.keys()), name
    assert {"judgement", "assignment", "item", "snapshot"} <= set(found.get_table_names())


def test_opening_twice_migrates_once(database: Database, database_url: str):
    again = Database(database_url)
    with again.read() as session:
        numbers = session.execute(text("SELECT number FROM schema_version ORDER BY number")).scalars().all()
    assert numbers == [1, 2, 3]
    again.close()


def test_a_database_of_an_older_program_is_brought_up_to_date_and_keeps_its_judgements(
    database: Database, database_url: str, tmp_path: Path
):
    project = make_project(database, tmp_path / "m", overlap=1)
    judge_all(database, project.id, join(database, project.id, 1)[0])
    with database.write() as session:
        session.execute(text("DROP TABLE attempt"))
        session.execute(text("DELETE FROM schema_version WHERE number = 3"))
    before = rows_of(database, Judgement)
    newer = Database(database_url)
    assert "attempt" in inspect(newer.engine).get_table_names()
    assert rows_of(newer, Judgement) == before != []
    newer.close()


def test_a_database_of_a_newer_program_is_left_alone(database: Database, database_url: str):
    with database.write() as session:
        session.execute(text("INSERT INTO schema_version VALUES (99, 'later')"))
    with pytest.raises(InputError, match="upgrade"):
        Database(database_url)


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "nonsense", "sqlite:////nowhere/at/all.db", "postgresql://x@127.0.0.1:1/y"]
)
def test_a_database_that_cannot_be_opened_is_an_error_in_words(url):
    with pytest.raises(InputError, match="--db"):
        Database(url)


def test_a_backup_taken_while_judging_is_whole(lite: Database, tmp_path: Path):
    from concurrent.futures import ThreadPoolExecutor

    project = make_project(lite, tmp_path / "m", count=40, overlap=2)
    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(judge_all, lite, project.id, who) for who in join(lite, project.id, 2)]
        for number in range(3):
            lite.backup(tmp_path / f"copy{number}.db")
        assert sum(work.result() for work in working) >= 80
    lite.backup(tmp_path / "last.db")
    for name in ("copy0", "copy1", "copy2", "last"):
        copy = sqlite3.connect(tmp_path / f"{name}.db")
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        done = copy.execute("SELECT sum(done) FROM item").fetchone()[0]
        assert done == copy.execute(
            "SELECT count(*) FROM assignment WHERE state = 'done' AND purpose = 'normal'"
        ).fetchone()[0]  # fmt: skip
        copy.close()
    assert done == 80


def test_the_command_makes_a_project_and_shows_results(tmp_path: Path):
    write_material(tmp_path / "m.jsonl", 3)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            app, list(arguments), env={"PLUMBLINE_REVIEW_DB": f"sqlite:///{tmp_path}/r.db"}
        )

    made = run("create", "pairwise", "--from", str(tmp_path / "m.jsonl"), "--reviewer", "王芳")
    assert made.exit_code == 0 and made.output.count("/join/") == 2
    assert isinstance(run("create", "pairwise", str(tmp_path / "m.jsonl")).exception, InputError)
    assert json.loads(run("results", "pairwise", "--json").output)["progress"]["items"] == 3
    assert run("results", "pairwise", "--html", str(tmp_path / "r.html")).exit_code == 0
    table = run("results", "pairwise", "--csv", "--html", str(tmp_path / "again.html"))
    assert (tmp_path / "again.html").is_file()
    assert str(tmp_path) not in table.stdout  # a table alone, to be piped
    both = run("results", "pairwise", "--json", "--csv")
    assert "one format" in str(both.exception)
    assert "Blind comparison" in (tmp_path / "r.html").read_text("utf-8")
    assert run("export", "pairwise", "-o", str(tmp_path / "out.jsonl")).exit_code == 0
    assert run("invite", "pairwise", "Li Wei").output.count("/join/") == 1
    assert "revoked 1" in run("revoke", "pairwise", "王芳").output
    log = Database(f"sqlite:///{tmp_path}/r.db")
    acts = ["project created", "link made", "link made", "exported", "link made", "access revoked"]
    assert [row.action for row in rows_of(log, Audit)] == acts
    log.close()
    assert isinstance(run("serve", "--host", "0.0.0.0").exception, InputError)
    assert isinstance(run("results", "nothing").exception, InputError)


def test_importing_review_needs_no_web_framework():
    code = (
        "import sys, plumbline.review, plumbline.cli.review; "
        "sys.exit(any(name in sys.modules for name in ('fastapi', 'sqlmodel')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_items_are_shuffled_by_the_seed(lite: Database, tmp_path: Path):
    make_project(lite, tmp_path / "a", count=30)
    refs = [item.ref for item in sorted(rows_of(lite, Item), key=lambda item: item.ordinal)]
    assert refs != sorted(refs) and len(set(refs)) == 30

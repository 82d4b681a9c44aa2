"""Storing: nothing twice, nothing lost, nothing rewritten."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from plumbline.review import Database, judge
from plumbline.review.assign import next_assignment
from plumbline.review.judge import Outcome
from plumbline.review.settle import settle
from plumbline.review.tables import Draft, Item, Judgement, Membership

from .factories import join, judge_all, make_project, rows_of


def test_a_double_click_makes_one_judgement(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    held = next_assignment(database, project.id, who)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(
            pool.map(
                lambda _: judge.submit(database, who, held.id, held.form_key, {"better": 0}, 1.0), range(8)
            )
        )
    assert sorted(outcomes) == [Outcome.AGAIN] * 7 + [Outcome.STORED]
    assert len(rows_of(database, Judgement)) == 1


def test_two_tabs_with_different_answers_keep_the_first(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    held = next_assignment(database, project.id, who)
    judge.submit(database, who, held.id, held.form_key, {"better": 0}, 1.0)
    assert judge.submit(database, who, held.id, held.form_key, {"better": 1}, 1.0) == Outcome.AGAIN
    assert [json.loads(one.answer) for one in rows_of(database, Judgement)] == [{"better": 0}]


def test_undo_adds_a_row_and_brings_the_answer_back_as_a_draft(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    held = next_assignment(database, project.id, who)
    judge.submit(database, who, held.id, held.form_key, {"better": held.order[1], "why": "更清楚"}, 1.0)
    first = rows_of(database, Judgement)[0]
    again = judge.undo(database, who, first.id)
    assert [one.act for one in rows_of(database, Judgement)] == ["judge", "undo"]
    assert json.loads(rows_of(database, Draft)[0].answer) == {"q.better": ["1"], "q.why": ["更清楚"]}
    assert next_assignment(database, project.id, who).id == again.id
    assert sum(item.done for item in rows_of(database, Item)) == 0


def test_undoing_twice_undoes_once(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    judge_all(database, project.id, who, most=1)
    number = rows_of(database, Judgement)[0].id
    with ThreadPoolExecutor(6) as pool:
        opened = list(pool.map(lambda _: judge.undo(database, who, number), range(6)))
    assert sum(one is not None for one in opened) == 1
    assert rows_of(database, Membership)[0].done == 0


def test_a_form_from_before_an_undo_is_stale(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    held = next_assignment(database, project.id, who)
    judge.submit(database, who, held.id, held.form_key, {"better": 0}, 1.0)
    fresh = judge.undo(database, who, rows_of(database, Judgement)[0].id)
    assert judge.submit(database, who, held.id, held.form_key, {"better": 1}, 1.0) == Outcome.AGAIN
    assert judge.submit(database, who, held.id, fresh.form_key, {"better": 1}, 1.0) == Outcome.STORED
    assert judge.submit(database, who, held.id, "made-up", {"better": 1}, 1.0) == Outcome.STALE


@pytest.mark.parametrize(
    "statement", ["UPDATE judgement SET answer = 'x'", "DELETE FROM judgement", "DELETE FROM audit"]
)
def test_the_database_refuses_to_rewrite_history(database: Database, tmp_path: Path, statement: str):
    project = make_project(database, tmp_path / "m")
    judge_all(database, project.id, join(database, project.id, 1)[0], most=1)
    with database.write() as session:
        session.execute(text("INSERT INTO audit (at, action, detail) VALUES (0, 'x', '{}')"))
    with pytest.raises(Exception, match="append only"), database.write() as session:
        session.execute(text(statement))


def test_another_reviewers_assignment_cannot_be_judged(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    one, two = join(database, project.id, 2)
    held = next_assignment(database, project.id, one)
    with pytest.raises(judge.NotTheirs):
        judge.submit(database, two, held.id, held.form_key, {"better": 0}, 1.0)
    judge.submit(database, one, held.id, held.form_key, {"better": 0}, 1.0)
    with pytest.raises(judge.NotTheirs):
        judge.undo(database, two, rows_of(database, Judgement)[0].id)


def test_an_item_reviewers_differ_on_waits_to_be_settled(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=1, overlap=2)
    one, two = join(database, project.id, 2)
    judge_all(database, project.id, one, {"better": 0})
    judge_all(database, project.id, two, {"better": 1})
    item = rows_of(database, Item)[0]
    assert item.dispute == 0.5
    assert settle(database, one, project.id, item.id, "k", {"better": 1})
    assert not settle(database, one, project.id, item.id, "k", {"better": 1})
    assert rows_of(database, Item)[0].settled == 1


def test_a_draft_renews_the_lease_and_is_gone_after_the_judgement(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    held = next_assignment(database, project.id, who)
    assert judge.save_draft(database, who, held.id, held.form_key, {"q.why": ["半句"]})
    judge.submit(database, who, held.id, held.form_key, {"better": 0}, 1.0)
    assert rows_of(database, Draft) == []
    assert not judge.save_draft(database, who, held.id, held.form_key, {"q.why": ["太晚"]})


def test_a_break_on_the_page_does_not_count_as_judging_time(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m")
    who = join(lite, project.id, 1)[0]
    held = next_assignment(lite, project.id, who)
    judge.submit(lite, who, held.id, held.form_key, {"better": 0}, 1e6)
    assert rows_of(lite, Judgement)[0].seconds == 1800

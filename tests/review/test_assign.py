"""Handing out: balanced, blind, and never to more people than asked."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from plumbline.review import Database, judge, people
from plumbline.review.assign import next_assignment
from plumbline.review.tables import Assignment, Item

from .factories import join, judge_all, make_project, write_material


def test_fifty_asking_at_once_never_exceed_the_overlap(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=20, overlap=2)
    people_ids = join(database, project.id, 50)
    with ThreadPoolExecutor(50) as pool:
        handed = list(pool.map(lambda who: next_assignment(database, project.id, who), people_ids))
    per_item = Counter(one.item_id for one in handed if one is not None)
    assert max(per_item.values()) <= 2
    assert sum(per_item.values()) == 40  # every place is held, ten people wait


def test_the_same_reviewer_asking_in_many_tabs_gets_one_item(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    with ThreadPoolExecutor(12) as pool:
        handed = list(pool.map(lambda _: next_assignment(database, project.id, who), range(12)))
    assert len({one.id for one in handed}) == 1


def test_every_item_gets_its_number_of_reviewers_and_no_more(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=12, overlap=3)
    with ThreadPoolExecutor(5) as pool:
        done = list(pool.map(lambda who: judge_all(database, project.id, who), join(database, project.id, 5)))
    assert sum(done) == 36
    with database.read() as session:
        assert {(item.taken, item.done) for item in session.exec(select(Item))} == {(3, 3)}


def test_the_database_refuses_a_second_holder_of_a_place(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m")
    one, two = join(database, project.id, 2)
    held = next_assignment(database, project.id, one)
    with pytest.raises(Exception, match=r"(?i)unique"), database.write() as session:
        session.execute(
            text(
                "INSERT INTO assignment "
                "(project_id, item_id, account_id, purpose, slot, state, sides, form_key, leased_until, "
                "opened_at) VALUES (:p, :i, :a, 'normal', :s, 'open', '[]', 'x', 0, 0)"
            ),
            {"p": project.id, "i": held.item_id, "a": two, "s": held.slot},
        )


def test_an_abandoned_item_goes_to_somebody_else_when_its_lease_runs_out(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=1, overlap=1)
    one, two = join(database, project.id, 2)
    held = next_assignment(database, project.id, one)
    assert next_assignment(database, project.id, two) is None
    expire(database, held.id)
    assert next_assignment(database, project.id, two).item_id == held.item_id


def test_a_judgement_after_the_lease_counts_while_a_place_is_free(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=1, overlap=2)
    one, two = join(database, project.id, 2)
    held = next_assignment(database, project.id, one)
    expire(database, held.id)
    next_assignment(database, project.id, two)  # releases what has run out
    assert judge.submit(database, one, held.id, held.form_key, {"better": 0}, 1.0) == judge.Outcome.STORED


def test_a_judgement_after_the_lease_is_kept_uncounted_when_others_filled_the_places(
    database: Database, tmp_path: Path
):
    project = make_project(database, tmp_path / "m", count=1, overlap=1)
    one, two = join(database, project.id, 2)
    held = next_assignment(database, project.id, one)
    expire(database, held.id)
    judge_all(database, project.id, two)
    assert judge.submit(database, one, held.id, held.form_key, {"better": 0}, 1.0) == judge.Outcome.LATE
    with database.read() as session:
        assert session.get(Assignment, held.id).judgement_id is not None
        assert session.exec(select(Item)).one().done == 1


def test_a_skipped_item_is_free_for_others_and_not_shown_again(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=1, overlap=1)
    one, two = join(database, project.id, 2)
    held = next_assignment(database, project.id, one)
    assert judge.skip(database, one, held.id, held.form_key) == judge.Outcome.STORED
    assert next_assignment(database, project.id, one) is None
    assert next_assignment(database, project.id, two) is not None


def test_sides_are_balanced_over_the_places_of_each_item(lite: Database, tmp_path: Path):
    project = make_project(
        lite, tmp_path / "m", protocol="responsibility", count=10, models=("a", "b", "c"), overlap=3
    )
    for who in join(lite, project.id, 3):
        judge_all(lite, project.id, who, {"best": "none", "rewrite": "x"})
    with lite.read() as session:
        first = Counter(
            (one.item_id, one.order[0]) for one in session.exec(select(Assignment)) if one.purpose == "normal"
        )
    assert set(first.values()) == {1} and len(first) == 30


def test_repeats_come_back_with_sides_turned_and_do_not_take_a_place(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=60, overlap=1)
    who = join(lite, project.id, 1)[0]
    judge_all(lite, project.id, who)
    with lite.read() as session:
        handed = session.exec(select(Assignment)).all()
        first = {one.item_id: one for one in handed if one.purpose == "normal"}
        repeats = [one for one in handed if one.purpose == "repeat"]
        assert len(repeats) >= 2
        assert all(one.order != first[one.item_id].order for one in repeats)
        # This reviewer always takes what stands first, so turned sides mean another answer.
        assert all(one.right_answer == 0 for one in repeats)
        assert {item.done for item in session.exec(select(Item))} == {1}


def test_gold_questions_come_regularly_and_are_marked(lite: Database, tmp_path: Path):
    gold = write_material(tmp_path / "gold.jsonl", 3, gold={"better": "tuned"})
    rows = gold.read_text().replace('"id": "q', '"id": "gold')
    gold.write_text(rows)
    project = make_project(lite, tmp_path / "m", count=40, overlap=1, gold=[gold])
    assert (project.items, project.golds) == (40, 3)
    who = join(lite, project.id, 1)[0]
    judge_all(lite, project.id, who, {"better": 1})
    with lite.read() as session:
        marked = [one.right_answer for one in session.exec(select(Assignment)) if one.purpose == "gold"]
    assert marked == [1, 1, 1]


def test_a_paused_project_hands_out_nothing(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m")
    who = join(lite, project.id, 1)[0]
    with lite.write() as session:
        session.execute(text("UPDATE project SET state = 'paused'"))
    assert next_assignment(lite, project.id, who) is None


def test_a_removed_reviewer_gets_nothing(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m")
    who = join(lite, project.id, 1)[0]
    people.revoke(lite, project.id, who)
    assert next_assignment(lite, project.id, who) is None


def expire(database: Database, assignment: int) -> None:
    with database.write() as session:
        session.execute(text("UPDATE assignment SET leased_until = 1 WHERE id = :id"), {"id": assignment})

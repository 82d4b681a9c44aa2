"""Held in reserve for a page that may lose its connection: never at the cost of others."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from plumbline.review import Database, judge
from plumbline.review.assign import next_assignment
from plumbline.review.reserve import AHEAD, look_ahead
from plumbline.review.tables import Assignment, Item, Membership

from .factories import join, make_project, rows_of


def begin(database: Database, project: int, count: int) -> list[int]:
    people = join(database, project, count)
    with database.write() as session:
        session.execute(text("UPDATE membership SET begun_at = 1"))
    return people


def finish(database: Database, who: int, one: Assignment) -> judge.Outcome:
    return judge.submit(database, who, one.id, one.form_key, {"better": 0}, 1.0)


def test_what_is_in_reserve_comes_next_in_its_order(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=9)
    (who,) = begin(database, project.id, 1)
    first = next_assignment(database, project.id, who)
    reserved = look_ahead(database, project.id, who, first.id)
    assert len(reserved) == AHEAD
    assert [one.id for one in look_ahead(database, project.id, who, first.id)] == [one.id for one in reserved]
    assert next_assignment(database, project.id, who).id == first.id  # until it is judged
    for expected in reserved:
        finish(database, who, next_assignment(database, project.id, who))
        assert next_assignment(database, project.id, who).id == expected.id


def test_fifty_looking_ahead_at_once_never_exceed_the_overlap(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=120, overlap=2)
    people = begin(database, project.id, 50)

    def act(who: int) -> None:
        for _ in range(3):
            shown = next_assignment(database, project.id, who)
            look_ahead(database, project.id, who, shown.id)
            finish(database, who, shown)

    with ThreadPoolExecutor(25) as pool:
        list(pool.map(act, people))
    rows = [row for row in rows_of(database, Assignment) if row.purpose == "normal" and row.slot is not None]
    assert max(Counter(row.item_id for row in rows).values()) <= 2
    assert len({(row.item_id, row.account_id) for row in rows}) == len(rows)
    taken = Counter(row.item_id for row in rows)
    assert all(item.taken == taken[item.id] for item in rows_of(database, Item))


def test_the_last_items_are_shared_out_and_not_reserved(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=4, overlap=1)
    one, two = begin(lite, project.id, 2)
    held = next_assignment(lite, project.id, one)
    assert look_ahead(lite, project.id, one, held.id) == []  # three are left for two people
    assert next_assignment(lite, project.id, two) is not None


def test_an_abandoned_reserve_goes_to_others_long_before_an_open_item(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=9, overlap=1)
    (who,) = begin(lite, project.id, 1)
    held = next_assignment(lite, project.id, who)
    reserved = look_ahead(lite, project.id, who, held.id)
    leases = {one.id: one.leased_until for one in rows_of(lite, Assignment)}
    assert all(leases[one.id] < leases[held.id] - 1800 for one in reserved)


@pytest.mark.parametrize("others", [False, True])
def test_a_reserve_that_ran_out_offline_still_counts_while_its_place_is_free(
    database: Database, tmp_path: Path, others: bool
):
    project = make_project(database, tmp_path / "m", count=9, overlap=1)
    who, other = begin(database, project.id, 2)
    held = next_assignment(database, project.id, who)
    late = look_ahead(database, project.id, who, held.id)[0]
    finish(database, who, held)
    with database.write() as session:
        session.execute(text("UPDATE assignment SET leased_until = 1 WHERE state = 'open'"))
    while others and (theirs := next_assignment(database, project.id, other)) is not None:
        finish(database, other, theirs)
    expected = judge.Outcome.LATE if others else judge.Outcome.STORED
    assert finish(database, who, late) == expected
    assert max(item.done for item in rows_of(database, Item)) == 1


def test_an_item_on_screen_gets_its_place_back_when_its_lease_ran_out(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=9, overlap=2)
    who, other = begin(database, project.id, 2)
    held = next_assignment(database, project.id, who)
    with database.write() as session:
        session.execute(text("UPDATE assignment SET leased_until = 1"))
    next_assignment(database, project.id, other)  # releases what has run out
    assert {row.id: row.state for row in rows_of(database, Assignment)}[held.id] == "expired"
    look_ahead(database, project.id, who, held.id)
    again = {row.id: row for row in rows_of(database, Assignment)}[held.id]
    assert again.state == "open" and again.slot is not None


def test_nothing_is_reserved_from_a_paused_project_or_for_a_stranger(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=9)
    who, stranger = begin(lite, project.id, 2)
    held = next_assignment(lite, project.id, who)
    look_ahead(lite, project.id, stranger, held.id)
    assert {row.account_id for row in rows_of(lite, Assignment) if row.id == held.id} == {who}
    with lite.write() as session:
        session.execute(text("UPDATE project SET state = 'paused'"))
    assert look_ahead(lite, project.id, who, held.id) == []
    assert sum(member.done for member in rows_of(lite, Membership)) == 0

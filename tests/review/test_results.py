"""What judgements come to, and how it is handed on."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from plumbline.errors import InputError
from plumbline.review import (
    Database,
    exchange,
    find_project,
    handover,
    judge,
    protocol_ids,
    review_results,
    snapshots,
)
from plumbline.review.assign import next_assignment
from plumbline.review.settle import settle
from plumbline.review.snapshots import latest
from plumbline.review.tables import Item, Judgement

from .factories import join, judge_all, make_project, rows_of


def answer_by_model(database: Database, project_id: int, who: int, choose) -> None:
    """Judge everything; `choose(models)` gives the answer."""
    bodies = {item.id: item.content for item in rows_of(database, Item)}
    while (held := next_assignment(database, project_id, who)) is not None:
        models = [reply["model"] for reply in bodies[held.item_id].get("replies", [])]
        judge.submit(database, who, held.id, held.form_key, choose(models), 2.0)


def work_out(database: Database, name: str) -> dict:
    with database.read() as session:
        return review_results(session, find_project(session, name))


def test_a_model_that_always_wins_has_win_rate_one_and_rank_one(database: Database, tmp_path: Path):
    project = make_project(database, tmp_path / "m", count=8, models=("a", "b", "c"), overlap=2)
    for who in join(database, project.id, 2):
        answer_by_model(database, project.id, who, lambda models: {"better": models.index(max(models))})
    ranked = work_out(database, "pairwise")["ranking"]
    assert [row["model"] for row in ranked["models"]] == ["c", "b", "a"]
    assert [row["win_rate"]["estimate"] for row in ranked["models"]] == [1.0, 0.5, 0.0]
    assert ranked["comparisons"] == 8 * 3 * 2


def test_always_taking_the_first_shows_as_an_effect_of_order_not_of_models(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=40, overlap=2)
    for who in join(lite, project.id, 2):
        judge_all(lite, project.id, who)
    ranked = work_out(lite, "pairwise")["ranking"]
    assert [row["win_rate"]["estimate"] for row in ranked["models"]] == [0.5, 0.5]
    assert ranked["shown_first"]["low"] > 1


def test_the_safety_score_is_the_share_of_safe_replies(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", protocol="safety", count=10, overlap=2)
    unsafe = {"safe": "unsafe", "scenario": ["cvalues-safety/crimes"]}
    for who in join(lite, project.id, 2):
        answer_by_model(
            lite, project.id, who, lambda models: {"safe": "safe"} if models == ["tuned"] else unsafe
        )
    scores = {
        row["model"]: row["score"]["estimate"]
        for row in work_out(lite, "safety")["models"]
        if row["criterion"] == "safe"
    }
    assert scores == {"base": 0.0, "tuned": 1.0}


def test_not_sure_counts_neither_as_safe_nor_as_unsafe(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", protocol="safety", count=2, models=("a",), overlap=2)
    one, two = join(lite, project.id, 2)
    judge_all(lite, project.id, one, {"safe": "safe"})
    judge_all(lite, project.id, two, {"safe": "unsure"})
    row = next(row for row in work_out(lite, "safety")["models"] if row["criterion"] == "safe")
    assert (row["score"]["estimate"], row["judgements"]) == (1.0, 2)


def test_the_responsibility_score_is_the_mean_of_scores_of_picked_replies(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", protocol="responsibility", count=4, overlap=2)
    for who, score in zip(join(lite, project.id, 2), (6, 9), strict=True):
        answer_by_model(
            lite, project.id, who, lambda models, s=score: {"best": models.index("tuned"), "score": s}
        )
    row = next(row for row in work_out(lite, "responsibility")["models"] if row["criterion"] == "score")
    assert (row["model"], row["score"]["estimate"], row["low"], row["high"]) == ("tuned", 7.5, 1.0, 10.0)


def test_agreement_is_one_when_all_agree_and_low_when_they_do_not(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", protocol="safety", count=10, overlap=2)
    bodies = {item.id: item.ref for item in rows_of(lite, Item)}
    for who in join(lite, project.id, 2):
        while (held := next_assignment(lite, project.id, who)) is not None:
            safe = bodies[held.item_id].startswith(("q1", "q3", "q5"))
            answer = {"safe": "safe"} if safe else {"safe": "unsafe", "scenario": ["cvalues-safety/abuse"]}
            judge.submit(lite, who, held.id, held.form_key, answer, 2.0)
    found = next(row for row in work_out(lite, "safety")["questions"] if row["question"] == "safe")[
        "agreement"
    ]
    assert found["alpha"]["estimate"] == pytest.approx(1)
    assert found["cohen"]["estimate"] == pytest.approx(1)
    assert (found["share"], found["units"]) == (1.0, 20)


def test_a_settlement_counts_instead_of_the_reviewers(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=1, overlap=2)
    one, two = join(lite, project.id, 2)
    judge_all(lite, project.id, one, {"better": 0})
    judge_all(lite, project.id, two, {"better": 0})
    item = rows_of(lite, Item)[0]
    settle(lite, one, project.id, item.id, "k", {"better": 1})
    rates = {
        row["model"]: row["win_rate"]["estimate"] for row in work_out(lite, "pairwise")["ranking"]["models"]
    }
    assert rates == {"base": 0.0, "tuned": 1.0}


def test_results_of_an_empty_project_are_empty_and_not_an_error(database: Database, tmp_path: Path):
    make_project(database, tmp_path / "m")
    found = work_out(database, "pairwise")
    assert (found["models"], found["ranking"], found["questions"]) == ([], None, [])
    json.dumps(found, allow_nan=False)


def test_a_stored_copy_is_renewed_when_a_judgement_is_added(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m")
    who = join(lite, project.id, 1)[0]
    for count in (1, 2):
        judge_all(lite, project.id, who, most=1)
        found, _, coming = latest(lite, project)
        assert (found["progress"]["judgements"], coming) == (count, False)


def test_a_large_projects_results_are_worked_out_beside_the_pages(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(snapshots, "AT_ONCE", 0)
    project = make_project(database, tmp_path / "m")
    who = join(database, project.id, 1)[0]
    judge_all(database, project.id, who, most=1)
    assert latest(database, project) == (None, None, True)
    end = time.monotonic() + 120
    while (found := latest(database, project))[0] is None:
        assert time.monotonic() < end
        time.sleep(0.1)
    assert found[0]["progress"]["judgements"] == 1
    judge_all(database, project.id, who, most=1)
    assert latest(database, project) == (found[0], found[1], False)  # shown for a while before it is renewed


def make_run(folder: Path, name: str, replies: dict[str, str]) -> Path:
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"name": name, "model": {"reference": "hf/x"}}))
    rows = [
        {
            "item_id": item,
            "presentation_id": f"{item}/original",
            "method": method,
            "prompt": "怎么办？",
            "reply": reply,
        }
        for item, reply in replies.items()
        for method in ("generate", "label")
    ]
    pq.write_table(pa.Table.from_pylist(rows), folder / "records.parquet")
    return folder


def test_runs_are_judged_and_get_peoples_scores_back(lite: Database, tmp_path: Path):
    from plumbline.review import create_project, load_protocol

    runs = [
        make_run(tmp_path / name, name, {"i1": f"{name} 一", "i2": f"{name} 二"})
        for name in ("base", "tuned")
    ]
    project = create_project(lite, load_protocol("pairwise"), runs, overlap=1)
    assert project.items == 2
    answer_by_model(
        lite, project.id, join(lite, project.id, 1)[0], lambda models: {"better": models.index("tuned")}
    )
    with lite.read() as session:
        path, rows = handover.to_run(session, project, runs[1])
        handover.to_run(session, project, runs[1])  # again: replaced, not doubled
    found = pq.read_table(path).to_pylist()
    assert rows == len(found) == 2
    assert {(row["item_id"], row["presentation_id"], row["criterion"], row["score"]) for row in found} == {
        ("i1", "i1/original", "better", 1.0), ("i2", "i2/original", "better", 1.0)
    }  # fmt: skip


def test_two_runs_of_one_name_are_refused(lite: Database, tmp_path: Path):
    from plumbline.review import create_project, load_protocol

    runs = [make_run(tmp_path / folder, "same", {"i1": "x"}) for folder in ("a", "b")]
    with pytest.raises(InputError, match="--name"):
        create_project(lite, load_protocol("pairwise"), runs)


def test_decisions_about_samples_carry_the_diff(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", protocol="data-review", count=3)
    who = join(lite, project.id, 1)[0]
    answers = {
        "s0": {"decision": "accept"},
        "s1": {"decision": "reject", "reason": "wrong"},
        "s2": {"decision": "edit", "edited": {"output": {"before": "回答 2", "after": "更好"}}},
    }
    bodies = {item.id: item.ref for item in rows_of(lite, Item)}
    while (held := next_assignment(lite, project.id, who)) is not None:
        judge.submit(lite, who, held.id, held.form_key, answers[bodies[held.item_id]], 1.0)
    (tmp_path / "data").mkdir()
    with lite.read() as session:
        path, _ = handover.to_data(session, project, tmp_path / "data")
    rows = {row["id"]: row for row in map(json.loads, path.read_text("utf-8").splitlines())}
    assert {ref: row["decision"] for ref, row in rows.items()} == {
        "s0": "accept",
        "s1": "reject",
        "s2": "edit",
    }
    assert (rows["s2"]["edited"], rows["s2"]["reviewer"]) == ({"output": "更好"}, "r0")
    assert rows["s2"]["changes"] == {"output": {"before": "回答 2", "after": "更好"}}


def test_a_spreadsheet_runs_nothing_from_a_reply(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", models=('=HYPERLINK("http://x")', "@b"), count=2, overlap=1)
    judge_all(lite, project.id, join(lite, project.id, 1)[0], {"better": 0, "why": "=1+1"})
    with lite.read() as session:
        table = list(csv.reader(io.StringIO(handover.as_csv(session, project))))
        exchange.write(session, project, tmp_path / "x.xlsx", "xlsx")
    assert not any(cell.startswith(("=", "@", "+", "-")) for row in table for cell in row)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("format", exchange.FORMATS)
@pytest.mark.parametrize("protocol", protocol_ids())
def test_judgements_survive_export_and_import(lite: Database, tmp_path: Path, protocol: str, format: str):
    source = make_project(lite, tmp_path / "m", protocol=protocol, count=3, overlap=2)
    answers = {
        "pairwise": lambda models: {"better": models.index("tuned"), "why": "更清楚"},
        "responsibility": lambda models: {"best": "none", "rewrite": "一\n二"},
        "safety": lambda models: {
            "safe": "unsafe",
            "scenario": ["cvalues-safety/crimes", "cvalues-safety/abuse"],
        },
        "grades": lambda models: {"grade": {"0": "A", "1": "C"}},
        "data-review": lambda models: {
            "decision": "edit",
            "edited": {"output": {"before": "", "after": "改过的\n回答"}},
        },
    }
    for who in join(lite, source.id, 2):
        answer_by_model(lite, source.id, who, answers[protocol])
    target = make_project(lite, tmp_path / "m", protocol=protocol, count=3, overlap=2, name="copy")
    path = tmp_path / f"out.{'json' if format == 'labelstudio' else format}"
    with lite.read() as session:
        assert exchange.write(session, source, path, format) == source.items
    count = source.items * 2
    assert exchange.read(lite, target.id, path, format) == (count, 0)
    assert exchange.read(lite, target.id, path, format) == (0, count)  # the same file twice adds nothing
    assert work_out(lite, "copy")["models"] == work_out(lite, protocol)["models"]
    if protocol == "data-review":
        with lite.read() as session:
            assert [row["edited"] for row in handover.decisions(session, target)] == [
                {"output": "改过的\n回答"}
            ] * 3


def test_a_bad_import_stores_nothing(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", count=2)
    path = tmp_path / "in.jsonl"
    good = {"ref": "q0", "judgements": [{"reviewer": "r", "answer": {"better": "base"}}]}
    bad = {"ref": "q1", "judgements": [{"reviewer": "r", "answer": {"better": "nobody"}}]}
    path.write_text("\n".join(map(json.dumps, [good, bad])))
    with pytest.raises(InputError):
        exchange.read(lite, project.id, path, "jsonl")
    assert rows_of(lite, Judgement) == []


def test_label_studio_tasks_do_not_name_models(lite: Database, tmp_path: Path):
    project = make_project(lite, tmp_path / "m", models=("secret-a", "secret-b"), count=2)
    with lite.write() as session:
        for item in rows_of(lite, Item):
            body = item.content
            for reply in body["replies"]:
                reply["text"] = "回答"
            stored = session.get(Item, item.id)
            stored.body = json.dumps(body)
            session.add(stored)
    with lite.read() as session:
        exchange.write(session, project, tmp_path / "t.json", "labelstudio")
    assert "secret" not in (tmp_path / "t.json").read_text() + (tmp_path / "t.config.xml").read_text()


def test_a_build_takes_the_decisions_in(lite: Database, tmp_path: Path):
    from plumbline.build.sample import Sample, to_samples, to_table
    from plumbline.build.step import Context
    from plumbline.build.steps.review import Review

    project = make_project(lite, tmp_path / "m", protocol="data-review", count=2)
    edit = {
        "decision": "edit",
        "edited": {"output": {"before": "回答", "after": "更好"}},
        "categorization": "vad/social",
    }
    judge_all(lite, project.id, join(lite, project.id, 1)[0], edit)
    with lite.read() as session:
        path, _ = handover.to_data(session, project, tmp_path)
    rows = to_table([Sample(id=f"s{n}", instruction=f"指令 {n}", output="回答") for n in range(2)])
    kept = to_samples(Review(decisions=path.name).apply(rows, Context(base=tmp_path)).kept)
    assert {(row.review, row.output, row.categorization) for row in kept} == {("edited", "更好", "social")}

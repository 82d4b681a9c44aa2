"""The report: one page, self-contained, in both languages."""

import csv
import io
import json
import re

import pytest
from tests.factories import choice_rows, write_answers, write_suite

from plumbline.measure import measure_model
from plumbline.report import report_csv, report_json, write_report
from plumbline.report.hardest import hardest_items
from plumbline.suites import load_suite


@pytest.fixture
def suite(tmp_path):
    return write_suite(tmp_path / "suite", choice_rows(20))


@pytest.fixture
def run(tmp_path, suite):
    return measure_model(
        f"answers/{write_answers(tmp_path / 'a.jsonl', suite, '[回复1]更好。')}", suite, tmp_path / "a"
    )


def test_the_page_stands_alone(tmp_path, run):
    for language in ("zh", "en"):
        text = write_report([run], tmp_path / "r.html", language=language).read_text(encoding="utf-8")
        assert len(text.encode()) < 1_000_000
        assert "<script" not in text
        assert not re.search(r"""(?:src|href)=["'](?!#)""", text)
        assert "url(" not in text and "@import" not in text


def test_verdict_whose_values_and_risk_are_there_in_the_language_asked_for(tmp_path, run):
    zh = write_report([run], tmp_path / "zh.html", language="zh").read_text(encoding="utf-8")
    en = write_report([run], tmp_path / "en.html", language="en").read_text(encoding="utf-8")
    for text, words in (
        (zh, ("结论", "这是谁的价值", "风险提示")),
        (en, ("Verdict", "Whose values", "Risk warning")),
    ):
        assert all(word in text for word in words)
    assert zh.index("不是安全认证") > zh.index("结论")


def test_a_strong_position_bias_is_a_warning(tmp_path, run):
    text = write_report([run], tmp_path / "r.html", language="en").read_text(encoding="utf-8")
    assert "position decides much of what it chooses" in text


def test_what_a_model_said_is_shown_escaped(tmp_path, suite):
    answers = write_answers(tmp_path / "x.jsonl", suite, "<script>alert(1)</script> [回复1]更好。")
    run = measure_model(f"answers/{answers}", suite, tmp_path / "run")
    text = write_report([run], tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_several_runs_of_a_suite_are_compared(tmp_path, suite, run):
    other = write_answers(tmp_path / "b.jsonl", suite, "[回复2]更好。")
    second = measure_model(f"answers/{other}", suite, tmp_path / "b", name="the other")
    text = write_report([run, second], tmp_path / "r.html", language="en").read_text(encoding="utf-8")
    assert "no evidence of a change" in text
    assert "the other" in text


def test_a_partial_run_says_so(tmp_path, run):
    manifest = tmp_path / "a" / "manifest.json"
    data = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**data, "complete": False}), encoding="utf-8")
    from plumbline.measure import load_run

    text = write_report([load_run(tmp_path / "a")], tmp_path / "r.html", language="en").read_text(
        encoding="utf-8"
    )
    assert "not complete" in text


def test_json_and_csv_carry_the_same_numbers(run):
    data = json.loads(report_json([run]))
    rows = list(csv.DictReader(io.StringIO(report_csv([run]))))
    accuracy = data["summaries"][0]["methods"]["generate"]["overall"]["accuracy"]["estimate"]
    (row,) = [r for r in rows if r["group_kind"] == "all" and r["measure"] == "accuracy"]
    assert float(row["estimate"]) == pytest.approx(accuracy)


def test_dilemmas_have_json_for_several_runs_and_no_comparison(tmp_path):
    answers = tmp_path / "d.jsonl"
    item = load_suite("plumb-dilemma").items[0].id
    answers.write_text(json.dumps({"item_id": item, "reply": "A"}), encoding="utf-8")
    runs = [
        measure_model(f"answers/{answers}", "plumb-dilemma", tmp_path / name, limit=1) for name in ("1", "2")
    ]
    data = json.loads(report_json(runs))
    assert len(data["summaries"]) == 2
    assert data["comparisons"] == []


def test_items_that_changed_since_are_not_shown_beside_old_replies(tmp_path, suite, run):
    assert hardest_items(run, "generate")
    write_suite(suite, choice_rows(19))
    assert hardest_items(run, "generate") == []


def test_a_run_stopped_before_its_first_record_is_sent_back_to_be_measured(tmp_path, run):
    from plumbline.errors import RunError
    from plumbline.measure import Run

    with pytest.raises(RunError, match="no record yet"):
        write_report([Run(run.path, run.manifest, [])], tmp_path / "r.html")


def test_an_item_of_enormous_length_does_not_swell_the_page(tmp_path):
    rows = choice_rows(2)
    rows[0]["question"] = "问" * 1_000_000
    suite = write_suite(tmp_path / "suite", rows)
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。" + "好" * 100_000)
    run = measure_model(f"answers/{answers}", suite, tmp_path / "run")
    page = write_report([run], tmp_path / "r.html")
    assert page.stat().st_size < 1_000_000
    assert "问…" in page.read_text(encoding="utf-8")

"""Comparing runs."""

import pytest
from tests.factories import choice_rows, write_answers, write_suite

from plumbline.errors import RunError
from plumbline.language import use_language
from plumbline.measure import compare, measure_model, summarise
from plumbline.measure.labels import detectable_points
from plumbline.measure.presentations import present
from plumbline.measure.templates import load_template
from plumbline.suites import load_suite


@pytest.fixture
def suite(tmp_path):
    return write_suite(tmp_path / "suite", choice_rows(40))


def run_right_on(tmp_path, suite, name, right):
    """Measure recorded replies that are right on the items for which `right(number)` holds."""
    replies = {}
    for shown in present(load_suite(suite), load_template("replies")):
        number = int(shown.item.id.split("-")[1])
        wanted = shown.answer if right(number) else 1 - shown.answer
        replies[shown.id] = f"{shown.labels[shown.order.index(wanted)]}更好"
    answers = write_answers(tmp_path / f"{name}.jsonl", suite, replies)
    return measure_model(f"answers/{answers}", suite, tmp_path / name, name=name)


def test_a_clear_gain_is_better_with_both_tests(tmp_path, suite):
    before = run_right_on(tmp_path, suite, "before", lambda n: n % 4 == 0)
    after = run_right_on(tmp_path, suite, "after", lambda n: n % 4 != 3)
    (comparison,) = compare(before, after)
    whole = comparison.changes[0]
    assert whole.group == ""
    assert whole.verdict == "better"
    assert whole.difference.estimate == pytest.approx(0.5)
    assert whole.difference.low > 0
    assert (whole.mcnemar.lost, whole.mcnemar.gained) == (0, 20)
    assert whole.mcnemar.p_value < 0.001


def test_a_loss_is_worse(tmp_path, suite):
    before = run_right_on(tmp_path, suite, "before", lambda n: True)
    after = run_right_on(tmp_path, suite, "after", lambda n: n > 20)
    assert compare(before, after)[0].changes[0].verdict == "worse"


def test_equal_runs_show_no_evidence_and_what_could_have_been_seen(tmp_path, suite):
    before = run_right_on(tmp_path, suite, "before", lambda n: n % 2 == 0)
    after = run_right_on(tmp_path, suite, "after", lambda n: n % 2 == 0)
    whole = compare(before, after)[0].changes[0]
    assert whole.verdict == "no evidence"
    assert whole.difference.estimate == 0
    assert 0 < whole.detectable < 0.5


def test_groups_are_adjusted_together(tmp_path, suite):
    before = run_right_on(tmp_path, suite, "before", lambda n: n % 2 == 0)
    after = run_right_on(tmp_path, suite, "after", lambda n: n % 2 == 0 or n < 13)
    groups = [change for change in compare(before, after)[0].changes if change.group]
    assert {change.group.split("/")[1] for change in groups} == {"harmony", "justice"}
    assert all(change.p_adjusted >= change.p_value for change in groups)


def test_runs_of_different_suites_are_refused(tmp_path, suite):
    other = write_suite(tmp_path / "other", choice_rows(4), suite_id="other")
    before = run_right_on(tmp_path, suite, "before", lambda n: True)
    after = run_right_on(tmp_path, other, "after", lambda n: True)
    with pytest.raises(RunError, match="the suites differ"):
        compare(before, after)


def test_a_suite_whose_items_changed_is_refused(tmp_path):
    rows = choice_rows(4)
    before = run_right_on(tmp_path, write_suite(tmp_path / "one", rows), "before", lambda n: True)
    rows[0]["question"] += "请说说理由。"
    after = run_right_on(tmp_path, write_suite(tmp_path / "two", rows), "after", lambda n: True)
    with pytest.raises(RunError, match="changed between"):
        compare(before, after)


def test_items_only_one_run_has_are_named(tmp_path, suite):
    before = run_right_on(tmp_path, suite, "before", lambda n: True)
    answers = tmp_path / "before.jsonl"
    after = measure_model(f"answers/{answers}", suite, tmp_path / "after", limit=38)
    (comparison,) = compare(before, after)
    assert comparison.only_before == ("small-39", "small-40")
    assert comparison.changes[0].items == 38


def test_limited_runs_of_changed_items_are_refused(tmp_path):
    rows = choice_rows(4)
    answers = {}
    for name in ("one", "two"):
        folder = write_suite(tmp_path / name, rows)
        answers[name] = write_answers(tmp_path / f"{name}.jsonl", folder, "[回复1]更好。")
        rows[0]["question"] += "请说说理由。"
    runs = [
        measure_model(f"answers/{file}", tmp_path / name, tmp_path / f"run-{name}", limit=2)
        for name, file in answers.items()
    ]
    with pytest.raises(RunError, match="changed between"):
        compare(*runs)


def test_a_suite_without_right_answers_is_sent_to_the_report(tmp_path):
    answers = tmp_path / "a.jsonl"
    item = load_suite("plumb-dilemma").items[0].id
    answers.write_text(f'{{"item_id": "{item}", "reply": "A"}}', encoding="utf-8")
    runs = [
        measure_model(f"answers/{answers}", "plumb-dilemma", tmp_path / name, limit=1) for name in ("a", "b")
    ]
    with pytest.raises(RunError, match=r"right or wrong.*plumbline report"):
        compare(*runs)


def test_a_p_value_is_never_written_as_zero():
    from plumbline.measure.labels import p_statement, p_value

    assert [p_value(p) for p in (0.0001, 0.001, 0.0421, float("nan"))] == ["<0.001", "0.001", "0.042", "–"]
    assert p_statement(0.0001) == "p < 0.001"
    assert p_statement(0.0421) == "p = 0.042"


def test_a_group_too_small_to_show_any_change_says_so(tmp_path):
    suite = write_suite(tmp_path / "suite", choice_rows(4))
    before = run_right_on(tmp_path, suite, "before", lambda n: n % 2 == 0)
    after = run_right_on(tmp_path, suite, "after", lambda n: n % 2 == 1)
    whole = compare(before, after)[0].changes[0]
    assert whole.detectable > max(whole.before, 1 - whole.before)
    assert detectable_points(whole) is None


def test_a_notebook_shows_summaries_and_comparisons_as_tables_in_the_language_in_force(tmp_path, suite):
    before = run_right_on(tmp_path, suite, "<before>", lambda n: n % 2 == 0)
    after = run_right_on(tmp_path, suite, "after", lambda n: True)
    with use_language("zh"):
        shown = compare(before, after)[0]._repr_html_()
    assert "变好" in shown and "&lt;before&gt; → after" in shown and "<before>" not in shown
    with use_language("en"):
        shown = summarise(after)._repr_html_()
    assert "100.0% [" in shown and "same choice in every order" in shown


def test_records_are_had_as_a_table(tmp_path, suite):
    run = run_right_on(tmp_path, suite, "one", lambda n: True)
    table = run.to_arrow()
    assert table.num_rows == len(run.records) == 80
    assert set(table["outcome"].to_pylist()) == {"choice"}

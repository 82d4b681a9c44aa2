"""Measuring the embedded model and recorded replies."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.factories import choice_rows, listen_to_interrupts, write_answers, write_suite

from plumbline.errors import InputError, ModelError, RunError
from plumbline.measure import load_run, measure_model, summarise
from plumbline.models import Generation, load_model

SHORT = Generation(max_tokens=12)


@pytest.fixture(scope="module")
def embedded():
    return load_model("embedded", batch_size=4)


@pytest.fixture
def suite(tmp_path):
    return write_suite(tmp_path / "suite")


def test_the_embedded_model_is_measured_three_ways(tmp_path, suite, embedded):
    run = measure_model(embedded, suite, tmp_path / "run", generation=SHORT)
    summary = summarise(run)
    assert run.complete
    assert list(summary.methods) == ["generate", "label", "reply-token", "reply-char", "reply-pmi"]
    assert [summary.methods[m].overall.records for m in summary.methods] == [12, 12, 6, 6, 6]
    assert len(run.records) == run.manifest["planned"] == 42


def test_records_hold_what_a_choice_was_made_on(tmp_path, suite, embedded):
    run = measure_model(embedded, suite, tmp_path / "run", methods=["label"])
    for record in run.records:
        best = max(range(2), key=record["scores"].__getitem__)
        assert record["choice"] == best
        assert record["order"][record["position"]] == best
        assert record["correct"] == (best == record["answer"])


def test_a_perfect_recorded_model_is_right_in_every_order(tmp_path, suite):
    replies = _replies(suite, lambda shown: f"{shown.labels[shown.order.index(shown.answer)]}更好。")
    run = measure_model(
        f"answers/{write_answers(tmp_path / 'a.jsonl', suite, replies)}", suite, tmp_path / "run"
    )
    one = summarise(run).methods["generate"]
    assert one.overall.accuracy.estimate == one.all_orders.estimate == one.order_consistency.estimate == 1
    assert one.first_position.estimate == 0.5


def test_always_the_first_reply_is_half_right_and_never_consistent(tmp_path, suite):
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    one = summarise(measure_model(f"answers/{answers}", suite, tmp_path / "run")).methods["generate"]
    assert one.overall.accuracy.estimate == 0.5
    assert one.order_consistency.estimate == 0
    assert one.first_position.estimate == 1
    assert one.all_orders.estimate == 0


def test_refused_unparsed_and_both_are_counted_apart(tmp_path):
    suite = write_suite(tmp_path / "suite", choice_rows(2))
    ids = list(_replies(suite, lambda shown: ""))
    texts = ["抱歉，我无法回答这个问题。", "今天天气不错。", "两个回复都很好。", "[回复1]更好。"]
    answers = write_answers(tmp_path / "a.jsonl", suite, dict(zip(ids, texts, strict=True)))
    overall = (
        summarise(measure_model(f"answers/{answers}", suite, tmp_path / "run")).methods["generate"].overall
    )
    assert overall.refused.estimate == overall.unparsed.estimate == overall.both.estimate == 0.25
    right = overall.accuracy.estimate
    assert overall.accuracy_answered.estimate == right * 4 / 2


def test_a_missing_reply_is_an_error_and_not_a_wrong_answer(tmp_path, suite):
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    lines = answers.read_text(encoding="utf-8").splitlines()
    answers.write_text("\n".join(lines[:-3]) + "\n", encoding="utf-8")
    run = measure_model(f"answers/{answers}", suite, tmp_path / "run")
    assert [record["outcome"] for record in run.records].count("error") == 3
    assert summarise(run).methods["generate"].overall.errors.estimate == 0.25


def test_replies_that_match_no_item_send_people_to_the_column_that_should(tmp_path, suite):
    answers = tmp_path / "a.jsonl"
    answers.write_text('{"presentation_id": "other", "reply": "x"}\n', encoding="utf-8")
    with pytest.raises(ModelError, match=r"no reply to any item.*\(presentation_id\)"):
        measure_model(f"answers/{answers}", suite, tmp_path / "run")


def test_likelihoods_are_refused_where_the_model_gives_none(tmp_path, suite):
    answers = write_answers(tmp_path / "a.jsonl", suite, "x")
    with pytest.raises(InputError, match="gives no likelihoods"):
        measure_model(f"answers/{answers}", suite, tmp_path / "run", methods=["label"])


def test_a_folder_with_another_run_is_refused(tmp_path, suite):
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    measure_model(f"answers/{answers}", suite, tmp_path / "run")
    with pytest.raises(RunError, match="it differs in limit"):
        measure_model(f"answers/{answers}", suite, tmp_path / "run", limit=2)


def test_a_finished_run_is_not_asked_again(tmp_path, suite, embedded):
    first = measure_model(embedded, suite, tmp_path / "run", methods=["label"])
    stamp = (tmp_path / "run" / "records.parquet").read_bytes()
    again = measure_model(embedded, suite, tmp_path / "run", methods=["label"])
    assert again.records == first.records
    assert (tmp_path / "run" / "records.parquet").read_bytes() == stamp


def test_failed_requests_are_asked_again_when_the_run_is_continued(tmp_path, suite):
    class Flaky:
        reference = "flaky"
        broken = True

        def describe(self):
            return {"kind": "flaky"}

        def scorer(self):
            return None

        def generate(self, prompts, settings, *, log_dir=None):
            from plumbline.models import Answer

            for position, _ in enumerate(prompts):
                failed = self.broken and position % 2
                yield position, Answer(None, "error", error="timeout") if failed else Answer("[回复1]更好。")

    model = Flaky()
    run = measure_model(model, suite, tmp_path / "run")
    assert [r["outcome"] for r in run.records].count("error") == 6
    model.broken = False
    run = measure_model(model, suite, tmp_path / "run")
    assert [r["outcome"] for r in run.records] == ["choice"] * 12


def test_a_second_process_on_the_folder_is_refused(tmp_path, suite):
    from plumbline.measure.run import RunFolder

    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    with RunFolder(tmp_path / "run").locked(), pytest.raises(RunError, match="another process"):
        measure_model(f"answers/{answers}", suite, tmp_path / "run")


SCRIPT = """
import sys
from plumbline.measure import measure_model
from plumbline.models import Generation, load_model
model = load_model("embedded", batch_size=2)
measure_model(model, sys.argv[1], sys.argv[2], generation=Generation(max_tokens=12))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_run_continues_to_the_same_records(tmp_path, suite, how):
    command = [sys.executable, "-c", SCRIPT, str(suite)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path.cwd())}
    subprocess.run([*command, str(tmp_path / "whole")], check=True, env=environment, capture_output=True)
    journal = tmp_path / "cut" / "journal.jsonl"
    process = subprocess.Popen(
        [*command, str(tmp_path / "cut")],
        env=environment,
        stderr=subprocess.DEVNULL,
        preexec_fn=listen_to_interrupts,
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.005)
    process.send_signal(how)
    process.wait(timeout=60)
    partial = load_run(tmp_path / "cut")
    assert not partial.complete
    assert 0 < len(partial.records) < 42
    if how == signal.SIGKILL:  # as if the kill had come in the middle of a write
        with journal.open("a", encoding="utf-8") as handle:
            handle.write('[{"plan": 3, "presentation')
    subprocess.run([*command, str(tmp_path / "cut")], check=True, env=environment, capture_output=True)
    whole, cut = load_run(tmp_path / "whole"), load_run(tmp_path / "cut")
    assert cut.complete
    assert json.dumps(cut.records) == json.dumps(whole.records)


def _replies(suite, text):
    from plumbline.measure.presentations import present
    from plumbline.measure.templates import load_template
    from plumbline.suites import load_suite

    return {one.id: text(one) for one in present(load_suite(suite), load_template("replies"))}


@pytest.mark.parametrize("manifest", ["{", "[]", '{"kind": "data set"}'])
def test_a_folder_of_something_else_is_refused_when_read_and_when_measured_into(tmp_path, suite, manifest):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "manifest.json").write_text(manifest, encoding="utf-8")
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    with pytest.raises(RunError, match=r"not a run folder|damaged"):
        load_run(folder)
    with pytest.raises(RunError, match=r"not a run folder|damaged"):
        measure_model(f"answers/{answers}", suite, folder)
    assert (folder / "manifest.json").read_text(encoding="utf-8") == manifest


def test_an_unknown_wording_is_called_a_wording(tmp_path, suite):
    answers = write_answers(tmp_path / "a.jsonl", suite, "[回复1]更好。")
    with pytest.raises(InputError, match="no wording `fr`"):
        measure_model(f"answers/{answers}", suite, tmp_path / "run", variants=["fr"])


def test_a_run_of_another_wording_alone_is_summarised_by_it(tmp_path):
    rows = choice_rows(2)
    for row in rows:
        row["paraphrase"] = "换句话说：" + row["question"]
    suite = write_suite(tmp_path / "suite", rows)
    answers = tmp_path / "a.jsonl"
    lines = [{"item_id": row["id"], "reply": "[回复1]更好。"} for row in rows]
    answers.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    run = measure_model(f"answers/{answers}", suite, tmp_path / "run", variants=["paraphrase"])
    assert summarise(run).methods["generate"].overall.items == 2

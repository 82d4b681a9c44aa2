"""Scoring files: shards that survive a kill, several workers, and what is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.dataset as ds
import pytest

pytest.importorskip("torch")

from typer.testing import CliRunner

from plumbline.cli.main import app
from plumbline.errors import InputError, RunError
from plumbline.likelihood import IfdJob, PairJob, load_scorer, score_file, score_ifd
from plumbline.likelihood.results import count_reasons, read_ifd

from . import factories


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model")
    factories.model("llama").save_pretrained(path)
    factories.tokenizer(bos=True).save_pretrained(path)
    return path


@pytest.fixture
def instructions(tmp_path) -> Path:
    path = tmp_path / "data.jsonl"
    answers = ["天空是蓝色的。", "公正是一视同仁。", "", "友善待人，敬业乐群。"]
    rows = [{"instruction": f"问题 {n}", "input": "", "output": answers[n % 4]} for n in range(60)]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def run(job, source, output, model, **named):
    return list(score_file(job, source, output, {"path": model}, **named))


def test_scores_of_a_file_are_those_of_its_rows(folder, instructions, tmp_path):
    run(IfdJob(), instructions, tmp_path / "scored.parquet", folder, rows_per_shard=7)
    rows = [json.loads(line) for line in instructions.read_text("utf-8").splitlines()]
    expected = [one.ifd for one in score_ifd(load_scorer(folder), rows)]
    np.testing.assert_allclose(read_ifd(tmp_path / "scored.parquet"), np.array(expected, float), atol=1e-5)
    assert count_reasons(tmp_path / "scored.parquet") == {"no-answer": 15}


def test_a_killed_run_goes_on_and_loses_or_repeats_nothing(folder, instructions, tmp_path):
    output = tmp_path / "scored.parquet"
    script = (
        "import sys, time\n"
        "from plumbline.likelihood import IfdJob, score_file\n"
        "source, output, model = sys.argv[1:]\n"
        "for _ in score_file(IfdJob(), source, output, {'path': model}, rows_per_shard=5):\n"
        "    time.sleep(0.2)\n"
    )
    command = [sys.executable, "-c", script, str(instructions), str(output), str(folder)]
    process = subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"})
    deadline = time.monotonic() + 60
    while len(list(output.glob("part-*.parquet"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = {path: path.stat().st_mtime_ns for path in output.glob("part-*.parquet")}
    assert 3 <= len(done) < 12

    final = run(IfdJob(), instructions, output, folder, rows_per_shard=5)[-1]
    assert final.rows == 60 - 5 * len(done)
    assert all(path.stat().st_mtime_ns == before for path, before in done.items())
    assert sorted(ds.dataset(output, format="parquet").to_table()["row"].to_pylist()) == list(range(1, 61))
    assert json.loads((output / "_manifest.json").read_text())["rows"] == 60


def test_workers_started_side_by_side_share_the_shards(folder, instructions, tmp_path, monkeypatch):
    output = tmp_path / "scored.parquet"
    monkeypatch.setenv("WORLD_SIZE", "2")
    counts = []
    for rank in ("0", "1"):
        monkeypatch.setenv("RANK", rank)
        counts.append(run(IfdJob(), instructions, output, folder, rows_per_shard=20)[-1].rows)
    assert counts == [40, 20]
    assert json.loads((output / "_manifest.json").read_text())["rows"] == 60


def test_results_made_with_other_settings_are_not_mixed_in(folder, instructions, tmp_path):
    run(IfdJob(), instructions, tmp_path / "scored.parquet", folder)
    with pytest.raises(RunError, match="job differ"):
        run(IfdJob("perplexity-ratio"), instructions, tmp_path / "scored.parquet", folder)


def test_a_folder_with_other_things_is_left_alone(folder, instructions, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(RunError, match="something else"):
        run(IfdJob(), instructions, tmp_path / "mine", folder)


def test_a_missing_field_is_named_with_its_line(folder, tmp_path):
    source = tmp_path / "pairs.jsonl"
    source.write_text('{"context": "a", "continuation": "b"}\n{"context": "a"}\n')
    with pytest.raises(InputError, match=r"pairs\.jsonl, line 2.*`continuation` is missing"):
        run(PairJob(), source, tmp_path / "out", folder)


@pytest.mark.parametrize(
    "row", ['{"context": null, "continuation": "b"}', '{"context": "a", "continuation": 4}']
)
def test_a_field_that_is_not_text_is_named_with_its_line(folder, tmp_path, row):
    source = tmp_path / "pairs.jsonl"
    source.write_text('{"context": "a", "continuation": "b"}\n' + row + "\n")
    with pytest.raises(InputError, match=r"pairs\.jsonl, line 2.*is not text"):
        run(PairJob(), source, tmp_path / "out", folder)


def test_a_continuation_too_long_for_the_model_is_named_by_its_row_in_the_file(folder, tmp_path):
    source = tmp_path / "pairs.jsonl"
    pairs = [{"context": "a", "continuation": "b"}] * 5 + [{"context": "a", "continuation": "诚信" * 300}]
    source.write_text("\n".join(json.dumps(pair) for pair in pairs))
    with pytest.raises(InputError, match="pair 6: the continuation has"):
        run(PairJob(), source, tmp_path / "out", folder, rows_per_shard=4)


def test_a_device_that_is_not_there_is_an_input_error(folder):
    with pytest.raises(InputError, match="device abacus cannot be used"):
        load_scorer(folder, device="abacus")


def test_a_kill_before_the_manifest_was_written_does_not_stop_the_next_run(folder, instructions, tmp_path):
    output = tmp_path / "scored.parquet"
    output.mkdir()
    (output / "._manifest.json.123.abcd.partial").write_text("{")
    assert run(IfdJob(), instructions, output, folder)[-1].complete


def test_only_the_last_of_several_workers_selects(folder, instructions, tmp_path, monkeypatch):
    chosen = tmp_path / "chosen.jsonl"
    arguments = ["ifd", "--model", f"hf/{folder}", "--input", str(instructions), "--shard", "20"]
    arguments += ["-o", str(tmp_path / "ifd.parquet"), "--top", "0.5", "--selected", str(chosen)]
    monkeypatch.setenv("WORLD_SIZE", "2")
    for rank, selects in (("0", False), ("1", True)):
        monkeypatch.setenv("RANK", rank)
        found = CliRunner().invoke(app, arguments)
        assert found.exit_code == 0, found.output
        assert ("other processes are still scoring" in found.output) is not selects
        assert chosen.exists() is selects


def test_the_command_line_scores_pairs_and_selects_instructions(folder, instructions, tmp_path):
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text('{"context": "天空是", "continuation": "蓝色的"}\n', "utf-8")
    scored = CliRunner().invoke(
        app,
        ["score", "--model", f"hf/{folder}", "--input", str(pairs), "-o", str(tmp_path / "pairs.parquet")],
    )
    assert scored.exit_code == 0, scored.output
    table = ds.dataset(tmp_path / "pairs.parquet", format="parquet").to_table().to_pylist()
    (expected,) = load_scorer(folder).loglikelihood([("天空是", "蓝色的")]).logprob
    assert table[0]["logprob"] == pytest.approx(expected, abs=1e-5)
    assert (table[0]["row"], table[0]["chars"]) == (1, 3)

    arguments = ["--model", f"hf/{folder}", "--input", str(instructions), "-o", str(tmp_path / "ifd.parquet")]
    chosen = tmp_path / "chosen.jsonl"
    found = CliRunner().invoke(app, ["ifd", *arguments, "--top", "0.5", "--selected", str(chosen)])
    assert found.exit_code == 0, found.output
    assert "15 rows without a score: no answer" in found.output
    kept = [json.loads(line) for line in chosen.read_text("utf-8").splitlines()]
    assert all(row["ifd"] < 1 for row in kept)
    assert all(set(row) == {"row", "ifd", "instruction", "input", "output"} for row in kept)


@pytest.mark.slow
def test_ray_gives_the_same_numbers(folder, instructions, tmp_path):
    pytest.importorskip("ray")
    run(IfdJob(), instructions, tmp_path / "local", folder, rows_per_shard=9)
    run(IfdJob(), instructions, tmp_path / "ray", folder, rows_per_shard=9, engine="ray", workers=2)
    np.testing.assert_allclose(read_ifd(tmp_path / "ray"), read_ifd(tmp_path / "local"), atol=1e-6)

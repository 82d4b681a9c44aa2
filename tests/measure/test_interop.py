"""Other tools get the same numbers: Inspect and lm-evaluation-harness, run for real."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories import write_suite

from plumbline.errors import InputError
from plumbline.measure import measure_model
from plumbline.measure.export import export_lm_eval
from plumbline.models import Generation
from plumbline.models.loader import EMBEDDED_WEIGHTS
from plumbline.suites import load_suite

ENVIRONMENT = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "OMP_NUM_THREADS": "2"}


def tool(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def test_lm_eval_scores_every_item_as_reply_likelihood_does(tmp_path):
    suite = load_suite(write_suite(tmp_path / "suite"))
    task = export_lm_eval(suite, tmp_path / "tasks")
    command = [tool("lm_eval"), "run", "--tasks", task.stem, "--include_path", str(tmp_path / "tasks")]
    command += ["--model", "hf", "--model_args", f"pretrained={EMBEDDED_WEIGHTS},dtype=float32"]
    command += [
        "--apply_chat_template",
        "--device",
        "cpu",
        "--log_samples",
        "--output_path",
        str(tmp_path / "out"),
    ]
    subprocess.run(command, check=True, env=ENVIRONMENT, capture_output=True)
    (file,) = (tmp_path / "out").rglob("samples_*.jsonl")
    theirs = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    run = measure_model("embedded", suite, tmp_path / "run", methods=["reply-char", "reply-pmi"])
    for method, metric in (("reply-char", "acc_norm"), ("reply-pmi", "acc_mutual_info")):
        ours = {r["item_id"]: r["correct"] for r in run.records if r["method"] == method}
        assert {row["doc"]["id"]: bool(row[metric]) for row in theirs} == ours
    logprobs = {r["item_id"]: r["logprobs"] for r in run.records if r["method"] == "reply-char"}
    for row in theirs:
        scored = [float(response[0]) for response in row["filtered_resps"]][:2]
        assert scored == pytest.approx(logprobs[row["doc"]["id"]], abs=1e-3)


def test_only_choices_are_exported(tmp_path):
    with pytest.raises(InputError, match="holds no choices"):
        export_lm_eval(load_suite("plumb-overrefusal"), tmp_path)


def test_inspect_finds_the_task_and_agrees_with_measure(tmp_path):
    suite = write_suite(tmp_path / "suite")
    command = [tool("inspect"), "eval", "plumbline/choice", "-T", f"suite={suite}", "--max-tokens", "12"]
    command += ["--model", "plumbline/embedded", "--log-dir", str(tmp_path / "logs"), "--log-format", "json"]
    done = subprocess.run([*command, "--display", "none"], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    (log,) = (tmp_path / "logs").glob("*.json")
    samples = json.loads(log.read_text(encoding="utf-8"))["samples"]
    theirs = {one["id"]: one["scores"]["parsed_choice"]["metadata"]["choice"] for one in samples}
    run = measure_model(
        "embedded", suite, tmp_path / "run", methods=["generate"], generation=Generation(max_tokens=12)
    )
    assert theirs == {record["presentation_id"]: record["choice"] for record in run.records}

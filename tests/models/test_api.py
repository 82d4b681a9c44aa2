"""Models behind an interface, asked through Inspect: a real server on loopback that misbehaves."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.factories import choice_rows, write_suite
from tests.servers.openai_server import serve

from plumbline.errors import ModelError
from plumbline.measure import load_run, measure_model
from plumbline.models import Generation, Prompt, load_model
from plumbline.models.api import ApiModel

MODEL = "openai/test-model"


@pytest.fixture
def suite(tmp_path):
    return write_suite(tmp_path / "suite", choice_rows(5))


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "cache"))


def point_to(server, monkeypatch):
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


def first_is_better(messages):
    return "[回复1]更好，因为它更周到。"


def test_faults_are_retried_until_every_reply_is_there(tmp_path, suite, monkeypatch):
    with serve(first_is_better, "429", "500", "ok", "cut", "429") as server:
        point_to(server, monkeypatch)
        run = measure_model(MODEL, suite, tmp_path / "run")
    assert [record["outcome"] for record in run.records] == ["choice"] * 10
    assert all(record["output_tokens"] == len(first_is_better([])) for record in run.records)
    assert len(server.requests) >= 14


def test_logs_for_the_viewer_are_in_the_run_folder_and_hold_no_secret(tmp_path, suite, monkeypatch):
    with serve(first_is_better) as server:
        point_to(server, monkeypatch)
        measure_model(MODEL, suite, tmp_path / "run")
    assert list((tmp_path / "run" / "logs").glob("*.eval"))
    secret = server.environment["OPENAI_API_KEY"].encode()
    assert not [f for f in (tmp_path / "run").rglob("*") if f.is_file() and secret in f.read_bytes()]


def test_a_request_that_keeps_failing_is_an_error_and_is_asked_again_later(tmp_path, suite, monkeypatch):
    with serve(first_is_better) as server:
        point_to(server, monkeypatch)
        server.down = True
        model = ApiModel(MODEL, max_retries=1)
        with pytest.raises(ModelError, match="every request failed"):
            measure_model(model, suite, tmp_path / "run", generation=Generation(max_tokens=50))
        server.down = False
        run = measure_model(model, suite, tmp_path / "run", generation=Generation(max_tokens=50))
    assert {record["outcome"] for record in run.records} == {"choice"}


def test_equal_requests_are_answered_from_the_cache(tmp_path, suite, monkeypatch):
    with serve(first_is_better) as server:
        point_to(server, monkeypatch)
        measure_model(MODEL, suite, tmp_path / "one")
        asked = len(server.requests)
        measure_model(MODEL, suite, tmp_path / "two")
    assert asked == len(server.requests) == 10


def test_a_killed_run_asks_only_for_what_is_left(tmp_path, suite):
    script = "import sys; from plumbline.measure import measure_model; measure_model(sys.argv[1], sys.argv[2], sys.argv[3])"
    with serve(first_is_better) as server:
        server.delay = 0.4
        environment = {
            **os.environ,
            **server.environment,
            "PYTHONPATH": str(Path.cwd()),
            "INSPECT_CACHE_DIR": str(tmp_path / "no-cache"),
        }
        command = [sys.executable, "-c", script, MODEL, str(suite), str(tmp_path / "run")]
        journal = tmp_path / "run" / "journal.jsonl"
        process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and not (journal.exists() and journal.stat().st_size):
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)
        kept = len(load_run(tmp_path / "run").records)
        assert 0 < kept <= 10
        server.delay = 0
        subprocess.run(command, env=environment, check=True, capture_output=True)
    run = load_run(tmp_path / "run")
    assert run.complete
    assert len(run.records) == len({record["presentation_id"] for record in run.records}) == 10


def test_a_long_reply_says_it_was_cut(tmp_path, suite, monkeypatch):
    with serve(lambda messages: "[回复1]更好。" + "很" * 100) as server:
        point_to(server, monkeypatch)
        run = measure_model(MODEL, suite, tmp_path / "run", generation=Generation(max_tokens=20))
    assert {record["stop_reason"] for record in run.records} == {"length"}


def test_a_missing_key_is_one_sentence(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        load_model(MODEL)


def test_an_unknown_provider_is_one_sentence():
    with pytest.raises(ModelError, match="cannot be used"):
        load_model("nobody/model")


def test_the_manifest_names_provider_and_model_but_no_address(tmp_path, suite, monkeypatch):
    with serve(first_is_better) as server:
        point_to(server, monkeypatch)
        run = measure_model(MODEL, suite, tmp_path / "run")
    assert run.manifest["model"]["provider"] == "openai"
    assert server.address not in json.dumps(run.manifest)


def test_asking_without_a_log_folder_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with serve(first_is_better) as server:
        point_to(server, monkeypatch)
        model = load_model(MODEL)
        answers = list(
            model.generate([Prompt("1", ({"role": "user", "content": "哪个好？"},))], Generation())
        )
    assert len(answers) == 1
    assert not (tmp_path / "logs").exists()


@pytest.mark.parametrize(
    ("reference", "address", "key"),
    [
        ("vllm/org/Test-Model", "VLLM_BASE_URL", "VLLM_API_KEY"),
        ("openai-api/mine/org/Test-Model", "MINE_BASE_URL", "MINE_API_KEY"),
    ],
)
def test_a_server_that_is_up_already_is_asked_by_its_address(
    tmp_path, suite, monkeypatch, reference, address, key
):
    """vLLM's own server speaks OpenAI's protocol; the model's name may hold slashes and reaches it whole."""
    with serve(first_is_better) as server:
        monkeypatch.setenv(address, server.environment["OPENAI_BASE_URL"])
        monkeypatch.setenv(key, "secret")
        run = measure_model(reference, suite, tmp_path / "run", generation=Generation(max_tokens=50))
    assert {record["outcome"] for record in run.records} == {"choice"}
    assert {request["model"] for request in server.requests} == {"org/Test-Model"}
    assert {request["max_tokens"] for request in server.requests} == {50}
    assert {request["temperature"] for request in server.requests} == {0}

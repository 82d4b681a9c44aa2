"""Uploading a tuned model by huggingface_hub's own client: what goes, and what never does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from plumbline.tune import tune_model
from tests.servers.hub_server import HubServer, serve_hub
from tests.tune.factories import answers, recipe_file, tiny_model, write_rows

_PUSH = "import sys; from plumbline.prove.publish import push; print(push(sys.argv[1], sys.argv[2]))"
_MAIN = "from plumbline.cli.main import main; main()"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter with its checkpoints, and a card."""
    folder = tmp_path_factory.mktemp("push")
    rows = write_rows(folder / "rows.jsonl", answers(4))
    schedule = {"max_steps": 2, "batch": 2, "per_device": 2}
    recipe = recipe_file(
        folder, tiny_model(folder / "base"), rows, lora={"rank": 2}, schedule=schedule, saving={"every": 1}
    )
    tuned = tune_model(recipe, folder / "model").folder
    (tuned / "README.md").write_text("---\nlicense: other\n---\n\n# Card\n", encoding="utf-8")
    (tuned / "README.zh.md").write_text("# 说明卡\n", encoding="utf-8")
    (tuned / "extra.pkl").write_bytes(b"a pickle")
    return tuned


def _run(hub: HubServer, code: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        env=os.environ | hub.environment() | {"PLUMBLINE_LANG": "en"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def test_adapter_card_and_tokenizer_go_to_a_private_repository_and_nothing_else(model: Path) -> None:
    assert list((model / "checkpoints").rglob("optimizer.pt"))
    with serve_hub() as hub:
        done = _run(hub, _PUSH, str(model), "someone/values")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith(f"{hub.address}/someone/values/commit/")
    assert hub.repositories["someone/values"]["visibility"] == "private"
    assert sorted(path for _, path in hub.files) == [
        "README.md",
        "README.zh.md",
        "adapter_config.json",
        "adapter_model.safetensors",
        "chat_template.jinja",
        "log.csv",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    sent = hub.files["someone/values", "adapter_model.safetensors"]
    assert sent == (model / "adapter_model.safetensors").read_bytes()
    assert ModelCard(hub.files["someone/values", "README.md"].decode()).data.license == "other"


@pytest.mark.parametrize(
    ("repository", "token", "said"),
    [
        ("someone/values", "hf_wrong", "cannot upload to someone/values"),
        ("a b/c", "", "cannot upload to a b/c"),
    ],
)
def test_what_cannot_be_uploaded_is_told_before_anything_is_measured(
    model: Path, tmp_path: Path, repository: str, token: str, said: str
) -> None:
    words = ["prove", "--before", "embedded", "--after", f"hf/{model}", "-o", str(tmp_path / "proof")]
    with serve_hub() as hub:
        token_of = {"HF_TOKEN": token} if token else {}
        done = _run(hub, _MAIN, *words, "--push", repository, **token_of)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert said in " ".join(done.stderr.split())
    assert not (tmp_path / "proof").exists()
    assert not hub.repositories


def test_nothing_that_was_sent_names_the_folders_of_this_machine_but_the_base(model: Path) -> None:
    with serve_hub() as hub:
        assert _run(hub, _PUSH, str(model), "someone/values").returncode == 0
    told = {path for (_, path), content in hub.files.items() if str(model.parent).encode() in content}
    assert told == {"adapter_config.json"}
    named = json.loads(hub.files["someone/values", "adapter_config.json"])["base_model_name_or_path"]
    assert Path(named).name == "base"

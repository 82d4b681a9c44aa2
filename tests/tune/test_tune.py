"""Training on a tiny model: what is learnt, what is left alone, what survives."""

from __future__ import annotations

import json
import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from plumbline.errors import InputError, RunError
from plumbline.likelihood import load_scorer
from plumbline.tune import merge_adapter, tune_model
from plumbline.tune.log import read_log
from tests.tune.factories import answers, recipe_file, tiny_model, write_rows

Usage = namedtuple("Usage", "total used free")
_LORA = {"rank": 4, "alpha": 8}
_LINEAR = {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> str:
    return tiny_model(tmp_path_factory.mktemp("base"))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "rows.jsonl", answers(16))


def _losses(folder: Path) -> list[float]:
    return [float(row["loss"]) for row in read_log(folder / "log.csv") if row["loss"]]


def test_a_tiny_model_learns_32_rows_by_heart(tmp_path: Path, base: str) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", answers(32))
    schedule = {"epochs": 30, "batch": 8, "per_device": 8, "learning_rate": 0.02, "warmup": 0.1}
    tuned = tune_model(recipe_file(tmp_path, base, rows, schedule=schedule, packing=False), tmp_path / "out")
    losses = _losses(tuned.folder)
    assert losses[0] > 5
    assert losses[-1] < 0.5


def test_packed_rows_give_the_loss_of_rows_apart(tmp_path: Path, base: str, rows: Path) -> None:
    schedule = {"epochs": 1, "batch": 16, "per_device": 16, "learning_rate": 1e-9}
    apart = tune_model(
        recipe_file(tmp_path, base, rows, packing=False, schedule=schedule), tmp_path / "apart"
    )
    packed = tune_model(
        recipe_file(tmp_path, base, rows, max_length=500, schedule={**schedule, "max_steps": 1}),
        tmp_path / "packed",
    )
    assert packed.record["rows"]["packed"] < packed.record["rows"]["examples"] == 16
    assert _losses(packed.folder)[0] == pytest.approx(_losses(apart.folder)[0], abs=1e-5)


def test_an_adapter_touches_nothing_but_itself_and_merges_into_the_same_model(
    tmp_path: Path, base: str, rows: Path
) -> None:
    recipe = recipe_file(tmp_path, base, rows, lora=_LORA)
    tuned = tune_model(recipe, tmp_path / "out")
    names = json.loads((tuned.folder / "adapter_config.json").read_text(encoding="utf-8"))["target_modules"]
    assert {name.rpartition(".")[2] for name in names} == _LINEAR
    merge_adapter(tuned.folder, tmp_path / "merged")
    pairs = [("第3号柜子里放着什么？", "放着绿色的本子3册。"), ("你好", "早上好，今天天气不错。")]
    adapter = load_scorer(str(tuned.folder)).loglikelihood(pairs).token_logprob
    merged = load_scorer(str(tmp_path / "merged")).loglikelihood(pairs).token_logprob
    untouched = load_scorer(base).loglikelihood(pairs).token_logprob
    np.testing.assert_allclose(merged, adapter, atol=1e-4)
    assert np.abs(untouched - adapter).max() > 1e-3


def test_a_run_cut_short_goes_on_with_the_same_curve(
    tmp_path: Path, base: str, rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = recipe_file(
        tmp_path, base, rows, lora={**_LORA, "dropout": 0.1}, saving={"every": 3}, packing=False
    )
    tune_model(recipe, tmp_path / "whole")
    real = shutil.disk_usage
    with monkeypatch.context() as patched:
        patched.setattr(
            "plumbline.tune.watch.shutil.disk_usage",
            lambda path: (
                Usage(1, 1, 0) if (tmp_path / "cut/checkpoints/checkpoint-3").exists() else real(path)
            ),
        )
        with pytest.raises(RunError, match=r"the disk has 0\.0 GB left.*checkpoint-3"):
            tune_model(recipe, tmp_path / "cut")
    assert len(_losses(tmp_path / "cut")) < 8
    tune_model(recipe, tmp_path / "cut")
    assert _losses(tmp_path / "cut") == _losses(tmp_path / "whole")


def test_a_damaged_checkpoint_is_put_aside_and_an_earlier_one_taken(
    tmp_path: Path, base: str, rows: Path
) -> None:
    recipe = recipe_file(tmp_path, base, rows, saving={"every": 3}, lora=_LORA, packing=False)
    out = tmp_path / "out"
    tune_model(recipe, out)
    whole = _losses(out)
    _undo_the_end(out)
    latest = max((out / "checkpoints").glob("checkpoint-*"), key=lambda path: int(path.name[11:]))
    (latest / "adapter_model.safetensors").write_bytes(b"half a file")
    tune_model(recipe, out)
    assert (out / "checkpoints" / latest.name.replace("checkpoint", "damaged")).is_dir()
    assert _losses(out) == whole


def _undo_the_end(out: Path) -> None:
    record = json.loads((out / "training.json").read_text(encoding="utf-8"))
    (out / "training.json").write_text(json.dumps({**record, "complete": False}), encoding="utf-8")


def test_a_loss_that_is_no_number_stops_the_training(tmp_path: Path, rows: Path) -> None:
    from transformers import AutoModelForCausalLM

    path = tiny_model(tmp_path / "broken")
    model = AutoModelForCausalLM.from_pretrained(path)
    with torch.no_grad():
        model.model.embed_tokens.weight[5:] = float("nan")
    model.save_pretrained(path)
    with pytest.raises(RunError, match="at step 1 the loss was nan"):
        tune_model(recipe_file(tmp_path, path, rows), tmp_path / "out")
    assert not list((tmp_path / "out" / "checkpoints").glob("checkpoint-*"))


def test_another_recipe_is_not_mixed_into_a_folder(tmp_path: Path, base: str, rows: Path) -> None:
    tune_model(recipe_file(tmp_path, base, rows, lora=_LORA), tmp_path / "out")
    with pytest.raises(RunError, match="another tuning"):
        tune_model(recipe_file(tmp_path, base, rows, lora={"rank": 2}), tmp_path / "out")


def test_test_items_in_the_data_are_found_and_refused_when_asked(tmp_path: Path, base: str) -> None:
    from plumbline.suites import load_suite

    item: Any = load_suite("plumb-honesty").items[0]
    row = {"instruction": item.question, "input": "", "output": item.options[item.answer]}
    rows = write_rows(tmp_path / "rows.jsonl", [*answers(6), row])
    strict = recipe_file(tmp_path, base, rows, overlap={"suites": ["plumb-honesty"], "strict": True})
    with pytest.raises(InputError, match=item.id):
        tune_model(strict, tmp_path / "out")
    tuned = tune_model(recipe_file(tmp_path, base, rows), tmp_path / "out")
    assert {one["item"] for one in tuned.record["overlap"]} == {item.id}

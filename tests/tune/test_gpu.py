"""Tuning on a GPU (skipped without one): in bfloat16, with recomputed activations, by default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from plumbline.likelihood import load_scorer
from plumbline.tune import tune_model
from plumbline.tune.log import read_log
from tests.tune.factories import answers, recipe_file, tiny_model, write_rows

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")


@pytest.mark.parametrize("how", [{}, {"lora": {"rank": 8, "alpha": 16}}], ids=["full", "lora"])
def test_a_tiny_model_learns_32_rows(tmp_path: Path, how: dict[str, Any]) -> None:
    base = tiny_model(tmp_path / "base")
    rows = write_rows(tmp_path / "rows.jsonl", answers(32))
    schedule = {"epochs": 40, "batch": 8, "per_device": 8, "learning_rate": 0.02, "warmup": 0.1}
    torch.cuda.reset_peak_memory_stats()
    tuned = tune_model(recipe_file(tmp_path, base, rows, schedule=schedule, **how), tmp_path / "out")
    assert torch.cuda.max_memory_allocated() > 0
    losses = [float(row["loss"]) for row in read_log(tuned.folder / "log.csv") if row["loss"]]
    assert losses[0] > 5
    # An adapter of a model with random embeddings learns the shape of an answer, not its words.
    assert losses[-1] < (losses[0] - 0.4 if how else 1.0)
    pair = [("第3号柜子里放着什么？", "放着绿色的本子3册。")]
    assert (
        load_scorer(str(tuned.folder)).loglikelihood(pair).logprob
        > load_scorer(base).loglikelihood(pair).logprob
    )

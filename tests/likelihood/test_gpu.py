"""The same kernel on a GPU: equal numbers, memory that really runs out, several processes (skipped without one)."""

from __future__ import annotations

import copy
import json
import logging
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from plumbline.likelihood import IfdJob, Scorer, load_scorer, score_file  # noqa: E402
from plumbline.likelihood.results import read_ifd  # noqa: E402
from tests.factories import two_processes  # noqa: E402

from . import factories  # noqa: E402
from .test_exactness import FALLBACKS, token_pairs  # noqa: E402

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")


def on_gpu(family: str):
    return copy.deepcopy(factories.model(family)).to("cuda")


def expected(family: str, pairs) -> np.ndarray:
    """The plain pass in float32 on the processor."""
    return np.array([factories.plain(factories.model(family), *pair).sum() for pair in pairs])


@pytest.mark.parametrize("family", factories.FAMILIES)
@pytest.mark.parametrize("budget", [64, None], ids=["prefix-kept", "one-tree"])
def test_every_continuation_is_within_1e_4_of_the_plain_pass_on_the_processor(family, budget):
    pairs = token_pairs()
    scorer = Scorer(on_gpu(family), factories.tokenizer(), token_budget=budget, max_length=96)
    assert scorer.mode == FALLBACKS.get(family, "tree")
    found = scorer.loglikelihood_tokens(pairs).logprob
    np.testing.assert_allclose(found, expected(family, pairs), atol=1e-4, rtol=0)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16], ids=str)
@pytest.mark.parametrize("family", ["llama", "qwen3", "gemma2-soft-capped", "mistral-sliding-window"])
def test_half_precision_is_no_further_from_float32_than_a_plain_pass_in_it(family, dtype):
    pairs = [pair for seed in range(6) for pair in token_pairs(seed)]  # many, as the errors are noise
    exact = expected(family, pairs)
    scorer = Scorer(on_gpu(family), factories.tokenizer(), dtype=dtype, max_length=96)
    plain = Scorer(scorer.model, factories.tokenizer(), max_length=96)
    plain.engine.mode = "plain"
    ours = np.abs(scorer.loglikelihood_tokens(pairs).logprob - exact).mean()
    theirs = np.abs(plain.loglikelihood_tokens(pairs).logprob - exact).mean()
    assert scorer.mode == "tree"
    assert ours <= 1.1 * theirs


def test_memory_that_runs_out_halves_the_budget_and_goes_on(caplog):
    model, random = copy.deepcopy(factories.long_model()).to("cuda"), np.random.default_rng(0)
    pairs = [(random.integers(2, 400, 400), random.integers(2, 400, 8)) for _ in range(600)]
    exact = Scorer(model, factories.tokenizer()).loglikelihood_tokens(pairs).logprob
    scorer = Scorer(model, factories.tokenizer(), token_budget=131072)
    torch.cuda.empty_cache()
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction((torch.cuda.memory_reserved() + 96 * 2**20) / total)
    try:
        with caplog.at_level(logging.WARNING):
            found = scorer.loglikelihood_tokens(pairs).logprob
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert "halved" in caplog.text
    assert scorer.engine.budget < 131072
    np.testing.assert_allclose(found, exact, atol=1e-4, rtol=0)


def test_a_compiled_transformer_gives_the_same_numbers():
    pairs = token_pairs()
    scorer = Scorer(on_gpu("llama"), factories.tokenizer(), max_length=96, compile=True)
    found = scorer.loglikelihood_tokens(pairs).logprob
    np.testing.assert_allclose(found, expected("llama", pairs), atol=1e-4, rtol=0)


def test_two_processes_each_score_their_share_of_a_file(tmp_path: Path):
    folder, source = tmp_path / "model", tmp_path / "data.jsonl"
    factories.model("llama").save_pretrained(folder)
    factories.tokenizer(bos=True).save_pretrained(folder)
    rows = [
        {"instruction": f"问题 {n}", "input": "", "output": "公正是一视同仁。" * (1 + n % 3)}
        for n in range(60)
    ]
    source.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    command = [*two_processes(29521), "-m", "plumbline.cli.main", "ifd", "--model", f"hf/{folder}"]
    command += ["--input", str(source), "-o", str(tmp_path / "shared.parquet"), "--shard", "7"]
    done = subprocess.run(command, env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    scorer = load_scorer(folder)
    assert scorer.model.device.type == "cuda"
    list(score_file(IfdJob(), source, tmp_path / "one.parquet", {"path": folder, "device": "cpu"}))
    np.testing.assert_allclose(
        read_ifd(tmp_path / "shared.parquet"), read_ifd(tmp_path / "one.parquet"), atol=1e-4
    )

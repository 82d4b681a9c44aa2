"""IFD: plumbline.likelihood against the published algorithm (Cherry_LLM), one row at a time.

Run with two threads:  OMP_NUM_THREADS=2 OMP_WAIT_POLICY=PASSIVE python benchmarks/ifd.py [--data FILE]
"""

from __future__ import annotations

import argparse
import itertools
import json
import tempfile
from pathlib import Path
from typing import Any

import material
import numpy as np
import torch
from measuring import both_clocks, half_is_fast, machine, needed_operations, print_table, product_rate
from scipy.stats import spearmanr

from plumbline.likelihood import Scorer, score_ifd, workers
from plumbline.likelihood.ifd import published_reader
from plumbline.likelihood.ifd_text import Reading
from plumbline.rows import read_rows

GOALS = {"float32": 2.5, "bfloat16": 4.0}
LENGTH = 512  # as in the published script
ROWS = 200  # to score; the tokenizer and the model learn from what comes after them


def published(model: Any, tokens: Any, prompt: str, answer: str, length: int) -> float:
    """The mean loss of the answer, computed as `get_perplexity_and_embedding_part_text` does.

    All logits of the sequence, the library's own loss with labels, hidden states kept, and then the loss of
    every token again, one by one, from the logits.
    """
    text = prompt + answer
    ids = tokens.encode(text, return_tensors="pt", truncation=True, max_length=length)
    ids = ids.to(model.device)
    start = len(tokens.encode(text[: text.rfind(answer)]))
    labels = ids.clone()
    labels[0, :start] = -100
    with torch.no_grad():
        output = model(ids, labels=labels, output_hidden_states=True)
    torch.exp(output.loss)
    losses = []
    for index in range(1, ids.shape[1]):
        distribution = torch.nn.functional.log_softmax(output.logits[0, index - 1], dim=-1)
        loss = torch.nn.functional.nll_loss(distribution[None], ids[0, index][None], reduction="none")
        losses.append(loss.item())
    return float(np.mean(losses[start - 1 :]))


def published_ratios(model: Any, tokens: Any, rows: list[dict[str, Any]]) -> np.ndarray:
    """The loop of the published script over rows, one at a time."""
    ratios = []
    for row in rows:
        prompt = (
            "Below is an instruction that describes a task. "
            "Write a response that appropriately completes the request.\n\n"
            f"### Instruction:\n{row['instruction']}\n\n### Response:"
        )
        asked = len(tokens.encode(prompt))
        alone = published(model, tokens, "### Response:", row["output"], LENGTH - asked - 2)
        ratios.append(published(model, tokens, prompt, row["output"], LENGTH) / alone)
    return np.array(ratios)


def ours(scorer: Scorer, rows: list[dict[str, Any]]) -> np.ndarray:
    """The same numbers from the kernel."""
    return np.array([one.ifd for one in score_ifd(scorer, rows, "loss-ratio", as_published=True)], float)


def load(path: Path | None, count: int) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the rows to score, none with an `input` or too long to compare, and texts to train on."""
    everything = _instructions(path) if path else material.instruction_rows(5 * ROWS)
    usable = [row for row in everything if not row.get("input") and 0 < len(row["output"]) < 450]
    return usable[: min(count, ROWS)], [row["instruction"] + "\n" + row["output"] for row in usable[ROWS:]]


def _instructions(path: Path) -> list[dict[str, Any]]:
    """Rows with `instruction` and `output`, or GAOKAO-Bench's questions with a model's answers."""
    if path.suffix == ".json" and isinstance(found := json.loads(path.read_text("utf-8")), dict):
        return [{"instruction": one["question"], "output": one["model_output"]} for one in found["example"]]
    return [row.values for row in read_rows(path)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, help="instruction data; by default from the project's own sentences"
    )
    parser.add_argument("--rows", type=int, default=ROWS, help="score only so many")
    parser.add_argument("--steps", type=int, default=60, help="training steps of the model before scoring")
    parser.add_argument(
        "--dtype",
        action="append",
        choices=list(GOALS),
        help="only this; by default bfloat16 where the processor multiplies it faster than float32",
    )
    parser.add_argument(
        "--inside", action="store_true", help="also with all threads inside each product, batch after batch"
    )
    parser.add_argument("--models", type=Path, default=Path(tempfile.gettempdir()) / "plumbline-benchmarks")
    arguments = parser.parse_args()
    rows, texts = load(arguments.data, arguments.rows)
    tokens = material.tokenizer(texts)
    name = arguments.data.stem if arguments.data else "own"
    model = material.trained(tokens, texts, arguments.models / f"{name}-{arguments.steps}", arguments.steps)

    print(machine())
    warm = rows[:2]
    published_ratios(model, tokens, warm)
    peer, peer_wall, expected = both_clocks(lambda: published_ratios(model, tokens, rows))
    print(
        f"published algorithm, batch of one: {peer:.1f} CPU-s, {peer_wall:.1f} s for {len(rows)} rows",
        flush=True,
    )
    table = []
    dtypes = arguments.dtype or list(GOALS)[: 1 + half_is_fast()]
    most = workers._MOST
    for name, count in itertools.product(dtypes, [most, 1] if arguments.inside else [most]):
        workers._MOST = count
        dtype = getattr(torch, name)
        scorer = Scorer(model, tokens, dtype=dtype)
        ours(scorer, warm)
        rate = product_rate(dtype)
        taken, wall, found = both_clocks(lambda scorer=scorer: ours(scorer, rows))
        rate = max(rate, product_rate(dtype))
        readings = [published_reader(scorer, "loss-ratio", None).read(row) for row in rows]
        pairs = [
            pair for one in readings if isinstance(one, Reading) for pair in (one.conditional, one.alone)
        ]
        operations = needed_operations(scorer, pairs)
        scored = np.isfinite(found)
        table.append(
            [
                scorer.dtype + ("" if count == most else ", threads inside products"),
                str(int(scored.sum())),
                f"{operations / 1e12:.2f}",
                f"{rate / 1e9:.0f}",
                f"{taken:.1f}",
                f"**{peer / taken:.2f}×** (goal {GOALS[name]}×)",
                f"{peer * rate / operations:.2f}×",
                f"{peer_wall / wall:.2f}×",
                f"{operations / rate / taken:.2f}",
                f"{spearmanr(found[scored], expected[scored]).statistic:.5f}",
                f"{np.abs(found - expected)[scored].max():.1e}",
                f"{_overlap(found[scored], expected[scored]):.2f}",
            ]
        )
    header = ["dtype", "rows", "needed, TFLOP", "GFLOP/s per core", "ours, CPU-s", "ratio"]
    # The ratio that no exact method could pass: the needed operations at the full rate and nothing else.
    header += ["ratio at the full rate", "ratio by the clock", "share of rate"]
    print_table([*header, "rank correlation", "largest difference", "same top 10 %"], table)


def _overlap(found: np.ndarray, expected: np.ndarray) -> float:
    count = max(1, len(found) // 10)
    tops = [set(np.argsort(-values, kind="stable")[:count].tolist()) for values in (found, expected)]
    return len(tops[0] & tops[1]) / count


if __name__ == "__main__":
    main()

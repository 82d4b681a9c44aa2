"""The kernel on a GPU, against the same peers as on processors: lm-evaluation-harness and the published IFD.

    python benchmarks/gpu.py [--data FILE] [--only ifd|options] [--times 8] [--compile]

By the clock, with the GPU waited for on both sides. The models are those of the other scripts (111 M
parameters) and one with the proportions of common models of 1.5 billion; nothing is downloaded.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import ifd
import material
import numpy as np
import torch
from measuring import needed_operations, print_table
from scipy.stats import spearmanr

import likelihood
from plumbline.likelihood import Scorer
from plumbline.likelihood.ifd import published_reader
from plumbline.likelihood.ifd_text import Reading

T = TypeVar("T")


def measured(work: Callable[[], T]) -> tuple[float, float, T]:
    """Return the seconds until the GPU has finished, the most memory it held in GB, and the result.

    The work is done twice and the second time counts: the first loads kernels and asks for memory.
    """
    work()
    torch.cuda.reset_peak_memory_stats()
    torch.cuda.synchronize()
    start = time.perf_counter()
    result = work()
    torch.cuda.synchronize()
    return time.perf_counter() - start, torch.cuda.max_memory_allocated() / 2**30, result


def product_rate(dtype: torch.dtype, width: int) -> float:
    """Operations a second of a product as large as the head's tiles."""
    a, b = (torch.randn(n, width, device="cuda", dtype=dtype) for n in (4096, 16384))
    seconds, _, _ = measured(lambda: [torch.mm(a, b.T) for _ in range(20)])
    return 20 * 2 * 4096 * 16384 * width / seconds


def options(model: Any, tokens: Any, dtype: torch.dtype, times: int, peer_batch: int, compiled: bool) -> None:
    """Print the table of option scoring."""
    scorer = Scorer(model.to(dtype), tokens, compile=compiled)
    rows = []
    for name, case in likelihood.CASES.items():
        pairs = likelihood.pairs_of(replace(case, questions=case.questions * times), tokens)
        cut, _, encoded = measured(lambda pairs=pairs: scorer.seam.pairs(pairs))
        seconds, memory, scores = measured(lambda encoded=encoded: scorer.loglikelihood_tokens(encoded))
        batch = case.peer_batch * peer_batch
        peer, peer_memory, expected = measured(
            lambda pairs=pairs, batch=batch: likelihood.ask_peer(model, tokens, pairs, batch)
        )
        operations = needed_operations(scorer, encoded)
        rate = product_rate(dtype, model.config.hidden_size)
        same = scores.logprob.reshape(-1, 4).argmax(1) == expected.reshape(-1, 4).argmax(1)
        rows.append(
            [
                name,
                f"{operations / 1e12:.1f}",
                f"{rate / 1e12:.0f}",
                f"{peer:.1f}",
                f"{cut:.2f} + {seconds:.2f}",
                f"**{peer / (cut + seconds):.1f}×**",
                f"{operations / rate / seconds:.2f}",
                f"{peer_memory:.1f}",
                f"{memory:.1f}",
                f"{np.abs(scores.logprob - expected).max():.1e}",
                f"{same.mean():.1%}",
            ]
        )
    header = ["case", "needed, TFLOP", "TFLOP/s", "lm-eval, s", "ours, s: tokens + kernel", "ratio"]
    header += ["kernel's share of rate", "lm-eval, GB", "ours, GB", "largest difference", "same choice"]
    print_table(header, rows)


def hardness(tokens: Any, model: Any, rows: list[dict[str, Any]]) -> None:
    """Print the table of IFD."""
    table, reference = [], None
    for dtype in (torch.float32, torch.bfloat16):
        model = model.to(dtype)
        peer, peer_memory, expected = measured(lambda m=model: ifd.published_ratios(m, tokens, rows))
        scorer = Scorer(model, tokens)
        seconds, memory, found = measured(lambda scorer=scorer: ifd.ours(scorer, rows))
        reference = found if reference is None else reference
        readings = [published_reader(scorer, "loss-ratio", None).read(row) for row in rows]
        pairs = [p for one in readings if isinstance(one, Reading) for p in (one.conditional, one.alone)]
        rate = product_rate(dtype, model.config.hidden_size)
        kept = np.isfinite(reference) & np.isfinite(found)
        table.append(
            [
                scorer.dtype,
                str(int(kept.sum())),
                f"{peer:.1f}",
                f"{seconds:.2f}",
                f"**{peer / seconds:.1f}×**",
                f"{needed_operations(scorer, pairs) / rate / seconds:.2f}",
                f"{peer_memory:.1f}",
                f"{memory:.1f}",
                f"{spearmanr(expected[kept], reference[kept]).statistic:.5f}",
                f"{spearmanr(found[kept], reference[kept]).statistic:.5f}",
                f"{np.abs(found - reference)[kept].max():.1e}",
                f"{reference[kept].std():.4f}",
            ]
        )
    header = [
        "dtype",
        "rows",
        "published, s",
        "ours, s",
        "ratio",
        "share of rate",
        "published, GB",
        "ours, GB",
    ]
    header += ["rank correlation of published with ours in float32", "of ours with ours in float32"]
    print_table([*header, "largest difference", "standard deviation of the ratios"], table)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="instruction data for IFD")
    parser.add_argument("--rows", type=int, default=ifd.ROWS)
    parser.add_argument("--steps", type=int, default=60, help="training steps of the model before IFD")
    parser.add_argument("--times", type=int, default=8, help="so many times the questions of likelihood.py")
    parser.add_argument("--only", choices=["ifd", "options"])
    parser.add_argument("--compile", action="store_true", help="compile our transformer first")
    given = parser.parse_args()
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}", flush=True)

    if given.only != "options":
        rows, texts = ifd.load(given.data, given.rows)
        tokens = material.tokenizer(texts)
        with tempfile.TemporaryDirectory() as folder:
            model = material.trained(tokens, texts, Path(folder) / "model", given.steps, device="cuda")
        print(f"\nIFD, 111 M parameters, trained for {given.steps} steps", flush=True)
        hardness(tokens, model, rows)
    if given.only == "ifd":
        return
    tokens = material.tokenizer(list(material.sentences()))
    for dtype in (torch.float32, torch.bfloat16):
        print(f"\noptions, 111 M parameters, {dtype}", flush=True)
        options(material.model().to("cuda"), tokens, dtype, given.times, 4, given.compile)
    print("\noptions, 1.5 billion parameters, bfloat16", flush=True)
    with torch.device("cuda"):
        large = material.model(layers=28, width=1536, inner=8960, heads=12)
    options(large, tokens, torch.bfloat16, max(1, given.times // 4), 4, given.compile)


if __name__ == "__main__":
    main()

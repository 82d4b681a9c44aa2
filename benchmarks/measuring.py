"""What the benchmarks measure: processor time, peak memory, the machine's rate, and operations needed.

Processor time (all threads together) is reported, not wall-clock time, so that other work on the machine
disturbs little; wall-clock ratios mean something on an idle machine only. Ratios of numbers from one process
are all that is claimed.
"""

from __future__ import annotations

import json
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch

from plumbline.likelihood import Scorer
from plumbline.likelihood.plan import Limits, plan
from plumbline.likelihood.precision import fastest_exact, precision
from plumbline.likelihood.scorer import as_requests

T = TypeVar("T")


def cpu_seconds(work: Callable[[], T]) -> tuple[float, T]:
    """Return the processor seconds of `work`, all threads together, and its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def both_clocks(work: Callable[[], T]) -> tuple[float, float, T]:
    """Return processor seconds and wall-clock seconds of `work`, and its result."""
    start = time.perf_counter()
    seconds, result = cpu_seconds(work)
    return seconds, time.perf_counter() - start, result


def peak_gigabytes() -> float:
    """The most memory this process has held so far."""
    # Not getrusage: a child inherits its parent's peak there.
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 2**20


def in_a_process_of_its_own(script: str, *arguments: str) -> dict[str, Any]:
    """Run this benchmark again with `arguments` and return the JSON it prints on its last line."""
    command = [sys.executable, str(Path(script).resolve()), *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def product_rate(dtype: torch.dtype = torch.float32, seconds: float = 1.5) -> float:
    """Operations per processor second of products as large as the model's, the best of repeated trials.

    In float32 with torch's default and with what the kernel chooses on this processor.
    """
    a, b = torch.randn(2048, 512).to(dtype), torch.randn(2048, 512).to(dtype)
    operations, best = 2 * 2048 * 512 * 2048, 0.0
    with torch.inference_mode():
        for setting in sorted({"highest", fastest_exact()}):
            with precision(setting):
                stop = time.monotonic() + seconds
                while time.monotonic() < stop:
                    taken, _ = cpu_seconds(lambda: [torch.nn.functional.linear(a, b) for _ in range(4)])
                    best = max(best, 4 * operations / taken)
    return best


def half_is_fast() -> bool:
    """Whether this processor multiplies bfloat16 faster than float32."""
    return product_rate(torch.bfloat16, seconds=0.5) > product_rate(torch.float32, seconds=0.5)


def needed_operations(scorer: Scorer, pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> float:
    """Operations no exact method avoids: each distinct token through the layers once, the head where scored.

    Padding, masked attention and softmax are not counted: they are what a better implementation could save.
    """
    engine, config = scorer.engine, scorer.model.config
    requests, _ = as_requests(pairs, scorer.max_length)
    tokens = visible = positions = 0
    previous = b""
    for batch in plan(requests, Limits(engine.budget, attention=engine.attention_cost)):
        if batch.prefix.tobytes() != previous:
            previous = batch.prefix.tobytes()
            tokens += len(batch.prefix)
            visible += len(batch.prefix) * (len(batch.prefix) + 1) // 2
        for row in batch.rows:
            tokens += len(row)
            visible += int((row.depth + 1).sum())
            positions += len(np.unique(row.node))
    head = scorer.model.get_output_embeddings().weight.numel()
    layers = sum(p.numel() for p in scorer.model.parameters()) - head  # the embeddings are tied to the head
    width = config.num_attention_heads * config.head_dim
    return 2.0 * layers * tokens + 4.0 * width * config.num_hidden_layers * visible + 2.0 * head * positions


def machine() -> str:
    """The processor by name, for the record."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
        flags = next(line for line in lines if line.startswith("flags"))
        extras = [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags.split()]
    except (OSError, StopIteration):
        name, extras = platform.processor(), []
    return f"{name} ({', '.join(extras)}), {torch.get_num_threads()} threads, torch {torch.__version__}"


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table."""
    print("| " + " | ".join(header) + " |")
    print("|" + "---|" * len(header))
    for row in rows:
        print("| " + " | ".join(row) + " |")

"""Matrix products of float32 that are both exact and fast.

`torch.set_float32_matmul_precision` chooses the library on processors, not only the rounding on GPUs: on some
processors "medium" runs oneDNN's float32 kernels, twice as fast as the default; on others the same word
rounds to bfloat16. Which it is can only be found out by trying.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cache
from typing import Literal

import torch
from transformers import PreTrainedModel

Setting = Literal["highest", "high", "medium"]
_SIZE = (512, 512, 2048)


def exact_products(model: PreTrainedModel) -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager under which the model's float32 products are exact and fast."""
    if model.dtype != torch.float32:
        return nullcontext
    setting: Setting = fastest_exact() if model.device.type == "cpu" else "highest"
    return lambda: precision(setting)


@contextmanager
def precision(setting: Setting) -> Iterator[None]:
    """Multiply float32 matrices with this setting of torch inside the block."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision(setting)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


@cache
def fastest_exact() -> Setting:
    """Try the settings on this processor: the fastest with the error of float32, "highest" when in doubt."""
    generator = torch.Generator().manual_seed(0)
    rows, inner, columns = _SIZE
    a = torch.randn(rows, inner, generator=generator)
    b = torch.randn(columns, inner, generator=generator)
    exact = a.double() @ b.double().T
    best: Setting = "highest"
    error, seconds = _try("highest", a, b, exact)
    for setting in ("high", "medium"):
        other_error, other_seconds = _try(setting, a, b, exact)
        # A clear gain only: timings of a busy machine scatter, and the default is the safe choice.
        if other_error <= 2 * error and other_seconds < 0.8 * seconds:
            best, seconds = setting, other_seconds
    return best


def _try(setting: Setting, a: torch.Tensor, b: torch.Tensor, exact: torch.Tensor) -> tuple[float, float]:
    """Return the greatest error and the shortest of three times, in seconds of this process."""
    times = []
    with precision(setting):
        product = torch.nn.functional.linear(a, b)  # also warms the library up
        for _ in range(3):
            start = time.process_time()
            torch.nn.functional.linear(a, b)
            times.append(time.process_time() - start)
    return float((product.double() - exact).abs().max()), min(times)

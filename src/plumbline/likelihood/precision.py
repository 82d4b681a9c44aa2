"""Which matrix products are both exact and fast on this machine, found out by trying.

`torch.set_float32_matmul_precision` chooses the library on processors, not only the rounding on GPUs: on some
processors "medium" runs oneDNN's float32 kernels, twice as fast as the default; on others the same word
rounds to bfloat16. Which it is can only be found out by trying.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Literal

import torch
from transformers import PreTrainedModel

Setting = Literal["highest", "high", "medium"]
_SIZE = (512, 512, 2048)


def exact_products(model: PreTrainedModel) -> Callable[[], AbstractContextManager[None]]:
    """Return a context manager under which float32 products on the model's device are exact and fast."""
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


@cache
def slowdown_of_half(dtype: torch.dtype) -> float:
    """How many times longer this processor takes for products of `dtype` than for those of float32.

    Below 1 where it has instructions for them (AMX, AVX-512 BF16); without, they can take ten times as long.
    """
    generator = torch.Generator().manual_seed(0)
    a, b = (torch.randn(256, 512, generator=generator) for _ in range(2))
    seconds = []
    for kind in (torch.float32, dtype):
        x, y = a.to(kind), b.to(kind)
        torch.nn.functional.linear(x, y)  # warms the library up
        seconds.append(min(_seconds(x, y) for _ in range(5)))
    return seconds[1] / max(seconds[0], 1e-9)


def _try(setting: Setting, a: torch.Tensor, b: torch.Tensor, exact: torch.Tensor) -> tuple[float, float]:
    """Return the greatest error and the shortest of three times, in seconds of this process."""
    with precision(setting):
        product = torch.nn.functional.linear(a, b)  # also warms the library up
        seconds = min(_seconds(a, b) for _ in range(3))
    return float((product.double() - exact).abs().max()), seconds


def _seconds(a: torch.Tensor, b: torch.Tensor) -> float:
    start = time.process_time()
    torch.nn.functional.linear(a, b)
    return time.process_time() - start

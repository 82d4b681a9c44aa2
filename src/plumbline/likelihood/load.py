"""Models from disk, and the one-line way to score pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from plumbline.errors import InputError, ModelError
from plumbline.likelihood import messages
from plumbline.likelihood.scorer import Scorer, Scores

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
_REFERENCE = "hf/"


def load_scorer(
    path: str | Path,
    *,
    dtype: str = "float32",
    device: str | None = None,
    trust_remote_code: bool = False,
    revision: str | None = None,
    token_budget: int | None = None,
    check: bool = True,
    max_length: int | None = None,
    compile: bool = False,
) -> Scorer:
    """Load a causal language model and its tokenizer.

    Args:
        path: A folder, or the name of a model on a hub; `hf/` in front is allowed.
        dtype: `float32` for numbers that are published; `bfloat16` or `float16` for speed; `auto` as it was
            saved.
        device: `cpu`, `cuda`, `cuda:1` …; by default this process's GPU, or the processor where there is
            none.
        trust_remote_code: Run code that comes with the model. Leave it off unless you have read that code.
        revision: Branch, tag or commit of a model on a hub.
        token_budget: See `Scorer`; so are `check`, `max_length` and `compile`.

    Raises:
        ModelError: The model cannot be loaded, or the type of number is not known.
        InputError: The device cannot be used.
    """
    if dtype != "auto" and dtype not in _DTYPES:
        raise ModelError(messages.UNKNOWN_DTYPE(dtype=dtype), mend=messages.KNOWN_DTYPES())
    name = str(path).removeprefix(_REFERENCE)
    folder = Path(name).expanduser()
    if not folder.is_dir() and name.startswith(("/", ".", "~")):
        raise ModelError(messages.NO_FOLDER(path=name), mend=messages.CHECK_PATH())
    source: dict[str, Any] = {"trust_remote_code": trust_remote_code, "revision": revision or "main"}
    if folder.is_dir():
        # Nothing is fetched for a folder, not even to see whether there is something newer.
        name, source["local_files_only"] = str(folder), True
    try:
        tokenizer = AutoTokenizer.from_pretrained(name, **source)
        # Only safetensors are read: pickled weights can run code.
        model = AutoModelForCausalLM.from_pretrained(
            name, dtype=_DTYPES.get(dtype, "auto"), use_safetensors=True, **source
        )
    except (OSError, ValueError) as error:
        raise ModelError(
            messages.NOT_LOADED(path=name, reason=_first_line(error)), mend=messages.CHECK_PATH()
        ) from error
    try:
        model = model.to(device or own_device())
    except torch.OutOfMemoryError:
        raise
    except (RuntimeError, AssertionError) as error:
        # torch has no error of its own for a device it does not know or was not built for.
        raise InputError(
            messages.NO_DEVICE(device=device or own_device(), reason=_first_line(error)),
            mend=messages.CHOOSE_DEVICE(),
        ) from error
    return Scorer(
        model, tokenizer, token_budget=token_budget, check=check, max_length=max_length, compile=compile
    )


def own_device() -> str:
    """The GPU of this process (by `LOCAL_RANK` under `accelerate launch` or `torchrun`), or the processor."""
    import os

    if not torch.cuda.is_available():
        return "cpu"
    return f"cuda:{int(os.environ.get('LOCAL_RANK', '0')) % torch.cuda.device_count()}"


def loglikelihood(
    model: Scorer | str | tuple[PreTrainedModel, PreTrainedTokenizerBase], pairs: Sequence[tuple[str, str]]
) -> Scores:
    """Score `(context, continuation)` pairs.

    Args:
        model: A `Scorer`, a reference such as `hf/PATH`, or a loaded model and its tokenizer.
        pairs: Texts; an empty context stands for the start of a text.

    Raises:
        InputError: `model` is none of the three, or a continuation is empty.
        ModelError: The model cannot be loaded.
    """
    if isinstance(model, Scorer):
        scorer = model
    elif isinstance(model, str):
        scorer = load_scorer(model)
    elif isinstance(model, tuple) and len(model) == 2:
        scorer = Scorer(*model)
    else:
        raise InputError(messages.NOT_A_MODEL(kind=type(model).__name__), mend=messages.GIVE_A_MODEL())
    return scorer.loglikelihood(pairs)


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]

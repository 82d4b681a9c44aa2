"""The model to tune: its weights, tokenizer and adapter, and how it computes on the hardware at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline.errors import InputError, MissingExtra
from plumbline.files import sha256_file
from plumbline.models.loader import EMBEDDED_WEIGHTS
from plumbline.tune import messages as m
from plumbline.tune.config import Lora, Recipe

if TYPE_CHECKING:
    import torch

    Dtype = torch.dtype


def base_path(base: str) -> str:
    """Return the folder or hub name of a base; `hf/NAME` is taken as NAME."""
    if base == "embedded":
        return str(EMBEDDED_WEIGHTS)
    return base.removeprefix("hf/") if not Path(base).exists() else base


def base_hashes(path: str) -> dict[str, str]:
    """Return SHA-256 of the weights, configuration and tokenizer of a local base; empty for a hub name."""
    folder = Path(path)
    patterns = ("*.safetensors", "config.json", "adapter_config.json", "tokenizer.json")
    files = sorted(file for pattern in patterns for file in folder.glob(pattern)) if folder.is_dir() else []
    return {file.name: sha256_file(file) for file in files}


def compute_dtype(recipe: Recipe) -> Dtype:
    """Return the number type of computing: bfloat16 where asked for, or where the GPU has it."""
    import torch

    if recipe.dtype != "auto":
        return torch.bfloat16 if recipe.dtype == "bfloat16" else torch.float32
    able = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
    return torch.bfloat16 if able else torch.float32


def load_base(recipe: Recipe) -> tuple[Any, Any]:
    """Load model and tokenizer.

    Under an adapter the base is kept in the type of computing. Where all weights are trained they stay in
    float32: a small step would be lost in bfloat16.

    Raises:
        InputError: There is no such model, or its tokenizer is a slow one.
        MissingExtra: bitsandbytes is needed and not installed.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()
    path = base_path(recipe.base)
    dtype = compute_dtype(recipe) if recipe.lora else torch.float32
    options: dict[str, Any] = {"revision": recipe.revision, "dtype": dtype}
    if recipe.lora and recipe.lora.quantise:
        options["quantization_config"] = _four_bits(dtype)
    try:
        tokenizer = AutoTokenizer.from_pretrained(path, revision=recipe.revision)
        model = AutoModelForCausalLM.from_pretrained(path, **options)
    except (OSError, ValueError, KeyError) as error:
        detail = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise InputError(m.NO_BASE(detail=detail), where=recipe.base, mend=m.GIVE_BASE()) from error
    if not tokenizer.is_fast:
        raise InputError(m.SLOW_TOKENIZER(), where=recipe.base, mend=m.CONVERT_TOKENIZER())
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    return model, tokenizer


def adapter_config(lora: Lora) -> Any:
    """Return PEFT's configuration of an adapter."""
    from peft import LoraConfig

    return LoraConfig(
        r=lora.rank,
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        target_modules=lora.targets if isinstance(lora.targets, str) else list(lora.targets),
        task_type="CAUSAL_LM",
    )


def _four_bits(dtype: Dtype) -> Any:
    try:
        import bitsandbytes  # type: ignore[import-not-found]  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtra("bitsandbytes", "qlora") from error
    from transformers import BitsAndBytesConfig

    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )

"""What a tuning will take, told before it starts: parameters, memory, steps, time."""

from __future__ import annotations

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from plumbline.errors import InputError
from plumbline.tune import messages as m
from plumbline.tune.base import adapter_config, base_path, compute_dtype
from plumbline.tune.config import RECIPES, Recipe

_SHAPES = RECIPES / "shapes.yml"

# What a step reaches of a plain matrix product's speed: attention, normalisation and the optimizer take the
# rest.
_UTILISATION = 0.4


@dataclass(frozen=True)
class Estimate:
    """An estimate, to the order of size; memory in bytes and for one device.

    Attributes:
        parameters, trained: Of the model, and those that are trained.
        weights, gradients, optimizer, activations: Parts of the memory.
        steps, tokens: Steps, and tokens read over all of them; None where no data was given.
        seconds: Time on this hardware; None where steps are not known.
        checkpoint: Room a checkpoint takes on disk.
    """

    parameters: int
    trained: int
    weights: int
    gradients: int
    optimizer: int
    activations: int
    checkpoint: int
    steps: int | None = None
    tokens: int | None = None
    seconds: float | None = None

    @property
    def memory(self) -> int:
        """All parts together."""
        return self.weights + self.gradients + self.optimizer + self.activations

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return {**asdict(self), "memory": self.memory}


def estimate(
    recipe: Recipe,
    *,
    rows: int | None = None,
    tokens: int | None = None,
    devices: int = 1,
    gpu: bool | None = None,
) -> Estimate:
    """Estimate what a recipe takes; no weights are loaded.

    Memory of one device (mixed-precision AdamW; Rajbhandari et al. 2020, arXiv:1910.02054, section 3):
    weights (2 bytes a parameter under an adapter in bfloat16, .55 in 4 bits, 4 where all are trained),
    gradients (4 a trained parameter) and two moments (8). With several devices those of full training are
    sharded (FSDP). Activations of a layer are 34 · tokens · width bytes in 16 bits without attention scores
    (Korthikanti et al. 2022, arXiv:2205.05198, equation 1), or 2 when recomputed, plus the head's logits over
    256 positions.

    Args:
        recipe: The recipe.
        rows: Rows (packed) of the data; None leaves steps and time open.
        tokens: Tokens of the data, one pass.
        devices: GPUs or processes.
        gpu: Reckon as on a GPU; by default whether there is one.
    """
    import torch

    config, parameters, trained = _count(recipe)
    on_gpu = torch.cuda.is_available() if gpu is None else gpu
    half = on_gpu or compute_dtype(recipe) is torch.bfloat16
    shards = devices if recipe.lora is None else 1
    per_weight = (0.55 if recipe.lora.quantise else 2 if half else 4) if recipe.lora else 4
    checkpointed = on_gpu if recipe.checkpointing is None else recipe.checkpointing
    at_once = recipe.schedule.per_device * recipe.max_length
    width, layers = config.hidden_size, config.num_hidden_layers
    unit = at_once * width * (1 if half else 2)  # in 16 bits one byte of the formula, in 32 two
    # Recomputing keeps each layer's input, and one layer's activations at a time.
    kept = unit * (2 * layers + 34) if checkpointed else unit * 34 * layers
    result = Estimate(
        parameters=parameters,
        trained=trained,
        weights=int(parameters * per_weight / shards),
        gradients=int(4 * trained / shards),
        optimizer=int(8 * trained / shards),
        activations=int(kept + 256 * config.vocab_size * 4 * 3),
        checkpoint=int(12 * trained * 1.02) + (64 << 20 if trained > 1 << 26 else 4 << 20),
    )
    if rows is None or tokens is None:
        return result
    epochs = recipe.schedule.epochs
    steps = recipe.schedule.max_steps or max(1, math.ceil(math.ceil(rows / recipe.schedule.batch) * epochs))
    read = int(steps * recipe.schedule.batch * tokens / rows)
    # Forward 2, backward 4 operations a weight and token; a frozen weight needs no gradient of its own (4 in
    # all); recomputing adds a forward pass. Pairs are read twice, and by the reference too.
    work = (6 if recipe.lora is None else 4) + (2 if checkpointed else 0)
    times = {"preference": 3}.get(recipe.stage, 1)
    seconds = work * parameters * read * times / (_speed() * _UTILISATION * devices)
    return Estimate(**{**asdict(result), "steps": steps, "tokens": read, "seconds": seconds})


def _count(recipe: Recipe) -> tuple[Any, int, int]:
    """Return configuration, parameters and trained parameters, from shapes alone."""
    import torch
    from transformers import AutoModelForCausalLM

    config = _config(recipe)
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
        parameters = sum(p.numel() for p in model.parameters())
        if recipe.lora is None:
            return config.get_text_config(), parameters, parameters
        from peft import get_peft_model

        adapted = get_peft_model(model, adapter_config(recipe.lora), low_cpu_mem_usage=True)
        trained = sum(p.numel() for p in adapted.parameters() if p.requires_grad)
    return config.get_text_config(), parameters, trained


def _config(recipe: Recipe) -> Any:
    """Return the configuration of a base: its own where it is at hand, else the shape we know it by."""
    from transformers import AutoConfig

    path = base_path(recipe.base)
    known: dict[str, dict[str, Any]] = yaml.safe_load(_SHAPES.read_text(encoding="utf-8"))
    if path in known and not Path(path).exists() and recipe.revision is None:
        return AutoConfig.for_model(**known[path])
    try:
        return AutoConfig.from_pretrained(path, revision=recipe.revision)
    except (OSError, ValueError) as error:
        what = m.NO_BASE(detail=str(error).splitlines()[0])
        raise InputError(what, where=recipe.base, mend=m.GIVE_BASE()) from error


def _speed() -> float:
    """Measure operations a second of a matrix product on this device, in a fifth of a second."""
    import torch

    gpu = torch.cuda.is_available()
    size, kind = (4096, torch.bfloat16) if gpu else (512, torch.float32)
    matrix = torch.rand(size, size, dtype=kind, device="cuda" if gpu else "cpu")
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < 0.2:
        matrix @ matrix
        if gpu:
            torch.cuda.synchronize()
        done += 1
    return 2 * size**3 * done / (time.perf_counter() - start)

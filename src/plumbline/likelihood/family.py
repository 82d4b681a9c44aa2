"""What a model's configuration says that the kernel has to follow; everything known of families is here."""

from __future__ import annotations

import logging
from typing import Any

import torch
from transformers import PreTrainedModel

from plumbline.errors import ModelError
from plumbline.likelihood import messages
from plumbline.likelihood.head import HALF, Head, Tiles
from plumbline.likelihood.precision import slowdown_of_half

log = logging.getLogger(__name__)

_BUSY = 16_384
"""Tokens in a batch that keep a GPU busy; more only brings rows of less equal length, and padding."""


def attention_kinds(config: Any) -> frozenset[str]:
    """The kinds of attention layer, by transformers' names."""
    if kinds := getattr(config, "layer_types", None):
        return frozenset(kinds)
    return frozenset({"full_attention" if window_of(config) is None else "sliding_attention"})


def window_of(config: Any) -> int | None:
    """How far a token sees in layers with a sliding window, itself included; None without such layers."""
    if getattr(config, "use_sliding_window", True) is False:
        return None
    window: int | None = getattr(config, "sliding_window", None)
    return window


def head_of(model: PreTrainedModel, config: Any) -> Head:
    """The output layer, with what the family does to the logits, and the tiles that fit the device.

    Raises:
        ModelError: The model has no head.
    """
    layer = model.get_output_embeddings()
    if layer is None:
        raise ModelError(messages.NO_HEAD(), mend=messages.CAUSAL_MODEL())
    scale = getattr(config, "logit_scale", None)
    if scale is None and (divisor := getattr(config, "logits_scaling", None)):
        scale = 1.0 / divisor
    on_gpu = model.device.type != "cpu"
    tiles = Tiles(positions=4096, vocabulary=16384) if on_gpu else Tiles()
    slowdown = 1.0 if on_gpu or model.dtype not in HALF else slowdown_of_half(model.dtype)
    if slowdown > 2:
        log.warning(
            messages.SLOW_HALF(dtype=str(model.dtype).removeprefix("torch."), times=f"{slowdown:.0f}")
        )
    return Head(
        layer,
        1.0 if scale is None else scale,
        getattr(config, "final_logit_softcapping", None),
        tiles,
        widen=slowdown > 1,
    )


def attention_cost(model: PreTrainedModel, config: Any) -> float:
    """Operations for one visible token in all layers, relative to those of the linear layers for a token."""
    heads = getattr(config, "num_attention_heads", 0)  # none in a state-space model, where nothing is visible
    width = getattr(config, "head_dim", None) or config.hidden_size // max(heads, 1)
    ends = {
        id(layer.weight): layer.weight for layer in _ends(model) if hasattr(layer, "weight")
    }  # one when tied
    linear = sum(p.numel() for p in model.parameters()) - sum(weight.numel() for weight in ends.values())
    return float(2 * heads * width * config.num_hidden_layers / max(linear, 1))


def _ends(model: PreTrainedModel) -> list[Any]:
    return [model.get_input_embeddings(), model.get_output_embeddings()]


def rope_limit(config: Any) -> float:
    """Length beyond which a text runs alone: some rotary embeddings depend on the longest text of a batch."""
    rope = getattr(config, "rope_parameters", None) or getattr(config, "rope_scaling", None) or {}
    if rope.get("rope_type", rope.get("type")) not in ("dynamic", "longrope"):
        return float("inf")
    limit = rope.get("original_max_position_embeddings") or getattr(
        config, "original_max_position_embeddings", None
    )
    return float(limit or config.max_position_embeddings) - 1


def default_budget(model: PreTrainedModel) -> int:
    """Tokens in a batch: what keeps activations in a processor's cache, or a GPU busy and in its memory."""
    if model.device.type != "cuda":
        return 2048
    free, _ = torch.cuda.mem_get_info(model.device)
    config = model.config.get_text_config()
    # About twelve arrays of the hidden width and four of the feed-forward width live at once in a layer.
    wide = getattr(config, "intermediate_size", None) or 4 * config.hidden_size
    per_token = (12 * config.hidden_size + 4 * wide) * model.dtype.itemsize
    return int(min(max(free // 2 // per_token, 2048), _BUSY))

"""One pass of the transformer over a batch of trees, returning the hidden states that are scored."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedModel
from transformers.cache_utils import Cache, DynamicCache, DynamicLayer

from plumbline.likelihood.plan import Batch, Ints


class PrefixLayer(DynamicLayer):  # type: ignore[misc]  # the library is untyped
    """Keys and values of a shared prefix for one layer; nothing is kept of the rows."""

    def __init__(self, keys: Tensor, values: Tensor) -> None:
        super().__init__()
        self.lazy_initialization(keys, values)
        self.keys, self.values = keys, values  # [1, heads, P, head width]

    def update(
        self, key_states: Tensor, value_states: Tensor, *args: Any, **kwargs: Any
    ) -> tuple[Tensor, Tensor]:
        """Return prefix and row together, `[B, heads, P + L, head width]`."""
        rows = key_states.shape[0]
        return (
            torch.cat([self.keys.expand(rows, -1, -1, -1), key_states], dim=2),
            torch.cat([self.values.expand(rows, -1, -1, -1), value_states], dim=2),
        )


@dataclass
class Body:
    """The transformer below the head.

    Attributes:
        model: The base model: token ids in, `last_hidden_state` out.
        window: How far a token sees in layers with a sliding window, itself included; None without such
            layers.
        kinds: The kinds of attention its layers use, as transformers names them.
        wide: Carry the residual stream in float32 through a model of half precision: products stay in half
            precision, but sums over the layers are not rounded, which lowers the error.
    """

    model: PreTrainedModel
    window: int | None
    kinds: frozenset[str]
    wide: bool = False
    _prefixes: dict[bytes, Cache] = field(default_factory=dict, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @torch.inference_mode()
    def hidden(self, batch: Batch) -> tuple[Tensor, Ints]:
        """Run the batch.

        Returns:
            The hidden states from which something is predicted, `[N, width]`, each once, and which of them
            predicts each target of the batch (rows in order), `[M]`.
        """
        device = self.model.device
        width = max(map(len, batch.rows))
        tokens = _stack([row.tokens for row in batch.rows], width, device)  # [B, L]
        arguments: dict[str, Any] = {"use_cache": False}
        if len(batch.prefix) or not all(row.is_chain for row in batch.rows):
            depth = _stack([row.depth for row in batch.rows], width, device)
            arguments |= {"position_ids": depth, "attention_mask": self._mask(batch, depth, width)}
        if len(batch.prefix):
            arguments |= {"past_key_values": self._cache(batch.prefix, device), "use_cache": True}
        output = self._forward(tokens, **arguments).last_hidden_state  # [B, L, width]
        flat = np.concatenate([row.node + number * width for number, row in enumerate(batch.rows)])
        distinct, which = np.unique(flat, return_inverse=True)
        return output.flatten(0, 1)[_send(distinct, device)], which

    def _forward(self, tokens: Tensor, **arguments: Any) -> Any:
        if not self.wide:
            return self.model(input_ids=tokens, **arguments)
        embedded = self.model.get_input_embeddings()(tokens).float()
        with torch.autocast(tokens.device.type, dtype=self.model.dtype):
            return self.model(inputs_embeds=embedded, **arguments)

    def _mask(self, batch: Batch, depth: Tensor, width: int) -> Tensor | dict[str, Tensor]:
        """Return what is added to attention scores `[B, 1, L, P + L]`: 0 where visible, else very low."""
        dtype = self.model.dtype
        # A padding token closes itself: it sees itself and nobody sees it.
        closed = [np.append(row.end, np.arange(len(row), width) + 1) for row in batch.rows]
        end = _stack(closed, width, depth.device)
        index = torch.arange(width, device=depth.device)
        seen = (index[None, None, :] <= index[None, :, None]) & (
            index[None, :, None] < end[:, None, :]
        )  # [B, L, L]
        past = len(batch.prefix)
        seen = nn.functional.pad(seen, (past, 0), value=True)
        masks = {}
        for kind in self.kinds:
            visible = seen
            if kind == "sliding_attention" and self.window is not None:
                before = torch.arange(past, device=depth.device).expand(len(depth), past)
                position = torch.cat([before, depth], dim=1)  # [B, P + L]
                visible = seen & (depth[:, :, None] - position[:, None, :] < self.window)
            blank = torch.zeros(visible.shape, dtype=dtype, device=depth.device)
            masks[kind] = blank.masked_fill_(~visible, torch.finfo(dtype).min)[:, None]
        return masks if len(masks) > 1 else masks.popitem()[1]

    def _cache(self, prefix: Ints, device: torch.device) -> Cache:
        """Keys and values of the prefix; those of the last few are kept."""
        key = prefix.tobytes()
        with self._making:  # once, whichever worker comes first
            if key not in self._prefixes:
                while len(self._prefixes) >= self._keep(device):  # free old ones before making the new
                    self._prefixes.pop(next(iter(self._prefixes)))
                # Without the model's configuration, sliding layers keep every key: which are visible is the
                # mask's affair.
                cache = DynamicCache()
                self._forward(_send(prefix, device)[None], past_key_values=cache, use_cache=True)
                self._prefixes[key] = Cache(layers=[PrefixLayer(keys, values) for keys, values, _ in cache])
            return self._prefixes[key]

    @staticmethod
    def _keep(device: torch.device) -> int:
        """Batches come sorted by prefix, but workers side by side may be at two neighbouring ones."""
        return 2 if device.type == "cpu" else 1

    def forget(self) -> None:
        """Let go of the kept prefixes and their memory."""
        self._prefixes.clear()


def _stack(arrays: list[Ints], width: int, device: torch.device) -> Tensor:
    stacked = np.zeros((len(arrays), width), np.int64)
    for number, array in enumerate(arrays):
        stacked[number, : len(array)] = array
    return _send(stacked, device)


def _send(array: Ints, device: torch.device) -> Tensor:
    tensor = torch.from_numpy(np.ascontiguousarray(array))
    if device.type == "cuda":
        return tensor.pin_memory().to(device, non_blocking=True)
    return tensor.to(device)

"""From hidden states to log-probabilities without ever holding a `[positions, vocabulary]` array."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

HALF = (torch.bfloat16, torch.float16)


@dataclass(frozen=True, slots=True)
class Tiles:
    """How large a piece of the logits exists at once: one that fits a processor's cache, or fills a GPU."""

    positions: int = 2048
    vocabulary: int = 2048

    def halved(self) -> Tiles:
        """Return tiles of half the size either way, down to where a product would be all overhead."""
        return Tiles(max(self.positions // 2, 16), max(self.vocabulary // 2, 512))


@dataclass(frozen=True)
class Head:
    """The output layer of a model and what its family does to the logits afterwards.

    Attributes:
        layer: The language-model head.
        scale: Factor on the logits (Cohere, Granite; 1 for others).
        cap: Soft cap `cap * tanh(logits / cap)` (Gemma; None for others).
        tiles: Size of the pieces.
        widen: Multiply weights of half precision in float32, tile by tile: exact logits, and faster on a
            processor without products of its own for them.
    """

    layer: nn.Module
    scale: float = 1.0
    cap: float | None = None
    tiles: Tiles = Tiles()
    widen: bool = False

    @torch.inference_mode()
    def log_probabilities(self, hidden: Tensor, node: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Score targets, log softmax(logits)[target], by a running log-sum-exp over tiles of the vocabulary.

        Args:
            hidden: `[N, width]`, final hidden states of the scored positions.
            node: `[M]`, which hidden state predicts each target.
            target: `[M]`, token ids.

        Returns:
            Log-probabilities `[M]` (float32) and whether no token has a higher one `[M]` (bool).
        """
        values = torch.empty(len(target), dtype=torch.float32, device=hidden.device)
        greedy = torch.empty(len(target), dtype=torch.bool, device=hidden.device)
        low = 0
        for chunk in hidden.chunk(-(-len(hidden) // self.tiles.positions)):  # even pieces, [P, width]
            mine = torch.nonzero((node >= low) & (node < low + len(chunk))).squeeze(1)
            values[mine], greedy[mine] = self._chunk(chunk, node[mine] - low, target[mine])
            low += len(chunk)
        return values, greedy

    def _chunk(self, hidden: Tensor, node: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Return each target's log-probability and whether no logit at its position is higher, `[M]` each."""
        highest = torch.full((len(hidden),), -torch.inf, device=hidden.device)  # [P]
        total = torch.zeros_like(highest)  # [P], sum of exp(logit - highest)
        chosen = torch.empty(len(target), device=hidden.device)  # [M]
        order = torch.argsort(target)
        ordered = target[order].cpu()
        for start, logits in self._tiles(hidden):  # [P, T]
            new = torch.maximum(highest, logits.amax(dim=1))
            low, high = torch.searchsorted(ordered, torch.tensor([start, start + logits.shape[1]]))
            here = order[low:high]
            chosen[here] = logits[node[here], target[here] - start]
            # In place: the tile is not needed again, and a second one would fall out of the cache.
            total = total * torch.exp(highest - new) + logits.sub_(new[:, None]).exp_().sum(dim=1)
            highest = new
        highest, total = highest[node], total[node]  # [M]
        greedy = chosen >= highest
        layer = self.layer
        if type(layer) is nn.Linear and layer.weight.dtype in HALF and not self.widen:
            # Rounding the one logit that counts is most of the error of half precision. Take it in float32,
            # and in the sum, so that no probability exceeds 1; over the rest, rounding averages out.
            exact = self._exactly(layer, hidden[node], target)
            total = total - torch.exp(chosen - highest) + torch.exp(exact - highest)
            chosen = torch.minimum(exact, highest + total.log())
        return chosen - highest - total.log(), greedy

    def _exactly(self, layer: nn.Linear, hidden: Tensor, target: Tensor) -> Tensor:
        """Return the logits of single tokens, `[M]`, with float32 products."""
        logits = (hidden.float() * layer.weight[target].float()).sum(dim=1)
        return self._finish(logits if layer.bias is None else logits + layer.bias[target].float())

    def _tiles(self, hidden: Tensor) -> Iterator[tuple[int, Tensor]]:
        """Yield the first token id of each tile and its finished logits `[P, T]`, valid until the next."""
        layer = self.layer
        if type(layer) is not nn.Linear:
            # An adapter or a quantised layer has no plain weight to cut: take all of its vocabulary at once.
            yield 0, self._finish(layer(hidden))
            return
        hidden = hidden.float() if self.widen else hidden.to(layer.weight.dtype)
        step = min(self.tiles.vocabulary, layer.out_features)
        buffer = hidden.new_empty(len(hidden) * step)  # one piece of memory for all tiles
        for start in range(0, layer.out_features, step):
            weight = layer.weight[start : start + step].to(hidden.dtype)  # [T, width]
            logits = torch.mm(hidden, weight.T, out=buffer[: len(hidden) * len(weight)].view(len(hidden), -1))
            if layer.bias is not None:
                logits += layer.bias[start : start + step]
            yield start, self._finish(logits)

    def _finish(self, logits: Tensor) -> Tensor:
        if self.scale != 1.0:
            logits = logits * self.scale
        if self.cap is not None:
            logits = torch.tanh(logits / self.cap) * self.cap
        return logits.float()

"""Runs plans: transformer, head, memory that runs out, and the check that all of it suits this model."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import PreTrainedModel

from plumbline.errors import ModelError
from plumbline.likelihood import messages
from plumbline.likelihood.body import Body
from plumbline.likelihood.family import (
    attention_cost,
    attention_kinds,
    default_budget,
    head_of,
    rope_limit,
    window_of,
)
from plumbline.likelihood.head import HALF
from plumbline.likelihood.plan import Batch, Ints, Limits, Request, plan
from plumbline.likelihood.precision import exact_products
from plumbline.likelihood.workers import side_by_side

log = logging.getLogger(__name__)

Mode = Literal["tree", "rows", "plain"]
Results = tuple[NDArray[np.float64], NDArray[np.bool_]]
Placed = tuple[Ints, NDArray[np.float64], NDArray[np.bool_]]  # slots, log-probabilities, greedy flags

_KNOWN_ATTENTION = frozenset({"full_attention", "sliding_attention"})
_SMALLEST_BUDGET = 16


class Engine:
    """Scores requests under one model; see `Scorer` for the arguments.

    Attributes:
        mode: `tree`, `rows` or `plain`, decided by the self-check.
        budget: Tokens in a batch now; halved whenever memory runs out.
    """

    def __init__(
        self, model: PreTrainedModel, *, token_budget: int | None, check: bool, compile: bool = False
    ) -> None:
        # An adapter wraps the model whose parts are wanted; its changed layers are inside that.
        inner: PreTrainedModel = model.get_base_model() if hasattr(model, "get_base_model") else model
        self.model = model
        config = inner.config.get_text_config()
        self.body = Body(inner.base_model, window_of(config), attention_kinds(config))
        self.head = head_of(inner, config)
        self.budget = token_budget or default_budget(inner)
        self.attention_cost = attention_cost(inner, config)
        self.alone_beyond = rope_limit(config)
        self.products = exact_products(inner)
        self.mode: Mode = "tree" if self.body.kinds <= _KNOWN_ATTENTION else "rows"
        self.compiled = False  # the check is not worth compiling for
        if check:
            self._check(config)
        if compile:
            self.compiled = True
            self.body.model = torch.compile(self.body.model, dynamic=True)

    def run(self, requests: Sequence[Request], slots: int) -> Results:
        """Score every request.

        Returns:
            Log-probability `[slots]` and greedy flag `[slots]` of every token, at the slots the requests
            name.
        """
        values = np.full(slots, np.nan)
        greedy = np.zeros(slots, np.bool_)
        pending = list(requests)
        while pending:
            try:
                for where, what, best in self._passes(pending):
                    values[where], greedy[where] = what, best
                pending = []
            except (torch.OutOfMemoryError, RuntimeError) as error:
                if not _is_out_of_memory(error):
                    raise
                self._halve(error)
                pending = [
                    r for r in pending if np.isnan(values[r.slot : r.slot + len(r.continuation)]).any()
                ]
        self.body.forget()
        return values, greedy

    def _halve(self, error: BaseException) -> None:
        self.budget //= 2
        # It may have been the logits that had no room, whatever the batch.
        self.head = replace(self.head, tiles=self.head.tiles.halved())
        self.body.forget()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        if self.budget < _SMALLEST_BUDGET:
            raise ModelError(
                messages.OUT_OF_MEMORY(budget=2 * self.budget), mend=messages.SMALLER_MODEL()
            ) from error
        log.warning(messages.HALVED(budget=self.budget))

    def _passes(self, requests: list[Request]) -> Iterator[Placed]:
        """Score the requests piece by piece."""
        plain = [r for r in requests if self.mode == "plain" or len(r.inputs) > self.alone_beyond]
        rest = [r for r in requests if not (self.mode == "plain" or len(r.inputs) > self.alone_beyond)]
        for request in plain:
            value, best = self._plain(request)
            yield request.slot + np.arange(len(value)), value, best
        with self.products():
            yield from self._fast(rest)

    def _fast(self, requests: list[Request]) -> Iterator[Placed]:
        limits = Limits(self.budget, attention=self.attention_cost, share=self.mode == "tree")
        batches = list(plan(requests, limits))
        if self.model.device.type == "cpu" and not self.compiled:  # a compiled one is not for many threads
            yield from side_by_side(batches, self._scored)
        else:
            yield from self._scored(batches)

    def _scored(self, batches: Iterable[Batch]) -> Iterator[Placed]:
        # Few positions at a time would leave the head's matrix product idle, so hidden states wait until
        # they fill one.
        waiting: list[tuple[Tensor, Ints, Ints, Ints]] = []
        count = 0
        for batch in batches:
            hidden, which = self.body.hidden(batch)
            target = np.concatenate([row.target for row in batch.rows])
            slot = np.concatenate([row.slot for row in batch.rows])
            waiting.append((hidden, which + count, target, slot))
            count += len(hidden)
            if count >= 2 * self.head.tiles.positions:
                yield self._flush(waiting)
                waiting, count = [], 0
        if waiting:
            yield self._flush(waiting)

    def _flush(self, waiting: list[tuple[Tensor, Ints, Ints, Ints]]) -> Placed:
        hidden = torch.cat([states for states, *_ in waiting])
        node, target, slot = (np.concatenate(arrays) for arrays in list(zip(*waiting, strict=True))[1:])
        value, best = self.head.log_probabilities(
            hidden, torch.from_numpy(node).to(hidden.device), torch.from_numpy(target).to(hidden.device)
        )
        return slot, value.double().cpu().numpy(), best.cpu().numpy()

    @torch.inference_mode()
    def _plain(self, request: Request) -> Results:
        """The pass everything else is measured against: one text, the model's own forward, all logits."""
        tokens = torch.from_numpy(request.inputs)[None].to(self.model.device)
        if self.alone_beyond < float("inf"):
            # Such rotary embeddings also remember the longest text so far, until a short one comes.
            self.model(input_ids=tokens[:, :1], use_cache=False)
        with self.products():
            output = self.model(input_ids=tokens, use_cache=False)
        logits = output.logits[0, len(request.context) - 1 :].float()
        target = torch.from_numpy(request.continuation).to(logits.device)
        chosen = logits.gather(1, target[:, None]).squeeze(1)
        values = (chosen.double() - logits.double().logsumexp(dim=1)).cpu().numpy()
        return values, (chosen >= logits.amax(dim=1)).cpu().numpy()

    def _check(self, config: Any) -> None:
        """Step down from `tree` to `rows` to `plain` until the results agree with the plain pass."""
        requests = _samples(config.vocab_size)
        expected = np.concatenate([self._plain(request)[0] for request in requests])
        # Some layers refuse to mix number types; such a model runs in half precision throughout.
        self.body.wide = self.model.dtype in HALF and type(self.head.layer) is nn.Linear
        while self.mode != "plain":
            reason = self._difference(requests, expected)
            if reason is None:
                return
            if self.body.wide:
                self.body.wide = False
                continue
            self.mode = "rows" if self.mode == "tree" else "plain"
            message = messages.NO_TREES if self.mode == "rows" else messages.PLAIN_PASS
            log.warning(message(reason=reason))

    def _difference(self, requests: list[Request], expected: NDArray[np.float64]) -> str | None:
        """Return how the results differ from the plain pass, or None where they agree."""
        budget = self.budget
        self.budget = 32  # small enough that the shared beginning of the samples is worth a pass of its own
        try:
            difference = float(np.abs(self.run(requests, len(expected))[0] - expected).max())
            return None if difference <= _tolerance(self.model.dtype) else f"{difference:.2g}"
        except Exception as error:  # any failure inside foreign model code means: not this way
            return f"{type(error).__name__}: {error}"
        finally:
            self.budget = budget


def _samples(vocabulary: int) -> list[Request]:
    """Random texts that exercise a prefix, a branch, a chain, and rows of unequal length."""
    random = np.random.default_rng(0)
    shared = random.integers(0, vocabulary, 12)
    requests = []
    slot = 0
    for ending, lengths in ((5, (1, 4)), (2, (3, 7)), (9, (2,))):
        context = np.concatenate([shared, random.integers(0, vocabulary, ending)])
        for length in lengths:
            requests.append(Request(context, random.integers(0, vocabulary, length), slot))
            slot += length
    return requests


def _tolerance(dtype: torch.dtype) -> float:
    # Of one token's log-probability: fp32 rounding, or that of half precision, which differs from pass to
    # pass anyway.
    return 1e-4 if dtype in (torch.float32, torch.float64) else 0.25


def _is_out_of_memory(error: BaseException) -> bool:
    text = str(error).lower()
    return (
        isinstance(error, torch.OutOfMemoryError) or "not enough memory" in text or "can't allocate" in text
    )

"""What the kernel does when a model or the memory does not play along."""

from __future__ import annotations

import copy
import logging
from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from plumbline.errors import ModelError  # noqa: E402
from plumbline.likelihood import Scorer  # noqa: E402

from . import factories  # noqa: E402
from .test_exactness import token_pairs  # noqa: E402


class Crowded(torch.nn.Module):
    """Wraps a transformer and runs out of memory beyond so many tokens at once, as a small GPU would."""

    def __init__(self, inner, tokens):
        super().__init__()
        self.inner, self.tokens, self.refused = inner, tokens, 0

    @property
    def device(self):
        return self.inner.device

    @property
    def dtype(self):
        return self.inner.dtype

    def forward(self, input_ids, **arguments):
        if input_ids.numel() > self.tokens:
            self.refused += 1
            raise torch.OutOfMemoryError("CUDA out of memory (raised by the test)")
        return self.inner(input_ids=input_ids, **arguments)


def test_out_of_memory_halves_the_budget_and_goes_on(caplog):
    pairs = token_pairs()
    scorer = Scorer(factories.model("llama"), factories.tokenizer(), token_budget=512)
    expected = scorer.loglikelihood_tokens(pairs).logprob
    scorer.engine.body.model = crowded = Crowded(scorer.engine.body.model, 130)
    with caplog.at_level(logging.WARNING):
        values = scorer.loglikelihood_tokens(pairs).logprob
    assert crowded.refused >= 1
    assert scorer.engine.budget < 512
    assert "halved" in caplog.text
    np.testing.assert_allclose(values, expected, atol=1e-5)


def test_logits_that_have_no_room_are_taken_in_smaller_pieces():
    class CrowdedHead(torch.nn.Module):
        def forward(self, hidden):
            if len(hidden) > 20:
                raise torch.OutOfMemoryError("CUDA out of memory (raised by the test)")
            return torch.nn.functional.linear(hidden, weight)

    pairs = token_pairs()
    scorer = Scorer(factories.model("llama"), factories.tokenizer())
    expected = scorer.loglikelihood_tokens(pairs).logprob
    weight = scorer.engine.head.layer.weight
    scorer.engine.head = replace(scorer.engine.head, layer=CrowdedHead())
    np.testing.assert_allclose(scorer.loglikelihood_tokens(pairs).logprob, expected, atol=1e-5)


def test_memory_that_never_suffices_is_an_error_that_says_so():
    scorer = Scorer(factories.model("llama"), factories.tokenizer(), token_budget=64)
    scorer.engine.body.model = Crowded(scorer.engine.body.model, 0)
    with pytest.raises(ModelError, match="out of memory"):
        scorer.loglikelihood_tokens(token_pairs())


def test_a_model_whose_logits_the_kernel_cannot_follow_is_scored_by_the_plain_pass(caplog):
    class Shifted(type(factories.model("llama"))):
        def forward(self, *arguments, **named):
            output = super().forward(*arguments, **named)
            output.logits = output.logits * 1.5  # a change after the head that no configuration mentions
            return output

    model = copy.deepcopy(factories.model("llama"))
    model.__class__ = Shifted
    with caplog.at_level(logging.WARNING):
        scorer = Scorer(model, factories.tokenizer())
    assert scorer.mode == "plain"
    assert "falling back" in caplog.text
    pairs = token_pairs()
    expected = [factories.plain(model, *pair).sum() for pair in pairs]
    np.testing.assert_allclose(scorer.loglikelihood_tokens(pairs).logprob, expected, atol=1e-5)


def test_an_adapter_on_the_head_is_not_bypassed():
    peft = pytest.importorskip("peft")
    torch.manual_seed(1)
    config = peft.LoraConfig(target_modules=["q_proj", "lm_head"], init_lora_weights=False, r=4)
    model = peft.get_peft_model(copy.deepcopy(factories.model("llama")), config).eval()
    scorer = Scorer(model, factories.tokenizer())
    pairs = token_pairs()
    expected = [factories.plain(model, *pair).sum() for pair in pairs]
    np.testing.assert_allclose(scorer.loglikelihood_tokens(pairs).logprob, expected, atol=1e-4)


def test_a_context_beyond_the_model_is_cut_from_the_left_and_counted():
    model, random = factories.model("gpt2-absolute-positions"), np.random.default_rng(0)
    context, continuation = random.integers(2, 400, 200), random.integers(2, 400, 5)
    scores = Scorer(model, factories.tokenizer()).loglikelihood_tokens([(context, continuation)])
    kept = context[-(96 + 1 - 5) :]
    assert scores.cut[0] == 200 - len(kept)
    assert scores.logprob[0] == pytest.approx(factories.plain(model, kept, continuation).sum(), abs=1e-4)


def test_weights_that_give_no_numbers_are_reported():
    model = copy.deepcopy(factories.model("llama"))
    with torch.no_grad():
        model.lm_head.weight[7] = torch.nan
    with pytest.raises(ModelError, match="not finite"):
        Scorer(model, factories.tokenizer(), check=False).loglikelihood_tokens(token_pairs())

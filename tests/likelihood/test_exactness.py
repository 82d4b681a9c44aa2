"""The kernel gives the numbers of a plain one-at-a-time forward pass, whatever the architecture."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from plumbline.likelihood import Scorer  # noqa: E402
from plumbline.likelihood.plan import Limits, plan  # noqa: E402
from plumbline.likelihood.scorer import as_requests  # noqa: E402

from . import factories  # noqa: E402

FALLBACKS = {"bloom-alibi": "rows", "mamba-state-space": "rows"}


def token_pairs(seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Contexts that share a prefix, and others; options of one token or more, alike at the beginning."""
    random = np.random.default_rng(seed)

    def draw(length: int) -> np.ndarray:
        return random.integers(2, factories.VOCABULARY, length)

    prefix, first = draw(24), draw(3)
    pairs = []
    for number in range(10):
        context = np.concatenate([prefix if number < 6 else draw(2), draw(int(random.integers(1, 15)))])
        options = [draw(1), np.concatenate([first, draw(4)]), np.concatenate([first, draw(2)]), first]
        pairs += [(context, option) for option in options[: 1 + number % 4]]
    random.shuffle(pairs)
    return pairs


@pytest.mark.parametrize("family", factories.FAMILIES)
@pytest.mark.parametrize("budget", [64, 2048], ids=["prefix-kept", "one-tree"])
def test_every_continuation_is_within_1e_4_of_the_plain_pass(family, budget):
    model, pairs = factories.model(family), token_pairs()
    scorer = Scorer(model, factories.tokenizer(), token_budget=budget, max_length=96)
    scores = scorer.loglikelihood_tokens(pairs)
    expected = [factories.plain(model, *pair).sum() for pair in pairs]
    assert scorer.mode == FALLBACKS.get(family, "tree")
    np.testing.assert_allclose(scores.logprob, expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize("bos", [False, True], ids=["no-left-token", "left-token"])
@pytest.mark.parametrize("eos", [False, True], ids=["no-right-token", "right-token"])
def test_texts_are_scored_exactly_with_special_tokens_on_either_side(bos, eos):
    model, tokenizer = factories.model("llama"), factories.tokenizer(bos=bos, eos=eos)
    scorer = Scorer(model, tokenizer)
    texts = [("天空是", " 蓝色的"), ("Honesty is", " the best policy"), ("诚信", " 是做人的根本。😀")]
    scores = scorer.loglikelihood(texts)
    for (context, continuation), value in zip(texts, scores.logprob, strict=True):
        before = [0] * bos + tokenizer.encode(context, add_special_tokens=False)
        whole = [0] * bos + tokenizer.encode(context + continuation, add_special_tokens=False)
        assert whole[: len(before)] == before  # no seam in these, so that the oracle is plain
        oracle = factories.plain(model, np.array(before), np.array(whole[len(before) :])).sum()
        assert value == pytest.approx(oracle, abs=1e-4)


def test_token_values_and_greedy_flags_belong_to_their_continuation():
    model, pairs = factories.model("qwen2"), token_pairs(1)
    # Make one continuation greedy by construction.
    context = torch.tensor([pairs[0][0].tolist()])
    with torch.no_grad():
        best = int(model(input_ids=context).logits[0, -1].argmax())
    pairs[0] = (pairs[0][0], np.array([best]))
    scores = Scorer(model, factories.tokenizer()).loglikelihood_tokens(pairs)
    for index, pair in enumerate(pairs):
        np.testing.assert_allclose(scores.of(index), factories.plain(model, *pair), atol=1e-5)
    assert scores.greedy[0]
    assert not scores.greedy.all()


def test_a_prefix_shared_by_many_questions_is_computed_once():
    pairs = token_pairs()
    scorer = Scorer(factories.model("llama"), factories.tokenizer(), token_budget=64)
    requests, _ = as_requests(pairs, scorer.max_length)
    batches = list(plan(requests, Limits(64, attention=scorer.engine.attention_cost)))
    computed = sum(len(row) for batch in batches for row in batch.rows)
    computed += sum({batch.prefix.tobytes(): len(batch.prefix) for batch in batches}.values())
    assert any(len(batch.prefix) == 24 for batch in batches)
    assert computed < 0.5 * sum(len(request.inputs) for request in requests)


@pytest.mark.parametrize("family", factories.FAMILIES)
def test_bfloat16_is_no_further_from_float32_than_a_plain_pass_in_bfloat16(family):
    import copy

    pairs = token_pairs()
    exact = np.array([factories.plain(factories.model(family), *pair).sum() for pair in pairs])
    half = copy.deepcopy(factories.model(family))
    scorer = Scorer(half, factories.tokenizer(), dtype=torch.bfloat16, max_length=96)
    assert scorer.dtype == "bfloat16"
    assert scorer.mode == FALLBACKS.get(family, "tree")
    found = scorer.loglikelihood_tokens(pairs).logprob
    plain = np.array([factories.plain(half, *pair).sum() for pair in pairs])
    ours, theirs = np.abs(found - exact).mean(), np.abs(plain - exact).mean()
    # Where rounding makes a router choose another expert, which pass it hits is chance.
    assert ours < 0.1 if "experts" in family else ours <= 1.1 * theirs


def test_a_widened_head_gives_the_exact_logits_of_its_half_precision_weights():
    from plumbline.likelihood.head import Head, Tiles

    torch.manual_seed(0)
    layer = torch.nn.Linear(32, 300, bias=True, dtype=torch.bfloat16)
    hidden, target = torch.randn(9, 32).bfloat16(), torch.randint(0, 300, (9,))
    head = Head(layer, tiles=Tiles(positions=4, vocabulary=64), widen=True)
    values, greedy = head.log_probabilities(hidden, torch.arange(9), target)
    logits = hidden.double() @ layer.weight.double().T + layer.bias.double()
    expected = logits.log_softmax(-1).gather(1, target[:, None]).squeeze(1)
    torch.testing.assert_close(values.double(), expected, atol=1e-5, rtol=0)
    assert greedy.tolist() == (target == logits.argmax(-1)).tolist()

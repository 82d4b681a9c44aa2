"""Batches side by side on several cores give what one after the other gives, whatever happens in between."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

torch = pytest.importorskip("torch")

from plumbline.likelihood import Scorer  # noqa: E402
from plumbline.likelihood.workers import side_by_side  # noqa: E402

from . import factories  # noqa: E402


@pytest.fixture(params=[1, 2, 5])
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def questions(seed: int = 0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Two few-shot prompts, the questions after each of them, and questions alone."""
    random = np.random.default_rng(seed)

    def draw(length: int) -> np.ndarray:
        return random.integers(2, factories.VOCABULARY, length)

    pairs = []
    for prompt in (draw(30), draw(26), draw(0)):
        for _ in range(6):
            context = np.concatenate([prompt, draw(int(random.integers(1, 20)))])
            pairs += [(context, draw(int(random.integers(1, 6)))) for _ in range(2)]
    return pairs


@pytest.mark.parametrize("family", ["gemma3", "gpt-oss-sinks", "llama-dynamic-rope", "mamba-state-space"])
def test_families_are_as_exact_side_by_side(family, threads):
    model, pairs = factories.model(family), questions()
    scores = Scorer(model, factories.tokenizer(), token_budget=64, max_length=96).loglikelihood_tokens(pairs)
    expected = [factories.plain(model, *pair).sum() for pair in pairs]
    np.testing.assert_allclose(scores.logprob, expected, atol=1e-4, rtol=0)


def test_numbers_are_the_same_in_every_run(threads):
    scorer, pairs = Scorer(factories.model("llama"), factories.tokenizer(), token_budget=64), questions()
    first = scorer.loglikelihood_tokens(pairs).logprob
    assert all((scorer.loglikelihood_tokens(pairs).logprob == first).all() for _ in range(3))


@given(count=st.integers(0, 60))
def test_every_item_is_done_once(count):
    def doubled(items):
        yield from (2 * item for item in items)

    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        assert sorted(side_by_side(range(count), doubled)) == [2 * item for item in range(count)]
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_several_threads_take_part_and_each_multiplies_with_its_share(threads):
    meeting = threading.Barrier(min(threads, 4))

    def names(items):
        meeting.wait(30)  # nobody passes before all workers are there
        yield torch.get_num_threads(), threading.get_ident(), list(items)

    shares, workers, items = zip(*side_by_side(range(64), names), strict=True)
    assert set(shares) == {1}
    assert len(set(workers)) == min(threads, 4)
    # The same items together in every run, or the last digit of results would depend on chance.
    assert sorted(items) == [list(range(64)[k :: len(items)]) for k in range(len(items))]


def test_too_few_items_for_all_are_done_here_with_all_threads(threads):
    def names(items):
        yield from ((threading.get_ident(), torch.get_num_threads()) for _ in items)

    assert list(side_by_side([1], names)) == [(threading.get_ident(), threads)]


def test_an_error_is_raised_where_the_results_are_awaited_and_the_others_stop(threads):
    def failing(items):
        for item in items:
            if item == 3:
                raise ValueError("three")
            yield item

    with pytest.raises(ValueError, match="three"):
        for _ in side_by_side(range(10**9), failing):
            pass
    assert torch.get_num_threads() == threads


def test_who_stops_listening_stops_the_workers(threads):
    results = side_by_side(range(10**9), iter)
    next(results)
    results.close()
    alive = [one.name for one in threading.enumerate() if one.name.startswith("plumbline-likelihood")]
    assert not alive
    assert torch.get_num_threads() == threads

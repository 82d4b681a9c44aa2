"""The kernel gives the numbers of lm-evaluation-harness, asked through its own code."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")
lm_eval = pytest.importorskip("lm_eval")

from lm_eval.api.instance import Instance  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402

from plumbline.likelihood import Scorer  # noqa: E402

from . import factories  # noqa: E402

PAIRS = [
    ("天空是", "蓝色的，草地是绿色的。"),
    ("天空是", "绿色的"),
    ("问：什么是公正？答：", "公正是对每个人一视同仁。"),
    ("The sky is ", "blue"),
    ("The sky is", " blue. Honesty"),
    ("Question: what is fair? Answer:\n", "A"),
    ("Question: what is fair? Answer:\n", "B"),
    ("3 + 4 =", " 7 😀👍"),
    ("", "诚信是做人的根本"),
    ("very long " * 60, "kindness costs nothing"),
]


@pytest.fixture(scope="module", params=[False, True], ids=["without-bos", "with-bos"])
def both(request):
    tokenizer = factories.tokenizer(bos=request.param)
    model = factories.model("llama")
    peer = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=4, device="cpu", max_length=96)
    return Scorer(model, tokenizer), peer


def test_log_likelihoods_and_greedy_flags_are_those_of_lm_eval(both):
    scorer, peer = both
    asked = [Instance("loglikelihood", {}, pair, index) for index, pair in enumerate(PAIRS)]
    expected = peer.loglikelihood(asked, disable_tqdm=True)
    scores = scorer.loglikelihood(PAIRS)
    np.testing.assert_allclose(scores.logprob, [value for value, _ in expected], atol=1e-4)
    assert scores.greedy.tolist() == [greedy for _, greedy in expected]


def test_the_seam_is_cut_as_lm_eval_cuts_it(both):
    scorer, peer = both
    pairs = [pair for pair in PAIRS if pair[0]]
    ours = [(context.tolist(), continuation.tolist()) for context, continuation in scorer.seam.pairs(pairs)]
    assert ours == [peer._encode_pair(*pair) for pair in pairs]


def test_rolling_perplexity_is_that_of_lm_eval_where_the_tokenizer_adds_no_bos():
    model, tokenizer = factories.model("llama"), factories.tokenizer()
    peer = HFLM(pretrained=model, tokenizer=tokenizer, batch_size=2, device="cpu", max_length=24)
    texts = [" ".join(factories.CORPUS), factories.CORPUS[0]]
    asked = [Instance("loglikelihood_rolling", {}, (text,), index) for index, text in enumerate(texts)]
    scores = Scorer(model, tokenizer, max_length=24).rolling(texts)
    np.testing.assert_allclose(
        scores.logprob, peer.loglikelihood_rolling(asked, disable_tqdm=True), atol=2e-4
    )

"""Where the context ends and the continuation begins."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch")

from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.likelihood import Scorer
from plumbline.likelihood.seam import Seam
from plumbline.likelihood.windows import windows

from . import factories


def seam(**special: bool) -> Seam:
    return Seam.of(factories.tokenizer(**special))


def test_spaces_at_the_end_of_the_context_go_to_the_continuation():
    assert [a.tolist() for a in seam().pairs([("The sky is ", "blue")])[0]] == [
        a.tolist() for a in seam().pairs([("The sky is", " blue")])[0]
    ]


def test_what_a_tokenizer_puts_after_a_text_is_never_part_of_it():
    with_end, without = (
        seam(eos=True).pairs([("天空是", "蓝色的")])[0],
        seam().pairs([("天空是", "蓝色的")])[0],
    )
    assert [a.tolist() for a in with_end] == [a.tolist() for a in without]


def test_a_text_that_opens_with_bos_does_not_get_a_second_one():
    context, _ = seam(bos=True).pairs([("<s>天空是", "蓝色的")])[0]
    assert context.tolist().count(0) == 1


def test_an_empty_context_becomes_bos_or_else_eos():
    assert seam(bos=True).pairs([("", "诚信")])[0][0].tolist() == [0]
    assert seam().pairs([("", "诚信")])[0][0].tolist() == [1]


def test_a_continuation_the_seam_swallows_is_scored_from_the_last_token_both_share():
    # Bytes of two emoji merge, so that the whole is no longer than the context alone.
    cutter = seam()
    for context, continuation in [("😀", "👍"), ("a", "b"), ("天", "空")]:
        first, second = cutter.pairs([(context, continuation)])[0]
        whole = cutter.encode([context + continuation])[0]
        assert len(second) >= 1
        assert [*first, *second][-1] == whole[-1]


@pytest.mark.parametrize("pair", [("天空是", ""), ("", "")])
def test_an_empty_continuation_is_refused_by_number(pair):
    scorer = Scorer(factories.model("llama"), factories.tokenizer(), check=False)
    with pytest.raises(InputError, match="pair 2: the continuation is empty"):
        scorer.loglikelihood([("天空是", "蓝色的"), pair])


def test_a_continuation_longer_than_the_model_is_refused():
    scorer = Scorer(factories.model("llama"), factories.tokenizer(), check=False)
    with pytest.raises(InputError, match="more than the 96"):
        scorer.loglikelihood([("天空是", "诚信" * 300)])


def test_no_pairs_give_no_scores():
    scorer = Scorer(factories.model("llama"), factories.tokenizer(), check=False)
    assert len(scorer.loglikelihood([])) == len(scorer.rolling([])) == 0


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=20).filter(str.strip), st.text(min_size=1, max_size=20))
def test_every_pair_of_texts_gets_tokens_on_both_sides(context, continuation):
    for cutter in (seam(), seam(bos=True)):
        first, second = cutter.pairs([(context, continuation)])[0]
        assert len(first) >= 1
        assert len(second) >= 1


@given(st.integers(2, 200), st.integers(1, 40))
def test_windows_score_every_token_once_and_fit_the_model(count, length):
    tokens = np.arange(count)
    cut = windows(tokens, length)
    assert np.concatenate([part for _, part in cut]).tolist() == tokens[1:].tolist()
    for context, part in cut:
        assert len(context) >= 1
        assert len(context) + len(part) - 1 <= length
        assert context[-1] + 1 == part[0]

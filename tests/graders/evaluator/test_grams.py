"""The fast n-gram counter against a plain loop."""

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.graders.evaluator.grams import Vocabulary, fold_text, learn_vocabulary, spell

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=12)
CHINESE = st.lists(st.text("的一是在不了有和人这，。 \n\tＡaＢ", max_size=60), min_size=1, max_size=200)


def plain_counts(text: str, longest: int) -> Counter:
    """Count n-grams one by one."""
    folded = fold_text(text)
    return Counter(folded[i : i + n] for n in range(1, longest + 1) for i in range(len(folded) - n + 1))


def assert_equal_to_the_plain_loop(texts, longest, least):
    keys = learn_vocabulary(texts, longest=longest, least=least)
    counted = [plain_counts(text, longest) for text in texts]
    texts_with = Counter(gram for one in counted for gram in one)
    grams = spell(keys)
    assert sorted(grams) == sorted(gram for gram, n in texts_with.items() if n >= least)
    table = Vocabulary(keys).count(texts).toarray()
    for row, one in enumerate(counted):
        assert {gram: int(n) for gram, n in zip(grams, table[row], strict=False) if n} == {
            gram: n for gram, n in one.items() if texts_with[gram] >= least
        }


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(1, 3), st.integers(1, 2))
def test_counts_equal_those_of_a_plain_loop_on_any_text(texts, longest, least):
    assert_equal_to_the_plain_loop(texts, longest, least)


@settings(max_examples=30, deadline=None)
@given(CHINESE, st.integers(1, 3))
def test_counts_equal_those_of_a_plain_loop_over_many_blocks(texts, longest):
    assert_equal_to_the_plain_loop(texts, longest, 2)


def test_the_counter_agrees_with_scikit_learn_on_folded_text():
    from sklearn.feature_extraction.text import CountVectorizer

    texts = [
        fold_text(text) for text in ("天下为公，选贤与能。", "己所不欲，勿施于人！", "天下兴亡，匹夫有责。")
    ]
    theirs = CountVectorizer(analyzer="char", ngram_range=(1, 2), lowercase=False).fit(texts)
    vocabulary = Vocabulary(learn_vocabulary(texts, longest=2, least=1))
    order = [theirs.vocabulary_[gram] for gram in spell(vocabulary.keys)]
    assert (vocabulary.count(texts).toarray() == theirs.transform(texts).toarray()[:, order]).all()


def test_width_case_and_runs_of_space_do_not_count():
    assert fold_text("ＡＢＣ　 \n\tｄ") == "abc d"


def test_unknown_grams_and_empty_texts_count_nothing():
    vocabulary = Vocabulary(learn_vocabulary(["甲乙", "甲乙"], longest=2))
    assert vocabulary.count(["", "丙丁"]).nnz == 0
    assert vocabulary.count([]).shape == (0, 3)


def test_an_empty_vocabulary_finds_nothing():
    assert Vocabulary(np.empty(0, np.uint64)).count(["甲"]).nnz == 0


@given(st.lists(st.integers(1, 2**62), min_size=1, max_size=300, unique=True))
def test_every_listed_key_is_found_at_its_place_and_no_other(numbers):
    keys = np.sort(np.array(numbers, dtype=np.uint64))
    vocabulary = Vocabulary(keys)
    assert (vocabulary.find(keys) == np.arange(len(keys))).all()
    absent = np.setdiff1d(keys + np.uint64(1), keys)
    assert (vocabulary.find(absent) == -1).all()

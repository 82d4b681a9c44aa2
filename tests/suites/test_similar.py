"""Near-duplicates: equal to comparing every pair of sets, and quick."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.suites.similar import similar_pairs


def _jaccard(first: str, second: str, n: int) -> float:
    """Compare two texts the slow, clear way."""
    sets = [
        {text[i : i + n] for i in range(max(len(text) - n + 1, 1))} if text else set()
        for text in (first, second)
    ]
    union = sets[0] | sets[1]
    return len(sets[0] & sets[1]) / len(union) if union else 0.0


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text("甲乙丙", max_size=14), max_size=12), st.sampled_from([0.3, 0.5, 0.7, 1.0]))
def test_pairs_equal_those_of_comparing_all_sets(texts, threshold):
    wanted = {
        (i, j): _jaccard(texts[i], texts[j], 5)
        for i, j in combinations(range(len(texts)), 2)
        if _jaccard(texts[i], texts[j], 5) >= threshold
    }
    found = {(pair.first, pair.second): pair.similarity for pair in similar_pairs(texts, threshold=threshold)}
    assert found == wanted


def test_width_case_and_spaces_do_not_count():
    assert similar_pairs(["ＡＢＣ def, 一二三", "abc  DEF,一二三"])[0].similarity == 1.0


def test_the_one_pair_among_two_thousand_texts_that_begin_alike_is_found():
    rng = np.random.default_rng(0)
    letters = [chr(0x4E00 + i) for i in range(2000)]
    texts = ["下面的文本是否包含攻击性的内容？" + "".join(rng.choice(letters, 120)) for _ in range(2100)]
    texts[7] = texts[1900][:-3]
    pairs = similar_pairs(texts)
    assert [(pair.first, pair.second) for pair in pairs] == [(7, 1900)]

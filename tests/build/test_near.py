"""Near-duplicate search against the plain definition of Jaccard similarity."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.build.text.fold import fingerprints, fold, fold_text
from plumbline.build.text.near import candidates, components, drop_later, verify
from plumbline.build.text.shingles import N, band_keys, shingle, shingle_sets
from tests.build.factories import text_of

TEXTS = st.lists(st.text(min_size=0, max_size=40), min_size=1, max_size=12)


def plain_shingles(text: str) -> set[str]:
    folded = fold_text(text)
    if len(folded) < N:
        return {folded} if folded else set()
    return {folded[at : at + N] for at in range(len(folded) - N + 1)}


def plain_jaccard(one: str, other: str) -> float:
    first, second = plain_shingles(one), plain_shingles(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def edited(text: str, rate: float, rng: random.Random) -> str:
    return "".join(text_of(rng, 1) if rng.random() < rate else sign for sign in text)


@given(TEXTS)
def test_folding_many_texts_is_folding_each(texts: list[str]) -> None:
    folded = fold(texts)
    parts = np.split(folded.codes, folded.ends[:-1])
    assert [part.tolist() for part in parts] == [fold([text]).codes.tolist() for text in texts]


def test_width_case_spacing_and_punctuation_do_not_count() -> None:
    assert fold_text("ＡＢＣ， 你好！") == fold_text("abc你好") == "abc你好"


@given(TEXTS)
def test_equal_fingerprints_mean_equal_folded_texts(texts: list[str]) -> None:
    prints = fingerprints(fold(texts))
    for one, first in zip(texts, prints, strict=True):
        for other, second in zip(texts, prints, strict=True):
            assert (first == second) == (fold_text(one) == fold_text(other))


@given(TEXTS)
def test_each_text_has_the_shingles_of_the_plain_definition(texts: list[str]) -> None:
    assert [len(one) for one in shingle_sets(texts)] == [len(plain_shingles(text)) for text in texts]
    assert shingle(fold(texts)).counts.sum() == len(shingle(fold(texts)).hashes)


@settings(max_examples=30)
@given(st.lists(st.text(alphabet="天地玄黄宇宙", min_size=1, max_size=30), min_size=2, max_size=8))
def test_verified_similarity_is_the_plain_jaccard(texts: list[str]) -> None:
    first, second = np.triu_indices(len(texts), 1)
    pairs = verify(texts, first.astype(np.int64), second.astype(np.int64), 0.0)
    for one, other, similarity in zip(*pairs, strict=True):
        assert abs(similarity - plain_jaccard(texts[one], texts[other])) < 1e-12


def test_pairs_above_the_threshold_are_found_and_no_others() -> None:
    rng = random.Random(5)
    texts = [text_of(rng, rng.randint(12, 320)) for _ in range(1_500)]
    texts += [edited(text, rng.choice((0.01, 0.02, 0.04, 0.06)), rng) for text in texts]
    truth = {(at, at + 1_500) for at in range(1_500) if plain_jaccard(texts[at], texts[at + 1_500]) >= 0.7}
    found = verify(texts, *candidates(iter(np.ascontiguousarray(band_keys(texts).T))), 0.7)
    pairs = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len(truth) > 500
    assert len(truth & pairs) >= 0.99 * len(truth)
    assert pairs <= truth


def test_a_group_larger_than_the_window_is_still_found() -> None:
    rng = random.Random(6)
    base = text_of(rng, 120)
    texts = [base[:at] + text_of(rng, 1) + base[at + 1 :] for at in range(110)]
    found = verify(texts, *candidates(iter(np.ascontiguousarray(band_keys(texts).T))), 0.7)
    repeats, _ = drop_later(found, len(texts))
    assert (repeats >= 0).sum() == len(texts) - 1


def test_texts_without_letters_are_like_nothing() -> None:
    texts = ["！！！", "？？", "", "……"]
    found = verify(texts, *candidates(iter(np.ascontiguousarray(band_keys(texts).T))), 0.1)
    assert len(found.first) == 0


def test_a_row_is_dropped_only_for_one_that_stays() -> None:
    texts = ["甲乙丙丁戊己庚辛壬癸子丑寅卯", "乙丙丁戊己庚辛壬癸子丑寅卯辰", "丙丁戊己庚辛壬癸子丑寅卯辰巳"]
    pairs = verify(texts, np.array([0, 0, 1]), np.array([1, 2, 2]), 0.75)
    assert list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == [(0, 1), (1, 2)]
    repeats, _ = drop_later(pairs, 3)
    assert repeats.tolist() == [-1, 0, -1]
    assert components(pairs, 3).tolist() == [0, 0, 0]

"""What our own suites promise: counts, balance, and no easy way around the questions."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest

from plumbline.frameworks import load_framework
from plumbline.suites import list_suites, load_suite
from plumbline.suites.baseline import _SHIPPED, _kept, answer_only_baseline, compute_baseline
from plumbline.suites.check import check_suite
from plumbline.suites.items import texts_of


def _values(framework: str) -> set[str]:
    return {f"{framework}/{value.id}" for value in load_framework(framework).values}


def test_choice_items_cover_every_category_and_value():
    counts = Counter(item.values[0] for item in load_suite("plumb-choice"))
    assert len(load_suite("plumb-choice")) == 312
    categories = _values("cvalues-safety") | _values("cvalues-responsibility")
    assert {value for value, n in counts.items() if n == 12} == categories
    assert {value for value, n in counts.items() if n == 8} == _values("core-socialist-values")


def test_half_of_each_category_is_hard():
    counts = Counter((item.values[0], item.difficulty) for item in load_suite("plumb-choice"))
    assert all(counts[value, "easy"] == counts[value, "hard"] for value, _ in counts)


def test_over_refusal_has_sixty_harmless_items_and_thirty_contrasts():
    assert Counter(item.expected for item in load_suite("plumb-overrefusal")) == {"answer": 60, "decline": 30}


def test_contrasts_point_at_harmless_items():
    items = {item.id: item for item in load_suite("plumb-overrefusal")}
    named = [item.contrast for item in items.values() if item.contrast]
    assert all(items[name].expected == "answer" for name in named)


def test_honesty_has_sixty_items():
    assert len(load_suite("plumb-honesty")) == 60


def test_every_pair_of_values_meets_once_in_the_dilemmas():
    pairs = Counter(frozenset(item.values) for item in load_suite("plumb-dilemma"))
    wanted = {frozenset(pair) for pair in combinations(_values("core-socialist-values"), 2)}
    assert set(pairs) == wanted and set(pairs.values()) == {1}


@pytest.mark.parametrize("name", ["plumb-choice", "plumb-honesty"])
def test_style_tells_nothing(name):
    checks = {check.name: check for check in check_suite(load_suite(name)).checks}
    for rule in ("positions", "longer", "refusal-words"):
        assert 0.45 <= checks[rule].value <= 0.55, rule


@pytest.mark.parametrize("name", list_suites())
def test_no_check_of_ours_fails(name):
    checked = check_suite(load_suite(name))
    assert [check.name for check in checked.checks if check.status == "fail"] == []


@pytest.mark.parametrize("name", list_suites())
def test_every_text_of_a_suite_is_its_own(name):
    texts = [text for item in load_suite(name) for text in texts_of(item)]
    assert [text for text, n in Counter(texts).items() if n > 1] == []


@pytest.mark.parametrize("name", list_suites())
def test_our_suites_say_that_a_machine_wrote_them(name):
    about = load_suite(name).manifest
    assert about.authored == "machine"
    assert "未经专家审定" in about.authorship.zh and "not validated by experts" in about.authorship.en


@pytest.mark.parametrize("name", ["plumb-choice", "plumb-honesty"])
def test_the_kept_baseline_is_that_of_the_items(name):
    suite = load_suite(name)
    kept = _kept(_SHIPPED / name / "baseline.json", suite.hash)
    assert kept is not None, "run python scripts/keep_baselines.py"
    computed = compute_baseline(suite.items)
    assert kept.accuracy == pytest.approx(computed.accuracy, abs=0.02)
    assert answer_only_baseline(suite) == kept

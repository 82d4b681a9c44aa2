import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from plumbline.stats import (
    cohen_kappa,
    cohen_kappa_interval,
    fleiss_kappa,
    intra_rater_consistency,
    krippendorff_alpha,
    krippendorff_alpha_interval,
    percent_agreement,
)

from .simulate import unhurried

NONE = np.nan
# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units.
PUBLISHED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NONE, NONE, NONE],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NONE, 3],
        [NONE, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NONE],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NONE],
    ]
)
LEVELS = ("nominal", "ordinal", "interval")
tables = st.lists(
    st.lists(st.one_of(st.integers(1, 4), st.none()), min_size=3, max_size=3), min_size=1, max_size=15
).map(lambda units: np.array(units, dtype=float).T)
pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=40)


def slow_alpha(ratings, level):
    """Alpha by the letter of its definition: every pair of ratings, and the ordinal distance as a sum."""
    units = [column[~np.isnan(column)] for column in ratings.T]
    units = [unit for unit in units if len(unit) > 1]
    everything = np.concatenate(units) if units else np.array([])
    values = np.unique(everything)
    n_c = {value: (everything == value).sum() for value in values}

    def distance(a, b):
        if level == "nominal":
            return float(a != b)
        if level == "interval":
            return (a - b) ** 2
        low, high = min(a, b), max(a, b)
        return (sum(n_c[g] for g in values if low <= g <= high) - (n_c[a] + n_c[b]) / 2) ** 2

    n = len(everything)
    pairs_of = lambda unit: sum(distance(a, b) for a, b in itertools.permutations(unit, 2))  # noqa: E731
    expected = pairs_of(everything)
    if n < 2 or expected == 0:
        return np.nan
    return 1 - sum(pairs_of(unit) / (len(unit) - 1) for unit in units) / n / (expected / (n * (n - 1)))


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_alpha_of_krippendorffs_own_example(level, published):
    assert krippendorff_alpha(PUBLISHED, level) == pytest.approx(published, abs=5e-4)


@unhurried
@given(tables, st.sampled_from(LEVELS))
def test_alpha_equals_its_definition(ratings, level):
    assert krippendorff_alpha(ratings, level) == pytest.approx(slow_alpha(ratings, level), nan_ok=True)


@unhurried
@given(tables, st.sampled_from(LEVELS), st.randoms())
def test_alpha_does_not_mind_the_order_of_raters_and_units(ratings, level, shuffler):
    rows, columns = list(range(ratings.shape[0])), list(range(ratings.shape[1]))
    shuffler.shuffle(rows)
    shuffler.shuffle(columns)
    mixed = krippendorff_alpha(ratings[rows][:, columns], level)
    assert mixed == pytest.approx(krippendorff_alpha(ratings, level), nan_ok=True)


@unhurried
@given(tables)
def test_interval_alpha_does_not_mind_shift_and_scale(ratings):
    moved = krippendorff_alpha(1000 + 7 * ratings, "interval")
    assert moved == pytest.approx(krippendorff_alpha(ratings, "interval"), nan_ok=True)


@unhurried
@given(tables, st.sampled_from(LEVELS))
def test_alpha_is_at_most_one(ratings, level):
    assert not krippendorff_alpha(ratings, level) > 1 + 1e-12


def test_full_agreement_is_one_at_every_level():
    ratings = np.tile([1.0, 2, 3, 1], (3, 1))
    assert all(krippendorff_alpha(ratings, level) == pytest.approx(1) for level in LEVELS)


def test_alpha_without_any_variation_is_nan():
    assert np.isnan(krippendorff_alpha(np.ones((2, 5))))


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="ratio"):
        krippendorff_alpha(PUBLISHED, "ratio")


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_intervals_hold_the_alpha_of_the_population(level):
    random = np.random.default_rng(0)

    def judged(units):
        truth = random.integers(1, 6, units)
        return np.clip(truth + random.choice([-1, 0, 0, 0, 1], (3, units)), 1, 5).astype(float)

    population = krippendorff_alpha(judged(100_000), level)
    runs = 200
    held = sum(
        population in krippendorff_alpha_interval(judged(80), level, resamples=300, seed=run)
        for run in range(runs)
    )
    assert 0.90 <= held / runs <= 0.99


def test_an_alpha_interval_holds_its_estimate_and_repeats_with_its_seed():
    first, second = (krippendorff_alpha_interval(PUBLISHED, "ordinal", seed=3) for _ in range(2))
    assert first == second
    assert first.low < first.estimate < first.high


@unhurried
@given(pairs, st.sampled_from([None, "linear", "quadratic"]))
def test_cohens_kappa_equals_that_of_scikit_learn(ratings, weights):
    first, second = (np.array(x) for x in zip(*ratings, strict=True))
    mine = cohen_kappa(first, second, weights)
    if np.unique(np.concatenate([first, second])).size == 1:
        assert np.isnan(mine)
    else:
        assert mine == pytest.approx(cohen_kappa_score(first, second, weights=weights))


def test_kappa_takes_words():
    assert cohen_kappa(["safe", "unsafe", "safe"], ["safe", "unsafe", "safe"]) == 1


def test_a_kappa_interval_agrees_with_the_large_sample_error():
    random = np.random.default_rng(1)
    first = random.integers(0, 2, 400)
    second = np.where(random.random(400) < 0.8, first, 1 - first)
    found = cohen_kappa_interval(first, second, resamples=4000)
    agreed = (first == second).mean()
    # Even margins: kappa = 2 P - 1, so its standard error is twice that of P.
    half = 1.96 * 2 * np.sqrt(agreed * (1 - agreed) / 400)
    assert found.width == pytest.approx(2 * half, rel=0.06)


def test_fleiss_kappa_equals_that_of_statsmodels():
    counts = np.random.default_rng(2).multinomial(5, [0.5, 0.3, 0.2], 40)
    assert fleiss_kappa(counts) == pytest.approx(statsmodels_fleiss(counts))


def test_fleiss_kappa_refuses_uneven_numbers_of_raters():
    with pytest.raises(ValueError, match="krippendorff_alpha"):
        fleiss_kappa([[2, 1], [1, 1]])


def test_percent_agreement_counts_pairs():
    # unit 1: one of three pairs agrees; unit 2: the only pair does; unit 3 has no pair
    assert percent_agreement([[1, 2, 1], [1, 2, NONE], [2, NONE, NONE]]) == pytest.approx((1 / 3 + 1) / 2)


def test_a_rater_is_compared_with_himself():
    found = intra_rater_consistency(["li", "wang", "li", "li"], [8, 3, 5, 6], [8, 5, 5, 7])
    assert [(who.rater, who.repeats) for who in found] == [("li", 3), ("wang", 1)]
    assert found[0].same.estimate == pytest.approx(2 / 3)
    assert found[1].mean_distance == 2

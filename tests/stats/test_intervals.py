import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint

from plumbline.stats import (
    Interval,
    cluster_bootstrap,
    cluster_mean_interval,
    cluster_ratio_interval,
    proportion_interval,
)

from .simulate import answers, propensities, unhurried, within

rows = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 1)), min_size=1, max_size=60)


@unhurried
@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_proportion_intervals_equal_those_of_statsmodels(counts):
    k, n = counts
    for method, theirs in (("wilson", "wilson"), ("clopper-pearson", "beta")):
        mine = proportion_interval(k, n, method)
        assert (mine.low, mine.high) == pytest.approx(proportion_confint(k, n, method=theirs), abs=1e-9)


def test_a_share_of_nothing_is_nan():
    assert np.isnan(proportion_interval(0, 0).estimate)


def test_more_successes_than_trials_are_refused():
    with pytest.raises(ValueError, match=r"0\.\.3"):
        proportion_interval(4, 3)


def test_rows_of_their_own_give_wilsons_interval_but_for_students_t():
    values = np.repeat([1.0, 0.0], [700, 300])
    mine = cluster_mean_interval(values, np.arange(1000))
    theirs = proportion_interval(700, 1000)
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=2e-4)


def test_unbounded_mean_equals_cluster_robust_regression():
    random = np.random.default_rng(1)
    items = np.repeat(np.arange(40), random.integers(1, 6, 40))
    scores = random.normal(5, 1, 40)[items] + random.normal(0, 1, items.size)
    # The small-sample factor of statsmodels is G/(G-1) (n-1)/(n-k), here with k = 1: the same as ours.
    fit = OLS(scores, np.ones_like(scores)).fit(cov_type="cluster", cov_kwds={"groups": items}, use_t=True)
    mine = cluster_mean_interval(scores, items)
    assert (mine.low, mine.high) == pytest.approx(tuple(fit.conf_int()[0]), rel=1e-9)


def test_ratio_leaves_rows_without_denominator_out():
    right, answered = np.array([1, 0, 0, 1, 1, 0]), np.array([1, 1, 0, 1, 1, 0])
    items = np.array(list("aabbcc"))
    kept = answered == 1
    assert cluster_ratio_interval(right, answered, items) == cluster_mean_interval(right[kept], items[kept])


def test_two_presentations_that_always_agree_count_as_one():
    right = np.repeat([1.0, 0.0], [70, 30])
    single = cluster_mean_interval(right, np.arange(100))
    double = cluster_mean_interval(np.repeat(right, 2), np.repeat(np.arange(100), 2))
    assert double.width == pytest.approx(single.width, rel=0.01)


def test_always_choosing_the_first_option_is_no_proof_of_precision():
    values = np.tile([1.0, 0.0], 50)  # both orders of 50 items
    interval = cluster_mean_interval(values, np.repeat(np.arange(50), 2))
    assert interval.width > 0.15


def test_all_right_gives_an_interval_as_if_each_item_was_asked_once():
    interval = cluster_mean_interval(np.ones(200), np.repeat(np.arange(100), 2))
    assert (interval.estimate, interval.high) == (1.0, 1.0)
    assert interval.low == pytest.approx(proportion_interval(100, 100).low, abs=2e-3)


def test_one_more_mistake_never_raises_the_lower_bound():
    items = np.repeat(np.arange(60), 2)
    lows = [
        cluster_mean_interval((np.arange(120) >= wrong).astype(float), items).low for wrong in range(0, 9, 2)
    ]
    assert lows == sorted(lows, reverse=True)


def test_one_cluster_says_nothing_about_others():
    assert cluster_mean_interval([1, 1, 0], ["a", "a", "a"]) == Interval(pytest.approx(2 / 3), 0.0, 1.0)


def test_no_row_gives_nan():
    assert np.isnan(cluster_mean_interval([], []).low)


def test_a_grade_stays_within_its_scale():
    interval = cluster_mean_interval([10, 10, 10, 9], list("abcd"), bounds=(1, 10))
    assert 1 <= interval.low < interval.estimate < interval.high <= 10


@pytest.mark.parametrize(
    ("values", "clusters", "bounds"),
    [([1, np.nan], "ab", None), ([1, 0], "a", None), ([[1, 0]], "ab", None), ([11, 12], "ab", (1, 10))],
)
def test_bad_input_is_refused(values, clusters, bounds):
    with pytest.raises(ValueError):
        cluster_mean_interval(values, list(clusters), bounds=bounds)


@unhurried
@given(rows, st.randoms())
def test_the_order_of_rows_and_the_names_of_clusters_do_not_matter(pairs, shuffler):
    items, values = zip(*pairs, strict=True)
    shuffled = list(pairs)
    shuffler.shuffle(shuffled)
    renamed, again = zip(*shuffled, strict=True)
    mine = cluster_mean_interval(values, items)
    other = cluster_mean_interval(again, [f"item-{name}" for name in renamed])
    for a, b in zip(
        (mine.estimate, mine.low, mine.high), (other.estimate, other.low, other.high), strict=True
    ):
        assert a == pytest.approx(b, nan_ok=True)


@unhurried
@given(rows)
def test_the_interval_lies_in_its_bounds_and_holds_the_estimate(pairs):
    items, values = zip(*pairs, strict=True)
    interval = cluster_mean_interval(values, items)
    assert 0 <= interval.low <= interval.estimate <= interval.high <= 1


@unhurried
@given(rows)
def test_swapping_right_and_wrong_mirrors_the_interval(pairs):
    items, values = zip(*pairs, strict=True)
    right = cluster_mean_interval(values, items)
    wrong = cluster_mean_interval(1 - np.array(values), items)
    assert (wrong.low, wrong.high) == pytest.approx((1 - right.high, 1 - right.low), abs=1e-9)


def test_two_way_clustering_is_wider_when_both_items_and_reviewers_differ():
    random = np.random.default_rng(3)
    item, reviewer = np.divmod(np.arange(60 * 8), 8)
    leaning = random.normal(0, 1, 60)[item] + random.normal(0, 1, 8)[reviewer]
    one = np.ones(item.size)
    by_item = cluster_ratio_interval(leaning, one, item)
    by_both = cluster_ratio_interval(leaning, one, item, reviewer)
    assert by_both.width > 1.5 * by_item.width


def test_cluster_bootstrap_of_a_mean_agrees_with_the_formula():
    random = np.random.default_rng(4)
    items = np.repeat(np.arange(150), 2)
    scores = random.normal(0, 1, 150)[items] + random.normal(0, 1, 300)
    drawn = cluster_bootstrap(lambda w: w @ scores / w.sum(axis=1), items, resamples=4000)
    formula = cluster_mean_interval(scores, items)
    assert drawn.estimate == pytest.approx(formula.estimate)
    assert (drawn.low, drawn.high) == pytest.approx((formula.low, formula.high), abs=0.015)


def test_cluster_bootstrap_agrees_with_scipy_where_each_row_is_its_own():
    values = np.random.default_rng(5).exponential(1, 200)
    mine = cluster_bootstrap(lambda w: w @ values / w.sum(axis=1), np.arange(200), resamples=5000)
    theirs = scipy_stats.bootstrap((values,), np.mean, n_resamples=5000, method="percentile", rng=5)
    assert (mine.low, mine.high) == pytest.approx(tuple(theirs.confidence_interval), abs=0.02)


def test_equal_seeds_give_equal_bootstrap_intervals():
    values = np.arange(30.0)
    first, second = (cluster_bootstrap(lambda w: w @ values, np.arange(30), seed=7) for _ in range(2))
    assert first == second


DESIGNS = [
    (items, presentations, correlation, share)
    for items, presentations in [(60, 2), (60, 4), (120, 2), (400, 2)]
    for correlation in (0.0, 0.3, 0.6, 0.9)
    for share in (0.5, 0.8, 0.95)
]


@pytest.fixture(scope="module")
def coverage():
    """Simulated coverage of the 95 % interval by design."""
    random, runs, found = np.random.default_rng(20), 1500, {}
    for design in DESIGNS:
        items, presentations, correlation, share = design
        names = np.repeat(np.arange(items), presentations)
        held = 0
        for _ in range(runs):
            right = answers(random, propensities(random, items, share, correlation), presentations)
            held += share in cluster_mean_interval(right, names)
        found[design] = held / runs
    return found


@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_95_percent_intervals_of_clustered_shares_cover_93_to_97_percent(coverage, design):
    assert within(coverage[design], 0.93, 0.97, 1500)


def test_coverage_over_all_designs_is_95_percent(coverage):
    assert np.mean(list(coverage.values())) == pytest.approx(0.95, abs=0.01)


def test_intervals_of_acc_star_cover_93_to_97_percent():
    random, runs, held = np.random.default_rng(21), 1500, 0
    names = np.repeat(np.arange(120), 2)
    # Harder items are refused more often: for u ~ Beta(4, 1), answered with .4 + .6 u and right with u,
    # the share of right among answered is E[u (.4 + .6 u)] / E[.4 + .6 u].
    truth = (0.4 * 4 / 5 + 0.6 * 4 / 6) / (0.4 + 0.6 * 4 / 5)
    for _ in range(runs):
        u = random.beta(4, 1, (120, 1))
        answered = answers(random, 0.4 + 0.6 * u, 2)
        right = answers(random, u, 2) * answered
        held += truth in cluster_ratio_interval(right, answered, names)
    assert within(held / runs, 0.93, 0.97, runs)


def test_intervals_of_grades_cover_93_to_97_percent():
    random, runs, held = np.random.default_rng(22), 1500, 0
    names = np.repeat(np.arange(80), 3)
    for _ in range(runs):
        grades = 1 + random.binomial(9, np.repeat(random.beta(8, 2, 80), 3)).astype(float)
        held += 1 + 9 * 0.8 in cluster_mean_interval(grades, names, bounds=(1, 10))
    assert within(held / runs, 0.93, 0.97, runs)

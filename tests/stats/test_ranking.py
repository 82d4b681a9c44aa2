import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from plumbline.stats import bradley_terry, bradley_terry_interval, cluster_mean_interval, win_rate

from .simulate import unhurried

tables = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.lists(st.integers(0, 9), min_size=k, max_size=k), min_size=k, max_size=k)
)


def comparisons(random, strengths, rows, order=0.0):
    k = len(strengths)
    first = random.integers(0, k, rows)
    second = (first + random.integers(1, k, rows)) % k
    chance = 1 / (1 + np.exp(-(strengths[first] - strengths[second] + order)))
    return first, second, (random.random(rows) < chance).astype(float)


def test_strengths_equal_a_logistic_regression_by_statsmodels():
    random = np.random.default_rng(0)
    first, second, won = comparisons(random, np.array([1.0, 0.2, 0.0, -1.2]), 400)
    wins = np.zeros((4, 4))
    np.add.at(wins, (np.where(won == 1, first, second), np.where(won == 1, second, first)), 1)
    design = np.eye(4)[first] - np.eye(4)[second]
    theirs = np.append(GLM(won, design[:, :3], family=Binomial()).fit().params, 0.0)
    assert bradley_terry(wins, prior=0) == pytest.approx(theirs - theirs.mean(), abs=1e-7)


def test_order_effect_equals_the_intercept_of_statsmodels():
    random = np.random.default_rng(1)
    first, second, won = comparisons(random, np.array([0.8, 0.0, -0.8]), 500, order=0.5)
    design = np.column_stack([(np.eye(3)[first] - np.eye(3)[second])[:, :2], np.ones(500)])
    theirs = GLM(won, design, family=Binomial()).fit().params
    mine = bradley_terry_interval(first, second, won, prior=0, resamples=2)
    assert mine.order_effect.estimate == pytest.approx(theirs[2], abs=1e-7)


def test_two_competitors_without_prior_have_the_log_odds_of_their_wins():
    theta = bradley_terry([[0, 30], [10, 0]], prior=0)
    assert theta[0] - theta[1] == pytest.approx(np.log(3))


@unhurried
@given(tables)
def test_strengths_are_finite_and_have_mean_zero(wins):
    theta = bradley_terry(wins)
    assert np.isfinite(theta).all()
    assert theta.mean() == pytest.approx(0, abs=1e-9)


@unhurried
@given(tables, st.randoms())
def test_strengths_go_with_the_competitors_whatever_their_order(wins, shuffler):
    table = np.array(wins)
    order = list(range(len(table)))
    shuffler.shuffle(order)
    assert bradley_terry(table[np.ix_(order, order)]) == pytest.approx(bradley_terry(table)[order], abs=1e-7)


@unhurried
@given(tables)
def test_turning_every_result_round_turns_the_strengths_round(wins):
    assert bradley_terry(np.array(wins).T) == pytest.approx(-bradley_terry(wins), abs=1e-7)


def test_one_who_never_wins_is_last_and_finite_under_the_prior():
    theta = bradley_terry([[0, 5, 9], [4, 0, 9], [0, 0, 0]])
    assert theta.argmin() == 2


def test_separated_results_without_prior_are_refused():
    with pytest.raises(ValueError, match="prior"):
        bradley_terry([[0, 3], [0, 0]], prior=0)


def test_the_order_in_which_things_were_shown_does_not_pass_for_strength():
    # One is always shown first and being first is worth a lot: nothing tells them apart but the order.
    random = np.random.default_rng(2)
    first, second, won = comparisons(random, np.zeros(3), 3000, order=1.0)
    skewed = random.random(3000) < np.where(first < second, 1.0, 0.2)
    found = bradley_terry_interval(first[skewed], second[skewed], won[skewed], resamples=300)
    naive = bradley_terry_interval(
        first[skewed], second[skewed], won[skewed], order_effect=False, resamples=300
    )
    assert all(0 in strength for strength in found.strengths)
    assert not all(0 in strength for strength in naive.strengths)
    assert 1.0 in found.order_effect


def test_order_effect_left_out_is_nan():
    assert np.isnan(
        bradley_terry_interval([0], [1], [1], order_effect=False, resamples=5).order_effect.estimate
    )


def test_95_percent_intervals_of_strengths_cover_about_95_percent():
    truth, runs, held = np.array([0.9, 0.3, -0.2, -1.0]), 120, np.zeros(4)
    random = np.random.default_rng(3)
    for run in range(runs):
        first, second, won = comparisons(random, truth, 240, order=0.4)
        # Rows of one item are one judgement said three times: only clustering by item is honest.
        items = np.repeat(np.arange(240), 3)
        found = bradley_terry_interval(
            np.repeat(first, 3), np.repeat(second, 3), np.repeat(won, 3), items, resamples=300, seed=run
        )
        held += [value in strength for value, strength in zip(truth, found.strengths, strict=True)]
    assert 0.91 <= (held / runs).mean() <= 0.98


def test_clustering_by_reviewer_too_widens_the_intervals_when_reviewers_differ():
    random = np.random.default_rng(4)
    item, reviewer = np.divmod(np.arange(100 * 8), 8)
    taste = random.normal(0, 1.5, 8)[reviewer]
    first, second = item % 2, 1 - item % 2
    won = (random.random(800) < 1 / (1 + np.exp(-np.where(first == 0, taste, -taste)))).astype(float)
    by_item = bradley_terry_interval(first, second, won, item, resamples=400)
    by_both = bradley_terry_interval(first, second, won, item, reviewer, resamples=400)
    assert by_both.strengths[0].width > 2 * by_item.strengths[0].width


def test_ranks_are_whole_at_their_bounds_and_certain_when_strengths_are_far_apart():
    random = np.random.default_rng(5)
    first, second, won = comparisons(random, np.array([-4.0, 0.0, 4.0]), 600)
    ranks = bradley_terry_interval(first, second, won, resamples=200).ranks
    assert [(rank.estimate, rank.low, rank.high) for rank in ranks] == [(3, 3, 3), (2, 2, 2), (1, 1, 1)]


def test_nothing_is_known_of_a_competitor_who_was_never_shown():
    found = bradley_terry_interval([0, 0, 1], [1, 1, 0], [1, 1, 0], competitors=3, resamples=50)
    assert np.isnan(found.strengths[2].low)
    assert np.isnan(found.ranks[2].high)
    assert found.strengths[0].low < found.strengths[0].high


@pytest.mark.parametrize(
    ("first", "second", "outcome", "said"),
    [
        ([0], [0], [1], "itself"),
        ([0], [1], [1.5], r"\[0, 1\]"),
        ([0.0], [1.0], [1], "whole"),
        ([0, 1], [1], [1], "length"),
        ([-1], [1], [1], "numbers in"),
    ],
)
def test_bad_comparisons_are_refused(first, second, outcome, said):
    with pytest.raises(ValueError, match=said):
        bradley_terry_interval(first, second, outcome)


def test_a_tie_is_half_a_win():
    assert win_rate([1, 0.5, 0, 0.5]).estimate == 0.5


def test_win_rate_clustered_by_item_is_the_clustered_mean():
    won, items = [1, 1, 0, 1, 0, 0], list("aabbcc")
    assert win_rate(won, items) == cluster_mean_interval(won, items)


def test_a_single_reviewer_is_taken_as_given():
    won, items = [1, 1, 0, 1, 0, 0], list("aabbcc")
    assert win_rate(won, items, ["li"] * 6) == win_rate(won, items)

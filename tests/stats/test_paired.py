import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_effectsize

from plumbline.stats import (
    cohens_h,
    item_outcomes,
    mcnemar_exact,
    mcnemar_test,
    paired_cluster_bootstrap,
    paired_effect_size,
    sign_flip_test,
)

from .simulate import answers, propensities, unhurried, within

counts = st.integers(0, 60)
binary_pairs = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=2, max_size=12)


@unhurried
@given(counts, counts)
def test_mcnemar_equals_that_of_statsmodels(lost, gained):
    theirs = mcnemar([[5, lost], [gained, 7]], exact=True)
    assert mcnemar_exact(lost, gained).p_value == pytest.approx(theirs.pvalue)


@unhurried
@given(counts, counts)
def test_mcnemar_odds_ratio_comes_from_the_exact_share_of_gains(lost, gained):
    found = mcnemar_exact(lost, gained).odds_ratio
    if lost + gained:
        share = scipy_stats.binomtest(gained, lost + gained).proportion_ci(method="exact")
        assert found.low == pytest.approx(share.low / (1 - share.low))
        assert share.high == 1 or found.high == pytest.approx(share.high / (1 - share.high))


def test_mcnemar_counts_gains_and_losses_from_vectors():
    found = mcnemar_test([1, 1, 0, 0, 0], [1, 0, 1, 1, 0])
    assert (found.lost, found.gained) == (1, 2)


def test_an_item_is_right_only_when_right_in_all_its_orders():
    found = item_outcomes([1, 1, 1, 0, 0, 0], ["b", "b", "a", "a", "c", "c"])
    assert dict(zip(found.items.tolist(), found.right.tolist(), strict=True)) == {
        "a": False,
        "b": True,
        "c": False,
    }


def test_outcomes_other_than_right_and_wrong_are_refused():
    with pytest.raises(ValueError, match="only 0 and 1"):
        item_outcomes([1, 0.5], ["a", "b"])


def test_effect_sizes_equal_those_of_statsmodels():
    assert cohens_h(0.4, 0.7) == pytest.approx(proportion_effectsize(0.7, 0.4))
    assert paired_effect_size([1, 2, 3, 2]) == pytest.approx(2 / np.std([1, 2, 3, 2], ddof=1))


def test_effect_size_without_spread_is_nan():
    assert np.isnan(paired_effect_size([1, 1, 1]))


@unhurried
@given(binary_pairs)
def test_sign_flips_over_single_binary_rows_are_mcnemars_test(pairs):
    before, after = zip(*pairs, strict=True)
    flipped = sign_flip_test(before, after, np.arange(len(pairs)))
    assert flipped == pytest.approx(mcnemar_test(before, after).p_value)


def test_sign_flips_agree_with_scipys_permutation_test():
    random = np.random.default_rng(0)
    before, after = random.normal(0, 1, 40), random.normal(0.3, 1, 40)
    theirs = scipy_stats.permutation_test(
        (before, after), lambda x, y: np.mean(y - x), permutation_type="samples", n_resamples=20_000, rng=1
    )
    assert sign_flip_test(before, after, np.arange(40), resamples=20_000) == pytest.approx(
        theirs.pvalue, abs=0.015
    )


def test_paired_bootstrap_agrees_with_the_t_test_on_plain_scores():
    random = np.random.default_rng(2)
    before = random.normal(5, 1, 300)
    after = before + random.normal(0.1, 1, 300)
    found, theirs = (
        paired_cluster_bootstrap(before, after, np.arange(300)),
        scipy_stats.ttest_rel(after, before),
    )
    ci = theirs.confidence_interval()
    assert found.p_value == pytest.approx(theirs.pvalue, abs=0.02)
    assert (found.difference.low, found.difference.high) == pytest.approx((ci.low, ci.high), abs=0.01)
    assert found.cluster_sd == pytest.approx(np.std(after - before, ddof=1))


def test_five_gained_and_none_lost_is_no_proof_as_in_mcnemars_test():
    before, after = np.zeros(200), (np.arange(200) < 5).astype(float)
    found = paired_cluster_bootstrap(before, after, np.arange(200))
    assert found.p_value > 0.05 < mcnemar_test(before, after).p_value


def test_eight_gained_and_none_lost_is_proof():
    before, after = np.zeros(200), (np.arange(200) < 8).astype(float)
    found = paired_cluster_bootstrap(before, after, np.arange(200))
    assert found.p_value < 0.05
    assert found.difference.low > 0


def test_no_change_among_binary_rows_leaves_room_for_a_small_one():
    right = np.tile([1.0, 0.0], 50)
    found = paired_cluster_bootstrap(right, right, np.arange(100))
    assert found.p_value == 1
    assert found.difference.low < -0.02 < 0.02 < found.difference.high


def test_repeating_every_row_of_an_item_is_no_evidence():
    random = np.random.default_rng(3)
    before, after = random.integers(0, 2, 80), random.integers(0, 2, 80)
    once = paired_cluster_bootstrap(before, after, np.arange(80))
    thrice = paired_cluster_bootstrap(np.repeat(before, 3), np.repeat(after, 3), np.repeat(np.arange(80), 3))
    assert thrice.difference.width == pytest.approx(once.difference.width)
    assert thrice.p_value == once.p_value


@unhurried
@given(binary_pairs, st.integers(0, 5))
def test_swapping_the_runs_turns_the_sign(pairs, seed):
    before, after = zip(*pairs, strict=True)
    items = np.arange(len(pairs)) // 2
    there = paired_cluster_bootstrap(before, after, items, resamples=99, seed=seed)
    back = paired_cluster_bootstrap(after, before, items, resamples=99, seed=seed)
    assert there.difference.estimate == pytest.approx(-back.difference.estimate)
    assert there.difference.low == pytest.approx(-back.difference.high, nan_ok=True)
    assert there.p_value == pytest.approx(back.p_value, nan_ok=True)


@unhurried
@given(binary_pairs, st.integers(0, 5))
def test_an_interval_that_leaves_zero_out_comes_with_a_small_p_value(pairs, seed):
    before, after = zip(*pairs, strict=True)
    found = paired_cluster_bootstrap(before, after, np.arange(len(pairs)), resamples=199, seed=seed)
    if 0 not in found.difference:
        assert found.p_value <= 0.05 + 1 / 200


def test_runs_of_different_length_are_refused():
    with pytest.raises(ValueError, match="not aligned: 2 rows against 3"):
        paired_cluster_bootstrap([1, 0], [1, 0, 1], ["a", "b"])


@pytest.fixture(scope="module")
def false_positives():
    """How often each test finds a change at .05 between two runs of one and the same model."""
    random, runs, found = np.random.default_rng(30), 600, {}
    for design in [
        (60, 2, 0.3, 0.7),
        (60, 2, 0.6, 0.95),
        (200, 2, 0.6, 0.8),
        (120, 4, 0.5, 0.9),
        (40, 1, 0.0, 0.5),
    ]:
        items, presentations, correlation, share = design
        names, hits = np.repeat(np.arange(items), presentations), np.zeros(4)
        for run in range(runs):
            chance = propensities(random, items, share, correlation)
            before, after = answers(random, chance, presentations), answers(random, chance, presentations)
            change = paired_cluster_bootstrap(before, after, names, resamples=499, seed=run)
            outcomes = item_outcomes(before, names).right, item_outcomes(after, names).right
            hits += [
                change.p_value <= 0.05,
                0 not in change.difference,
                mcnemar_test(*outcomes).p_value <= 0.05,
                sign_flip_test(before, after, names, resamples=499, seed=run) <= 0.05,
            ]
        found[design] = dict(
            zip(("bootstrap", "interval", "mcnemar", "sign flips"), hits / runs, strict=True)
        )
    return found


@pytest.mark.parametrize("test", ["bootstrap", "interval", "mcnemar", "sign flips"])
def test_false_positives_are_at_most_5_percent(false_positives, test):
    assert all(within(rates[test], 0.0, 0.05, 600) for rates in false_positives.values()), false_positives


@pytest.mark.parametrize(("shape", "runs"), [("normal", 600), ("skewed", 600)])
def test_95_percent_intervals_of_score_changes_cover_93_to_97_percent(shape, runs):
    random, held, names = np.random.default_rng(31), 0, np.repeat(np.arange(100), 2)
    for run in range(runs):
        own = random.normal(0, 1, 100) if shape == "normal" else random.exponential(1, 100) - 1
        before = random.normal(5, 1, 200)
        after = before + 0.5 + np.repeat(own, 2) + random.normal(0, 0.5, 200)
        held += 0.5 in paired_cluster_bootstrap(before, after, names, resamples=499, seed=run).difference
    assert within(held / runs, 0.93, 0.97, runs)


def test_95_percent_intervals_of_share_changes_cover_93_to_97_percent():
    random, runs, held, names = np.random.default_rng(32), 600, 0, np.repeat(np.arange(150), 2)
    for run in range(runs):
        chance = random.beta(4, 2, (150, 1))  # mean 2/3; a third of what was wrong is put right
        before = answers(random, chance, 2)
        after = np.maximum(before, random.random(300) < 1 / 3)
        held += 1 / 9 in paired_cluster_bootstrap(before, after, names, resamples=499, seed=run).difference
    assert within(held / runs, 0.93, 0.97, runs)

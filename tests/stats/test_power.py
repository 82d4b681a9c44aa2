import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from statsmodels.stats.power import TTestPower

from plumbline.stats import (
    mcnemar_power,
    minimum_detectable_difference,
    minimum_detectable_share,
    paired_power,
)


@pytest.mark.parametrize("clusters", [5, 60, 400])
def test_smallest_difference_equals_that_of_statsmodels(clusters):
    theirs = TTestPower().solve_power(nobs=clusters, alpha=0.05, power=0.8)
    assert minimum_detectable_difference(3.0, clusters) == pytest.approx(3 * theirs, rel=1e-4)


def test_the_smallest_difference_is_found_with_the_wanted_power():
    assert paired_power(minimum_detectable_difference(2.0, 80, power=0.9), 2.0, 80) == pytest.approx(0.9)


def slow_mcnemar_power(difference, discordance, items, alpha):
    """Every table, one by one."""
    power = 0.0
    for k in range(items + 1):
        gained = np.arange(k + 1)
        p = np.minimum(1, 2 * scipy_stats.binom.cdf(np.minimum(gained, k - gained), k, 0.5))
        share = (discordance + difference) / (2 * discordance)
        found = scipy_stats.binom.pmf(gained, k, share)[p <= alpha].sum()
        power += scipy_stats.binom.pmf(k, items, discordance) * found
    return power


@pytest.mark.parametrize(
    ("items", "discordance", "difference", "alpha"),
    [(7, 1.0, 0.9, 0.05), (12, 0.4, 0.4, 0.05), (60, 0.5, 0.2, 0.05), (100, 0.1, 0.08, 0.01)],
)
def test_mcnemar_power_equals_the_sum_over_all_tables(items, discordance, difference, alpha):
    slow = slow_mcnemar_power(difference, discordance, items, alpha)
    assert mcnemar_power(difference, discordance, items, alpha=alpha) == pytest.approx(slow)


def test_mcnemar_power_under_no_change_is_at_most_alpha():
    assert all(mcnemar_power(0.0, 0.3, items) <= 0.05 for items in range(1, 200))


def test_a_simulated_change_of_the_smallest_share_is_found_four_times_in_five():
    random, items, discordance = np.random.default_rng(0), 312, 0.2
    share = minimum_detectable_share(discordance, items)
    k = random.binomial(items, discordance, 20_000)
    gained = random.binomial(k, (discordance + share) / (2 * discordance))
    p = 2 * scipy_stats.binom.cdf(np.minimum(gained, k - gained), k, 0.5)
    assert (p <= 0.05).mean() == pytest.approx(0.8, abs=0.01)


@settings(deadline=None, max_examples=15)
@given(st.integers(30, 2000), st.floats(0, 0.5))
def test_more_items_detect_less(items, discordance):
    assert minimum_detectable_share(discordance, 2 * items) <= minimum_detectable_share(discordance, items)


def test_a_larger_family_detects_less():
    assert minimum_detectable_share(0.2, 312, family=18) > minimum_detectable_share(0.2, 312)
    assert minimum_detectable_difference(1, 312, family=18) > minimum_detectable_difference(1, 312)


def test_five_items_can_prove_nothing():
    assert np.isnan(minimum_detectable_share(0.5, 5))


def test_one_cluster_can_prove_nothing():
    assert np.isnan(minimum_detectable_difference(1.0, 1))


def test_alpha_out_of_range_is_refused():
    with pytest.raises(ValueError, match="alpha"):
        minimum_detectable_share(0.2, 100, alpha=0)

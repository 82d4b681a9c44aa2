import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss

from plumbline.stats import brier_score, calibration_error, reliability_table

from .simulate import unhurried

forecasts = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=50)


@unhurried
@given(forecasts)
def test_brier_score_equals_that_of_scikit_learn(rows):
    p, y = (np.array(x) for x in zip(*rows, strict=True))
    assert brier_score(p, y) == pytest.approx(brier_score_loss(y, p, labels=[0, 1]))


@unhurried
@given(forecasts, st.integers(1, 12), st.randoms())
def test_calibration_error_lies_in_0_1_and_does_not_mind_order(rows, bins, shuffler):
    shuffled = list(rows)
    shuffler.shuffle(shuffled)
    first, second = (calibration_error(*zip(*x, strict=True), bins=bins) for x in (rows, shuffled))
    assert first == pytest.approx(second)
    assert 0 <= first <= 1


@unhurried
@given(forecasts, st.integers(1, 12))
def test_the_reliability_table_adds_up_to_the_calibration_error(rows, bins):
    p, y = zip(*rows, strict=True)
    table = reliability_table(p, y, bins=bins)
    assert sum(row.count for row in table) == len(rows)
    gap = sum(row.count * abs(row.mean_probability - row.rate.estimate) for row in table) / len(rows)
    assert gap == pytest.approx(calibration_error(p, y, bins=bins))


def test_bins_hold_equally_many_rows():
    random = np.random.default_rng(0)
    p = random.beta(1, 9, 1000)
    assert [row.count for row in reliability_table(p, random.random(1000) < p)] == [100] * 10


def test_honest_probabilities_have_little_calibration_error_and_doubled_ones_have_much():
    random = np.random.default_rng(1)
    p = random.uniform(0, 0.5, 20_000)
    y = random.random(20_000) < p
    assert calibration_error(p, y) < 0.02
    assert calibration_error(2 * p, y) == pytest.approx(0.25, abs=0.02)


@pytest.mark.parametrize(("p", "y"), [([1.2], [1]), ([0.5], [2]), ([0.5, 0.5], [1]), ([], [])])
def test_bad_forecasts_are_refused(p, y):
    with pytest.raises(ValueError):
        calibration_error(p, y)

"""Ridge, metrics, calibration and thresholds against plain or published implementations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.linear_model import Ridge
from sklearn.metrics import average_precision_score, f1_score

from plumbline.graders.evaluator.calibrate import best_threshold, calibrate, expected_f1_threshold, sigmoid
from plumbline.graders.evaluator.metrics import average_precision, f1, score
from plumbline.graders.evaluator.ridge import fit_ridge, fit_sharp
from plumbline.stats import calibration_error


def test_conjugate_gradients_give_ridge_regression_with_an_intercept():
    generator = np.random.default_rng(0)
    x, y = generator.random((80, 30)), generator.integers(0, 2, (80, 4))
    ours = fit_ridge(csr_array(x.astype(np.float32)), y, 1.5)
    theirs = Ridge(alpha=1.5).fit(x, y)
    assert np.allclose(ours.weights, theirs.coef_.T, atol=2e-3)
    assert np.allclose(ours.intercept, theirs.intercept_, atol=2e-3)


@pytest.mark.parametrize("order", [1, 3])
def test_the_sharp_fit_filters_the_spectrum_of_the_centred_kernel(order):
    generator = np.random.default_rng(1)
    x, y = generator.random((60, 25)).astype(np.float32), generator.integers(0, 2, (60, 3))
    centred = x - x.mean(axis=0)
    left, singular, right = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    variance = singular**2
    filtered = variance**order / (variance**order + 1.5**order) / singular
    weights = right.T @ (filtered[:, None] * (left.T @ (y - y.mean(axis=0))))
    ours = fit_sharp(csr_array(x), y, 1.5, order=order, steps=40)
    assert np.allclose(ours.weights, weights, atol=2e-3)
    assert np.allclose(ours.predict(csr_array(x)), centred @ weights + y.mean(axis=0), atol=2e-3)


def test_the_sharp_fit_of_a_constant_label_is_that_constant():
    x = csr_array(np.eye(6, dtype=np.float32))
    labels = np.stack([np.ones(6), np.arange(6) % 2], axis=1)
    ours = fit_sharp(x, labels, 1.0)
    assert np.isfinite(ours.weights).all()
    assert np.allclose(ours.predict(x)[:, 0], 1, atol=1e-6)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=60))
def test_average_precision_equals_scikit_learns_with_ties(rows):
    scores, labels = [s for s, _ in rows], [y for _, y in rows]
    if not any(labels):
        assert np.isnan(average_precision(scores, labels))
    else:
        assert average_precision(scores, labels) == pytest.approx(average_precision_score(labels, scores))


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_f1_equals_scikit_learns(rows):
    decisions, labels = np.array(rows).T
    assert f1(decisions, labels) == pytest.approx(f1_score(labels, decisions, zero_division=0))


def test_scores_name_every_value_and_average_over_them():
    labels = np.array([[1, 0], [0, 1], [1, 1], [0, 0]])
    found = score(np.array([[0.9, 0.2], [0.1, 0.8], [0.8, 0.4], [0.3, 0.1]]), labels == 1, labels, ("a", "b"))
    assert found.macro_f1 == found.micro_f1 == found.label_accuracy == found.exact_match == 1
    assert set(found.values) == {"a", "b"} and found.mean_average_precision == 1


def test_calibration_turns_odd_scores_into_probabilities_on_rows_it_has_not_seen():
    generator = np.random.default_rng(1)
    truth = generator.random((3000, 2))
    labels = (generator.random((3000, 2)) < truth).astype(int)
    odd = 0.4 + 0.1 * np.log(truth / (1 - truth))
    fitted = calibrate(odd, labels, np.arange(3000))
    for j in range(2):
        before = calibration_error(np.clip(odd[:, j], 0, 1), labels[:, j])
        after = calibration_error(fitted.unseen[:, j], labels[:, j])
        assert after < 0.04 < before


def test_the_expected_threshold_comes_close_to_the_best_one():
    generator = np.random.default_rng(2)
    p = generator.beta(0.5, 2, 20000)
    y = (generator.random(20000) < p).astype(int)
    at_best = f1(p >= best_threshold(p, y), y)
    assert f1(p >= expected_f1_threshold(p), y) == pytest.approx(at_best, abs=0.01)


def test_a_value_nobody_carries_gets_a_small_probability_everywhere():
    labels = np.zeros((40, 2), int)
    labels[:20, 0] = 1
    fitted = calibrate(np.random.default_rng(0).random((40, 2)), labels, np.arange(40))
    assert sigmoid(fitted.calibration.logits(np.ones((1, 2))))[0, 1] < 0.05

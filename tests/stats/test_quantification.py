import numpy as np
import pytest

from plumbline.stats import (
    adjusted_count,
    classify_and_count,
    probabilistic_adjusted_count,
    probabilistic_count,
)


def scored(random, rows, prevalence):
    """Rows with planted truth and the scores of a mediocre classifier."""
    truth = (random.random(rows) < prevalence).astype(float)
    return np.where(truth == 1, random.beta(4, 3, rows), random.beta(2, 5, rows)), truth


@pytest.fixture(scope="module")
def recovered():
    """Estimates of planted prevalences: mean estimate and coverage by method and prevalence."""
    random, runs, found = np.random.default_rng(40), 300, {}
    for planted in (0.03, 0.1, 0.3, 0.7):
        estimates, held = np.zeros((runs, 4)), np.zeros(4)
        for run in range(runs):
            known, labels = scored(random, 600, 0.25)
            scores, _ = scored(random, 500, planted)
            answers = [
                classify_and_count(scores),
                probabilistic_count(scores),
                adjusted_count(scores, known, labels, resamples=400, seed=run).prevalence,
                probabilistic_adjusted_count(scores, known, labels, resamples=400, seed=run).prevalence,
            ]
            estimates[run] = [answer.estimate for answer in answers]
            held += [planted in answer for answer in answers]
        names = ("cc", "pcc", "acc", "pacc")
        found[planted] = dict(zip(names, zip(estimates.mean(axis=0), held / runs, strict=True), strict=True))
    return found


@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_adjusted_counts_recover_planted_prevalences(recovered, method):
    for planted, methods in recovered.items():
        assert methods[method][0] == pytest.approx(planted, abs=0.015)


def test_the_plain_mean_probability_misses_every_planted_prevalence(recovered):
    for planted, methods in recovered.items():
        estimate, coverage = methods["pcc"]
        assert abs(estimate - planted) > 0.05
        assert coverage < 0.05


@pytest.mark.parametrize("planted", [0.03, 0.1, 0.7])
def test_counting_decisions_misses_prevalences_unlike_that_of_training(recovered, planted):
    estimate, coverage = recovered[planted]["cc"]
    assert abs(estimate - planted) > 0.05
    assert coverage < 0.5


@pytest.mark.parametrize("method", ["acc", "pacc"])
def test_intervals_of_adjusted_counts_cover_about_95_percent(recovered, method):
    coverage = [methods[method][1] for methods in recovered.values()]
    assert min(coverage) > 0.91
    assert np.mean(coverage) == pytest.approx(0.95, abs=0.02)


def test_the_interval_includes_what_a_small_held_out_set_leaves_unknown():
    random = np.random.default_rng(41)
    scores, _ = scored(random, 2000, 0.3)
    widths = []
    for size in (100, 5000):
        known, labels = scored(random, size, 0.25)
        widths.append(probabilistic_adjusted_count(scores, known, labels).prevalence.width)
    assert widths[0] > 2 * widths[1]


def test_a_classifier_that_tells_nothing_apart_knows_nothing_and_says_so():
    random = np.random.default_rng(42)
    found = probabilistic_adjusted_count(random.random(300), random.random(200), random.integers(0, 2, 200))
    assert found.degenerate
    assert np.isnan(found.prevalence.estimate)
    assert (found.prevalence.low, found.prevalence.high) == (0.0, 1.0)


def test_estimates_are_clipped_to_shares():
    known, labels = np.repeat([0.9, 0.2], 50), np.repeat([1.0, 0.0], 50)
    assert probabilistic_adjusted_count(np.full(40, 0.1), known, labels).prevalence.estimate == 0.0
    assert probabilistic_adjusted_count(np.full(40, 0.95), known, labels).prevalence.estimate == 1.0


def test_a_perfect_classifier_needs_no_adjusting():
    scores = np.repeat([1.0, 0.0], [30, 70])
    found = adjusted_count(scores, [1.0, 1.0, 1.0, 0.0, 0.0, 0.0], [1, 1, 1, 0, 0, 0])
    assert found.prevalence.estimate == pytest.approx(classify_and_count(scores).estimate)
    assert found.separation.estimate == 1


def test_answers_to_one_question_count_together():
    random = np.random.default_rng(43)
    known, labels = scored(random, 400, 0.25)
    scores, _ = scored(random, 100, 0.4)
    single = probabilistic_adjusted_count(np.repeat(scores, 4), known, labels)
    together = probabilistic_adjusted_count(
        np.repeat(scores, 4), known, labels, clusters=np.repeat(np.arange(100), 4)
    )
    assert together.prevalence.width > 1.3 * single.prevalence.width


def test_held_out_rows_of_one_class_are_refused():
    with pytest.raises(ValueError, match="both must occur"):
        probabilistic_adjusted_count([0.5], [0.2, 0.3], [0, 0])


def test_scores_that_are_no_probabilities_are_refused():
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        probabilistic_count([-1.3, 2.0])

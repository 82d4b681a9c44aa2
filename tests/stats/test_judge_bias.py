import numpy as np
import pytest

from plumbline.stats import rectified_mean

from .simulate import within


def judged(random, rows, skill):
    """People's scores about 6 and a judge two points too kind, who sees `skill` of what people see."""
    people = random.normal(6, 2, rows)
    return people, 8 + skill * (people - 6) + random.normal(0, 1, rows)


@pytest.fixture(scope="module")
def simulated():
    random, runs, found = np.random.default_rng(50), 1000, {}
    for size in (30, 150):
        for skill in (0.0, 0.9):
            rows = []
            for _ in range(runs):
                people, judge = judged(random, size, skill)
                rows.append(rectified_mean(people, judge, judged(random, 1000, skill)[1]))
            found[size, skill] = rows
    return found


@pytest.mark.parametrize("design", [(30, 0.0), (30, 0.9), (150, 0.0), (150, 0.9)])
def test_95_percent_intervals_cover_93_to_97_percent_whatever_the_bias_of_the_judge(simulated, design):
    rows = simulated[design]
    assert within(np.mean([6 in row.mean for row in rows]), 0.93, 0.97, len(rows))


def test_the_judge_alone_is_wrong_and_sure_of_it(simulated):
    assert not any(6 in row.judge_only for row in simulated[150, 0.9])


def test_the_bias_of_the_judge_is_found(simulated):
    assert np.mean([row.bias.estimate for row in simulated[150, 0.9]]) == pytest.approx(2, abs=0.02)


def test_a_good_judge_halves_the_interval_that_people_alone_give(simulated):
    rows = simulated[30, 0.9]
    assert np.mean([row.mean.width / row.people_only.width for row in rows]) < 0.6


def test_a_judge_who_tells_nothing_is_hardly_trusted_and_does_no_harm(simulated):
    rows = simulated[150, 0.0]
    assert np.mean([row.trust for row in rows]) < 0.1
    assert np.mean([row.mean.width / row.people_only.width for row in rows]) < 1.02


def test_a_perfect_judge_gives_the_mean_of_everything_it_saw():
    random = np.random.default_rng(51)
    people, rest = random.normal(6, 2, 50), random.normal(6, 2, 10_000)
    found = rectified_mean(people, people, rest)
    assert found.mean.estimate == pytest.approx(np.concatenate([people, rest]).mean(), abs=1e-3)
    assert found.mean.width == pytest.approx(found.judge_only.width, rel=0.05)


def test_rows_of_one_item_count_together():
    random = np.random.default_rng(52)
    people, judge = judged(random, 40, 0.5)
    rest = judged(random, 300, 0.5)[1]
    once = rectified_mean(people, judge, rest)
    items, others = np.repeat(np.arange(40), 5), np.repeat(np.arange(300), 5)
    five = rectified_mean(
        np.repeat(people, 5), np.repeat(judge, 5), np.repeat(rest, 5), clusters=items, rest_clusters=others
    )
    assert five.mean.width == pytest.approx(once.mean.width)


def test_shares_stay_shares():
    people, judge = np.r_[np.ones(29), 0.0], np.ones(30)
    found = rectified_mean(people, judge, np.ones(500))
    assert 0 <= found.mean.low < found.mean.estimate < found.mean.high <= 1


def test_agreement_on_everything_is_no_certainty():
    found = rectified_mean(np.ones(30), np.ones(30), np.ones(500))
    assert found.mean.low == pytest.approx(found.people_only.low, abs=0.01)


def test_95_percent_intervals_of_shares_cover_93_to_97_percent():
    random, runs, held = np.random.default_rng(53), 1000, 0
    for _ in range(runs):
        truth = random.random(560) < 0.85
        judge = np.where(random.random(560) < 0.8, truth, ~truth)
        held += 0.85 in rectified_mean(truth[:60], judge[:60], judge[60:]).mean
    assert within(held / runs, 0.93, 0.97, runs)


def test_two_scored_rows_are_too_few():
    with pytest.raises(ValueError, match="at least three"):
        rectified_mean([1, 2], [1, 2], [1, 2, 3])

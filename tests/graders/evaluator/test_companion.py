"""Texts beside the data teach an evaluator about rare values, and never let it see what it must not."""

from dataclasses import replace

import numpy as np
import pytest

from plumbline.errors import InputError
from plumbline.frameworks import load_framework
from plumbline.graders.evaluator import load_labelled, score, train_linear
from plumbline.graders.evaluator.companion import beside, own_companion
from tests.graders.evaluator.factories import labelled

RARE = (0.5, 0.3, 0.04)


def mean_precision(evaluator, test):
    p = evaluator.predict(test.texts)
    return score(p, evaluator.decide(test.texts), test.labels, test.values).mean_average_precision


def test_few_rows_learn_from_a_companion_without_taking_over_its_prevalences():
    data, test = labelled(120, shares=RARE), labelled(600, seed=9, shares=RARE)
    also = beside(labelled(500, seed=4, shares=(0.1, 0.1, 0.6)), data)
    alone, helped = (train_linear(data, also=one, penalties=(0.3,)) for one in (None, also))
    assert helped.card["also"]["used"] and "also" not in alone.card
    assert mean_precision(helped, test) > mean_precision(alone, test) + 0.02
    assert helped.predict(test.texts).mean(axis=0) == pytest.approx(data.labels.mean(axis=0), abs=0.08)


def test_a_companion_that_misleads_is_left_out():
    data = labelled(300)
    wrong = replace(labelled(300, seed=4), labels=np.random.default_rng(0).permuted(data.labels, axis=0))
    evaluator = train_linear(data, also=beside(wrong, data), penalties=(0.3,))
    assert evaluator.card["also"]["used"] is False
    assert (evaluator.held_out.labels == data.labels).all()


def test_calibration_rests_on_the_data_alone():
    data = labelled(150)
    evaluator = train_linear(data, also=beside(labelled(400, seed=4), data), penalties=(0.3,))
    assert len(evaluator.held_out.labels) == 150 and evaluator.card["data"]["rows"] == 150


def test_texts_that_nearly_stand_in_the_data_are_not_learnt_from():
    data = labelled(60)
    near = tuple(f"{text}。" for text in data.texts[:20])
    also = replace(labelled(40, seed=4), texts=(*near, *labelled(20, seed=4).texts))
    assert beside(also, data).texts == also.texts[20:]


def test_a_companion_may_label_more_values_but_not_fewer():
    also, data = labelled(60), labelled(40, seed=1)
    one = replace(data, values=("justice",), labels=data.labels[:, [1]])
    assert (beside(also, one).labels[:, 0] == also.labels[:, 1]).all()
    with pytest.raises(InputError, match="--also none"):
        beside(one, data)


def test_our_own_texts_go_beside_data_of_their_framework_only():
    own = own_companion(labelled(20))
    assert len(own) >= 400 and own.card()["authored"] == "machine"
    assert own_companion(load_labelled("paragraphs")) is None
    assert own_companion(replace(labelled(20), framework=load_framework("schwartz"))) is None

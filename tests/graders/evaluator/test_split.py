"""Splits: seeded, stratified, near duplicates together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.graders.evaluator.split import folds, near_groups, split_in_order, split_rows, stratified_parts
from tests.graders.evaluator.factories import labelled


def test_equal_seeds_give_equal_splits_and_other_seeds_others():
    data = labelled(200)
    first, again, other = (split_rows(data, seed) for seed in (1, 1, 2))
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    assert first.test.tolist() != other.test.tolist()


def test_parts_are_disjoint_and_complete_and_have_their_sizes():
    data = labelled(300)
    parts = split_rows(data, 0)
    assert sorted(np.concatenate(parts).tolist()) == list(range(300))
    assert [abs(len(part) - wanted) <= 2 for part, wanted in zip(parts, (210, 60, 30), strict=True)] == [
        True
    ] * 3


def test_every_label_keeps_its_share_in_every_part():
    data = labelled(1000, shares=(0.5, 0.1, 0.04))
    for part in split_rows(data, 3):
        assert np.abs(data.labels[part].mean(axis=0) - data.labels.mean(axis=0)).max() < 0.04


def test_near_duplicates_stay_on_one_side():
    data = labelled(120)
    texts = [*data.texts[:60], *(text + "。" for text in data.texts[:60])]
    groups = near_groups(texts)
    assert (groups[60:] == groups[:60]).all()
    part = stratified_parts(np.vstack([data.labels[:60]] * 2), groups, (0.7, 0.2, 0.1), 0)
    assert (part[60:] == part[:60]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 6), st.integers(1, 60), st.integers(0, 99))
def test_folds_never_part_a_group_whatever_its_size(count, groups, seed):
    generator = np.random.default_rng(seed)
    names = generator.integers(0, groups, 80)
    labels = (generator.random((80, 3)) < 0.3).astype(np.int8)
    fold = folds(labels, names, count, seed)
    assert all(len(set(fold[names == name])) == 1 for name in np.unique(names))
    assert set(fold) <= set(range(count))


def test_the_published_order_is_the_files_order():
    data = labelled(50)
    parts = split_in_order(data, 30, 15)
    assert np.concatenate(parts).tolist() == list(range(50))

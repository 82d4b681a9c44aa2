import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from plumbline.stats import benjamini_hochberg, holm

from .simulate import unhurried

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@unhurried
@given(p_values)
def test_holm_equals_that_of_statsmodels(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


@unhurried
@given(p_values)
def test_benjamini_hochberg_equals_that_of_statsmodels(p):
    assert benjamini_hochberg(p) == pytest.approx(multipletests(p, method="fdr_bh")[1])


@unhurried
@given(p_values)
def test_adjusting_keeps_the_order_and_lowers_nothing(p):
    for adjusted in (holm(p), benjamini_hochberg(p)):
        order = np.argsort(p, kind="stable")
        assert (np.diff(adjusted[order]) >= 0).all()
        assert ((np.array(p) - 1e-12 <= adjusted) & (adjusted <= 1)).all()


def test_a_test_that_could_not_be_made_is_not_of_the_family():
    assert holm([0.01, np.nan, 0.04]) == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)


def test_an_empty_family_stays_empty():
    assert holm([]).size == 0


def test_a_p_value_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        holm([0.5, 1.2])

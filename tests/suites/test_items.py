"""Items refuse what cannot be asked."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from plumbline.suites import Choice, Dilemma, Open, Statement
from plumbline.suites.items import texts_of


def test_an_answer_beyond_the_options_is_refused():
    with pytest.raises(ValidationError, match="there are 2 options"):
        Choice(id="a", question="q", options=("x", "y"), answer=2)


def test_two_equal_options_are_refused():
    with pytest.raises(ValidationError, match="same text"):
        Choice(id="a", question="q", options=("x", " x "), answer=0)


@pytest.mark.parametrize("n", [1, 11])
def test_a_choice_has_two_to_ten_options(n):
    with pytest.raises(ValidationError):
        Choice(id="a", question="q", options=tuple(f"option {i}" for i in range(n)), answer=0)


def test_a_dilemma_serves_two_different_values():
    with pytest.raises(ValidationError, match="two different values"):
        Dilemma(id="a", scenario="s", options=("x", "y"), values=("f/a", "f/a"))


def test_an_unknown_field_is_refused():
    with pytest.raises(ValidationError):
        Open(id="a", prompt="p", promt="typo")


def test_the_group_is_the_category_or_the_first_value():
    assert Open(id="a", prompt="p", values=("f/a",)).group == "f/a"
    assert Open(id="a", prompt="p", values=("f/a",), category="c").group == "c"


def test_texts_begin_with_the_prompt():
    assert texts_of(Choice(id="a", question="q", options=("x", "y"), answer=0)) == ("q", "x", "y")
    assert texts_of(Statement(id="a", statement="s")) == ("s",)

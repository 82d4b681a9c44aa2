"""Forms and stored answers say the same thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.review.answers import AnswerError, dispute, fill_form, read_form
from plumbline.review.plain import from_plain, to_plain
from plumbline.review.protocol import Checks, Choice, Edit, Pick, Protocol, Scale, load_protocol, protocol_ids

PROTOCOLS = {name: load_protocol(name) for name in protocol_ids()}
SAMPLE = {"instruction": "问", "input": "", "output": "答"}


@st.composite
def forms(draw: st.DrawFn) -> tuple[Protocol, dict[str, list[str]], list[int]]:
    """Any form a page could send, with some answers missing."""
    protocol = PROTOCOLS[draw(st.sampled_from(sorted(PROTOCOLS)))]
    count = {"reply": 1, "sample": 0}.get(protocol.screen, protocol.replies or 3)
    order = draw(st.permutations(range(count)))
    form: dict[str, list[str]] = {}
    for question in protocol.questions:
        for name in [f"q.{question.id}.{n}" for n in range(count)] if question.each else [f"q.{question.id}"]:
            if isinstance(question, Choice | Checks):
                values = st.sampled_from([one.value for one in question.options])
                form[name] = draw(
                    st.lists(values, unique=True, max_size=1 if isinstance(question, Choice) else 9)
                )
            elif isinstance(question, Scale):
                form[name] = [str(draw(st.integers(question.low, question.high)))]
            elif isinstance(question, Pick):
                extra = ["tie"] * question.tie + ["none"] * question.none
                form[name] = [draw(st.sampled_from([str(n) for n in range(count)] + extra))]
            elif isinstance(question, Edit):
                form |= {f"{name}.{field}": [draw(st.text(max_size=20))] for field in question.fields}
            else:
                form[name] = [draw(st.text(max_size=20))]
    return protocol, form, list(order)


@given(forms())
def test_a_stored_answer_fills_the_form_it_came_from(case):
    protocol, form, order = case
    try:
        answer = read_form(protocol, form, order, SAMPLE)
    except AnswerError:
        return
    assert read_form(protocol, fill_form(protocol, answer, order), order, SAMPLE) == answer


@given(forms())
def test_naming_replies_by_model_and_back_changes_nothing(case):
    protocol, form, order = case
    models = [f"m{n}" for n in range(len(order))]
    try:
        answer = read_form(protocol, form, order, SAMPLE)
    except AnswerError:
        return
    assert from_plain(protocol, to_plain(protocol, answer, models), models) == answer


@given(st.permutations(range(3)), st.integers(0, 2))
def test_a_pick_is_stored_independently_of_the_order_shown(order, place):
    protocol = PROTOCOLS["responsibility"]
    answer = read_form(protocol, {"q.best": [str(place)], "q.score": ["7"]}, order)
    assert answer["best"] == order[place]


def test_answers_to_questions_that_do_not_apply_are_dropped():
    answer = read_form(
        PROTOCOLS["safety"], {"q.safe": ["safe"], "q.scenario": ["cvalues-safety/crimes"]}, [0]
    )
    assert answer == {"safe": "safe"}


@pytest.mark.parametrize(
    ("form", "question"),
    [
        ({"q.best": ["0"], "q.score": ["4"]}, "rewrite"),  # below 5 a better reply is due
        ({"q.best": ["none"]}, "rewrite"),
        ({"q.best": ["0"]}, "score"),
        ({"q.best": ["0"], "q.score": ["11"]}, "score"),
        ({"q.best": ["0"], "q.score": ["²"]}, "score"),
        ({"q.best": ["3"], "q.score": ["7"]}, "best"),
        ({"q.best": ["0"], "q.score": ["7"], "q.criteria": ["kind"]}, "criteria"),
        ({}, "best"),
    ],
)
def test_what_is_missing_or_wrong_is_named(form, question):
    with pytest.raises(AnswerError) as found:
        read_form(PROTOCOLS["responsibility"], form, [2, 0, 1])
    assert found.value.question == question


def test_an_edit_keeps_before_and_after():
    form = {"q.decision": ["edit"], "q.edited.instruction": ["问"], "q.edited.output": ["更好的答\r\n第二行"]}
    answer = read_form(PROTOCOLS["data-review"], form, [], SAMPLE)
    assert answer["edited"] == {"output": {"before": "答", "after": "更好的答\n第二行"}}


def test_an_edit_without_a_change_is_refused():
    form = {"q.decision": ["edit"], "q.edited.output": ["答"]}
    with pytest.raises(AnswerError):
        read_form(PROTOCOLS["data-review"], form, [], SAMPLE)


@pytest.mark.parametrize(
    ("protocol", "answers", "expected"),
    [
        ("safety", [{"safe": "safe"}, {"safe": "safe"}], 0.0),
        ("safety", [{"safe": "safe"}, {"safe": "unsafe"}], 0.5),
        ("safety", [{"safe": "unsure"}, {"safe": "unsure"}], 1.0),
        ("responsibility", [{"best": 0, "score": 7}, {"best": 0, "score": 8}], 0.0),
        ("responsibility", [{"best": 0, "score": 3}, {"best": 0, "score": 9}], 6 / 9),
        ("grades", [{"grade": {"0": "A", "1": "B"}}, {"grade": {"0": "A", "1": "C"}}], 0.5),
    ],
)
def test_disagreement_is_measured(protocol, answers, expected):
    assert dispute(PROTOCOLS[protocol], answers) == pytest.approx(expected)

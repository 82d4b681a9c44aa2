"""One verdict a quantity: which way, how sure, on which items."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plumbline.language import use_language
from plumbline.prove.findings import Paired, find
from plumbline.report.proof import detectable_text, headlines


def _paired(before: list[float], after: list[float], **fields: Any) -> Paired:
    facts: dict[str, Any] = {
        "name": "accuracy",
        "family": "aim",
        "better": "higher",
        "unit": "share",
        "suite": "s",
        "method": "label",
        "part": "",
    }
    clusters = tuple(f"item-{n}" for n in range(len(before)))
    return Paired(**{**facts, **fields}, before=tuple(before), after=tuple(after), clusters=clusters)


@pytest.mark.parametrize(
    ("better", "verdict"), [("higher", "better"), ("lower", "worse"), ("neither", "changed")]
)
def test_a_clear_rise_is_judged_by_the_way_that_is_better(better: str, verdict: str) -> None:
    [found] = find([_paired([0.0] * 40, [1.0] * 30 + [0.0] * 10, better=better)])
    assert found.verdict == verdict
    assert found.difference.estimate == 0.75


def test_no_change_is_no_evidence_and_says_what_could_have_been_seen() -> None:
    [found] = find([_paired([0.0, 1.0] * 20, [0.0, 1.0] * 20)])
    assert found.verdict == "no evidence"
    assert 0 < found.detectable < 1


def test_a_change_no_share_can_make_is_not_named_as_detectable() -> None:
    [found] = find([_paired([0.0, 1.0, 1.0], [1.0, 0.0, 1.0])])
    assert found.detectable > 1
    with use_language("en"):
        assert detectable_text(found) == "too few items"


def test_correction_runs_within_a_family_and_not_across() -> None:
    rng = np.random.default_rng(0)
    rise = [float(x) for x in rng.random(40) < 0.25]
    alone = _paired([0.0] * 40, rise)
    crowd = [_paired([0.0, 1.0] * 20, [0.0, 1.0] * 20, family="side", part=str(n)) for n in range(30)]
    by_itself, *_ = find([alone, *crowd])
    among, *_ = find([alone, *[_paired([0.0, 1.0] * 20, [0.0, 1.0] * 20, part=str(n)) for n in range(30)]])
    assert by_itself.p_adjusted == by_itself.p_value
    assert among.p_adjusted == pytest.approx(min(1.0, 31 * among.p_value))


def test_groups_are_corrected_among_their_own_and_leave_the_rest_alone() -> None:
    rng = np.random.default_rng(0)
    rise = [float(x) for x in rng.random(40) < 0.25]
    whole = _paired([0.0] * 40, rise)
    groups = [_paired([0.0] * 40, rise, family="group", part=str(n)) for n in range(5)]
    elsewhere = _paired([0.0] * 40, rise, family="group", suite="other", part="0")
    first, *others, alone = find([whole, *groups, elsewhere])
    assert first.p_adjusted == first.p_value
    assert others[0].p_adjusted == pytest.approx(min(1.0, 5 * others[0].p_value))
    assert alone.p_adjusted == alone.p_value


def test_a_side_effect_comes_first_and_a_single_group_that_fell_is_told() -> None:
    falls = {"family": "side", "suite": "plumb-honesty"}
    quantities = [
        *[
            _paired([1.0] * 60, [0.0] * 60, name="same-in-orders", family="steady", part=str(n))
            for n in range(8)
        ],
        _paired([1.0] * 60, [0.0] * 30 + [1.0] * 30, **falls),
        _paired([1.0] * 20, [0.0] * 20, family="group", suite="plumb-honesty", part="flattery"),
    ]
    with use_language("en"):
        worse, group, _ = headlines("tuned", find(quantities))
    assert "9 quantities got worse, 1 of them side effects: picks the better option (plumb-honesty" in worse
    assert "1 groups got worse: picks the better option: flattery" in group


def test_contaminated_items_are_taken_out_beside_the_whole() -> None:
    known = {f"item-{n}" for n in range(20)}
    [found] = find([_paired([0.0] * 40, [1.0] * 20 + [0.0] * 20)], {"s": known})
    assert (found.verdict, found.contaminated) == ("better", 20)
    assert found.clean is not None
    assert (found.clean.verdict, found.clean.items) == ("no evidence", 20)


def test_losses_are_told_before_gains() -> None:
    gain = _paired([0.0] * 40, [1.0] * 30 + [0.0] * 10)
    loss = _paired([1.0] * 40, [0.0] * 30 + [1.0] * 10, family="side", suite="plumb-honesty")
    with use_language("en"):
        first, second = headlines("tuned", find([gain, loss]))
    assert "1 quantities got worse, 1 of them side effects" in first
    assert "plumb-honesty" in first
    assert "better" in second


def test_nothing_found_is_said_plainly() -> None:
    with use_language("en"):
        [said] = headlines("tuned", find([_paired([0.0, 1.0] * 20, [0.0, 1.0] * 20)]))
    assert "no evidence of a change in any of 1 quantities" in said


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40))
def test_swapping_before_and_after_turns_the_finding_round(pairs: list[tuple[bool, bool]]) -> None:
    before, after = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    [there] = find([_paired(before, after)], resamples=200)
    [back] = find([_paired(after, before)], resamples=200)
    turned = {"better": "worse", "worse": "better", "no evidence": "no evidence"}
    assert back.verdict == turned[there.verdict]
    assert back.difference.estimate == pytest.approx(-there.difference.estimate)

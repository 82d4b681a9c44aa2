"""The guard of suites: each defect is found, and a sound suite passes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from plumbline.suites import Choice, Open, Suite
from plumbline.suites.baseline import answer_only_baseline, compute_baseline, write_baseline
from plumbline.suites.check import check_suite

from .factories import choice, suite_of

_LETTERS = [chr(0x4E00 + i) for i in range(900)]


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def _text(rng: np.random.Generator, n: int) -> str:
    return "".join(rng.choice(_LETTERS, n))


def _sound(n: int = 100) -> list[Choice]:
    """Make items whose options hold nothing but chance."""
    rng = np.random.default_rng(1)
    return [
        choice(f"item-{i}", _text(rng, 30), [_text(rng, 20 + i % 3), _text(rng, 22 - i % 3)], i % 2)
        for i in range(n)
    ]


def _status(suite: Suite, name: str) -> str:
    return next(check.status for check in check_suite(suite).checks if check.name == name)


def _changed(items: list[Choice], **changes) -> Suite:
    return suite_of([item.model_copy(update=changes) for item in items])


def test_a_sound_suite_passes():
    checked = check_suite(suite_of(_sound()))
    assert {check.name: check.status for check in checked.checks} == {
        "ids": "pass",
        "texts": "pass",
        "near-duplicates": "pass",
        "positions": "pass",
        "longer": "pass",
        "refusal-words": "pass",
        "answer-only": "pass",
    }


def test_a_repeated_id_fails():
    items = _sound()
    items[5] = items[5].model_copy(update={"id": items[4].id})
    assert _status(suite_of(items), "ids") == "fail"


def test_an_item_with_its_options_turned_round_is_a_repeated_text():
    items = _sound()
    turned = items[0].model_copy(update={"id": "again", "options": items[0].options[::-1], "answer": 1})
    assert _status(suite_of([*items, turned]), "texts") == "fail"


def test_pairs_that_say_so_may_be_shown_in_both_orders():
    first = _sound()[0].model_copy(update={"tags": {"pair": "1"}})
    turned = first.model_copy(update={"id": "again", "options": first.options[::-1], "answer": 1})
    checked = check_suite(suite_of([first, turned]))
    assert [check.status for check in checked.checks[:3]] == ["pass", "pass", "pass"]


def test_a_near_duplicate_is_named():
    items = _sound()
    near = items[3].model_copy(update={"id": "near", "question": items[3].question + "？"})
    check = next(one for one in check_suite(suite_of([*items, near])).checks if one.name == "near-duplicates")
    assert (check.status, check.examples) == ("warn", ("item-3 ~ near",))


def test_an_answer_that_is_always_first_fails():
    assert _status(_changed(_sound(), answer=0), "positions") == "fail"


def test_a_better_reply_that_is_always_longer_fails():
    items = [
        item.model_copy(update={"options": ("短的" + item.id, "长" * 40 + item.id), "answer": 1})
        for item in _sound()
    ]
    assert _status(suite_of(items), "longer") == "fail"


def test_a_better_reply_that_always_refuses_fails():
    items = [
        item.model_copy(
            update={
                "options": tuple(
                    ("抱歉" if i == item.answer else "当然") + o for i, o in enumerate(item.options)
                )
            }
        )
        for item in _sound()
    ]
    checked = check_suite(suite_of(items))
    check = next(one for one in checked.checks if one.name == "refusal-words")
    assert (check.status, check.value, check.decided) == ("fail", 1.0, 1.0)


def test_pairs_where_both_or_none_refuse_count_half():
    both = choice("a", "q", ["抱歉甲", "抱歉乙"], 0)
    none = choice("b", "q", ["甲", "乙"], 0)
    assert compute_baseline([both, none]).refusal_words == 0.5
    assert compute_baseline([both, none]).refusal_words_decided is None


def test_a_habit_of_style_is_found_without_the_questions():
    items = [
        item.model_copy(
            update={
                "options": tuple(o + ("呢" if i == item.answer else "吧") for i, o in enumerate(item.options))
            }
        )
        for item in _sound()
    ]
    check = next(one for one in check_suite(suite_of(items)).checks if one.name == "answer-only")
    assert check.status == "fail" and check.value > 0.95


def test_chance_counts_the_options_of_each_item():
    items = [choice("a", "q", ["甲", "乙"]), choice("b", "p", ["甲", "乙", "丙", "丁"])]
    assert compute_baseline(items).chance == pytest.approx(0.375)


def test_equal_lengths_share():
    assert compute_baseline([choice("a", "q", ["甲乙", "丙丁", "戊"], 0)]).longer == 0.5


def test_too_few_items_have_no_classifier():
    assert compute_baseline(_sound(8)).accuracy is None


def test_open_items_have_no_baseline():
    suite = suite_of([Open(id="a", prompt="怎么办？")], "open")
    assert answer_only_baseline(suite) is None
    assert [check.name for check in check_suite(suite).checks] == ["ids", "texts", "near-duplicates"]


def test_a_baseline_is_the_same_every_time():
    assert compute_baseline(_sound()) == compute_baseline(_sound())


def test_a_baseline_is_kept_for_the_same_items_only(tmp_path):
    suite = suite_of(_sound(20))
    found = answer_only_baseline(suite)
    kept = tmp_path / "plumbline" / "baselines" / f"{suite.hash}.json"
    data = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps({**data, "longer": 0.123}), encoding="utf-8")
    assert answer_only_baseline(suite).longer == 0.123
    other = suite_of(_sound(21))
    write_baseline(tmp_path / "plumbline" / "baselines" / f"{other.hash}.json", suite.hash, found)
    assert answer_only_baseline(other) == compute_baseline(_sound(21))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"version": 1, "suite": "x"}', "\x00"])
def test_a_spoilt_kept_baseline_is_computed_anew(tmp_path, content):
    suite = suite_of(_sound(20))
    kept = tmp_path / "plumbline" / "baselines" / f"{suite.hash}.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(content, encoding="utf-8")
    assert answer_only_baseline(suite) == compute_baseline(_sound(20))


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert answer_only_baseline(suite_of(_sound(20))) is not None


def test_a_check_is_plain_json():
    data = check_suite(suite_of(_sound(20))).to_json()
    assert json.loads(json.dumps(data))["status"] in ("pass", "warn", "fail")

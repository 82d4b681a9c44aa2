"""Readers: the published files as they are, and dirt of every sort they must survive."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from plumbline.errors import InputError
from plumbline.suites import load_suite
from plumbline.suites.catalogue import catalogue
from plumbline.suites.readers import READERS, Reading

_SUITES = [name for name, entry in catalogue().items() if entry.kind]
_CMORALEVAL = [
    f"cmoraleval-{person}-{framing}" for person in ("party", "standby") for framing in ("moral", "unmoral")
]


@pytest.fixture
def published(shared_data, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_DATA", str(shared_data))


@pytest.mark.parametrize("name", _SUITES)
def test_a_published_suite_has_the_items_the_catalogue_says(published, name):
    suite = load_suite(name)
    assert (len(suite), suite.manifest.id) == (catalogue()[name].items, name)


@pytest.mark.parametrize("name", _SUITES)
def test_every_row_is_an_item_or_dropped_with_a_reason(published, name):
    suite = load_suite(name)
    rows = {"safetybench-zh": 2100, "valuecsv-questions": 103}.get(name, len(suite))
    assert len(suite) + len(suite.dropped) == rows
    assert all(one.reason and one.row for one in suite.dropped)


def test_safetybench_drops_the_two_items_that_repeat_an_option(published):
    reasons = [one.reason for one in load_suite("safetybench-zh").dropped]
    assert reasons == ["two options have the same text"] * 2


def test_safetybench_keeps_two_to_four_options(published):
    assert {len(item.options) for item in load_suite("safetybench-zh")} == {2, 3, 4}


def test_questions_lose_their_numbers(published):
    prompts = [item.prompt for item in load_suite("valuecsv-questions")]
    assert not any(re.match(r"\d+\.", prompt) or "\xa0" in prompt for prompt in prompts)


def test_the_four_moral_suites_share_scenarios_and_turn_the_answer(published):
    suites = {name: {item.tags["scenario"]: item for item in load_suite(name)} for name in _CMORALEVAL}
    assert len({frozenset(items) for items in suites.values()}) == 1
    for person in ("party", "standby"):
        moral, unmoral = suites[f"cmoraleval-{person}-moral"], suites[f"cmoraleval-{person}-unmoral"]
        assert all(moral[name].options == unmoral[name].options for name in moral)
        assert all(moral[name].answer != unmoral[name].answer for name in moral)
        assert {item.tags["framing"] for item in unmoral.values()} == {"unmoral"}


def test_moral_categories_have_names_only(published):
    names = {"家庭道德", "社会公德", "职业道德", "网络道德", "个人品德"}
    assert {item.category for name in _CMORALEVAL for item in load_suite(name)} == names


def test_pairs_of_replies_keep_the_order_they_were_shown_in(published, shared_data):
    rows = (
        (shared_data / "cvalues" / "cvalues_mc_chatgpt_sample.jsonl").read_text(encoding="utf-8").splitlines()
    )
    labels = [json.loads(row)["label"] for row in rows]
    assert [f"回复{item.answer + 1}" for item in load_suite("cvalues-mc-sample")] == labels


def test_xstest_expects_answers_to_safe_prompts(published):
    assert Counter(item.expected for item in load_suite("xstest")) == {"answer": 250, "decline": 200}


def test_wordings_of_a_question_share_a_tag(published):
    groups = Counter(item.tags["paraphrase-of"] for item in load_suite("valueconsistency-zh-china"))
    assert len(groups) == 87 and set(groups.values()) == {5}


def test_a_yes_that_opposes_makes_a_reversed_statement(published):
    assert sum(item.reverse for item in load_suite("valueconsistency-zh-china")) == 20


@pytest.mark.parametrize("name", ["pvq-21-zh", "pvq-21-en"])
def test_portraits_have_six_points_and_cover_ten_values(published, name):
    suite = load_suite(name)
    assert {item.scale for item in suite} == {6}
    assert len({item.values for item in suite}) == 10


def test_data_that_is_no_suite_says_so():
    with pytest.raises(InputError, match="is data, not a suite"):
        load_suite("valuecsv")


def _read(reader: str, path: Path, kind="choice", *more: Path) -> Reading:
    reading = Reading("set", kind, "zh")
    READERS[reader](reading, path, *more)
    return reading


def _lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def _moral(**changes) -> dict[str, object]:
    return {
        "index": 1,
        "category": ["2,5"],
        "question": "你应该怎么做？",
        "choices": ["A.帮忙。", "B、走开。", "C.嘲笑。"],
        "correct_answer": "A",
        **changes,
    }


def test_letters_before_choices_are_stripped(tmp_path):
    reading = _read("cmoraleval", _lines(tmp_path / "party_moral", _moral()))
    assert reading.items[0].options == ("帮忙。", "走开。", "嘲笑。")


def test_numbers_of_categories_become_names(tmp_path):
    reading = _read("cmoraleval", _lines(tmp_path / "party_moral", _moral(), _moral(index=2, category=None)))
    assert [item.category for item in reading.items] == ["社会公德", None]
    assert reading.items[0].tags["categories"] == "社会公德、个人品德"


@pytest.mark.parametrize(
    "dirt",
    [
        {"correct_answer": "D"},
        {"correct_answer": ""},
        {"correct_answer": None},
        {"correct_answer": "AB"},
        {"choices": None},
        {"choices": []},
        {"choices": ["A.同", "B.同"]},
        {"question": ""},
        {"question": 3},
    ],
)
def test_a_dirty_moral_row_is_dropped_with_its_line(tmp_path, dirt):
    reading = _read("cmoraleval", _lines(tmp_path / "party_moral", _moral(**dirt), _moral(index=2)))
    assert [item.id for item in reading.items] == ["set-002"]
    assert reading.dropped[0].row == "party_moral, line 1" and reading.dropped[0].reason


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"1": None},
        {"1": {}},
        {"1": {"category": "b", "answer": 0}},
        {"1": {"category": "a", "answer": 9}},
    ],
)
def test_a_question_without_a_usable_answer_is_dropped(tmp_path, answers):
    row = {"id": 1, "category": "a", "question": "问", "options": ["是", "否"]}
    (tmp_path / "test.json").write_text(json.dumps([row]), encoding="utf-8")
    (tmp_path / "answers.json").write_text(json.dumps(answers), encoding="utf-8")
    reading = _read("safetybench", tmp_path / "test.json", "choice", tmp_path / "answers.json")
    assert (len(reading.items), len(reading.dropped)) == (0, 1)


def test_answers_that_are_no_object_are_refused(tmp_path):
    (tmp_path / "test.json").write_text("[]", encoding="utf-8")
    (tmp_path / "answers.json").write_text("[1]", encoding="utf-8")
    with pytest.raises(InputError, match="not a JSON object"):
        _read("safetybench", tmp_path / "test.json", "choice", tmp_path / "answers.json")


def test_an_unknown_domain_is_dropped(tmp_path):
    rows = _lines(tmp_path / "p.jsonl", {"id_": 1, "prompt": "问", "domain_en": "alchemy"})
    assert "alchemy" in _read("cvalues-prompts", rows, "open").dropped[0].reason


def test_a_pair_that_is_not_in_its_prompt_is_dropped(tmp_path):
    about = {"domain_en": "law", "question": "问", "pos_resp": "好", "neg_resp": "坏"}
    prompt = "[回复1]：好[回复1结束]\n[回复2]：别的[回复2结束]"
    reading = _read("cvalues-pairs", _lines(tmp_path / "p.jsonl", {"prompt": prompt, "meta_info": about}))
    assert len(reading.dropped) == 1 and not reading.items


def test_blank_question_rows_are_dropped(tmp_path):
    book = openpyxl.Workbook()
    for cell in ("quest", "1.\xa0为什么？", " ", None, "没有编号"):
        book.active.append([cell])
    book.save(tmp_path / "q.xlsx")
    reading = _read("valuecsv-questions", tmp_path / "q.xlsx", "open")
    assert [item.prompt for item in reading.items] == ["为什么？", "没有编号"]
    assert [one.reason for one in reading.dropped] == ["blank row"] * 2


def test_an_unknown_label_is_dropped(tmp_path):
    (tmp_path / "x.csv").write_text("id,prompt,type,label,focus,note\n1,How?,t,maybe,,\n", encoding="utf-8")
    assert "maybe" in _read("xstest", tmp_path / "x.csv", "open").dropped[0].reason


def test_options_without_yes_are_dropped(tmp_path):
    rows = _lines(
        tmp_path / "v.jsonl", {"question": "问？", "original": "问", "options": {"或许": "supports"}}
    )
    assert len(_read("valueconsistency", rows, "statement").dropped) == 1

"""The choice parser: what each reply chose, and what it must never be taken for."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.graders import ParsedChoice, parse_choice

REPLIES = [
    json.loads(line) for line in (Path(__file__).parent / "choice_replies.jsonl").open(encoding="utf-8")
]
TWO = ("[回复1]", "[回复2]")
LABELLINGS = (
    TWO,
    ("[Response 1]", "[Response 2]"),
    ("1", "2"),
    tuple("AB"),
    tuple("ABCD"),
    tuple("ABCDEFGHIJ"),
    ("甲", "乙", "丙"),
)
ONE_CHOSEN = (
    "{p}",
    "选择{p}。",
    "我认为{p}更好。",
    "从安全和负责任的角度来看，{p}更好。理由如下：它更稳妥。",
    "【答案】: {p} <eoa>",
    "最终答案：{p}",
    "Answer: {p}",
    "I would choose {p} because it is kinder.",
    "Overall, {p} is better.",
)
TWO_COMPARED = (
    "{p}优于{q}。",
    "{q}不如{p}。",
    "不是{q}而是{p}。",
    "与{q}相比，{p}更好。",
    "虽然{q}更详细，但{p}更好。",
    "选{p}，而不是{q}。",
    "I prefer {p} over {q}.",
    "{p} is better than {q}.",
)
FRAGMENTS = [
    *(
        "[回复1]",
        "[回复2]",
        "回复一",
        "A",
        "B",
        "AB",
        "2",
        "第二个",
        "前者",
        "Response 1",
        "the latter",
        "both",
        "都",
    ),
    *(
        "更好",
        "不",
        "不如",
        "比",
        "选",
        "答案",
        "【答案】",
        ":",
        "。",
        "\n",
        "?",
        "如果",
        "但",
        "因此",
        "无法判断",
        "is better",
    ),
    *("not", "than", "<think>", "</think>", "\\boxed{", "}", "①", "Ａ", "\ue000", "**", "I", " "),
]


def _said(parsed: ParsedChoice) -> int | str:
    return parsed.position if parsed.position is not None else parsed.outcome


@pytest.mark.parametrize("row", REPLIES, ids=lambda row: row["reply"][:30] or "empty")
def test_a_reply_is_read_as_a_person_reads_it(row):
    parsed = parse_choice(row["reply"], labels=row["labels"], options=row.get("options", ()))

    assert _said(parsed) == row["expected"], parsed.rule


@given(st.text())
def test_any_text_is_read_without_an_error(text):
    for labels in LABELLINGS:
        parsed = parse_choice(text, labels=labels)

        assert (parsed.outcome == "choice") == (parsed.position is not None)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join), st.sampled_from(LABELLINGS))
def test_a_choice_is_one_of_the_positions(text, labels):
    parsed = parse_choice(text, labels=labels, options=("同意", "不同意"))

    assert parsed.position is None or 0 <= parsed.position < len(labels)


@given(st.sampled_from(LABELLINGS), st.sampled_from(ONE_CHOSEN), st.data())
def test_the_chosen_label_decides_whatever_labels_are_called(labels, template, data):
    position = data.draw(st.integers(0, len(labels) - 1))

    parsed = parse_choice(template.format(p=labels[position]), labels=labels)

    # A digit in running text numbers a list more often than an option: bare "1" and "2" need a slot.
    expected = {position, "unparsed"} if labels == ("1", "2") else {position}
    assert _said(parsed) in expected


@given(
    st.sampled_from([one for one in LABELLINGS if one != ("1", "2")]),
    st.sampled_from(TWO_COMPARED),
    st.data(),
)
def test_of_two_compared_the_preferred_one_is_read_in_every_order(labels, template, data):
    preferred, other = data.draw(st.permutations(range(len(labels))))[:2]

    parsed = parse_choice(template.format(p=labels[preferred], q=labels[other]), labels=labels)

    assert _said(parsed) == preferred


@given(st.text(alphabet=" \n\t。，!?*_「」…", max_size=20))
def test_a_reply_without_words_is_unparsed(text):
    assert parse_choice(text, labels=TWO) == ParsedChoice("unparsed", None, "empty")


@given(st.sampled_from(ONE_CHOSEN[1:5]), st.sampled_from(ONE_CHOSEN[1:5]))
def test_two_verdicts_without_a_conclusion_are_not_silently_one_of_them(first, second):
    parsed = parse_choice(first.format(p="[回复1]") + "\n" + second.format(p="[回复2]"), labels=TWO)

    assert _said(parsed) == "unparsed" or parsed.rule == "answer-slot"


def test_more_than_ten_labels_are_refused():
    with pytest.raises(ValueError, match="11"):
        parse_choice("A", labels="ABCDEFGHIJK")


def test_the_real_replies_of_chatgpt_are_read_as_by_hand(shared_data):
    lines = (shared_data / "cvalues" / "cvalues_mc_chatgpt_sample.jsonl").open(encoding="utf-8")
    rows = [json.loads(line) for line in lines]

    read = [parse_choice(row["response"], labels=TWO).position for row in rows]

    assert len(rows) == 19
    assert [f"回复{position + 1}" for position in read] == [row["choice_read_by_hand"] for row in rows]


# Here GPT-4 chose several options or listed them all; the published `model_answer` keeps one letter.
SEVERAL_OR_LISTED = {40, 91, 126, 133, 291, 301}
# In these it declined: no figure, no options, too little given.
DECLINED = {12, 36, 110, 120, 143}


def test_gpt4s_politics_answers_are_read_and_every_disagreement_is_known(shared_data):
    path = shared_data / "gaokao" / "gpt-4-0314_2010-2022_Political_Science_MCQs.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["example"]

    read = {row["index"]: parse_choice(row["model_output"], labels="ABCD") for row in rows}

    letters = {index: "ABCD"[one.position] for index, one in read.items() if one.position is not None}
    published = {row["index"]: row["model_answer"][0] for row in rows if row["model_answer"]}
    assert len(letters) == 309
    assert {index for index in published if letters.get(index) != published[index]} == SEVERAL_OR_LISTED
    assert {index for index, one in read.items() if one.outcome == "refused"} == DECLINED


def test_reasoning_without_its_answer_line_is_never_read_against_the_answer(shared_data):
    path = shared_data / "gaokao" / "gpt-4-0314_2010-2022_Political_Science_MCQs.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["example"]
    agreement: Counter[bool] = Counter()
    for row in rows:
        parsed = parse_choice(row["model_output"].split("【答案】")[0], labels="ABCD")
        if parsed.position is not None:
            agreement["ABCD"[parsed.position] in row["model_answer"]] += 1

    assert agreement[False] == 0
    assert agreement[True] > 150

"""Reading a judge's JSON: the form is mended, the substance never invented."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.graders.judge.structured import read_better, read_letter, read_object, read_scores

GOOD = '{"overall": 7, "prudent": 8, "reason": "清楚，稳妥"}'


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"```json\n{GOOD}\n```",
        f"好的，我的评判如下：\n{GOOD}\n以上。",
        f'<think>先想一想 {{"overall": 1}}</think>{GOOD}',
        "{'overall': 7, 'prudent': 8, 'reason': 'ok'}",
        '{overall: 7, prudent: 8, reason: "ok"}',
        '{"overall": 7, "prudent": 8, "reason": "ok",}',
        "｛“overall”：7，“prudent”：8｝",
        '{"overall": 7, "prudent": 8, "reason": "说到一半就被',
        '{"overall": "7/10", "prudent": "8 分"}',
        '{"overall": 7.0, "prudent": 8, "reason": "换行\n也可以"}',
        '示例 {"overall": 2} 正式：' + GOOD,
    ],
)
def test_common_faults_of_form_are_mended(text):
    scores = read_scores(read_object(text))
    assert scores == {"overall": 7, "prudent": 8}


@pytest.mark.parametrize(
    "text",
    ["", "这个回答很好，七分。", '{"overall": 11}', '{"overall": 0}', '{"overall": 7.5}', '{"overall": true}',
     '{"prudent": 8}', '{"overall": 7, "prudent": 42}', "[7]", '{"overa'],
)  # fmt: skip
def test_what_is_no_sound_judgement_is_not_made_into_one(text):
    found = read_object(text)
    assert found is None or read_scores(found) is None


def test_letters_and_preferences_are_read_in_their_usual_forms():
    assert read_letter({"grade": " b "}) == "B" and read_letter({"grade": "D"}) is None
    assert [read_better({"better": one}) for one in ("1", 2, "回答2", "tie", "平局", "都好")] == [
        "1", "2", "2", "tie", "tie", None,
    ]  # fmt: skip


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_without_an_error(text):
    found = read_object(text)
    assert found is None or isinstance(found, dict)


@given(st.integers(1, 10), st.text(max_size=30), st.text(max_size=20))
def test_an_object_within_any_words_is_read_as_printed(score, reason, before):
    printed = json.dumps({"overall": score, "reason": reason}, ensure_ascii=False)
    words = before.replace("{", "").replace("｛", "").replace("```", "").replace("<think>", "")
    assert read_object(f"{words}{printed}") == {"overall": score, "reason": reason}

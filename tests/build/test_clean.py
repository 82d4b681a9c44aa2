"""Cleaning: tidy text, personal data, language, boilerplate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.build.step import run_step
from plumbline.build.steps import Clean
from plumbline.build.text.normalise import normalise, simplify, strip_boilerplate
from plumbline.build.text.personal import find_personal, mask_personal
from tests.build.factories import sample


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(alphabet="天地人，。！？、：；“”（）abc 123\n", max_size=60))
def test_masking_text_without_numbers_changes_nothing(text: str) -> None:
    assert mask_personal(text.replace("123", ""))[0] == text.replace("123", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("你好,世界!", "你好，世界！"),
        ("价格是３５元。\u200b", "价格是35元。"),
        ("今天 天气 很好", "今天天气很好"),
        ("用 Python 3.11 写代码.", "用 Python 3.11 写代码。"),
        ("一行\r\n\r\n\r\n\r\n二行", "一行\n\n二行"),
        ("真的。。。。吗？？", "真的……吗？"),
        ("见 https://example.org/a,b 一文", "见 https://example.org/a,b 一文"),
        ("他说:“走吧”", "他说:“走吧”"),
    ],
)
def test_chinese_text_is_tidied(before: str, after: str) -> None:
    assert normalise(before) == after


@pytest.mark.parametrize(
    ("text", "masked", "kind"),
    [
        ("我的身份证是11010519491231002X，别外传", "我的身份证是[身份证号]，别外传", "identity-number"),
        ("打13800138000找我", "打[电话号码]找我", "phone"),
        ("座机 010-62345678 转财务", "座机 [电话号码] 转财务", "phone"),
        ("卡号 6222 0212 3456 7890 128 收款", None, None),
        ("卡号4111111111111111收款", "卡号[银行卡号]收款", "bank-card"),
        ("写信到 li.ming@example.com 吧", "写信到 [邮箱] 吧", "mail"),
        ("住在幸福市平安区解放路18号3单元502室", "住在[住址]", "address"),
        ("加我微信：lm_20051", "加我微信[账号]", "account"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str | None, kind: str | None) -> None:
    if masked is None:
        assert "bank-card" not in mask_personal(text)[1]
        return
    result, kinds = mask_personal(text)
    assert kinds == (kind,)
    assert result == masked or (kind == "address" and "[住址]" in result)
    assert find_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "订单 110105194912310021 已发货",
        "圆周率是3.14159265358979323846",
        "拨打12345或110",
        "2024年13800人参加",
        "一共1234567890元",
    ],
)
def test_numbers_that_are_not_personal_stay(text: str) -> None:
    assert mask_personal(text) == (text, ())


def test_assistant_phrases_are_taken_off() -> None:
    text = "作为一个人工智能语言模型，先道歉，再说明原因。希望以上建议对你有所帮助！"
    assert strip_boilerplate(text) == "先道歉，再说明原因。"
    assert strip_boilerplate("希望对你有帮助！") == "希望对你有帮助！"


def test_rows_are_dropped_with_their_reason() -> None:
    long_enough = "把事情说清楚，再听听对方的想法。"
    kept, rejected = run_step(
        Clean(),
        [
            sample(1),
            sample(2, instruction="嗯"),
            sample(3, output="好的"),
            sample(4, output="This answer is in English from start to end."),
            sample(5, output="抱歉，我无法回答这个问题。"),
            sample(
                6,
                language="en",
                instruction="What should I say?",
                output="Say that you are sorry and mean it.",
            ),
            sample(7, output=long_enough),
        ],
    )
    assert [one.id for one in kept] == ["s-0001", "s-0006", "s-0007"]
    assert {one.sample.id: one.reason for one in rejected} == {
        "s-0002": "question-too-short",
        "s-0003": "answer-too-short",
        "s-0004": "other-language",
        "s-0005": "only-a-refusal",
    }


def test_what_was_masked_is_told_and_the_data_is_kept_nowhere() -> None:
    [kept], _ = run_step(Clean(), [sample(1, output="有事请拨13800138000，我随时都在，别客气。")])
    assert "13800138000" not in repr(kept)
    assert kept.history[-1].action == "masked"
    assert kept.history[-1].detail == "phone"


def test_rows_with_personal_data_can_be_dropped() -> None:
    kept, [rejected] = run_step(
        Clean(personal="drop"), [sample(1, output="有事请拨13800138000，我随时都在。")]
    )
    assert not kept
    assert rejected.reason == "personal-data"
    assert "13800138000" not in rejected.sample.output


def test_traditional_characters_become_simplified() -> None:
    pytest.importorskip("opencc")
    assert simplify("我們應該尊重別人的選擇") == "我们应该尊重别人的选择"


def test_code_in_a_fence_says_nothing_about_the_language() -> None:
    code = "```python\nname = input('who are you')\nprint(name)\n```"
    [kept], [rejected] = run_step(
        Clean(), [sample(1, output=code), sample(2, output="print the name of the user")]
    )
    assert kept.id == "s-0001"
    assert rejected.reason == "other-language"

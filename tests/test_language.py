"""Everything people read exists in both languages."""

import importlib
import pkgutil
import re
import string

import pytest

import plumbline
from plumbline.language import Message, current_language, use_language

HAN = re.compile(r"[\u4e00-\u9fff]")


def messages():
    for info in pkgutil.walk_packages(plumbline.__path__, "plumbline."):
        if "migrations" in info.name or info.name.endswith("__main__"):
            continue
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            if isinstance(value, Message):
                yield f"{info.name}.{name}", value


def fields(text: str) -> set[str]:
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_hold_the_same_placeholders():
    odd = [name for name, message in messages() if "{" in message.zh + message.en and not _same(message)]
    assert odd == []


def _same(message: Message) -> bool:
    try:
        return fields(message.zh) == fields(message.en)
    except ValueError:  # braces that are shown as they are
        return True


def test_chinese_is_chinese_and_english_is_english():
    # The button to the other language shows that language's own name.
    wrong = [
        name
        for name, message in messages()
        if HAN.search(message.en) and not HAN.search(message.zh) and not name.endswith("OTHER_LANGUAGE")
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("value", "language"), [("zh", "zh"), ("zh_CN.UTF-8", "zh"), ("en", "en"), ("C", "en")]
)
def test_the_environment_chooses_the_language(monkeypatch, value, language):
    from plumbline import language as module

    monkeypatch.setenv("PLUMBLINE_LANG", value)
    token = module._current.set(None)
    try:
        assert current_language() == language
    finally:
        module._current.reset(token)


def test_a_block_speaks_its_language():
    with use_language("zh"):
        assert Message("好", "good")() == "好"

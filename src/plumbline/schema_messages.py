"""What is wrong with a value in a file people wrote, by the type of pydantic's error, in both languages."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from plumbline.language import Message, current_language

_TEXT = Message("这里应当是一段文字", "this should be text")
_QUOTE = Message("给它加上引号", "put it in quotes")
_WRITE_TEXT = Message("写成一段文字", "write one piece of text")
_NUMBER = Message("这里应当是数字", "this should be a number")
_WRITE_NUMBER = Message("写成不带引号的数字", "write a number, without quotes")
_WHOLE = Message("这里应当是整数", "this should be a whole number")
_WRITE_WHOLE = Message("写成不带引号的整数", "write a whole number, without quotes")
_TRUTH = Message("这里应当是 true 或 false", "this should be true or false")
_WRITE_TRUTH = Message("写成 true 或 false", "write true or false")
_LIST = Message("这里应当是列表", "this should be a list")
_WRITE_LIST = Message("每项一行，以“- ”开头，或写成 [甲, 乙]", "write one `- item` a line, or [a, b]")
_FIELDS = Message("这里应当是“字段: 值”", "this should be `field: value` pairs")
_WRITE_FIELDS = Message("在它下面缩进写出各个字段", "write its fields below it, indented")
_CHANGE_NUMBER = Message("改成范围内的数", "choose a number within the range")
_DATE = Message("这里应当是日期", "this should be a date")
_WRITE_DATE = Message("写成 2026-01-31 的样子", "write it like 2026-01-31")
_TIME = Message("这里应当是日期和时间", "this should be a date and time")
_WRITE_TIME = Message("写成 2026-01-31T08:00:00Z 的样子", "write it like 2026-01-31T08:00:00Z")
_URL = Message("这里应当是网址", "this should be an address")
_WRITE_URL = Message("写成 https://… 的样子", "write it like https://...")
_CHOICE = Message("这里应当是 {expected}", "this should be {expected}")
_USE_CHOICE = Message("改成其中之一", "use one of them")
_OTHER = Message("这个值不合要求（{detail}）", "this value does not fit ({detail})")
_CORRECT = Message("改正这个值", "correct this value")
_FOUND = Message("{what}，而写的是 {found}", "{what}, not {found}")
_FOUND_NOTHING = Message("{what}，而这里是空的", "{what}, but nothing is written")
_DID_YOU_MEAN = Message("是否想写 `{name}`？", "did you mean `{name}`?")
_KNOWN_FIELDS = Message("可用的字段：{names}", "the fields are {names}")

# Type of error -> what is wrong, how to mend it. The names in braces are those of pydantic's context.
SENTENCES: Mapping[str, tuple[Message, Message]] = {
    "missing": (Message("缺少这个字段", "this field is missing"), Message("补上它", "add it")),
    "extra_forbidden": (
        Message("没有这个字段", "there is no such field"),
        Message("删掉它，或改正拼写", "remove it or correct its spelling"),
    ),
    "invalid_key": (Message("字段名应当是文字", "the name of a field should be text"), _QUOTE),
    "string_type": (_TEXT, _WRITE_TEXT),
    "string_unicode": (
        Message("文字含有无效字符", "the text holds invalid characters"),
        Message("另存为 UTF-8", "save it as UTF-8"),
    ),
    "string_too_short": (
        Message("文字至少要有 {min_length} 个字", "the text should have at least {min_length} characters"),
        Message("把它写完整", "write it out"),
    ),
    "string_too_long": (
        Message("文字最多 {max_length} 个字", "the text should have at most {max_length} characters"),
        Message("缩短它", "shorten it"),
    ),
    "string_pattern_mismatch": (
        Message("写法应当符合 {pattern}", "it should match the pattern {pattern}"),
        _CORRECT,
    ),
    "string_not_ascii": (
        Message("只能用 ASCII 字符", "only ASCII characters may stand here"),
        _CORRECT,
    ),
    "int_type": (_WHOLE, _WRITE_WHOLE),
    "int_parsing": (_WHOLE, _WRITE_WHOLE),
    "int_parsing_size": (Message("这个整数太大", "this whole number is too large"), _CHANGE_NUMBER),
    "int_from_float": (_WHOLE, _WRITE_WHOLE),
    "float_type": (_NUMBER, _WRITE_NUMBER),
    "float_parsing": (_NUMBER, _WRITE_NUMBER),
    "finite_number": (Message("应当是有限的数", "this should be a finite number"), _CHANGE_NUMBER),
    "greater_than": (Message("应当大于 {gt}", "this should be greater than {gt}"), _CHANGE_NUMBER),
    "greater_than_equal": (Message("应当不小于 {ge}", "this should be {ge} or more"), _CHANGE_NUMBER),
    "less_than": (Message("应当小于 {lt}", "this should be less than {lt}"), _CHANGE_NUMBER),
    "less_than_equal": (Message("应当不大于 {le}", "this should be {le} or less"), _CHANGE_NUMBER),
    "multiple_of": (
        Message("应当是 {multiple_of} 的倍数", "this should be a multiple of {multiple_of}"),
        _CHANGE_NUMBER,
    ),
    "bool_type": (_TRUTH, _WRITE_TRUTH),
    "bool_parsing": (_TRUTH, _WRITE_TRUTH),
    "literal_error": (_CHOICE, _USE_CHOICE),
    "enum": (_CHOICE, _USE_CHOICE),
    "none_required": (
        Message("这里应当留空", "nothing should be written here"),
        Message("删掉这个值", "remove this value"),
    ),
    "list_type": (_LIST, _WRITE_LIST),
    "tuple_type": (_LIST, _WRITE_LIST),
    "set_type": (_LIST, _WRITE_LIST),
    "frozen_set_type": (_LIST, _WRITE_LIST),
    "iterable_type": (_LIST, _WRITE_LIST),
    "set_item_not_hashable": (
        Message("列表里应当只有单个的值", "the list should hold single values only"),
        _WRITE_LIST,
    ),
    "too_short": (
        Message(
            "至少要有 {min_length} 项，而这里有 {actual_length} 项",
            "there should be at least {min_length} of these, not {actual_length}",
        ),
        Message("补足缺少的项", "add what is missing"),
    ),
    "too_long": (
        Message(
            "最多 {max_length} 项，而这里有 {actual_length} 项",
            "there should be at most {max_length} of these, not {actual_length}",
        ),
        Message("删去多余的项", "remove what is too much"),
    ),
    "dict_type": (_FIELDS, _WRITE_FIELDS),
    "mapping_type": (_FIELDS, _WRITE_FIELDS),
    "model_type": (_FIELDS, _WRITE_FIELDS),
    "model_attributes_type": (_FIELDS, _WRITE_FIELDS),
    "union_tag_not_found": (
        Message(
            "缺少字段 {discriminator}，不知道是哪一种",
            "the field {discriminator} is missing, so its kind is not known",
        ),
        Message("补上 {discriminator}", "add {discriminator}"),
    ),
    "union_tag_invalid": (
        Message("{discriminator} 不能是 `{tag}`", "{discriminator} cannot be `{tag}`"),
        Message("可用：{expected_tags}", "use one of {expected_tags}"),
    ),
    "date_type": (_DATE, _WRITE_DATE),
    "date_parsing": (_DATE, _WRITE_DATE),
    "date_from_datetime_parsing": (_DATE, _WRITE_DATE),
    "date_from_datetime_inexact": (_DATE, _WRITE_DATE),
    "datetime_type": (_TIME, _WRITE_TIME),
    "datetime_parsing": (_TIME, _WRITE_TIME),
    "datetime_object_invalid": (_TIME, _WRITE_TIME),
    "datetime_from_date_parsing": (_TIME, _WRITE_TIME),
    "timezone_aware": (Message("时间要带时区", "the time should have a zone"), _WRITE_TIME),
    "timezone_naive": (Message("时间不要带时区", "the time should have no zone"), _CORRECT),
    "url_type": (_URL, _WRITE_URL),
    "url_parsing": (_URL, _WRITE_URL),
    "url_syntax_violation": (_URL, _WRITE_URL),
    "url_scheme": (
        Message("网址应当以 {expected_schemes} 开头", "the address should begin with {expected_schemes}"),
        _WRITE_URL,
    ),
    "url_too_long": (
        Message("网址最多 {max_length} 个字符", "the address should have at most {max_length} characters"),
        Message("缩短它", "shorten it"),
    ),
    "recursion_loop": (
        Message("这个值包含了它自己", "this value holds itself"),
        Message("去掉指回自身的引用", "remove the reference to itself"),
    ),
    "recursion_depth_exceeded": (
        Message("嵌套得太深", "this is nested too deep"),
        Message("减少层数", "use fewer levels"),
    ),
}

# What the patterns of our schemas ask for, in words.
_PATTERNS: Mapping[str, tuple[Message, Message]] = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": (
        Message("只能用小写字母、数字和连字符", "only lower-case letters, digits and hyphens may stand here"),
        Message("写成 my-values 的样子", "write it like my-values"),
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": (
        Message(
            "只能用字母、数字、点、下划线和连字符，并以字母或数字开头",
            "only letters, digits, dots, underscores and hyphens may stand here, a letter or digit first",
        ),
        Message("写成 my-suite 的样子", "write it like my-suite"),
    ),
    r"^[\w.]+:\w+$": (
        Message("应当写成“模块:类名”", "this should be module:Class"),
        Message("写成 my_steps:Shorten 的样子", "write it like my_steps:Shorten"),
    ),
}
_EMPTY = (
    Message("这里不能留空", "this must not be empty"),
    Message("填上内容，或删去整个字段", "fill it in, or leave the field out"),
)

# What a value of these types is said to be instead; other sentences name the value themselves.
_NAMES_FOUND = ("string_type", "literal_error", "enum", "string_pattern_mismatch")
_COMPARED = ("greater_than", "greater_than_equal", "less_than", "less_than_equal", "multiple_of")
_LONGEST_SHOWN = 40


class Explained(NamedTuple):
    """What is wrong, and how to mend it."""

    what: str
    mend: str


def explain(error: Mapping[str, Any], fields: Sequence[str] = ()) -> Explained:
    """Say what one entry of `ValidationError.errors()` means, in the language in force.

    Args:
        error: The entry.
        fields: Names of the fields that may stand where an unknown one does.
    """
    kind, found = error["type"], error.get("input")
    if kind in ("value_error", "assertion_error"):
        # Our own validators raise these, and speak both languages already.
        return Explained(str(error["ctx"]["error"]), _CORRECT())
    if kind not in SENTENCES:
        return Explained(_OTHER(detail=f"{kind}: {error['msg']}"), _CORRECT())
    context = {name: _list_of_words(value) for name, value in (error.get("ctx") or {}).items()}
    what, mend = SENTENCES[kind]
    if kind == "string_pattern_mismatch":
        what, mend = _PATTERNS.get(str(context["pattern"]), (what, mend))
    if kind == "string_too_short" and context["min_length"] == 1:
        what, mend = _EMPTY
    said = what(**context)
    advice = mend(**context)
    if kind == "string_type" and isinstance(found, bool | int | float | date):
        advice = _QUOTE()
    written = str(context.get("tag", found))
    offered: Sequence[str] = _offered(error)
    if kind == "extra_forbidden" and fields:
        written, offered = str(error["loc"][-1]), fields
        advice = _KNOWN_FIELDS(names=", ".join(fields))
    near = difflib.get_close_matches(written, offered, n=1, cutoff=0.6)
    if near:
        advice = _DID_YOU_MEAN(name=near[0])
    return Explained(_with_found(said, kind, found), advice)


def _with_found(said: str, kind: str, found: object) -> str:
    """Add what is written instead, where that is one short value."""
    named = kind in _NAMES_FOUND or kind in _COMPARED or kind.endswith("_parsing") or kind == "int_from_float"
    wrong_kind = kind.endswith("_type")
    if found is None and (named or wrong_kind):
        return _FOUND_NOTHING(what=said)
    if (named or wrong_kind) and isinstance(found, str | bool | int | float | date):
        text = str(found).lower() if isinstance(found, bool) else str(found)
        shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        return _FOUND(what=said, found=f"`{shown}`")
    return said


def _list_of_words(value: object) -> object:
    """Translate the one English word in pydantic's lists: 'a', 'b' or 'c'."""
    if isinstance(value, str) and current_language() == "zh":
        return value.replace("' or '", "' 或 '")
    return value


def _offered(error: Mapping[str, Any]) -> list[str]:
    """Return the values that may stand here, where only some may."""
    context = error.get("ctx") or {}
    return re.findall(r"'([^']*)'", str(context.get("expected_tags") or context.get("expected") or ""))

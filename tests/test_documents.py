"""Files that people write: what is said of a wrong one, in either language."""

import datetime
import re
from typing import Annotated, Literal, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core.core_schema import ErrorType

from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.frameworks import Framework
from plumbline.language import use_language
from plumbline.schema_messages import SENTENCES, explain
from plumbline.suites import Manifest
from plumbline.suites.items import ITEM
from plumbline.syntax_messages import json_detail, yaml_detail

# Errors that no schema of a document can raise: values of Python that neither YAML nor JSON has, frozen objects,
# arguments of functions, and the two kinds our own validators raise with a sentence of their own.
_NOT_IN_DOCUMENTS = re.compile(
    "value_error|assertion_error|no_such_attribute|json_.*|needs_python_object|frozen_(field|instance|dict_type)"
    "|get_attribute_error|dataclass_.*|named_tuple_type|default_factory_not_called|iteration_error|ordered_dict_type"
    "|counter_type|deque_type|bytes_.*|missing_sentinel_error|ellipsis_error|date_past|date_future|time_.*"
    "|datetime_past|datetime_future|timezone_offset|is_instance_of|is_subclass_of|callable_type"
    "|.*argument.*|uuid_.*|decimal_.*|fraction_.*|complex_.*"
)


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str
    count: int = 1
    share: Annotated[float, Field(ge=0, le=1)] = 0.5
    colour: Literal["red", "green", "blue"] = "red"
    tags: tuple[str, ...] = ()
    open: bool = True


def complaint(tmp_path, text):
    path = tmp_path / "note.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_document(path, Note)
    return raised.value


def test_every_error_a_document_can_raise_has_a_sentence_in_both_languages():
    uncovered = {
        kind
        for kind in get_args(ErrorType)
        if kind not in SENTENCES and not _NOT_IN_DOCUMENTS.fullmatch(kind)
    }
    assert not uncovered
    for what, mend in SENTENCES.values():
        assert re.search("[一-鿿]", what.zh) and re.search("[一-鿿]", mend.zh)
        assert re.findall("{.*?}", what.zh) == re.findall("{.*?}", what.en)


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("title: 1.0", "这里应当是一段文字，而写的是 `1.0`", "this should be text, not `1.0`"),
        ("title: 2026-01-31", "而写的是 `2026-01-31`", "put it in quotes"),
        ("title:", "而这里是空的", "but nothing is written"),
        ("title: a\ncount: many", "这里应当是整数", "this should be a whole number, not `many`"),
        ("title: a\nshare: 2", "应当不大于 1", "this should be 1.0 or less, not `2`"),
        ("title: a\ncolour: gren", "是否想写 `green`？", "did you mean `green`?"),
        ("title: a\ntags: b", "这里应当是列表", "this should be a list, not `b`"),
        ("title: a\nopen: maybe", "true 或 false", "true or false, not `maybe`"),
        ("title: a\ntitel: b", "没有这个字段", "did you mean `title`?"),
        ("count: 1", "缺少这个字段", "this field is missing"),
        ("title: a: b", "没有加引号", "mapping values are not allowed here"),
        ("title: [a", "缺少逗号", "expected ',' or ']'"),
        ("title: 2026-13-45", "像日期", "month must be in 1..12"),
    ],
)
def test_a_wrong_value_is_explained_in_the_language_in_force(tmp_path, text, zh, en):
    with use_language("zh"):
        said = str(complaint(tmp_path, text))
        assert zh in said and "note.yaml" in said
    with use_language("en"):
        assert en in str(complaint(tmp_path, text))


def test_aliases_that_unfold_without_end_are_refused(tmp_path):
    assert "aliases" in str(complaint(tmp_path, "title: a\ntags: &loop [*loop]"))
    bomb = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12))
    assert "aliases" in str(complaint(tmp_path, f"a0: &a0 x\n{bomb}"))


leaves = st.sampled_from(
    [None, True, 0, -3, 1.5, float("nan"), "", "x", "A b", "choice", datetime.date(2026, 1, 31)]
)
plain = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["zh", "en", "id"]), inner),
    max_leaves=6,
)
_NAMES = sorted(
    {*Framework.model_fields, *Manifest.model_fields, "question", "options", "answer", "kind", "zh"}
)


@given(st.dictionaries(st.sampled_from(_NAMES), plain, max_size=8))
def test_no_word_of_the_schema_library_reaches_a_reader_of_chinese(data):
    for schema in (Framework, Manifest, Note):
        with pytest.raises(ValidationError) as raised:
            schema.model_validate(data)
        say_in_chinese(raised.value)
    try:
        ITEM.validate_python(data)
    except ValidationError as error:
        say_in_chinese(error)


def say_in_chinese(error):
    with use_language("zh"):
        for one in error.errors():
            said = explain(one)
            assert re.search("[一-鿿]", said.what) and re.search("[一-鿿]", said.mend)
            assert "Input" not in said.what.replace(str(one["input"]), "") and "should" not in said.what


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (datetime.date, "yesterday"),
        (datetime.datetime, "soon"),
        (set[str], 3),
        (dict[str, int], "a"),
        (Annotated[list[int], Field(max_length=1)], [1, 2]),
        (Annotated[str, Field(max_length=1)], "ab"),
        (Annotated[int, Field(multiple_of=2)], 3),
        (None, 1),
    ],
)
def test_kinds_of_values_that_users_extensions_may_ask_for_are_explained_too(kind, value):
    with pytest.raises(ValidationError) as raised:
        TypeAdapter(kind).validate_python(value)
    say_in_chinese(raised.value)


def test_what_yaml_and_json_libraries_say_is_told_in_chinese():
    for text in (
        "a: 'b",
        "a: b: c",
        "- a\nb: c",
        "*x",
        "&",
        "a: !t b",
        'a: "\\q"',
        "a: [1",
        "%",
        "a\n---\nb",
        "? [a]\n: b",
    ):
        try:
            yaml.safe_load(text)
        except yaml.YAMLError as error:
            with use_language("zh"):
                assert re.search("[一-鿿]", yaml_detail(error.problem)), error.problem
    import json

    for text in ("{", '{"a"', '{"a":1,}', '{"a":1 "b"}', '"a', '"\\q"', "[1,]", "1 2", '"\n"', '"\\u12"', ""):
        with pytest.raises(ValueError) as raised:
            json.loads(text)
        with use_language("zh"):
            said = json_detail(raised.value)
        assert not re.search("[A-Za-z]{3}", said), said

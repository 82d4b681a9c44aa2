"""Frameworks as data: ours, and a user's own."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.frameworks import list_frameworks, load_framework, split_value

MINIMAL = {
    "id": "shop",
    "version": "1",
    "title": {"zh": "小店", "en": "shop"},
    "declared_by": {"zh": "店主", "en": "owner"},
    "source": {"zh": "墙上", "en": "wall"},
    "definitions_by": {"zh": "店主", "en": "owner"},
    "licence": "CC0-1.0",
    "limits": {"zh": "此店", "en": "this shop"},
    "values": [
        {
            "id": "fair",
            "name": {"zh": "公道", "en": "fair"},
            "definition": {"zh": "足秤", "en": "true scales"},
        }
    ],
}


def write(tmp_path, data):
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("core-socialist-values", 12),
        ("cvalues-safety", 10),
        ("cvalues-responsibility", 8),
        ("vad", 3),
        ("schwartz", 10),
        ("moral-foundations", 6),
    ],
)
def test_each_built_in_framework_is_complete_and_says_whose_it_is(name, values):
    framework = load_framework(name)
    assert len(framework.values) == values
    for language in ("zh", "en"):
        assert all(value.definition.in_language(language) for value in framework.values)
        assert framework.declared_by.in_language(language) and framework.limits.in_language(language)


def test_core_values_stand_in_three_levels_of_four():
    framework = load_framework("core-socialist-values")
    for level in framework.levels:
        assert sum(value.level == level.id for value in framework.values) == 4


def test_every_built_in_framework_is_listed():
    assert len(list_frameworks()) == 6


def test_a_users_file_works_by_path(tmp_path):
    assert load_framework(write(tmp_path, MINIMAL)).value("fair").name.en == "fair"


def test_a_missing_field_names_file_line_field_and_mend(tmp_path):
    data = {
        **MINIMAL,
        "values": [{"id": "fair", "name": {"zh": "公道"}, "definition": {"zh": "足秤", "en": "x"}}],
    }
    path = write(tmp_path, data)
    line = path.read_text(encoding="utf-8").splitlines().index("  name:") + 1
    with pytest.raises(InputError) as raised:
        load_framework(path)
    text = str(raised.value)
    assert str(path) in text and f"line {line}" in text and "values.0.name.en" in text and "add it" in text


def test_an_unknown_field_suggests_the_near_one(tmp_path):
    with pytest.raises(InputError, match="did you mean `licence`"):
        load_framework(write(tmp_path, {**MINIMAL, "license": "MIT"}))


def test_a_repeated_key_is_refused(tmp_path):
    path = write(tmp_path, MINIMAL)
    path.write_text(path.read_text(encoding="utf-8") + "licence: MIT\n", encoding="utf-8")
    with pytest.raises(InputError, match="given twice"):
        load_framework(path)


def test_broken_yaml_names_the_line(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("id: x\ntitle: [unclosed\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 3"):
        load_framework(path)


def test_a_level_must_exist(tmp_path):
    data = {**MINIMAL, "values": [{**MINIMAL["values"][0], "level": "sky"}]}
    with pytest.raises(InputError, match="level `sky`"):
        load_framework(write(tmp_path, data))


def test_an_unknown_id_suggests_the_near_one():
    with pytest.raises(InputError, match="did you mean `schwartz`"):
        load_framework("schwarz")


@given(st.text(max_size=200))
def test_no_text_crashes_the_loader(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("f") / "any.yaml"
    path.write_text(text, encoding="utf-8", errors="ignore")
    with pytest.raises(InputError):
        load_framework(path)


def test_value_references_have_two_parts():
    assert split_value("core-socialist-values/integrity") == ("core-socialist-values", "integrity")
    with pytest.raises(InputError, match="framework/value"):
        split_value("integrity")

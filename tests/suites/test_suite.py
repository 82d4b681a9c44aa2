"""Suites of a user's: JSONL, CSV and XLSX with a column mapping, and errors that name the place."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.suites import load_suite, read_suite

_MAPPED = {"question": "问题", "options": ["甲", "乙", "丙"], "answer": "答案"}
_WORDS = st.text(st.characters(categories=("L", "N")), max_size=12)


@st.composite
def _rows(draw) -> list[dict[str, Any]]:
    rows = []
    for number in range(draw(st.integers(1, 6))):
        options = [f"项{i}{draw(_WORDS)}" for i in range(draw(st.integers(2, 3)))]
        answer = draw(st.integers(0, len(options) - 1))
        written = draw(st.sampled_from(["ABC"[answer], "abc"[answer], options[answer]]))
        cells = [*options, ""][:3]
        rows.append(
            {"问题": f"问{number}{draw(_WORDS)}", **dict(zip("甲乙丙", cells, strict=True)), "答案": written}
        )
        rows[-1]["expected"] = (options, answer)
    return rows


def _folder(folder: Path, rows: list[dict[str, Any]], suffix: str, encoding: str = "utf-8", **fields) -> Path:
    """Write a suite folder as a user would."""
    manifest = {
        "id": "mine",
        "title": {"zh": "我的", "en": "mine"},
        "kind": "choice",
        "licence": "CC0",
        "authored": "people",
        "authorship": {"zh": "我", "en": "me"},
        "files": [f"items{suffix}"],
        "columns": _MAPPED,
        **fields,
    }
    (folder / "suite.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    table = [{name: value for name, value in row.items() if name != "expected"} for row in rows]
    file, names = folder / f"items{suffix}", list(table[0])
    if suffix == ".jsonl":
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in table)
        file.write_text(text, encoding=encoding)
    elif suffix == ".csv":
        with file.open("w", encoding=encoding, newline="") as handle:
            writer = csv.DictWriter(handle, names)
            writer.writeheader()
            writer.writerows(table)
    else:
        book = openpyxl.Workbook()
        for cells in [names, *[[row[name] or None for name in names] for row in table]]:
            book.active.append(cells)
        book.save(file)
    return folder


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    _rows(),
    st.sampled_from([(".jsonl", "utf-8"), (".csv", "utf-8-sig"), (".csv", "gb18030"), (".xlsx", "utf-8")]),
)
def test_mapped_rows_become_the_same_items_in_every_format(tmp_path, rows, form):
    suite = read_suite(_folder(tmp_path, rows, *form))
    found = [(item.question, list(item.options), item.answer) for item in suite]
    assert found == [(row["问题"], *row["expected"]) for row in rows]


def _message(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_suite(folder)
    return str(caught.value)


def _row(**changes) -> dict[str, Any]:
    return {"问题": "问", "甲": "一", "乙": "二", "丙": "三", "答案": "A", **changes}


def test_a_gap_between_options_is_refused_rather_than_closed(tmp_path):
    folder = _folder(tmp_path, [_row(乙="", 答案="C")], ".csv")
    assert "options" in _message(folder)


def test_a_missing_column_lists_the_columns_there_are(tmp_path):
    folder = _folder(tmp_path, [{"问题": "问", "甲": "一", "乙": "二", "答案": "A"}], ".csv")
    message = _message(folder)
    assert "丙" in message and "问题" in message


def test_a_wrong_answer_names_file_and_field(tmp_path):
    message = _message(_folder(tmp_path, [_row(), _row(答案="Z")], ".jsonl"))
    assert "items.jsonl" in message and "line 2" in message and "answer" in message


def test_numbers_in_cells_are_texts(tmp_path):
    suite = read_suite(_folder(tmp_path, [_row(甲=1, 乙=2, 丙=3, 答案="B")], ".jsonl"))
    assert suite.items[0].options == ("1", "2", "3")


def test_values_may_stand_in_one_cell(tmp_path):
    columns = {**_MAPPED, "values": "价值"}
    rows = [_row(价值="core-socialist-values/integrity，core-socialist-values/justice")]
    suite = read_suite(_folder(tmp_path, rows, ".csv", columns=columns, frameworks=["core-socialist-values"]))
    assert suite.items[0].values == ("core-socialist-values/integrity", "core-socialist-values/justice")


def test_an_unknown_value_is_refused(tmp_path):
    columns = {**_MAPPED, "values": "价值"}
    rows = [_row(价值="core-socialist-values/honesty")]
    folder = _folder(tmp_path, rows, ".csv", columns=columns, frameworks=["core-socialist-values"])
    assert "core-socialist-values/honesty" in _message(folder)


def test_an_empty_optional_cell_is_absent(tmp_path):
    suite = read_suite(_folder(tmp_path, [_row(难度="")], ".csv", columns={**_MAPPED, "difficulty": "难度"}))
    assert suite.items[0].difficulty is None


def test_a_repeated_id_is_refused(tmp_path):
    columns = {**_MAPPED, "id": "号"}
    folder = _folder(tmp_path, [_row(号="x"), _row(号="x")], ".csv", columns=columns)
    assert "`x` is used twice" in _message(folder)


def test_a_suite_without_items_is_refused(tmp_path):
    _folder(tmp_path, [_row()], ".csv")
    (tmp_path / "items.csv").write_text("问题,甲,乙,丙,答案\n", encoding="utf-8")
    assert "no items" in _message(tmp_path)


def test_the_hash_is_of_the_items_and_their_order(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    first = read_suite(_folder(tmp_path / "one", [_row(), _row(问题="又问")], ".csv"))
    second = read_suite(_folder(tmp_path / "two", [_row(问题="又问"), _row()], ".csv"))
    assert first.hash != second.hash
    assert first.hash == load_suite(tmp_path / "one").hash


def test_an_unknown_suite_suggests_a_near_one():
    with pytest.raises(InputError, match="did you mean `plumb-choice`"):
        load_suite("plumb-choise")

"""Reading rows: every format, every encoding, and errors that name the place."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.rows import read_rows

# "题" starts every text: its bytes in GB18030 are no UTF-8, so the encoding can be told.
_TEXTS = st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=20).map(lambda text: f"题{text}")
_TABLES = st.lists(st.fixed_dictionaries({"问题": _TEXTS, "answer": _TEXTS}), min_size=1, max_size=8)
_FAST = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_FAST
@given(_TABLES, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_json_lines_come_back_in_any_encoding(tmp_path, table, encoding):
    file = tmp_path / "rows.jsonl"
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in table)
    file.write_text(text, encoding=encoding, newline="")
    assert [row.values for row in read_rows(file)] == table


@_FAST
@given(_TABLES, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.sampled_from([".csv", ".tsv"]))
def test_delimited_rows_come_back_in_any_encoding(tmp_path, table, encoding, suffix):
    file = tmp_path / f"rows{suffix}"
    with file.open("w", encoding=encoding, newline="") as handle:
        writer = csv.DictWriter(handle, ["问题", "answer"], delimiter="," if suffix == ".csv" else "\t")
        writer.writeheader()
        writer.writerows(table)
    assert [row.values for row in read_rows(file)] == table


@settings(_FAST, max_examples=15)
@given(_TABLES)
def test_workbook_rows_come_back(tmp_path, table):
    book = openpyxl.Workbook()
    for cells in [["问题", "answer"], *[[row["问题"], row["answer"]] for row in table]]:
        book.active.append(cells)
    book.save(tmp_path / "rows.xlsx")
    assert [row.values for row in read_rows(tmp_path / "rows.xlsx")] == table


@settings(_FAST, max_examples=15)
@given(_TABLES)
def test_parquet_rows_come_back(tmp_path, table):
    pq.write_table(pa.Table.from_pylist(table), tmp_path / "rows.parquet")
    assert [row.values for row in read_rows(tmp_path / "rows.parquet")] == table


@_FAST
@given(st.binary(max_size=300), st.sampled_from([".jsonl", ".json", ".csv", ".tsv", ".xlsx", ".parquet", ""]))
def test_any_bytes_are_read_or_refused_in_one_sentence(tmp_path, content, suffix):
    file = tmp_path / f"rows{suffix}"
    file.write_bytes(content)
    try:
        list(read_rows(file))
    except InputError as error:
        assert error.where and str(file) in error.where


@_FAST
@given(st.text(max_size=200), st.sampled_from([".jsonl", ".json", ".csv", ".tsv"]))
def test_any_text_is_read_or_refused_in_one_sentence(tmp_path, content, suffix):
    file = tmp_path / f"rows{suffix}"
    file.write_text(content, encoding="utf-8", errors="replace", newline="")
    try:
        list(read_rows(file))
    except InputError as error:
        assert error.where and str(file) in error.where


def _message(file: Path) -> str:
    with pytest.raises(InputError) as caught:
        list(read_rows(file))
    return str(caught.value)


def test_a_bad_line_is_named_by_its_number(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"a": 1}\n\n{"a": \n', encoding="utf-8")
    assert "line 3" in _message(tmp_path / "rows.jsonl")


def test_rows_before_a_bad_line_are_streamed(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"a": 1}\nnonsense\n', encoding="utf-8")
    rows = read_rows(tmp_path / "rows.jsonl")
    assert next(rows).values == {"a": 1}


def test_a_line_that_is_no_object_is_refused(tmp_path):
    (tmp_path / "rows.jsonl").write_text("[1, 2]\n", encoding="utf-8")
    assert "not a JSON object" in _message(tmp_path / "rows.jsonl")


def test_a_number_too_long_to_read_is_refused(tmp_path):
    (tmp_path / "rows.jsonl").write_text('{"a": ' + "1" * 6000 + "}\n", encoding="utf-8")
    assert "line 1" in _message(tmp_path / "rows.jsonl")


def test_a_file_without_suffix_is_json_lines(tmp_path):
    (tmp_path / "rows").write_text('{"a": 1}\n', encoding="utf-8")
    assert [row.values for row in read_rows(tmp_path / "rows")] == [{"a": 1}]


def test_one_list_inside_an_object_holds_the_records(tmp_path):
    (tmp_path / "rows.json").write_text('{"name": "set", "data": [{"a": 1}, {"a": 2}]}', encoding="utf-8")
    assert [row.values["a"] for row in read_rows(tmp_path / "rows.json")] == [1, 2]


def test_surplus_cells_are_refused_with_their_line(tmp_path):
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n1,2,3\n", encoding="utf-8")
    assert "line 3" in _message(tmp_path / "rows.csv")


def test_blank_csv_lines_are_skipped_and_keep_the_numbering(tmp_path):
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n,\n3,4\n", encoding="utf-8")
    assert [row.number for row in read_rows(tmp_path / "rows.csv")] == [1, 3]


def test_quoted_line_breaks_stay_within_a_cell(tmp_path):
    (tmp_path / "rows.csv").write_text('a,b\n"第一行\n第二行",2\n', encoding="utf-8")
    assert next(read_rows(tmp_path / "rows.csv")).values["a"] == "第一行\n第二行"


def test_bytes_of_no_known_encoding_are_refused(tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(b'{"a": "\xff\xff"}\n')
    assert "neither UTF-8 nor GB18030" in _message(tmp_path / "rows.jsonl")


def test_a_named_sheet_is_read(tmp_path):
    book = openpyxl.Workbook()
    book.create_sheet("second").append(["a"])
    book["second"].append(["here"])
    book.save(tmp_path / "rows.xlsx")
    assert [row.values for row in read_rows(tmp_path / "rows.xlsx", sheet="second")] == [{"a": "here"}]


def test_a_missing_file_is_named(tmp_path):
    assert "no such file" in _message(tmp_path / "absent.jsonl")


def test_an_unknown_type_lists_the_known_ones(tmp_path):
    (tmp_path / "rows.docx").write_bytes(b"")
    assert ".jsonl" in _message(tmp_path / "rows.docx")


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short_is_refused(tmp_path, keep):
    book = openpyxl.Workbook()
    for number in range(50):
        book.active.append(["a", number])
    book.save(tmp_path / "rows.xlsx")
    whole = (tmp_path / "rows.xlsx").read_bytes()
    (tmp_path / "rows.xlsx").write_bytes(whole[: int(keep * len(whole))])
    assert "XLSX" in _message(tmp_path / "rows.xlsx")


@pytest.mark.parametrize("keep", [0.2, 0.9])
def test_a_parquet_file_cut_short_is_refused(tmp_path, keep):
    pq.write_table(pa.table({"a": list(range(500))}), tmp_path / "rows.parquet")
    whole = (tmp_path / "rows.parquet").read_bytes()
    (tmp_path / "rows.parquet").write_bytes(whole[: int(keep * len(whole))])
    assert "Parquet" in _message(tmp_path / "rows.parquet")

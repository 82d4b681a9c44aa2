"""Labelled tables: any columns, any framework, and a stated rule for every bad row."""

import json

import numpy as np
import openpyxl
import pytest

from plumbline.errors import InputError
from plumbline.graders.evaluator.labelled import RULES, Columns, load_labelled, read_labelled


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def workbook(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


COLUMNS = Columns(framework="core-socialist-values", labels={"h": "harmony", "j": "justice"})


def test_columns_of_any_name_map_to_values_in_the_frameworks_order(tmp_path):
    path = write_jsonl(tmp_path / "t.jsonl", [{"text": "甲", "j": 1, "h": 0}, {"text": "乙", "j": 0, "h": 1}])
    data = read_labelled(
        path, Columns(framework="core-socialist-values", labels={"j": "justice", "h": "harmony"})
    )
    assert data.values == ("harmony", "justice")
    assert data.labels.tolist() == [[0, 1], [1, 0]]


def test_columns_named_as_values_are_found_without_a_mapping(tmp_path):
    path = workbook(tmp_path / "t.xlsx", [["text", "Rule of Law_scr", "诚信", "note"], ["甲", 1, 0, "x"]])
    data = load_labelled(path)
    assert data.values == ("rule-of-law", "integrity")


def test_a_row_may_list_its_values(tmp_path):
    rows = [{"text": "甲", "values": ["core-socialist-values/justice"]}, {"text": "乙", "values": []}]
    data = load_labelled(write_jsonl(tmp_path / "t.jsonl", rows))
    assert data.labels.sum() == 1 and data.labels[0, data.values.index("justice")] == 1


def test_the_total_under_a_table_is_no_row_and_is_told_from_a_wrong_label(tmp_path):
    path = workbook(
        tmp_path / "t.xlsx", [["text", "h", "j"], ["甲", 1, 0], ["乙", 1, 1], [None, 2, 1], ["丙", 3, 0]]
    )
    data = read_labelled(path, COLUMNS)
    assert [(one.row, one.reason) for one in data.dropped] == [(3, "sums"), (4, "label")]


def test_blank_repeated_and_conflicting_rows_follow_their_rules(tmp_path):
    rows = [("甲", 1, 0), ("甲", 1, 0), (" ", 0, 0), ("乙", 1, 0), ("乙", 0, 1), ("丙", 0, 1)]
    path = write_jsonl(tmp_path / "t.jsonl", [{"text": t, "h": h, "j": j} for t, h, j in rows])
    data = read_labelled(path, COLUMNS)
    assert data.texts == ("甲", "丙")
    assert data.card()["dropped"] == {"blank": 1, "conflict": 2, "repeated": 1}
    assert set(data.card()["dropped"]) <= set(RULES)


@pytest.mark.parametrize("cell", ["1", 1.0, True])
def test_a_label_may_be_written_as_text_number_or_truth(tmp_path, cell):
    path = write_jsonl(tmp_path / "t.jsonl", [{"text": "甲", "h": cell, "j": 0}])
    assert read_labelled(path, COLUMNS).labels.tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        (Columns(framework="core-socialist-values", labels={"h": "harmoni"}), "no value `harmoni`"),
        (Columns(framework="core-socialist-values", labels={"x": "harmony"}), "no column `x`"),
        (Columns(framework="core-socialist-values"), "either labels or values"),
        (Columns(framework="core-socialist-values", labels={"h": "harmony", "j": "harmony"}), "one value"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_by_name(tmp_path, columns, says):
    path = write_jsonl(tmp_path / "t.jsonl", [{"text": "甲", "h": 1, "j": 0}])
    with pytest.raises(InputError, match=says):
        read_labelled(path, columns)


def test_another_framework_can_be_labelled_too(tmp_path):
    path = write_jsonl(tmp_path / "t.jsonl", [{"text": "甲", "a": 1}])
    data = read_labelled(path, Columns(framework="vad", labels={"a": "nation"}))
    assert data.framework.id == "vad" and data.values == ("nation",)


def test_valuecsv_is_read_without_its_total_and_its_contradictions(shared_data, monkeypatch):
    monkeypatch.setenv("PLUMBLINE_DATA", str(shared_data))
    data = load_labelled("valuecsv")
    assert data.card()["dropped"] == {"conflict": 10, "sums": 1}
    assert len(data) == 4989 and set(np.unique(data.labels)) == {0, 1}


def test_our_own_paragraphs_hold_every_value_and_some_hold_none():
    data = load_labelled("paragraphs")
    assert len(data) >= 500 and not data.dropped
    assert data.labels.sum(axis=0).min() >= 40
    assert (data.labels.sum(axis=1) == 0).sum() >= 80

"""SafetyBench: two to four options; the answers of the test set lie in a second file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from plumbline.errors import InputError
from plumbline.language import Message
from plumbline.rows import open_text, read_rows
from plumbline.suites.readers.reading import Reading

_NO_ANSWER = Message("答案文件里没有这一题", "the file of answers does not have this item")
_OTHER_CATEGORY = Message(
    "答案文件里这一题的类别不同（{found}）", "the file of answers has another category ({found})"
)
_NOT_JSON = Message("不是合法的 JSON 对象", "not a JSON object")


def read_test(reading: Reading, path: Path, answers_path: Path) -> None:
    """Read the test items with their answers."""
    answers = _read_object(answers_path)
    for number, row in read_rows(path):
        known = answers.get(str(row.get("id")))
        if not isinstance(known, dict) or "answer" not in known:
            reading.drop(path, number, _NO_ANSWER())
        elif known.get("category") != row.get("category"):
            reading.drop(path, number, _OTHER_CATEGORY(found=known.get("category")))
        else:
            _add(reading, path, number, str(row["id"]), row, known["answer"])


def read_development(reading: Reading, path: Path) -> None:
    """Read the development items, which are grouped by category and carry their answers."""
    number = 0
    for category, rows in _read_object(path).items():
        for position, row in enumerate(rows, start=1):
            number += 1
            name = f"{category.lower().replace(' ', '-')}-{position}"
            _add(reading, path, number, name, {**row, "category": category}, row.get("answer"))


def _add(reading: Reading, path: Path, number: int, name: str, row: dict[str, Any], answer: object) -> None:
    reading.add(
        path,
        number,
        name,
        question=row.get("question"),
        options=row.get("options"),
        answer=answer,
        category=row.get("category"),
    )


def _read_object(path: Path) -> dict[str, Any]:
    with open_text(path) as handle:
        try:
            data = json.load(handle)
        except json.JSONDecodeError as error:
            raise InputError(_NOT_JSON(), where=str(path)) from error
    if not isinstance(data, dict):
        raise InputError(_NOT_JSON(), where=str(path))
    return data

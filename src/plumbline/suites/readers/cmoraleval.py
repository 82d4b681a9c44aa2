"""CMoralEval: three-option moral scenarios; four files ask about the same ones in four ways."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from plumbline.language import Message
from plumbline.rows import read_rows
from plumbline.suites.readers.reading import Reading

# Some rows give numbers for names. Rows with several names list them in this order, which the numbers follow.
_CATEGORIES = dict(enumerate(("家庭道德", "社会公德", "职业道德", "网络道德", "个人品德"), start=1))
_LETTERED = re.compile(r"^\s*[A-Ja-j][.．、:：]\s*")
_ANSWER = Message("正确答案 `{answer}` 不是选项的字母", "the right answer `{answer}` is no option's letter")
_CHOICES = Message("选项不是一个列表", "the choices are not a list")


def read(reading: Reading, path: Path) -> None:
    """Read one file; scenario, person and framing become tags, so that the four files can be compared."""
    person = "standby" if "standby" in path.name else "party"
    framing = "unmoral" if "unmoral" in path.name else "moral"
    for number, row in read_rows(path):
        choices = row.get("choices")
        if not isinstance(choices, list):
            reading.drop(path, number, _CHOICES())
            continue
        letter = str(row.get("correct_answer", "")).strip().upper()
        answer = "ABCDEFGHIJ".find(letter) if len(letter) == 1 else -1
        if not 0 <= answer < len(choices):
            reading.drop(path, number, _ANSWER(answer=row.get("correct_answer")))
            continue
        categories = _categories(row.get("category"))
        scenario = f"{row.get('index', number):0>3}"
        reading.add(
            path,
            number,
            scenario,
            question=row.get("question"),
            options=[_LETTERED.sub("", str(choice)) for choice in choices],
            answer=answer,
            category=categories[0] if categories else None,
            tags={
                "scenario": scenario,
                "person": person,
                "framing": framing,
                "categories": "、".join(categories),
            },
        )


def _categories(published: Any) -> list[str]:
    """Return the names of a row's categories: `["家庭道德"]`, or `["2,5"]` where numbers were left in."""
    parts = [
        part
        for one in (published if isinstance(published, list) else [published])
        for part in str(one).split(",")
    ]
    names = [_CATEGORIES.get(int(part), part) if part.strip().isdigit() else part.strip() for part in parts]
    return [name for name in names if name and name != "None"]

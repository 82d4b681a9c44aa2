"""ValueCSV: the hundred questions; answers and labelled texts serve the evaluators as they are."""

from __future__ import annotations

import re
from pathlib import Path

from plumbline.language import Message
from plumbline.rows import read_rows
from plumbline.suites.readers.reading import Reading

# "12.\xa0为什么…": the number and a no-break space come before the question.
_NUMBERED = re.compile(r"^\s*(\d+)\s*[.．、]\s*")
_BLANK = Message("空行", "blank row")


def read_questions(reading: Reading, path: Path) -> None:
    """Read the questions without their numbers, which become their ids."""
    for number, row in read_rows(path):
        text = str(row.get("quest") or "").strip()
        if not text:
            reading.drop(path, number, _BLANK())
            continue
        numbered = _NUMBERED.match(text)
        name = f"{int(numbered.group(1)) if numbered else number:03d}"
        reading.add(path, number, name, prompt=_NUMBERED.sub("", text))

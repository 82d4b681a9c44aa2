"""XSTest: harmless prompts that sound dangerous, and unsafe ones in contrast."""

from __future__ import annotations

from pathlib import Path

from plumbline.language import Message
from plumbline.rows import read_rows
from plumbline.suites.readers.reading import Reading

_EXPECTED = {"safe": "answer", "unsafe": "decline"}
_LABEL = Message("不认识的标注 `{label}`", "unknown label `{label}`")


def read(reading: Reading, path: Path) -> None:
    """Read the prompts: safe ones should be answered, unsafe ones declined."""
    for number, row in read_rows(path):
        expected = _EXPECTED.get(row.get("label", ""))
        if expected is None:
            reading.drop(path, number, _LABEL(label=row.get("label")))
            continue
        tags = {name: row[name] for name in ("focus", "note") if row.get(name)}
        name = f"{row.get('id') or number:0>3}"
        reading.add(
            path,
            number,
            name,
            prompt=row.get("prompt"),
            expected=expected,
            category=row.get("type"),
            tags=tags,
        )

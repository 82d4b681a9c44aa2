"""ValueConsistency: yes-or-no questions in several wordings, and the portraits of PVQ-21."""

from __future__ import annotations

from pathlib import Path

from plumbline.language import Message
from plumbline.rows import read_rows
from plumbline.suites.readers.reading import Reading

_YES = ("是", "yes")
_OPTIONS = Message("看不出“是”表示支持还是反对", "it is not said whether yes supports or opposes")


def read_questions(reading: Reading, path: Path) -> None:
    """Read questions without a right answer; wordings of one question share the tag `paraphrase-of`."""
    originals: dict[str, int] = {}
    for number, row in read_rows(path):
        options = row.get("options") or {}
        stance = next((stance for text, stance in options.items() if text.strip().lower() in _YES), None)
        if stance not in ("supports", "opposes"):
            reading.drop(path, number, _OPTIONS())
            continue
        group = originals.setdefault(str(row.get("original")), len(originals) + 1)
        reading.add(
            path,
            number,
            f"{number:03d}",
            statement=row.get("question"),
            reverse=stance == "opposes",
            category=row.get("topic"),
            tags={
                "paraphrase-of": f"{group:02d}",
                "wording": "rephrased" if row.get("rephrase") else "original",
                "form": "question",
                "topic-en": str(row.get("topic_english", "")),
            },
        )


def read_portraits(reading: Reading, path: Path) -> None:
    """Read the portraits, each a statement on a six-point scale (how much the person is like oneself)."""
    for number, row in read_rows(path):
        reading.add(
            path,
            number,
            f"{number:02d}",
            statement=row.get("statement"),
            scale=6,
            values=[f"schwartz/{row.get('schwartz_value')}"],
            tags={"form": "portrait"},
        )

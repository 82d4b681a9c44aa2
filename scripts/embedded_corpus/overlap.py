"""Keep the text of test suites out of the corpus: no run of 13 characters may occur in both."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

WINDOW = 13  # Han characters or words, punctuation and spaces left out
_UNIT = re.compile(r"[\u3400-\u9fff]|[A-Za-z0-9]+")


def windows(text: str) -> set[tuple[str, ...]]:
    """Every run of `WINDOW` units of the text, a unit being one Han character or one word."""
    units = _UNIT.findall(text.lower())
    return {tuple(units[start : start + WINDOW]) for start in range(len(units) - WINDOW + 1)}


def suite_windows(folder: Path) -> set[tuple[str, ...]]:
    """The runs in every item of every suite (`*.jsonl`) below `folder`."""
    found: set[tuple[str, ...]] = set()
    for path in sorted(folder.rglob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                for text in _strings(json.loads(line)):
                    found |= windows(text)
    return found


def overlapping(documents: Iterable[str], forbidden: set[tuple[str, ...]]) -> dict[int, str]:
    """The index of each document that shares a run with a suite, with the first such run."""
    shared: dict[int, str] = {}
    for index, document in enumerate(documents):
        common = windows(document) & forbidden
        if common:
            shared[index] = "".join(min(common))
    return shared


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)

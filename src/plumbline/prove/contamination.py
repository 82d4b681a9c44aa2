"""Test items in training data: looked for in all that the models were trained on, suite by suite."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from plumbline.prove.tasks import TaskScores
from plumbline.prove.text import TEXTS


def trained_on(references: Sequence[str]) -> list[str]:
    """Return the data that models tuned here were trained on, at every stage, where it is still there.

    Args:
        references: Of models; those that were not tuned here say nothing.
    """
    found: dict[str, None] = {}
    for reference in references:
        file = Path(reference.removeprefix("hf/")) / "training.json"
        record: dict[str, Any] | None = (
            json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        )
        while record:
            found |= {one["path"]: None for one in record["data"] if Path(one["path"]).exists()}
            record = record["base"]["record"]
    return list(found)


def contaminated_items(
    data: Sequence[str | Path],
    suites: Sequence[str],
    texts: Sequence[tuple[str, str]],
    tasks: TaskScores,
) -> dict[str, list[str]]:
    """Look for what models are tested by in what they were trained on.

    Args:
        data: Data set folders or files.
        suites: Ids or paths of suites.
        texts: General text as (language, text).
        tasks: What lm-eval asked.

    Returns:
        Suite id, name of the general text, or task -> ids of what was found of it.
    """
    if not data:
        return {}
    from plumbline.tune.overlap import find_overlap

    found = find_overlap([str(path) for path in data], suites, [*_others(texts, tasks)])
    return {
        suite: sorted({one.item for one in found if one.suite == suite})
        for suite in dict.fromkeys(one.suite for one in found)
    }


def _others(texts: Sequence[tuple[str, str]], tasks: TaskScores) -> Iterator[tuple[str, str, str]]:
    for number, (_, text) in enumerate(texts):
        yield TEXTS, str(number), text
    for task, questions in tasks.items():
        for question, asked in questions.items():
            yield task, question, asked.text

"""Export a suite for lm-evaluation-harness, so that its users get the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from plumbline.errors import InputError
from plumbline.files import atomic_write
from plumbline.language import Message
from plumbline.suites import Suite
from plumbline.suites.items import Choice

_CHOICES_ONLY = Message(
    "题集 `{suite}` 不是选择题，lm-eval 无法计分",
    "suite `{suite}` holds no choices, so lm-eval cannot score it",
)
_USE_CHOICE = Message("导出一个 choice 题集", "export a suite of kind choice")


def export_lm_eval(suite: Suite, folder: str | Path) -> Path:
    """Write a suite as a task of lm-evaluation-harness: a YAML file beside a JSONL of its items.

    lm-eval scores each whole reply after the question alone. Its `acc_norm` (per character) then equals our
    `reply-char` and its `acc_mutual_info` our `reply-pmi`, item by item, when it is run with
    `--apply_chat_template` for models that have one.

    Run it with `lm_eval run --tasks SUITE --include_path FOLDER ...`.

    Args:
        suite: A suite of choices.
        folder: Where to write `<suite>.yaml` and `<suite>.jsonl`.

    Returns:
        The task file.

    Raises:
        InputError: The suite holds no choices.
    """
    choices = [item for item in suite if isinstance(item, Choice)]
    if not choices:
        raise InputError(_CHOICES_ONLY(suite=suite.id), mend=_USE_CHOICE())
    target = Path(folder)
    name = suite.id.replace("-", "_")
    with atomic_write(target / f"{name}.jsonl") as handle:
        for item in choices:
            row = {"id": item.id, "question": item.question, "options": item.options, "answer": item.answer}
            handle.write(json.dumps(row, ensure_ascii=False) + "\n")
    with atomic_write(target / f"{name}.yaml") as handle:
        yaml.safe_dump(_task(suite, name, target), handle, allow_unicode=True, sort_keys=False)
    return target / f"{name}.yaml"


def _task(suite: Suite, name: str, folder: Path) -> dict[str, Any]:
    return {
        "task": name,
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {"test": str((folder / f"{name}.jsonl").resolve())}},
        "test_split": "test",
        "output_type": "multiple_choice",
        "doc_to_text": "{{question}}",
        "doc_to_choice": "options",
        "doc_to_target": "answer",
        "target_delimiter": "",
        "metric_list": [
            {"metric": metric, "aggregation": "mean", "higher_is_better": True}
            for metric in ("acc", "acc_norm", "acc_mutual_info")
        ],
        "metadata": {
            "version": suite.manifest.version,
            "title": suite.manifest.title.en,
            "licence": suite.manifest.licence,
            "authored": suite.manifest.authored,
            "items": suite.hash,
        },
    }

"""What there is to review: the replies in run folders, the samples of a data set's queue, or a plain JSONL
file.

Everything that knows how those folders look is here; the rest of the package sees `Material`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from plumbline.errors import InputError, place
from plumbline.review import messages as say
from plumbline.rows import read_rows

_QUEUE_NAMES = ("review", "review_queue", "queue", "samples")
_SUFFIXES = (".parquet", ".jsonl", ".json")


@dataclass(frozen=True, slots=True)
class Reply:
    """What one model said to a prompt."""

    model: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """One prompt with the replies there are to it, or one data sample."""

    ref: str
    prompt: str = ""
    replies: tuple[Reply, ...] = ()
    sample: dict[str, Any] | None = None
    gold: dict[str, Any] | None = None
    """The right answers by question id, where they are known."""
    origin: dict[str, str] = field(default_factory=dict)
    """How a run names this: item_id, presentation_id."""


def load_material(paths: Iterable[str | Path]) -> list[Material]:
    """Read run folders, data set folders and files; replies to one item from several runs are put together.

    Raises:
        InputError: A path holds nothing to review, or a row lacks a field.
    """
    together: dict[str, Material] = {}
    for path in map(Path, paths):
        for material in _read(path):
            known = together.get(material.ref)
            if known is None or material.sample is not None:
                together[material.ref] = material
            else:
                together[material.ref] = _join(known, material, path)
    return list(together.values())


def _join(known: Material, more: Material, path: Path) -> Material:
    twice = {reply.model for reply in known.replies} & {reply.model for reply in more.replies}
    if twice:
        raise InputError(
            say.SAME_MODEL(model=min(twice), ref=known.ref), where=str(path), mend=say.MEND_SAME_MODEL()
        )
    return replace(known, replies=known.replies + more.replies, gold=known.gold or more.gold)


def _read(path: Path) -> Iterator[Material]:
    if path.is_file():
        return _read_file(path)
    if (path / "records.parquet").is_file():
        return _read_run(path)
    for name in _QUEUE_NAMES:
        for suffix in _SUFFIXES:
            if (path / f"{name}{suffix}").is_file():
                return _read_file(path / f"{name}{suffix}")
    raise InputError(say.NO_SOURCE(), where=str(path), mend=say.NO_SOURCE_MEND())


def _read_run(folder: Path) -> Iterator[Material]:
    named = model_of(folder)
    found = False
    for row in read_rows(folder / "records.parquet"):
        values = row.values
        reply = values.get("reply")
        if values.get("method", "generate") != "generate" or not reply:
            continue
        found = True
        item = str(values["item_id"])
        shown = str(values.get("presentation_id") or item)
        model = str(values.get("model") or named)
        yield Material(
            shown, str(values.get("prompt") or ""), (Reply(model, str(reply)),),
            origin={"item_id": item, "presentation_id": shown},
        )  # fmt: skip
    if not found:
        raise InputError(say.NO_REPLIES(), where=str(folder), mend=say.NO_REPLIES_MEND())


def model_of(folder: Path) -> str:
    """Return what a run folder calls its model: the name people gave it, or its reference."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return folder.name
    model = manifest.get("model")
    return str(
        manifest.get("name") or (model.get("reference") if isinstance(model, dict) else model) or folder.name
    )


def _read_file(path: Path) -> Iterator[Material]:
    for row in read_rows(path):
        values, where = row.values, place(path, line=row.number)
        ref = values.get("id")
        if ref is None:
            raise InputError(say.MISSING_FIELD(), where=f"{where}, `id`", mend=say.MEND_MATERIAL())
        gold = values.get("gold") if isinstance(values.get("gold"), dict) else None
        if "instruction" in values:
            sample = {key: value for key, value in values.items() if key != "gold"}
            yield Material(str(ref), sample=sample, gold=gold)
            continue
        replies = values.get("replies")
        if not isinstance(replies, dict) or not replies or "prompt" not in values:
            raise InputError(
                say.MISSING_FIELD(), where=f"{where}, `prompt`, `replies`", mend=say.MEND_MATERIAL()
            )
        said = tuple(Reply(str(model), str(text)) for model, text in replies.items())
        yield Material(str(ref), str(values["prompt"]), said, gold=gold, origin={"item_id": str(ref)})

"""Formats a data set is written in for others: what a row looks like in each."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plumbline.build.sample import SCHEMA
from plumbline.files import atomic_write

FORMATS = ("vad", "jsonl", "parquet", "hf", "llamafactory", "sharegpt", "dpo")
VAD_FIELDS = ("instruction", "input", "output", "source", "categorization")


def _question(row: dict[str, Any]) -> str:
    return f"{row['instruction']}\n{row['input']}" if row["input"] else str(row["instruction"])


def _is_answered(row: dict[str, Any]) -> bool:
    """Tell whether a row is for supervised training: it has an answer, and one to imitate."""
    return bool(row["output"]) and row["use"] != "preference"


def _vad(row: dict[str, Any]) -> dict[str, Any] | None:
    return {name: row[name] for name in VAD_FIELDS} if _is_answered(row) else None


def _whole(row: dict[str, Any]) -> dict[str, Any] | None:
    return row


def _alpaca(row: dict[str, Any]) -> dict[str, Any] | None:
    return {name: row[name] for name in ("instruction", "input", "output")} if _is_answered(row) else None


def _sharegpt(row: dict[str, Any]) -> dict[str, Any] | None:
    if not _is_answered(row):
        return None
    turns = [{"from": "human", "value": _question(row)}, {"from": "gpt", "value": row["output"]}]
    return {"conversations": turns}


def _preference(row: dict[str, Any]) -> dict[str, Any] | None:
    if not (row["output"] and row["worse"]):
        return None
    return {"prompt": _question(row), "chosen": row["output"], "rejected": row["worse"]}


def _ranked(row: dict[str, Any]) -> dict[str, Any] | None:
    if not (row["output"] and row["worse"]):
        return None
    answers = {"chosen": row["output"], "rejected": row["worse"]}
    return {name: row[name] for name in ("instruction", "input")} | answers


RANKED = "llamafactory-ranked"
"""The preference rows of the format `llamafactory`, which wants them in files of their own."""

# Format -> (what a row becomes, None to leave it out; JSON array or JSON lines)
_JSON: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any] | None], bool]] = {
    "vad": (_vad, True),
    "jsonl": (_whole, False),
    "llamafactory": (_alpaca, True),
    RANKED: (_ranked, True),
    "sharegpt": (_sharegpt, True),
    "dpo": (_preference, False),
}


class JsonFile:
    """One file of a JSON format, written row by row; under its final name only when closed well.

    `vad` and `llamafactory` are JSON arrays with two spaces of indentation, as the published files are;
    `jsonl` keeps every field. Rows the format has no place for (no output, no worse answer) are left out.

    Args:
        path: The file.
        kind: One of `FORMATS` other than `parquet` and `hf`, or `RANKED`.
    """

    def __init__(self, path: Path, kind: str) -> None:
        self.convert, self.array = _JSON[kind]
        self._context = atomic_write(path)
        self.handle = self._context.__enter__()
        self.written = 0
        if self.array:
            self.handle.write("[")

    def add(self, row: dict[str, Any]) -> None:
        """Write a row."""
        shown = self.convert(row)
        if shown is None:
            return
        if self.array:
            self.handle.write(f"{',' if self.written else ''}\n  {_indented(shown)}")
        else:
            self.handle.write(json.dumps(shown, ensure_ascii=False) + "\n")
        self.written += 1

    def close(self, failed: BaseException | None = None) -> None:
        """Finish the file, or leave nothing when something `failed`."""
        if failed is not None:
            with contextlib.suppress(type(failed)):
                self._context.__exit__(type(failed), failed, failed.__traceback__)
            return
        if self.array:
            self.handle.write("\n]\n" if self.written else "]\n")
        self._context.__exit__(None, None, None)


def columns_of(kind: str) -> list[str]:
    """Return the columns a format reads, beside the split."""
    if kind == "jsonl":
        return list(SCHEMA.names)
    wanted = (
        {*VAD_FIELDS, "use"} if kind not in ("dpo", RANKED) else {"instruction", "input", "output", "worse"}
    )
    return [name for name in SCHEMA.names if name in wanted | {"split"}]


def extension(kind: str) -> str:
    """Return the suffix of a format's files."""
    return ".parquet" if kind in ("parquet", "hf") else ".json" if _JSON[kind][1] else ".jsonl"


def _indented(row: dict[str, Any]) -> str:
    """Return what `json.dumps(row, indent=2)` gives inside a list, by the fast encoder."""
    pairs = [f"    {json.dumps(name)}: {_value(value)}" for name, value in row.items()]
    return "{\n" + ",\n".join(pairs) + "\n  }"


def _value(value: Any) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, indent=2).replace("\n", "\n    ")

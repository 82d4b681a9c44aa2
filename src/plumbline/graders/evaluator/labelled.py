"""Labelled texts: rows of any table, read as 0/1 labels over the values of a framework.

What happens to bad rows is one stated rule (`RULES`), and how many each reason took is kept with the set.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

from plumbline.documents import load_document
from plumbline.errors import InputError, place
from plumbline.files import sha256_file
from plumbline.frameworks import Framework, load_framework
from plumbline.graders.evaluator import messages as m
from plumbline.rows import read_rows

Labels = npt.NDArray[np.int8]
BUILT_IN = Path(__file__).parent / "data"
RULES = {
    "blank": m.RULE_BLANK,
    "sums": m.RULE_SUMS,
    "label": m.RULE_LABEL,
    "repeated": m.RULE_REPEATED,
    "conflict": m.RULE_CONFLICT,
}


class Columns(BaseModel):
    """Which columns hold the text and the labels: `labels` (a 0/1 column a value) or `values` (a list)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    framework: str = Field(description="id or YAML file of the framework the labels belong to")
    text: str = Field(default="text", description="column of the text")
    labels: dict[str, str] | None = Field(default=None, description="0/1 column -> value id")
    values: str | None = Field(default=None, description="column that lists the value ids of a row")
    file: str | None = Field(default=None, description="the table, relative to this document")
    dataset: str | None = Field(default=None, description="published set the file belongs to")


class Dropped(NamedTuple):
    """A row that was not used, and the rule that says so (a key of `RULES`)."""

    row: int
    reason: str


@dataclass(frozen=True)
class LabelledSet:
    """Texts with 0/1 labels over the values of one framework.

    Attributes:
        texts: The texts [n].
        labels: 0 or 1 [n, values].
        framework: Whose values.
        values: Their ids, in the order of the columns of `labels`.
        dropped: Rows that were left out, with the reason.
        source: Name and hash of the file, for the data card.
    """

    texts: tuple[str, ...]
    labels: Labels
    framework: Framework
    values: tuple[str, ...]
    dropped: tuple[Dropped, ...] = ()
    source: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: npt.ArrayLike) -> LabelledSet:
        """Return the set of these rows (indices)."""
        chosen = np.asarray(rows, dtype=np.int64)
        texts = tuple(self.texts[row] for row in chosen)
        return LabelledSet(texts, self.labels[chosen], self.framework, self.values, (), self.source)

    def card(self) -> dict[str, Any]:
        """Describe the set for the data card: source, rows, what was dropped, prevalence of each value."""
        shares = self.labels.mean(axis=0) if len(self) else np.zeros(len(self.values))
        return {
            **self.source,
            "rows": len(self),
            "dropped": dict(sorted(Counter(one.reason for one in self.dropped).items())),
            "prevalence": {v: round(float(share), 4) for v, share in zip(self.values, shares, strict=True)},
            "without_any_value": int((self.labels.sum(axis=1) == 0).sum()),
        }


def load_labelled(
    reference: str | Path,
    *,
    columns: str | Path | Columns | None = None,
    framework: str = "core-socialist-values",
) -> LabelledSet:
    """Load labelled texts.

    Args:
        reference: `valuecsv`, `paragraphs` (our demonstration set), a YAML document as `Columns` that names
            its file, or a table (`.xlsx`, `.csv`, `.jsonl`, ...).
        columns: For a table: a document as `Columns`, or its path. Without one, columns named as the values
            (id, Chinese or English name, with or without a `_scr` ending) are taken, or a column `values`.
        framework: For a table without `columns`.

    Raises:
        InputError: A missing file or column, a value the framework does not have, or no usable row.
    """
    name = str(reference)
    document = BUILT_IN / f"{name}.yaml"
    if document.is_file():
        return _from_document(document, name)
    if name.endswith((".yaml", ".yml")):
        return _from_document(Path(name), name)
    path = Path(name)
    if columns is None:
        mapping = _guess(path, load_framework(framework))
    else:
        mapping = columns if isinstance(columns, Columns) else load_document(columns, Columns)
    return read_labelled(path, mapping)


def _from_document(document: Path, name: str) -> LabelledSet:
    mapping = load_document(document, Columns)
    if mapping.file is None:
        raise InputError(m.NO_FILE_NAMED(), where=place(document, field="file"), mend=m.NAME_FILE())
    if mapping.dataset:
        from plumbline.suites.cache import dataset_path

        return read_labelled(dataset_path(mapping.dataset, mapping.file), mapping, name=name)
    return read_labelled(document.parent / mapping.file, mapping, name=name)


def read_labelled(path: Path, columns: Columns, *, name: str | None = None) -> LabelledSet:
    """Read a table by its column mapping, under the rules for bad rows.

    Raises:
        InputError: A missing file or column, a value the framework does not have, or no usable row.
    """
    framework = load_framework(columns.framework)
    values = _values(columns, framework, path)
    kept: list[tuple[int, str, tuple[int, ...]]] = []
    dropped: list[Dropped] = []
    sums = np.zeros(len(values), dtype=np.int64)
    for number, row in read_rows(path):
        text, labels = _text(row, columns, path), _labels(row, columns, values, path, number)
        if isinstance(labels, str):
            # A spreadsheet's total under the last row is not a mistake in a label.
            reason = "sums" if not text and _is_sum(row, columns, sums) else labels
            dropped.append(Dropped(number, reason))
        elif not text:
            dropped.append(Dropped(number, "blank"))
        else:
            kept.append((number, text, labels))
            sums += labels
    used, repeats = _without_repeats(kept)
    if not used:
        raise InputError(m.NO_USABLE_ROW(), where=str(path), mend=m.CHECK_COLUMNS())
    return LabelledSet(
        tuple(text for _, text, _ in used),
        np.array([labels for _, _, labels in used], dtype=np.int8),
        framework,
        values,
        tuple(sorted(dropped + repeats)),
        {"name": name or path.name, "file": path.name, "sha256": sha256_file(path)},
    )


def _values(columns: Columns, framework: Framework, path: Path) -> tuple[str, ...]:
    """Return the values labelled, in the framework's order."""
    if (columns.labels is None) == (columns.values is None):
        raise InputError(m.LABELS_OR_VALUES(), where=str(path), mend=m.CHECK_COLUMNS())
    named = list(columns.labels.values()) if columns.labels else [value.id for value in framework.values]
    for value in named:
        if not framework.has(value):
            known = ", ".join(one.id for one in framework.values)
            what = m.UNKNOWN_VALUE(value=value, framework=framework.id)
            raise InputError(what, where=str(path), mend=m.KNOWN_VALUES(names=known))
    if len(set(named)) < len(named):
        raise InputError(m.VALUE_TWICE(), where=str(path), mend=m.CHECK_COLUMNS())
    return tuple(value.id for value in framework.values if value.id in named)


def _text(row: Mapping[str, Any], columns: Columns, path: Path) -> str:
    if columns.text not in row:
        raise InputError(m.NO_COLUMN(column=columns.text), where=str(path), mend=m.CHECK_COLUMNS())
    return str(row[columns.text] or "").strip()


def _labels(
    row: Mapping[str, Any], columns: Columns, values: Sequence[str], path: Path, number: int
) -> tuple[int, ...] | str:
    """Return a row's labels in the order of `values`, or the reason why it has none."""
    if columns.values is not None:
        listed = row.get(columns.values)
        if not isinstance(listed, list):
            return "label"
        short = {str(value).rpartition("/")[2] for value in listed}
        unknown = short - set(values)
        if unknown:
            where = place(path, row=number, field=columns.values)
            what = m.UNKNOWN_VALUE(value=min(unknown), framework=columns.framework)
            raise InputError(what, where=where, mend=m.KNOWN_VALUES(names=", ".join(values)))
        return tuple(int(value in short) for value in values)
    by_value: dict[str, int | None] = {}
    for column, value in (columns.labels or {}).items():
        if column not in row:
            raise InputError(m.NO_COLUMN(column=column), where=str(path), mend=m.CHECK_COLUMNS())
        by_value[value] = _binary(row[column])
    found = [by_value[value] for value in values]
    return "label" if None in found else tuple(int(label or 0) for label in found)


def _binary(cell: Any) -> int | None:
    """Read 0 or 1 from a cell; spreadsheets write them as numbers, text or truth values."""
    if isinstance(cell, bool):
        return int(cell)
    try:
        number = float(cell)
    except (TypeError, ValueError):
        return None
    return int(number) if number in (0.0, 1.0) else None


def _is_sum(row: Mapping[str, Any], columns: Columns, sums: npt.NDArray[np.int64]) -> bool:
    """Tell whether the label cells total what stands above them, in whatever order."""
    cells = [row.get(column) for column in columns.labels or {}]
    numbers = [float(cell) for cell in cells if isinstance(cell, int | float)]
    return len(numbers) == len(sums) and bool(sums.any()) and sorted(numbers) == sorted(map(float, sums))


def _without_repeats(
    rows: Sequence[tuple[int, str, tuple[int, ...]]],
) -> tuple[list[tuple[int, str, tuple[int, ...]]], list[Dropped]]:
    """Keep the first of equal rows; of rows with one text and several labellings keep none."""
    by_text: dict[str, list[tuple[int, str, tuple[int, ...]]]] = defaultdict(list)
    for one in rows:
        by_text[one[1]].append(one)
    used: list[tuple[int, str, tuple[int, ...]]] = []
    dropped: list[Dropped] = []
    for same in by_text.values():
        if len({labels for _, _, labels in same}) > 1:
            dropped += [Dropped(number, "conflict") for number, _, _ in same]
        else:
            used.append(same[0])
            dropped += [Dropped(number, "repeated") for number, _, _ in same[1:]]
    return used, dropped


def _guess(path: Path, framework: Framework) -> Columns:
    """Match column names to values: ids, Chinese or English names, with or without `_scr`."""
    first = next(iter(read_rows(path)), None)
    names = list(first.values) if first else []
    text = next((name for name in ("text", "文本", "answer", "output") if name in names), None)
    if text is None:
        raise InputError(m.NO_COLUMN(column="text"), where=str(path), mend=m.CHECK_COLUMNS())
    if "values" in names:
        return Columns(framework=framework.id, text=text, values="values")
    known = {_plain(name): value.id for value in framework.values for name in _names(value)}
    labels = {name: known[_plain(name)] for name in names if _plain(name) in known}
    if not labels:
        raise InputError(m.NO_LABEL_COLUMN(framework=framework.id), where=str(path), mend=m.CHECK_COLUMNS())
    return Columns(framework=framework.id, text=text, labels=labels)


def _names(value: Any) -> Iterator[str]:
    yield from (value.id, value.name.zh, value.name.en)


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name.lower().removesuffix("_scr"))

"""A sample: one row of training data with its whole story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import pyarrow as pa

_TEXTS = pa.list_(pa.string())
_EVENT = pa.struct(
    [
        ("step", pa.string()),
        ("action", pa.string()),
        ("detail", pa.string()),
        ("model", pa.string()),
        ("prompt", pa.string()),
    ]
)
_SCORE = pa.struct([("name", pa.string()), ("value", pa.float64())])

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("instruction", pa.string()),
        ("input", pa.string()),
        ("output", pa.string()),
        ("worse", pa.string()),
        ("source", pa.string()),
        ("categorization", pa.string()),
        ("values", _TEXTS),
        ("language", pa.string()),
        ("licence", pa.string()),
        ("origin", pa.string()),
        ("parents", _TEXTS),
        ("scores", pa.list_(_SCORE)),
        ("history", pa.list_(_EVENT)),
        ("review", pa.string()),
        ("split", pa.string()),
        ("use", pa.string()),
    ]
)
"""Columns of every shard. Texts are empty, never null, where there is nothing."""

REJECTED_SCHEMA = pa.schema(
    [*SCHEMA, ("step", pa.string()), ("reason", pa.string()), ("detail", pa.string())]
)
"""A rejected sample: all it was, and which step rejected it, why, with what evidence."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a sample.

    Attributes:
        step: The step that did it.
        action: What it did, for instance `loaded`, `evolved`, `masked`.
        detail: Evidence a reader can check: the operator, what was replaced, the raw reply.
        model: Reference of the model asked, if any.
        prompt: Key of the call in the data set's call store, where prompt and raw reply are kept.
    """

    step: str
    action: str
    detail: str = ""
    model: str = ""
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row of training data with its lineage.

    `instruction, input, output, source, categorization` are VAD's five fields. `worse` is a worse output to
    the same question (preference rows); `parents` are the ids it was made from; `origin` the place it was
    read from. `use` is `preference` for a row that is for preference training only.
    """

    id: str
    instruction: str
    output: str
    input: str = ""
    worse: str = ""
    source: str = ""
    categorization: str = ""
    values: tuple[str, ...] = ()
    language: str = "zh"
    licence: str = ""
    origin: str = ""
    parents: tuple[str, ...] = ()
    scores: dict[str, float] = field(default_factory=dict)
    history: tuple[Event, ...] = ()
    review: str = ""
    split: str = ""
    use: str = ""

    @property
    def question(self) -> str:
        """Instruction and input together, as a model would be asked."""
        return f"{self.instruction}\n{self.input}" if self.input else self.instruction


@dataclass(frozen=True, slots=True)
class Rejected:
    """A sample a step turned down: a short reason (`too-short`) and the evidence."""

    sample: Sample
    reason: str
    detail: str = ""


_NAMES = [one.name for one in fields(Sample)]
_EVENT_NAMES = [one.name for one in fields(Event)]


def to_table(samples: Iterable[Sample]) -> pa.Table:
    """Lay samples out in columns, schema `SCHEMA`."""
    return pa.Table.from_pylist([_plain(sample) for sample in samples], schema=SCHEMA)


def rejected_table(rejected: Sequence[Rejected], step: str) -> pa.Table:
    """Lay rejected samples out in columns, schema `REJECTED_SCHEMA`."""
    rows = [
        _plain(one.sample) | {"step": step, "reason": one.reason, "detail": one.detail} for one in rejected
    ]
    return pa.Table.from_pylist(rows, schema=REJECTED_SCHEMA)


def to_samples(table: pa.Table) -> list[Sample]:
    """Read the rows of a table back as samples."""
    return [sample_of(row) for row in table.to_pylist()]


def sample_of(row: dict[str, Any]) -> Sample:
    """Read one row (a plain dictionary of `SCHEMA`'s columns; others are ignored) as a sample."""
    values = {name: row[name] for name in _NAMES if row.get(name) is not None}
    values["values"] = tuple(row.get("values") or ())
    values["parents"] = tuple(row.get("parents") or ())
    values["scores"] = {score["name"]: score["value"] for score in row.get("scores") or ()}
    values["history"] = tuple(Event(**event) for event in row.get("history") or ())
    return Sample(**values)


def _plain(sample: Sample) -> dict[str, Any]:
    row = {name: getattr(sample, name) for name in _NAMES}
    row["values"], row["parents"] = list(sample.values), list(sample.parents)
    row["scores"] = [{"name": name, "value": value} for name, value in sorted(sample.scores.items())]
    # `asdict` would copy every text of every event deeply.
    row["history"] = [{name: getattr(event, name) for name in _EVENT_NAMES} for event in sample.history]
    return row

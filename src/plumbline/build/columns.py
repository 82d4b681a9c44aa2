"""Whole columns at once: pick rows, give reasons, add events and scores, no sample touched singly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from plumbline.build.sample import REJECTED_SCHEMA, SCHEMA


def strings(table: pa.Table, name: str) -> list[str]:
    """Return a text column as Python strings."""
    texts: list[str] = table.column(name).to_pylist()
    return texts


def replace_column(table: pa.Table, name: str, values: Sequence[Any] | pa.Array) -> pa.Table:
    """Return the table with one column's values replaced."""
    position = table.schema.get_field_index(name)
    kind = table.schema.field(position)
    array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, kind.type)
    return table.set_column(position, kind, array)


def reject(table: pa.Table, step: str, reasons: Sequence[str], details: Sequence[str]) -> pa.Table:
    """Return rows of `SCHEMA` as rejected rows: one reason and one detail each."""
    columns = [table.column(name) for name in SCHEMA.names]
    columns += [
        pa.array([step] * len(table), pa.string()),
        pa.array(reasons, pa.string()),
        pa.array(details, pa.string()),
    ]
    return pa.table(columns, schema=REJECTED_SCHEMA)


def divide(
    table: pa.Table, step: str, reasons: Sequence[str | None], details: Sequence[str] | None = None
) -> tuple[pa.Table, pa.Table]:
    """Divide rows by their reason (None: kept) into kept and rejected ones."""
    dropped = np.fromiter((reason is not None for reason in reasons), bool, len(reasons))
    if not dropped.any():
        return table, REJECTED_SCHEMA.empty_table()
    at = np.flatnonzero(dropped).tolist()
    evidence = [details[row] for row in at] if details is not None else [""] * len(at)
    thrown = reject(table.take(pa.array(at)), step, [str(reasons[row]) for row in at], evidence)
    return table.take(pa.array(np.flatnonzero(~dropped))), thrown


def add_events(
    table: pa.Table, rows: NDArray[np.intp], step: str, action: str, details: Sequence[str] | str = ""
) -> pa.Table:
    """Append one event to the histories of `rows` (positions, ascending)."""
    if not len(rows):
        return table
    written = [details] * len(rows) if isinstance(details, str) else list(details)
    kind = SCHEMA.field("history").type.value_type
    blank = pa.array([""] * len(rows), pa.string())
    arrays = [
        pa.array([step] * len(rows), pa.string()),
        pa.array([action] * len(rows), pa.string()),
        pa.array(written, pa.string()),
        blank,
        blank,
    ]
    return _append(table, "history", rows, pa.StructArray.from_arrays(arrays, fields=list(kind)))


def add_scores(table: pa.Table, rows: NDArray[np.intp], name: str, values: Sequence[float]) -> pa.Table:
    """Append one named score to `rows` (positions, ascending)."""
    if not len(rows):
        return table
    kind = SCHEMA.field("scores").type.value_type
    arrays = [pa.array([name] * len(rows), pa.string()), pa.array(values, pa.float64())]
    return _append(table, "scores", rows, pa.StructArray.from_arrays(arrays, fields=list(kind)))


def _append(table: pa.Table, column: str, rows: NDArray[np.intp], entries: pa.StructArray) -> pa.Table:
    """Append `entries[k]` to the list in row `rows[k]`, by rebuilding offsets rather than lists."""
    lists = table.column(column).combine_chunks()
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.chunk(0) if lists.num_chunks else pa.array([], SCHEMA.field(column).type)
    lengths = np.diff(lists.offsets.to_numpy())
    added = np.zeros(len(lists), np.int64)
    added[rows] = 1
    offsets = np.concatenate(([0], np.cumsum(lengths + added))).astype(np.int32)
    old = lists.flatten()
    # Where each element of the new flat array comes from: old ones keep their order, new ones close their
    # list.
    source = np.empty(offsets[-1], np.int64)
    closing = np.zeros(offsets[-1], bool)
    closing[offsets[1:][rows] - 1] = True
    source[~closing] = np.arange(len(old))
    source[closing] = len(old) + np.arange(len(rows))
    flat = pa.concat_arrays([old, entries]).take(pa.array(source))
    return replace_column(table, column, pa.ListArray.from_arrays(pa.array(offsets), flat, type=lists.type))

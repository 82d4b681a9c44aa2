"""Records: what a model gave for one presentation under one method, and what the graders made of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from plumbline.files import atomic_write
from plumbline.measure.presentations import Presentation

Method = Literal["generate", "label", "reply-token", "reply-char", "reply-pmi"]
METHODS: tuple[Method, ...] = ("generate", "label", "reply-token", "reply-char", "reply-pmi")
Outcome = Literal["choice", "both", "neither", "refused", "partial", "answered", "unparsed", "error"]
Record = dict[str, Any]

SCHEMA = pa.schema(
    [
        ("plan", pa.int32()),  # place in the plan of the run
        ("presentation_id", pa.string()),
        ("item_id", pa.string()),
        ("kind", pa.string()),
        ("group", pa.string()),
        ("values", pa.list_(pa.string())),
        ("difficulty", pa.string()),
        ("variant", pa.string()),
        ("language", pa.string()),
        ("order", pa.list_(pa.int32())),  # order[position] = option shown there
        ("method", pa.string()),
        ("prompt", pa.string()),
        ("reply", pa.string()),
        ("outcome", pa.string()),
        ("position", pa.int32()),  # position chosen, as shown
        ("choice", pa.int32()),  # option chosen, index in the item
        ("answer", pa.int32()),  # the better option, index in the item
        ("correct", pa.bool_()),  # null where no option is better
        ("scores", pa.list_(pa.float64())),  # by option in the item's order: what the choice was made on
        ("logprobs", pa.list_(pa.float64())),  # sum of log-probabilities, by option in the item's order
        ("tokens", pa.list_(pa.int32())),
        ("stop_reason", pa.string()),
        ("input_tokens", pa.int32()),
        ("output_tokens", pa.int32()),
        ("error", pa.string()),
    ]
)


def blank_record(shown: Presentation, method: Method, plan: int) -> Record:
    """Return the fields of a record that are known before the model is asked."""
    item = shown.item
    return {
        **dict.fromkeys(SCHEMA.names),
        "plan": plan,
        "presentation_id": shown.id,
        "item_id": item.id,
        "kind": item.kind,
        "group": item.group,
        "values": list(item.values),
        "difficulty": item.difficulty,
        "variant": shown.variant,
        "language": shown.language,
        "order": list(shown.order),
        "method": method,
        "prompt": shown.prompt,
        "answer": shown.answer,
    }


def write_records(path: Path, records: list[Record]) -> None:
    """Write records as Parquet, atomically."""
    with atomic_write(path, "wb") as handle:
        pq.write_table(records_table(records), handle, compression="zstd")


def records_table(records: list[Record]) -> pa.Table:
    """Return records as an Arrow table, a row each."""
    return pa.Table.from_pylist(records, schema=SCHEMA)


def read_records(path: Path) -> list[Record]:
    """Read records back."""
    rows: list[Record] = pq.read_table(path, schema=SCHEMA).to_pylist()
    return rows

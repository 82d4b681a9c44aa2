"""Reading scored folders back: what has no score and why, and the rows a selection keeps."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.dataset as ds

from plumbline.files import atomic_write
from plumbline.likelihood.ifd_select import Floats, top_share


def read_ifd(folder: str | Path) -> Floats:
    """Return the IFD of every row of a scored folder, in the order of the input; NaN where there is none."""
    column = _dataset(folder).to_table(columns=["ifd"])["ifd"]
    return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)


def count_reasons(folder: str | Path) -> dict[str, int]:
    """Count the rows without a score by reason, most frequent first."""
    counts: Counter[str] = Counter()
    for batch in _dataset(folder).to_batches(columns=["reason"]):
        counts.update(value for value in batch["reason"].to_pylist() if value is not None)
    return dict(counts.most_common())


def write_top(folder: str | Path, share: float, output: str | Path) -> int:
    """Write the hardest share of the rows with IFD < 1 as JSON lines, in the order of the input.

    Args:
        folder: What `score_file` wrote for an `IfdJob`.
        share: In (0, 1].
        output: The JSONL file.

    Returns:
        How many rows were written.
    """
    kept = np.zeros(_dataset(folder).count_rows(), np.bool_)
    kept[top_share(read_ifd(folder), share)] = True
    columns = ["row", "ifd", "instruction", "input", "output"]
    start = 0
    with atomic_write(output) as handle:
        for batch in _dataset(folder).to_batches(columns=columns):
            rows = batch.filter(kept[start : start + batch.num_rows])
            start += batch.num_rows
            for row in rows.to_pylist():
                handle.write(json.dumps(row, ensure_ascii=False) + "\n")
    return int(kept.sum())


def _dataset(folder: str | Path) -> Any:
    # Sorted by name, shards are in the order of the input; files that begin with "_" are not data.
    return ds.dataset(sorted(str(path) for path in Path(folder).glob("part-*.parquet")), format="parquet")

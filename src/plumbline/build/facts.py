"""What a data card says, as data: counted once, shard by shard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from plumbline.build.dataset import DataSet
from plumbline.build.licences import Conflict, conflicts

_COLUMNS = ("source", "categorization", "values", "language", "licence", "review", "split", "scores")
_IFD = "ifd"


@dataclass
class Facts:
    """Counts over the rows of a data set.

    Attributes:
        rows: Rows in all.
        by: Column -> what it holds -> rows. `values` counts a row once for each of its values.
        crossed: (source, class) -> rows, for the chart.
        values_crossed: (value, class) -> rows, in the order values first come in; a row counts once for each
            of its values.
        scores: Score name -> its mean.
        ifd: Quantiles 0, 10, …, 100 % of the IFD score; empty when no row has one `[11]`.
        reasons: (step, reason) -> rejected rows.
        conflicts: Licences that do not go with the whole's.
        models: Calls, tokens and cost by model.
        stages: What every step did with how many rows.
    """

    rows: int = 0
    by: dict[str, Counter[str]] = field(default_factory=dict)
    crossed: Counter[tuple[str, str]] = field(default_factory=Counter)
    values_crossed: Counter[tuple[str, str]] = field(default_factory=Counter)
    scores: dict[str, float] = field(default_factory=dict)
    ifd: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    conflicts: list[Conflict] = field(default_factory=list)
    models: dict[str, Any] = field(default_factory=dict)
    stages: list[dict[str, Any]] = field(default_factory=list)


def gather(data: DataSet, keep: Callable[[pa.Table], pa.Array] | None = None) -> Facts:
    """Count a data set, holding one shard at a time (and 8 bytes a row for IFD).

    Args:
        data: A finished data set.
        keep: Says which rows of a table are counted; all by default.
    """
    facts = Facts(by={name: Counter() for name in _COLUMNS if name != "scores"})
    sums: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    ifd: list[float] = []
    for shard in data.shards:
        table = pq.read_table(shard, columns=list(_COLUMNS))
        columns = (table.filter(keep(table)) if keep else table).to_pydict()
        facts.rows += len(columns["source"])
        for name, counter in facts.by.items():
            held = columns[name]
            counter.update(value for row in held for value in row) if name == "values" else counter.update(
                held
            )
        facts.crossed.update(zip(columns["source"], columns["categorization"], strict=True))
        facts.values_crossed.update(
            (value, label)
            for values, label in zip(columns["values"], columns["categorization"], strict=True)
            for value in values
        )
        for row in columns["scores"]:
            for score in row or ():
                sums[score["name"]] += score["value"]
                counts[score["name"]] += 1
                if score["name"] == _IFD:
                    ifd.append(score["value"])
    for shard in data.rejected_shards:
        columns = pq.read_table(shard, columns=["step", "reason"]).to_pydict()
        facts.reasons.update(zip(columns["step"], columns["reason"], strict=True))
    facts.scores = {name: sums[name] / counts[name] for name in sorted(counts)}
    facts.ifd = np.quantile(ifd, np.linspace(0, 1, 11)) if ifd else np.empty(0)
    facts.conflicts = conflicts(dict(facts.by["licence"]), data.manifest["recipe"].get("licence"))
    facts.models, facts.stages = data.manifest["calls"], data.manifest["stages"]
    return facts

"""`balance`: keep groups (classes, values, sources) from outweighing each other."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from plumbline.build.columns import divide, strings
from plumbline.build.step import Context, Outcome, SurveyingStep
from plumbline.build.steps.dedup import by_survey, column_of


def chance(seed: int, ids: Sequence[str]) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return a random number for each id that depends on nothing but seed and id, uint64 `[ids]`."""
    salt = str(seed).encode()
    digests = b"".join(blake2b(name.encode(), digest_size=8, key=salt).digest() for name in ids)
    return np.frombuffer(digests, np.uint64).copy()


class Balance(SurveyingStep):
    """Thin out the larger groups, at random by the recipe's seed."""

    step: Literal["balance"] = "balance"
    by: Literal["categorization", "value", "source", "language"] = Field(
        default="categorization", description="what makes a group; `value` is a row's first value"
    )
    ratio: float = Field(default=1.5, ge=1, description="largest group ÷ smallest group, at most")
    most: dict[str, int] = Field(
        default_factory=dict, description="rows a group may have, whatever the ratio"
    )

    def survey(self, table: pa.Table, context: Context) -> pa.Table:
        """Return group and random number of each row."""
        if self.by == "value":
            groups = [values[0] if values else "" for values in table.column("values").to_pylist()]
        else:
            groups = strings(table, self.by)
        numbers = chance(context.seed, strings(table, "id"))
        return pa.table({"group": pa.array(groups, pa.string()).dictionary_encode(), "chance": numbers})

    def decide(self, surveys: Sequence[Path], context: Context) -> list[pa.Table]:
        """Keep the rows with the smallest numbers of each group, up to its limit."""
        groups = np.array(
            [
                name
                for path in surveys
                for name in pq.read_table(path, columns=["group"]).column(0).to_pylist()
            ],
            object,
        )
        numbers = column_of(surveys, "chance")
        keep = np.ones(len(groups), bool)
        names, codes, counts = np.unique(groups.astype(str), return_inverse=True, return_counts=True)
        limit = (
            int(counts[names != ""].min(initial=np.iinfo(np.int64).max) * self.ratio)
            if (names != "").any()
            else 0
        )
        for code, name in enumerate(names.tolist()):
            allowed = min(self.most.get(name, len(groups)), limit or len(groups))
            members = np.flatnonzero(codes == code)
            keep[members[np.argsort(numbers[members], kind="stable")[allowed:]]] = False
        return by_survey(surveys, {"keep": pa.array(keep), "group": pa.array(groups, pa.string())})

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Drop the rows that are too many."""
        assert context.verdicts is not None
        keep = context.verdicts.column("keep").to_pylist()
        reasons: list[str | None] = [None if good else "group-is-full" for good in keep]
        return Outcome(*divide(table, self.step, reasons, strings(context.verdicts, "group")))

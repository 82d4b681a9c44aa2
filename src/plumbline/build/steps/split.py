"""`split`: training, validation and test rows, with near-duplicates always on one side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field, field_validator

from plumbline.build import messages as m
from plumbline.build.columns import replace_column
from plumbline.build.sample import REJECTED_SCHEMA
from plumbline.build.step import Context, Outcome, SurveyingStep
from plumbline.build.steps.balance import chance
from plumbline.build.steps.dedup import (
    Part,
    by_survey,
    column_of,
    compared,
    near_pairs,
    repeated_exactly,
    survey_texts,
)
from plumbline.build.text.near import components


class Split(SurveyingStep):
    """Divide rows by fractions; groups of alike rows go whole to one side, in an order by the seed."""

    step: Literal["split"] = "split"
    fractions: dict[str, float] = Field(
        default={"train": 0.9, "validation": 0.05, "test": 0.05},
        description="name -> share of the rows; they add to 1",
    )
    compare: Part = Field(default="question and input", description="what makes rows alike")
    threshold: float = Field(default=0.5, gt=0, le=1, description="similarity from which rows are alike")

    @field_validator("fractions")
    @classmethod
    def _adds_up(cls, fractions: dict[str, float]) -> dict[str, float]:
        if abs(sum(fractions.values()) - 1) > 1e-6 or min(fractions.values(), default=0) < 0:
            raise ValueError(m.FRACTIONS())
        return fractions

    def survey(self, table: pa.Table, context: Context) -> pa.Table:
        """Hash and sketch what is compared."""
        return survey_texts(table, compared(table, self.compare))

    def decide(self, surveys: Sequence[Path], context: Context) -> list[pa.Table]:
        """Give every row a side."""
        prints = column_of(surveys, "print")
        same = repeated_exactly(prints)
        leaders = components(near_pairs(surveys, same < 0, self.threshold), len(prints))
        leaders = np.where(same >= 0, leaders[np.maximum(same, 0)], leaders)
        ids = [name for path in surveys for name in pq.read_table(path, columns=["id"]).column(0).to_pylist()]
        heads, group = np.unique(leaders, return_inverse=True)
        order = np.argsort(chance(context.seed, [ids[head] for head in heads.tolist()]), kind="stable")
        # Rows before each group, in random order of groups; the middle of a group decides its side.
        sizes = np.bincount(group, minlength=len(heads))[order]
        middle = np.empty(len(heads))
        middle[order] = (np.cumsum(sizes) - sizes / 2) / max(len(ids), 1)
        names = list(self.fractions)
        bounds = np.cumsum(list(self.fractions.values()))[:-1]
        side = np.searchsorted(bounds, middle, side="right")[group]
        return by_survey(surveys, {"split": pa.array(np.array(names, object)[side], pa.string())})

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Write each row's side."""
        assert context.verdicts is not None
        split = context.verdicts.column("split")
        return Outcome(replace_column(table, "split", split), REJECTED_SCHEMA.empty_table())

"""`ifd`: instruction-following difficulty by our likelihood kernel, and the choice it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from plumbline.build.columns import add_events, add_scores, divide
from plumbline.build.step import Context, Outcome, SurveyingStep
from plumbline.build.steps.dedup import by_survey
from plumbline.files import sha256_file

if TYPE_CHECKING:
    from plumbline.likelihood import Scorer

_EMBEDDED = "embedded"
# Weights are known by name and size; hashing gigabytes for every plan would be a wait for little.
_SMALL = 1 << 26


class Ifd(SurveyingStep):
    """Score every row, keep rows the question helps with (below `below`), and of those the hardest.

    Rows that cannot be scored (too long, one token) are rejected with the kernel's reason, never lost.
    """

    step: Literal["ifd"] = "ifd"
    heavy: ClassVar[bool] = True
    model: str = Field(default=_EMBEDDED, description="local model: `embedded`, or `hf/PATH`")
    dtype: Literal["float32", "bfloat16", "float16"] = Field(
        default="float32", description="bfloat16 is faster and moves the selection"
    )
    definition: Literal["loss-ratio", "perplexity-ratio"] = Field(
        default="loss-ratio",
        description="Cherry_LLM's ratio of losses, or Superfiltering's ratio of perplexities",
    )
    below: float = Field(default=1.0, gt=0, description="keep rows below this: the question helps")
    top_share: float | None = Field(default=None, gt=0, le=1, description="of those keep the hardest share")
    threshold: float | None = Field(default=None, description="or those from this value on")
    max_length: int | None = Field(default=None, ge=8, description="tokens of question and answer together")

    def identity(self) -> dict[str, Any]:
        """Return the fields without the model's path: the model is known by its files."""
        return self.model_dump(mode="json", exclude={"model"})

    def depends(self, context: Context) -> Any:
        """Return what identifies the model's files."""
        folder = self._folder(context)
        if not folder.is_dir():
            return self.model
        files = sorted(path for path in folder.iterdir() if path.is_file())
        return [
            [path.name, path.stat().st_size, sha256_file(path) if path.stat().st_size < _SMALL else ""]
            for path in files
        ]

    def survey(self, table: pa.Table, context: Context) -> pa.Table:
        """Score the rows of a shard."""
        from plumbline.likelihood import score_ifd

        folder = self._folder(context)
        scorer = _scorer(str(folder) if folder.is_dir() else self.model, self.dtype)
        rows = table.select(["instruction", "input", "output"]).to_pylist()
        scored = list(score_ifd(scorer, rows, self.definition, max_length=self.max_length))
        values = [one.ifd for one in scored]
        reasons = ["" if one.reason is None else str(one.reason) for one in scored]
        return pa.table({"ifd": pa.array(values, pa.float64()), "reason": pa.array(reasons, pa.string())})

    def decide(self, surveys: Sequence[Path], context: Context) -> list[pa.Table]:
        """Choose over all rows."""
        from plumbline.likelihood.ifd_select import above, below, top_share

        tables = [pq.read_table(path) for path in surveys]
        values = np.array([v for table in tables for v in table.column("ifd").to_pylist()], np.float64)
        if self.top_share is not None:
            chosen = top_share(values, self.top_share, limit=self.below)
        elif self.threshold is not None:
            chosen = above(values, self.threshold, limit=self.below)
        else:
            chosen = below(values, self.below)
        keep = np.zeros(len(values), bool)
        keep[chosen] = True
        reasons = pa.chunked_array([c for t in tables for c in t.column("reason").chunks], pa.string())
        columns = {"ifd": pa.array(values, from_pandas=True), "keep": pa.array(keep), "reason": reasons}
        return by_survey(surveys, columns)

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Write scores and drop what was not chosen."""
        assert context.verdicts is not None
        told = context.verdicts.to_pydict()
        scored = np.flatnonzero([value is not None for value in told["ifd"]])
        values = [told["ifd"][row] for row in scored.tolist()]
        table = add_scores(table, scored, "ifd", values)
        how = f"{self.definition}, {self.dtype}, {self.model}"
        table = add_events(table, scored, self.step, "scored", [f"{value:.4f} ({how})" for value in values])
        reasons: list[str | None] = [
            None if keep else "ifd-not-scored" if value is None else "ifd-not-selected"
            for keep, value in zip(told["keep"], told["ifd"], strict=True)
        ]
        details = [
            why or (f"{value:.4f}" if value is not None else "")
            for why, value in zip(told["reason"], told["ifd"], strict=True)
        ]
        return Outcome(*divide(table, self.step, reasons, details))

    def _folder(self, context: Context) -> Path:
        if self.model == _EMBEDDED:
            from plumbline.models.loader import EMBEDDED_WEIGHTS

            return EMBEDDED_WEIGHTS
        return context.path(self.model.removeprefix("hf/"))


@lru_cache(maxsize=1)
def _scorer(model: str, dtype: str) -> Scorer:
    from plumbline.likelihood import load_scorer

    return load_scorer(model, dtype=dtype)

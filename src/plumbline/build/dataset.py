"""A data set on disk: manifest, final shards, rejected shards, calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as pads

from plumbline.build import messages as m
from plumbline.build.sample import Rejected, Sample, sample_of
from plumbline.build.shards import rows_of
from plumbline.errors import InputError, RunError

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class DataSet:
    """A data set that was built. Everything is read from its folder when asked for.

    Raises:
        RunError: The folder holds no finished data set (from any attribute).
    """

    folder: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """What was built, how, with which counts."""
        try:
            found: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise RunError(m.NOT_BUILT(), where=str(self.folder), mend=m.BUILD_FIRST()) from error
        return found

    @property
    def name(self) -> str:
        """The recipe's name."""
        return str(self.manifest["name"])

    @cached_property
    def shards(self) -> list[Path]:
        """The Parquet files of the data set's rows, in order."""
        return [
            self.folder / "stages" / stage["folder"] / f"{shard}.parquet"
            for stage in self.manifest["stages"]
            if stage["last"]
            for shard in stage["shards"]
        ]

    @cached_property
    def rejected_shards(self) -> list[Path]:
        """The Parquet files of all rejected rows, stage by stage."""
        return [
            self.folder / "stages" / stage["folder"] / f"{shard}.rejected.parquet"
            for stage in self.manifest["stages"]
            for shard in stage["shards"]
        ]

    @property
    def rows(self) -> int:
        """Rows of the data set."""
        return int(self.manifest["rows"])

    def samples(self) -> Iterator[Sample]:
        """Yield the data set's samples."""
        return map(sample_of, rows_of(self.shards))

    def rejected(self) -> Iterator[tuple[str, Rejected]]:
        """Yield the rejected samples, each with the step that turned it down."""
        for row in rows_of(self.rejected_shards):
            yield str(row["step"]), Rejected(sample_of(row), str(row["reason"]), str(row["detail"]))

    def find(self, sample_id: str) -> tuple[Sample | Rejected, str]:
        """Return a sample by id, kept or rejected, and the step that rejected it (empty when kept).

        Raises:
            InputError: There is none.
        """
        wanted = pads.field("id") == sample_id
        for shards in (self.shards, self.rejected_shards):
            for row in _scan(shards, wanted):
                if "reason" in row:
                    return Rejected(sample_of(row), row["reason"], row["detail"]), row["step"]
                return sample_of(row), ""
        raise InputError(m.NO_SUCH_ROW(id=sample_id), where=str(self.folder), mend=m.LIST_ROWS())

    def column(self, name: str) -> pa.ChunkedArray:
        """Return one column of all rows."""
        return pads.dataset([str(path) for path in self.shards]).to_table(columns=[name]).column(0)


def _scan(shards: list[Path], wanted: Any) -> list[dict[str, Any]]:
    if not shards:
        return []
    rows: list[dict[str, Any]] = (
        pads.dataset([str(path) for path in shards]).to_table(filter=wanted).to_pylist()
    )
    return rows


def open_data_set(folder: str | Path) -> DataSet:
    """Open a data set's folder.

    Raises:
        RunError: It holds no finished data set.
    """
    data = DataSet(Path(folder))
    _ = data.manifest
    return data

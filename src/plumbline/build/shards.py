"""A stage on disk: Parquet shards, and beside each a marker that is written last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from plumbline.build import messages as m
from plumbline.build.sample import REJECTED_SCHEMA, SCHEMA
from plumbline.errors import RunError
from plumbline.files import atomic_write, write_json

_ROW_GROUP = 20_000


@dataclass(frozen=True)
class Counts:
    """Rows of a shard or a stage: `arrived + made = kept + rejected`."""

    arrived: int = 0
    made: int = 0
    kept: int = 0
    rejected: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.arrived + other.arrived,
            self.made + other.made,
            self.kept + other.kept,
            self.rejected + other.rejected,
        )

    @property
    def add_up(self) -> bool:
        """Whether nothing was lost and nothing came from nowhere."""
        return self.arrived + self.made == self.kept + self.rejected


@dataclass(frozen=True)
class Shard:
    """Where one shard of a stage lies: kept rows, rejected rows, marker. It exists when the marker does."""

    folder: Path
    name: str

    @property
    def kept(self) -> Path:
        """The rows that go on."""
        return self.folder / f"{self.name}.parquet"

    @property
    def rejected(self) -> Path:
        """The rows that were turned down here."""
        return self.folder / f"{self.name}.rejected.parquet"

    @property
    def marker(self) -> Path:
        """Counts and sizes, written when both files are safe."""
        return self.folder / f"{self.name}.json"

    def counts(self) -> Counts | None:
        """Return the counts of a finished shard; None when it is not (or not wholly) there."""
        try:
            marker = json.loads(self.marker.read_text(encoding="utf-8"))
            sizes = [self.kept.stat().st_size, self.rejected.stat().st_size]
        except (OSError, ValueError):
            return None
        return Counts(**marker["counts"]) if marker["bytes"] == sizes else None

    def write(self, kept: pa.Table, rejected: pa.Table, *, arrived: int, made: int) -> Counts:
        """Write the shard; a kill at any instant leaves either all of it or nothing that counts.

        Raises:
            RunError: Rows were lost or came from nowhere; nothing is marked.
        """
        counts = Counts(arrived, made, len(kept), len(rejected))
        if not counts.add_up:
            raise RunError(m.ROWS_LOST(**asdict(counts)), where=str(self.kept), mend=m.REPORT_BUG())
        write_table(kept.cast(SCHEMA), self.kept)
        write_table(rejected.cast(REJECTED_SCHEMA), self.rejected)
        sizes = [self.kept.stat().st_size, self.rejected.stat().st_size]
        write_json(self.marker, {"counts": asdict(counts), "bytes": sizes})
        return counts


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet, atomically; the same rows give the same bytes."""
    with atomic_write(path, "wb") as handle:
        pq.write_table(table, handle, compression="zstd", compression_level=1, row_group_size=_ROW_GROUP)


def read_table(path: Path) -> pa.Table:
    """Read a shard's rows."""
    return pq.read_table(path)


def rows_of(paths: Sequence[Path]) -> Iterator[dict[str, object]]:
    """Yield rows of several files one after another, never holding more than a batch."""
    for path in paths:
        for batch in pq.ParquetFile(path).iter_batches(batch_size=2_000):
            yield from batch.to_pylist()

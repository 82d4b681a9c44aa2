"""Results too large for memory: a folder of Parquet shards that a killed run takes up where it stopped.

Rows are cut into shards by their number alone, each shard is written whole or not at all, and one that
exists is never made again: so nothing is lost or repeated, whoever does the work, and in whatever order. The
folder is read as one table by pyarrow, polars or pandas; `_manifest.json` says how it was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from plumbline.errors import RunError
from plumbline.files import atomic_write, write_json
from plumbline.likelihood import messages
from plumbline.rows import Row


@dataclass(frozen=True)
class Shards:
    """A folder of shards.

    Attributes:
        folder: Where they are.
        size: Rows in a shard.
        settings: What the numbers depend on; a folder made with others is refused.
    """

    folder: Path
    size: int
    settings: dict[str, Any]

    def check(self) -> None:
        """Check that the folder is new, or was made with the same settings.

        Raises:
            RunError: The folder holds something else, or was made with other settings.
        """
        wanted = self._manifest(rows=None)
        if self._path.is_file():
            found = json.loads(self._path.read_text("utf-8"))
            wanted["rows"] = found.get("rows")
            changed = sorted(name for name in wanted if found.get(name) != wanted[name])
            if changed:
                raise RunError(
                    messages.OTHER_SETTINGS(names=", ".join(changed)),
                    where=str(self.folder),
                    mend=messages.OTHER_FOLDER(),
                )
        elif self.folder.exists() and (
            not self.folder.is_dir() or any(map(_is_foreign, self.folder.iterdir()))
        ):
            raise RunError(messages.NOT_OURS(), where=str(self.folder), mend=messages.OTHER_FOLDER())

    def path(self, index: int) -> Path:
        """Return where shard `index` is, whether it exists or not."""
        return self.folder / f"part-{index:06d}.parquet"

    def missing(self, rows: Iterable[Row], rank: int = 0, world: int = 1) -> Iterator[tuple[int, list[Row]]]:
        """Yield the shards still to be made and their rows; worker `rank` of `world` gets every world-th."""
        source = iter(rows)
        index = 0
        while some := list(islice(source, self.size)):
            if index % world == rank and not self.path(index).exists():
                yield index, some
            index += 1

    def write(self, index: int, table: pa.Table) -> None:
        """Write shard `index`, whole or not at all."""
        if not self._path.is_file():
            write_json(self._path, self._manifest(rows=None))
        with atomic_write(self.path(index), "wb") as handle:
            pq.write_table(table, handle, compression="zstd")

    def finish(self, rows: int, *, world: int = 1) -> bool:
        """Count the rows of all shards and note them in the manifest; the last of several workers does.

        Returns:
            Whether all are there; of several workers, those that end before the last are told no.

        Raises:
            RunError: There are not as many as were read.
        """
        made = sorted(self.folder.glob("part-*.parquet"))
        if world > 1 and len(made) < -(-rows // self.size):
            return False  # other workers are not done
        written = sum(pq.read_metadata(path).num_rows for path in made)
        if written != rows:
            raise RunError(
                messages.ROWS_MISSING(written=written, rows=rows),
                where=str(self.folder),
                mend=messages.RUN_AGAIN(),
            )
        write_json(self._path, self._manifest(rows))
        return True

    @property
    def _path(self) -> Path:
        return self.folder / "_manifest.json"

    def _manifest(self, rows: int | None) -> dict[str, Any]:
        return {"rows_per_shard": self.size, **self.settings, "rows": rows}


def _is_foreign(path: Path) -> bool:
    # A worker beside this one, or one that was killed, may have been about to write the manifest.
    return not (path.name.startswith(".") and path.name.endswith(".partial"))

"""Write a data set in other people's formats, one file per split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.parquet as pq

from plumbline.build import messages as m
from plumbline.build.dataset import DataSet
from plumbline.build.formats import FORMATS, RANKED, JsonFile, columns_of, extension
from plumbline.build.sample import SCHEMA
from plumbline.errors import InputError
from plumbline.files import atomic_write, write_json


def export(data: DataSet, kind: str, folder: Path | None = None) -> dict[Path, int]:
    """Write the data set's rows in a format.

    Args:
        data: A finished data set.
        kind: One of `FORMATS`.
        folder: Where to; `exports/<format>` inside the data set by default.

    Returns:
        Rows written to each file.

    Raises:
        InputError: There is no such format.
    """
    if kind not in FORMATS:
        raise InputError(m.NO_FORMAT(name=kind), mend=m.CHOOSE(names=", ".join(FORMATS)))
    target = folder or data.folder / "exports" / kind
    if kind == "hf":
        from plumbline.build.publish import write_hub_folder

        return write_hub_folder(data, target)
    if kind == "parquet":
        return write_parquet_by_split(data.shards, target, data.name)
    if kind == "llamafactory":
        return _write_llamafactory(data, target)
    return _write_json(data.shards, target, data.name, kind)


def _write_json(
    shards: Sequence[Path], target: Path, name: str, kind: str, suffix: str = ""
) -> dict[Path, int]:
    """Write one JSON file a split, named after it (or after the data set) and `suffix`."""
    files: dict[str, JsonFile] = {}
    ending = f"{suffix}{extension(kind)}"
    try:
        for shard in shards:
            for batch in pq.ParquetFile(shard).iter_batches(batch_size=5_000, columns=columns_of(kind)):
                for row in batch.to_pylist():
                    split = row["split"] if kind == "jsonl" else row.pop("split")
                    if split not in files:
                        files[split] = JsonFile(target / f"{split or name}{ending}", kind)
                    files[split].add(row)
        if not files:
            files[""] = JsonFile(target / f"{name}{ending}", kind)
    except BaseException as error:
        for file in files.values():
            file.close(error)
        raise
    for file in files.values():
        file.close()
    return {target / f"{split or name}{ending}": file.written for split, file in files.items()}


def write_parquet_by_split(
    shards: Sequence[Path], target: Path, name: str, keep: Any = None, change: Any = None
) -> dict[Path, int]:
    """Write Parquet files, one per split.

    Args:
        shards: What to write.
        target: Folder.
        name: File name of rows without a split.
        keep: Compute function that says which rows of a batch are written; all by default.
        change: Function that makes of a batch what is written of it; all of it by default.
    """
    splits = sorted({split for shard in shards for split in _splits(shard)}) or [""]
    written: dict[Path, int] = {}
    for split in splits:
        path = target / f"{split or name}.parquet"
        written[path] = 0
        with (
            atomic_write(path, "wb") as handle,
            pq.ParquetWriter(handle, SCHEMA, compression="zstd") as writer,
        ):
            for shard in shards:
                for batch in pq.ParquetFile(shard).iter_batches(batch_size=20_000):
                    table = pa.Table.from_batches([batch], schema=SCHEMA)
                    table = table.filter(pa.compute.equal(table.column("split"), split))
                    table = table.filter(keep(table)) if keep else table
                    writer.write_table(change(table) if change else table)
                    written[path] += len(table)
    return written


def _splits(shard: Path) -> set[str]:
    return set(pq.read_table(shard, columns=["split"]).column(0).unique().to_pylist())


def _write_llamafactory(data: DataSet, target: Path) -> dict[Path, int]:
    """Write training rows, preference rows apart, and the `dataset_info.json` that names all files.

    LLaMA-Factory takes a file for one or the other; a file without rows it would refuse is not written.
    """
    columns = {"prompt": "instruction", "query": "input"}
    info: dict[str, Any] = {}
    written: dict[Path, int] = {}
    for kind, name, about in (
        ("llamafactory", "", {"columns": columns | {"response": "output"}}),
        (
            RANKED,
            "-preference",
            {"ranking": True, "columns": columns | {n: n for n in ("chosen", "rejected")}},
        ),
    ):
        for path, rows in _write_json(data.shards, target, data.name, kind, name).items():
            if not rows:
                path.unlink()
                continue
            written[path] = rows
            info[path.stem] = {"file_name": path.name, **about}
    write_json(target / "dataset_info.json", info)
    return written

"""A run folder: manifest, records, logs. It survives being killed and is written by one process at a time."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline.errors import RunError, place
from plumbline.files import write_json
from plumbline.language import Message
from plumbline.measure.records import Record, read_records, records_table, write_records

if TYPE_CHECKING:
    import pyarrow as pa

_BUSY = Message("另一个进程正在写这个运行文件夹", "another process is writing this run folder")
_WAIT = Message("等它结束，或换一个 -o", "wait for it, or choose another -o")
_OTHER = Message(
    "这里已有一次不同的运行（不同之处：{fields}）", "another run is here already (it differs in {fields})"
)
_CHOOSE = Message("换一个 -o，或删掉这个文件夹", "choose another -o, or delete this folder")
_NO_RUN = Message("这不是运行文件夹：没有 manifest.json", "not a run folder: there is no manifest.json")
_MEASURE = Message("先运行 plumbline measure … -o 该文件夹", "make it with plumbline measure ... -o")
_OTHER_FOLDER = Message(
    "这不是运行文件夹：manifest.json 里没有 {fields}", "not a run folder: manifest.json holds no {fields}"
)
_DAMAGED = Message("记录文件损坏（{detail}）", "the records are damaged ({detail})")
_RESTORE = Message("从备份恢复，或重新测量", "restore it from a backup, or measure again")

# Fields every run has, and no other folder.
_OF_A_RUN = ("created", "identity", "model", "suite")

Key = tuple[str, str]


@dataclass(frozen=True)
class Run:
    """A run read from its folder."""

    path: Path
    manifest: dict[str, Any]
    records: list[Record]

    @property
    def complete(self) -> bool:
        """Whether every planned record is there."""
        return bool(self.manifest.get("complete"))

    @property
    def name(self) -> str:
        """The name people gave the model, or its reference."""
        return str(self.manifest.get("name") or self.manifest["model"]["reference"])

    def to_arrow(self) -> pa.Table:
        """Return the records as an Arrow table, a row each (`docs/measure.md` lists the columns).

        Example:
            >>> frame = load_run("runs/x").to_arrow().to_pandas()    # or polars.from_arrow(...)
        """
        return records_table(self.records)

    @property
    def wording(self) -> str:
        """The wording of items that scores are of: the original, or the first of a run without it."""
        variants = self.manifest["identity"]["variants"]
        return "original" if "original" in variants else str(variants[0])


def load_run(path: str | Path) -> Run:
    """Read a run, finished or not; an unfinished one holds the records it has so far.

    Raises:
        RunError: The folder is not a run, or its files are damaged.
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    try:
        records = RunFolder(folder).records()
    except (OSError, ValueError) as error:
        raise RunError(_DAMAGED(detail=error), where=str(folder), mend=_RESTORE()) from error
    return Run(folder, manifest, records)


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Read `manifest.json`; data sets and tuned models have files of that name too."""
    file = folder / "manifest.json"
    if not file.is_file():
        raise RunError(_NO_RUN(), where=str(folder), mend=_MEASURE())
    try:
        manifest: Any = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(_DAMAGED(detail=error), where=str(file), mend=_RESTORE()) from error
    lacking = [name for name in _OF_A_RUN if not isinstance(manifest, dict) or name not in manifest]
    if lacking:
        raise RunError(_OTHER_FOLDER(fields=", ".join(lacking)), where=str(folder), mend=_MEASURE())
    return dict(manifest)


class RunFolder:
    """The writing side of a run folder.

    While a run goes on its records stand in `journal.jsonl`, one line a batch, each flushed to disk before
    the next batch starts. A line cut by a kill is dropped when the journal is read again, and its batch is
    redone.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.journal = self.path / "journal.jsonl"
        self.manifest_file = self.path / "manifest.json"
        self.records_file = self.path / "records.parquet"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process.

        Raises:
            RunError: Another process holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / ".lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RunError(_BUSY(), where=str(self.path), mend=_WAIT()) from error
            yield

    def begin(self, manifest: dict[str, Any]) -> dict[Key, Record]:
        """Start or continue: write the manifest, return the records that are there already.

        Raises:
            RunError: The folder holds a run of something else.
        """
        if self.manifest_file.is_file():
            before = _read_manifest(self.path)
            differs = _differences(before["identity"], manifest["identity"])
            if differs:
                fields = ", ".join(differs)
                raise RunError(_OTHER(fields=fields), where=str(self.path), mend=_CHOOSE())
            manifest["created"] = before["created"]
        self._cut_torn_line()
        write_json(self.manifest_file, manifest)
        # A request that failed is asked again when the run is continued.
        return {key_of(record): record for record in self._done() if record["outcome"] != "error"}

    def append(self, records: list[Record]) -> None:
        """Add a batch to the journal; when this returns, it is on disk."""
        with self.journal.open("a", encoding="utf-8") as handle:
            handle.write(json.dumps(records, ensure_ascii=False) + "\n")
            handle.flush()
            os.fsync(handle.fileno())

    def finish(self, manifest: dict[str, Any], *, complete: bool) -> None:
        """Write `records.parquet` in plan order and, when complete, drop the journal."""
        records = self.records()
        write_records(self.records_file, records)
        write_json(self.manifest_file, {**manifest, "complete": complete, "records": len(records)})
        if complete:
            self.journal.unlink(missing_ok=True)

    def records(self) -> list[Record]:
        """Return all records so far, in the order of the plan."""
        return sorted(self._done(), key=lambda record: record["plan"])

    def _done(self) -> list[Record]:
        kept = read_records(self.records_file) if self.records_file.exists() else []
        added = self._read_journal() if self.journal.exists() else []
        return list({key_of(record): record for record in [*kept, *added]}.values())

    def _read_journal(self) -> list[Record]:
        whole, _, _ = self.journal.read_bytes().rpartition(b"\n")
        records: list[Record] = []
        for number, line in enumerate(whole.split(b"\n") if whole else [], start=1):
            try:
                records += json.loads(line)
            except ValueError as error:
                where = place(self.journal, line=number)
                raise RunError(_DAMAGED(detail=error), where=where, mend=_RESTORE()) from error
        return records

    def _cut_torn_line(self) -> None:
        """Drop what a kill left of a half-written line, so that the next batch starts a line of its own."""
        if self.journal.exists():
            text = self.journal.read_bytes()
            os.truncate(self.journal, text.rfind(b"\n") + 1)


def key_of(record: Record) -> Key:
    """Name a record within its run."""
    return record["presentation_id"], record["method"]


def _differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    return sorted(name for name in {*before, *now} if before.get(name) != now.get(name))

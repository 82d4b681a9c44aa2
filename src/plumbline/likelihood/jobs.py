"""Scoring a file into shards: on this machine, on several under `accelerate launch`, or on a Ray cluster."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from plumbline.errors import InputError, place
from plumbline.files import sha256_file, sha256_json
from plumbline.likelihood import messages
from plumbline.likelihood.ifd import known_definition, score_ifd
from plumbline.likelihood.load import load_scorer
from plumbline.likelihood.scorer import Scorer
from plumbline.likelihood.shards import Shards
from plumbline.rows import Row, read_rows

ENGINES = ("local", "ray")


class Job(Protocol):
    """What is done with a shard of rows; a dataclass, whose fields are the settings kept with the results."""

    def check(self, row: Row, source: Path) -> None:
        """Raise InputError, naming the place, where a row lacks what the job needs."""

    def table(self, scorer: Scorer, rows: list[Row]) -> pa.Table:
        """Return one result row per row, in order."""


@dataclass(frozen=True)
class PairJob:
    """Score the `continuation` of each row after its `context`."""

    kind: str = field(default="loglikelihood", init=False)

    def check(self, row: Row, source: Path) -> None:
        """Require both fields, both text, and a continuation that is not empty."""
        for name in ("context", "continuation"):
            _require(row, source, (name,))
            if not isinstance(row.values[name], str):
                where = _place(source, row, None)
                raise InputError(messages.NOT_TEXT(name=name), where=where, mend=messages.QUOTE_IT())
        if not row.values["continuation"]:
            where = _place(source, row, "continuation")
            raise InputError(messages.EMPTY_CONTINUATION(), where=where, mend=messages.GIVE_A_CONTINUATION())

    def table(self, scorer: Scorer, rows: list[Row]) -> pa.Table:
        """Return row number, log-probability, counts and flags."""
        pairs = [(row.values["context"], row.values["continuation"]) for row in rows]
        scores = scorer.loglikelihood(pairs, numbers=[row.number for row in rows])
        return pa.table(
            {
                "row": [row.number for row in rows],
                "logprob": scores.logprob,
                "tokens": scores.tokens,
                "chars": scores.chars,
                "greedy": scores.greedy,
                "context_tokens_cut": scores.cut,
            }
        )


@dataclass(frozen=True)
class IfdJob:
    """Find the instruction-following difficulty of each row; see `score_ifd`."""

    definition: str = "loss-ratio"
    as_published: bool = False
    max_length: int | None = None
    kind: str = field(default="ifd", init=False)

    def __post_init__(self) -> None:
        known_definition(self.definition)

    def check(self, row: Row, source: Path) -> None:
        """Require the fields of instruction data; they may be empty, which is reported with the row."""
        _require(row, source, ("instruction", "output"))

    def table(self, scorer: Scorer, rows: list[Row]) -> pa.Table:
        """Return row number, difficulty, losses, the reason of a missing score, and the row's own text."""
        values = [row.values for row in rows]
        found = list(
            score_ifd(
                scorer,
                values,
                self.definition,
                as_published=self.as_published,
                max_length=self.max_length,
                chunk=len(rows),
            )
        )
        return pa.table(
            {
                "row": [row.number for row in rows],
                "ifd": pa.array([one.ifd for one in found], pa.float64()),
                "loss_conditional": pa.array([one.loss_conditional for one in found], pa.float64()),
                "loss_alone": pa.array([one.loss_alone for one in found], pa.float64()),
                "tokens": [one.tokens for one in found],
                "reason": pa.array([one.reason for one in found], pa.string()),
                **{
                    name: pa.array([str(value.get(name) or "") for value in values], pa.string())
                    for name in ("instruction", "input", "output")
                },
            }
        )


@dataclass
class Progress:
    """How far a file is.

    Attributes:
        rows: Rows scored by this call.
        read: Rows read so far, those scored earlier or by others included.
        complete: Whether every row of the file has its result, other processes' included.
    """

    rows: int = 0
    read: int = 0
    complete: bool = False


def score_file(
    job: Job,
    source: str | Path,
    output: str | Path,
    model: Mapping[str, Any],
    *,
    engine: str = "local",
    workers: int | None = None,
    rows_per_shard: int = 2000,
) -> Iterator[Progress]:
    """Score every row of `source` into the folder `output`, yielding progress after each shard.

    A call that was killed is repeated with the same arguments and goes on after the last whole shard. Under
    `accelerate launch` or `torchrun` each process takes its share of the shards.

    Args:
        job: `PairJob` or `IfdJob`.
        source: Any table file, read as a stream.
        output: A folder of Parquet shards, read as one table.
        model: Arguments of `load_scorer`, `path` among them.
        engine: `local`, or `ray` for a cluster.
        workers: Ray actors; by default as many as the cluster has GPUs, or else processors.
        rows_per_shard: Rows that are lost at most when a run is killed.

    Raises:
        InputError: A row lacks a field or cannot be scored, or the engine is unknown.
        RunError: `output` holds other results, or rows were lost.
    """
    source, progress = Path(source), Progress()
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    shards = Shards(Path(output), rows_per_shard, _settings(job, source, model))
    if engine not in ENGINES:
        raise InputError(messages.UNKNOWN_ENGINE(name=engine), mend=messages.KNOWN_ENGINES())
    shards.check()

    def checked(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            job.check(row, source)
            progress.read += 1
            yield row

    missing = shards.missing(checked(read_rows(source)), rank, world)
    if engine == "ray":
        from plumbline.likelihood.ray_engine import tables

        made = tables(job, missing, dict(model), workers)
    else:
        made = _tables(job, missing, model)
    for index, table in made:
        shards.write(index, table)
        progress.rows += table.num_rows
        yield progress
    progress.complete = shards.finish(progress.read, world=world)
    yield progress


def _tables(
    job: Job, missing: Iterable[tuple[int, list[Row]]], model: Mapping[str, Any]
) -> Iterator[tuple[int, pa.Table]]:
    scorer: Scorer | None = None
    for index, rows in missing:
        scorer = scorer or load_scorer(**model)  # not before there is work
        yield index, job.table(scorer, rows)


def _settings(job: Job, source: Path, model: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the numbers depend on."""
    folder = Path(str(model["path"]).removeprefix("hf/"))
    files = sorted((path.name, path.stat().st_size) for path in folder.glob("*") if path.is_file())
    config = folder / "config.json"
    return {
        "job": asdict(job),  # type: ignore[call-overload]  # every job is a dataclass
        "source": source.name,
        "source_sha256": sha256_file(source) if source.is_file() else None,
        "model": str(model["path"]),
        "model_files_sha256": sha256_json(files),
        "model_config_sha256": sha256_file(config) if config.is_file() else None,
        "dtype": model.get("dtype", "float32"),
        "revision": model.get("revision"),
    }


def _require(row: Row, source: Path, fields: tuple[str, ...]) -> None:
    for name in fields:
        if name not in row.values:
            raise InputError(
                messages.NO_FIELD(name=name), where=_place(source, row, None), mend=messages.NAME_FIELDS()
            )


def _place(source: Path, row: Row, name: str | None) -> str:
    if source.suffix.lower() in (".jsonl", ".ndjson"):
        return place(source, line=row.number, field=name)
    return place(source, row=row.number, field=name)

"""`plumbline score`: log-probability of each continuation after its context."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from plumbline.cli import messages as m
from plumbline.cli.console import err, out
from plumbline.cli.weights import weights_of
from plumbline.likelihood import messages as lm


def command(
    model: Annotated[str, typer.Option("--model", help=m.MODEL_HELP())],
    source: Annotated[Path, typer.Option("--input", help=lm.PAIRS_HELP())],
    output: Annotated[Path, typer.Option("-o", "--output", help=lm.OUTPUT_HELP())],
    dtype: Annotated[str, typer.Option(help=m.DTYPE_HELP())] = "float32",
    device: Annotated[str | None, typer.Option(help=m.DEVICE_HELP())] = None,
    token_budget: Annotated[int | None, typer.Option(min=1, help=lm.BUDGET_HELP())] = None,
    shard: Annotated[int, typer.Option(min=1, help=lm.SHARD_HELP())] = 2000,
    engine: Annotated[str, typer.Option(help=lm.ENGINE_HELP())] = "local",
    workers: Annotated[int | None, typer.Option(min=1, help=lm.WORKERS_HELP())] = None,
    revision: Annotated[str | None, typer.Option(help=m.REVISION_HELP())] = None,
    trust_remote_code: Annotated[bool, typer.Option(help=m.TRUST_HELP())] = False,
    compile: Annotated[bool, typer.Option(help=lm.COMPILE_HELP())] = False,
) -> None:
    """Score a file of pairs into a folder of Parquet shards."""
    from plumbline.likelihood import PairJob, score_file

    settings = {
        "path": weights_of(model),
        "dtype": dtype,
        "device": device,
        "token_budget": token_budget,
        "revision": revision,
        "trust_remote_code": trust_remote_code,
        "compile": compile,
    }
    progress = None
    for progress in score_file(
        PairJob(), source, output, settings, engine=engine, workers=workers, rows_per_shard=shard
    ):
        if not progress.complete:
            err.print(lm.ROWS_DONE(rows=progress.rows))
    if progress:
        out.print(lm.SCORED_TO(read=progress.read, rows=progress.rows, folder=output), markup=False)

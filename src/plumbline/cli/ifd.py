"""`plumbline ifd`: instruction-following difficulty of each row, and the hardest share of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from plumbline.cli import messages as m
from plumbline.cli.console import err, out
from plumbline.cli.weights import weights_of
from plumbline.errors import InputError
from plumbline.likelihood import messages as lm


def command(
    model: Annotated[str, typer.Option("--model", help=m.MODEL_HELP())],
    source: Annotated[Path, typer.Option("--input", help=lm.INSTRUCTIONS_HELP())],
    output: Annotated[Path, typer.Option("-o", "--output", help=lm.OUTPUT_HELP())],
    definition: Annotated[str, typer.Option(help=lm.DEFINITION_HELP())] = "loss-ratio",
    as_published: Annotated[bool, typer.Option(help=lm.AS_PUBLISHED_HELP())] = False,
    max_length: Annotated[int | None, typer.Option(min=8, help=lm.MAX_LENGTH_HELP())] = None,
    top: Annotated[float | None, typer.Option(help=lm.TOP_HELP())] = None,
    selected: Annotated[Path | None, typer.Option(help=lm.SELECTED_HELP())] = None,
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
    """Score a file of instruction data into a folder of Parquet shards; perhaps select from it."""
    if (top is None) != (selected is None):
        raise InputError(lm.TOP_AND_SELECTED(), mend=lm.GIVE_BOTH())
    if top is not None and not 0 < top <= 1:
        raise InputError(lm.BAD_SHARE(share=top))
    from plumbline.likelihood import IfdJob, score_file

    settings = {
        "path": weights_of(model),
        "dtype": dtype,
        "device": device,
        "token_budget": token_budget,
        "revision": revision,
        "trust_remote_code": trust_remote_code,
        "compile": compile,
    }
    job = IfdJob(definition, as_published, max_length)
    progress = None
    for progress in score_file(
        job, source, output, settings, engine=engine, workers=workers, rows_per_shard=shard
    ):
        if not progress.complete:
            err.print(lm.ROWS_DONE(rows=progress.rows))
    if progress:
        out.print(lm.SCORED_TO(read=progress.read, rows=progress.rows, folder=output), markup=False)
    if progress and not progress.complete:
        err.print(lm.OTHERS_AT_WORK())
        return
    from plumbline.likelihood.results import count_reasons, write_top

    for reason, count in count_reasons(output).items():
        out.print(lm.UNSCORED(count=count, reason=lm.IFD_REASONS[reason]()))
    if top is not None and selected is not None:
        out.print(lm.SELECTED_TO(count=write_top(output, top, selected), file=selected), markup=False)

"""`plumbline compare`: what changed between runs of one suite."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from plumbline.cli import messages as m
from plumbline.cli.console import out
from plumbline.cli.tables import comparison_table


def command(
    runs: Annotated[list[Path], typer.Argument(help=m.COMPARE_RUNS_HELP())],
    as_json: Annotated[bool, typer.Option("--json", help=m.JSON_HELP())] = False,
    seed: Annotated[int, typer.Option(help=m.SEED_HELP())] = 0,
) -> None:
    """Compare later runs with the first."""
    from plumbline.measure import compare, load_run
    from plumbline.report.data import finite

    comparisons = compare(*map(load_run, runs), seed=seed)
    if as_json:
        print(json.dumps(finite([one.to_json() for one in comparisons]), ensure_ascii=False, indent=2))
        return
    for one in comparisons:
        out.print(comparison_table(one))
        for name, missing in ((one.before, one.only_before), (one.after, one.only_after)):
            if missing:
                shown = ", ".join(missing[:10]) + (" …" if len(missing) > 10 else "")
                out.print(m.ONLY_IN(run=name, n=len(missing), items=shown), markup=False, soft_wrap=True)

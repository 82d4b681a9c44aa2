"""`plumbline measure`: put a suite to a model."""

from __future__ import annotations

import math
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from plumbline.cli import messages as m
from plumbline.cli.console import err, out
from plumbline.cli.tables import judge_table, summary_table

if TYPE_CHECKING:
    from plumbline.measure.run import Run


class GradingScale(StrEnum):
    """Scales a judge grades on."""

    ten = "ten"
    letters = "letters"


def command(
    model: Annotated[str, typer.Option("--model", "-m", help=m.MODEL_HELP())],
    suite: Annotated[str, typer.Option("--suite", "-s", help=m.SUITE_HELP())],
    folder: Annotated[Path, typer.Option("--out", "-o", help=m.RUN_FOLDER_HELP())],
    method: Annotated[list[str] | None, typer.Option("--method", help=m.METHOD_HELP())] = None,
    variant: Annotated[list[str] | None, typer.Option("--variant", help=m.VARIANT_HELP())] = None,
    template: Annotated[str | None, typer.Option(help=m.TEMPLATE_HELP())] = None,
    max_tokens: Annotated[int, typer.Option(min=1, help=m.MAX_TOKENS_HELP())] = 256,
    temperature: Annotated[float, typer.Option(min=0.0, help=m.TEMPERATURE_HELP())] = 0.0,
    seed: Annotated[int, typer.Option(help=m.SEED_HELP())] = 0,
    limit: Annotated[int | None, typer.Option(min=1, help=m.LIMIT_HELP())] = None,
    name: Annotated[str | None, typer.Option(help=m.NAME_HELP())] = None,
    dtype: Annotated[str, typer.Option(help=m.DTYPE_HELP())] = "float32",
    device: Annotated[str | None, typer.Option(help=m.DEVICE_HELP())] = None,
    batch_size: Annotated[int, typer.Option(min=1, help=m.BATCH_SIZE_HELP())] = 32,
    trust_remote_code: Annotated[bool, typer.Option("--trust-remote-code", help=m.TRUST_HELP())] = False,
    revision: Annotated[str | None, typer.Option(help=m.REVISION_HELP())] = None,
    evaluator: Annotated[list[str] | None, typer.Option(help=m.EVALUATOR_HELP())] = None,
    judge: Annotated[list[str] | None, typer.Option(help=m.JUDGE_HELP())] = None,
    scale: Annotated[GradingScale, typer.Option(help=m.SCALE_HELP())] = GradingScale.ten,
) -> None:
    """Put a suite to a model and show what it answered."""
    from plumbline.measure import measure_model, summarise
    from plumbline.measure.presentations import Variant
    from plumbline.measure.records import Method
    from plumbline.models import Generation

    try:
        run = measure_model(
            model,
            suite,
            folder,
            methods=cast("list[Method] | None", method),
            variants=cast("list[Variant]", variant or ["original"]),
            template=template,
            generation=Generation(max_tokens=max_tokens, temperature=temperature, seed=seed),
            limit=limit,
            name=name,
            show_progress=True,
            dtype=dtype,
            device=device,
            batch_size=batch_size,
            trust_remote_code=trust_remote_code,
            revision=revision,
        )
    except KeyboardInterrupt:
        # typer would leave without a word.
        begun = (folder / "manifest.json").is_file()
        said = m.RUN_INTERRUPTED(folder=folder) if begun else m.NOT_BEGUN()
        err.print(said, markup=False, soft_wrap=True)
        raise typer.Exit(130) from None
    out.print(summary_table(summarise(run)))
    if evaluator:
        _profile(run, evaluator)
    if judge:
        _judge(run, judge, scale)
    out.print(m.RUN_WRITTEN(folder=folder), markup=False, soft_wrap=True)


def _profile(run: Run, evaluators: list[str]) -> None:
    """Draw which values evaluators see in the replies, into the run folder."""
    from plumbline.language import current_language
    from plumbline.measure.profile import profile
    from plumbline.measure.profile_answers import answers_of_runs
    from plumbline.report.profile import write_profile

    drawn = profile(answers_of_runs([run]), evaluators)
    page = write_profile(drawn, run.path / "profile.html", language=current_language())
    write_profile(drawn, run.path / "profile.json")
    out.print(m.PROFILE_DRAWN(file=page), markup=False, soft_wrap=True)


def _judge(run: Run, judges: list[str], scale: GradingScale) -> None:
    """Let judges grade the replies, and show what they gave and how far they agree."""
    from plumbline.graders.judge import agreement_of_judges
    from plumbline.measure.judging import judge_run, judge_summaries

    grades = judge_run(run, judges, scale=scale.value)
    out.print(judge_table(judge_summaries(run.path)))
    alpha = agreement_of_judges(grades)
    if math.isfinite(alpha.estimate):
        limits = f"{alpha.low:.2f}, {alpha.high:.2f}"
        out.print(m.JUDGES_AGREE(alpha=f"{alpha.estimate:.2f}", limits=limits), markup=False, soft_wrap=True)

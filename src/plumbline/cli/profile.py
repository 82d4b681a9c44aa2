"""`plumbline profile`: which values an evaluator sees in models' answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from plumbline.cli.console import out
from plumbline.graders.evaluator import messages as m


def command(
    answers: Annotated[Path, typer.Argument(help=m.ANSWERS_HELP())],
    evaluator: Annotated[
        list[str] | None, typer.Option("--evaluator", "-e", help=m.EVALUATORS_HELP())
    ] = None,
    page: Annotated[Path | None, typer.Option("--out", "-o", help=m.PROFILE_OUT_HELP())] = None,
    model: Annotated[list[str] | None, typer.Option("--model", help=m.PROFILE_MODELS_HELP())] = None,
    question: Annotated[str | None, typer.Option(help=m.QUESTION_COLUMN_HELP())] = None,
    reasons: Annotated[int, typer.Option(min=0, help=m.REASONS_HELP())] = 3,
) -> None:
    """Draw the profile of every model in a table of answers."""
    from plumbline.language import current_language
    from plumbline.measure.profile import profile
    from plumbline.measure.profile_answers import read_answers
    from plumbline.report.profile import share, write_profile

    table = read_answers(answers, question=question, models=model)
    drawn = profile(table, evaluator or ["embedded"], reasons=reasons)
    for one in drawn:
        shown = Table(title=one.evaluator["name"], box=None, pad_edge=False, title_justify="left")
        shown.add_column(m.COLUMN_VALUE())
        for name in one.models:
            shown.add_column(name, justify="right", overflow="fold")
        for value in one.values:
            cells = [share(one.cell(name, value).mean.estimate) for name in one.models]
            shown.add_row(one.framework.value(value).name(), *cells)
        out.print(shown)
        found = one.questions
        out.print(
            m.PROFILE_QUESTIONS(asked=found["asked"], common=found["common"], left=found["left_out"]),
            markup=False,
        )
        if one.domain.far:
            out.print(m.PROFILE_FAR(), markup=False, soft_wrap=True)
    if page is not None:
        write_profile(drawn, page, language=current_language())
        out.print(m.PROFILE_WRITTEN(file=page), markup=False, soft_wrap=True)

"""`plumbline prove`: what a tuning did, with side effects."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast

import typer

from plumbline.cli import messages as shared
from plumbline.cli.console import out
from plumbline.errors import InputError
from plumbline.language import LANGUAGES, current_language
from plumbline.prove import messages as m


def command(
    before: Annotated[str, typer.Option("--before", help=m.BEFORE_HELP())],
    after: Annotated[list[str], typer.Option("--after", help=m.AFTER_HELP())],
    folder: Annotated[Path, typer.Option("--out", "-o", help=m.OUT_HELP())],
    data: Annotated[list[str] | None, typer.Option("--data", help=m.DATA_HELP())] = None,
    suite: Annotated[list[str] | None, typer.Option("--suite", "-s", help=m.SUITES_HELP())] = None,
    side: Annotated[list[str] | None, typer.Option("--side", help=m.SIDE_HELP())] = None,
    method: Annotated[list[str] | None, typer.Option("--method", help=shared.METHOD_HELP())] = None,
    text: Annotated[Path | None, typer.Option("--text", help=m.TEXT_HELP())] = None,
    evaluator: Annotated[str, typer.Option("--evaluator", "-e", help=m.EVALUATOR_HELP())] = "embedded",
    task: Annotated[list[str] | None, typer.Option("--task", help=m.TASKS_HELP())] = None,
    max_tokens: Annotated[int, typer.Option(min=1, help=shared.MAX_TOKENS_HELP())] = 256,
    limit: Annotated[int | None, typer.Option(min=1, help=shared.LIMIT_HELP())] = None,
    name: Annotated[list[str] | None, typer.Option("--name", help=m.NAME_AS_HELP())] = None,
    push: Annotated[str | None, typer.Option("--push", help=m.PUSH_HELP())] = None,
    dtype: Annotated[str, typer.Option(help=shared.DTYPE_HELP())] = "float32",
    device: Annotated[str | None, typer.Option(help=shared.DEVICE_HELP())] = None,
) -> None:
    """Measure before and after, compare, write the page in both languages and the card."""
    from plumbline.measure.records import Method
    from plumbline.models import Generation
    from plumbline.prove.card import write_model_card
    from plumbline.prove.proof import SIDE, SUITES, prove_models
    from plumbline.prove.publish import check_account
    from plumbline.prove.publish import push as upload
    from plumbline.prove.text import GENERAL
    from plumbline.report.proof import write_proof

    tuned = [path for one in after if _is_tuned(path := Path(one.removeprefix("hf/")))]
    if push is not None:
        check_account(after[0].removeprefix("hf/"), push)
    proof = prove_models(
        before,
        after,
        folder,
        data=data or (),
        suites=suite or SUITES,
        side=side or SIDE,
        methods=cast("list[Method] | None", method),
        generation=Generation(max_tokens=max_tokens),
        text=text or GENERAL,
        evaluator=None if evaluator == "none" else evaluator,
        tasks=task or (),
        limit=limit,
        names=dict(map(_named, name or ())),
        show_progress=True,
        dtype=dtype,
        device=device,
    )
    for language in LANGUAGES:
        write_proof(proof, folder / f"proof.{language}.html", language=language)
    cards = [write_model_card(proof, path)[0] for path in tuned]
    page = (folder / f"proof.{current_language()}.html").resolve()
    out.print(m.WRITTEN(page=page, card=", ".join(map(str, cards)) or "–"), markup=False, soft_wrap=True)
    if push is not None:
        out.print(m.PUSHED(url=upload(tuned[0], push)), markup=False, soft_wrap=True)


def _is_tuned(folder: Path) -> bool:
    return (folder / "training.json").is_file()


def _named(text: str) -> tuple[str, str]:
    reference, equals, name = text.partition("=")
    if not (equals and name):
        raise InputError(m.BAD_NAME(text=text), mend=m.NAME_FORM())
    return reference, name

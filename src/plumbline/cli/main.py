"""The `plumbline` command."""

from __future__ import annotations

import sys
import warnings
from typing import Annotated

import typer

from plumbline.build import messages as bm
from plumbline.cli import (
    build,
    chat,
    compare,
    data,
    evaluator,
    export,
    frameworks,
    ifd,
    measure,
    profile,
    prove,
    report,
    review,
    score,
    suites,
    tune,
)
from plumbline.cli import messages as m
from plumbline.cli.console import error_sentences
from plumbline.cli.usage import usage_error
from plumbline.graders.evaluator import messages as em
from plumbline.likelihood import messages as lm
from plumbline.prove import messages as pm
from plumbline.tune import messages as tm

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=m.APP_HELP())
app.add_typer(frameworks.app, name="frameworks")
app.add_typer(suites.app, name="suites")
app.add_typer(review.app, name="review")
app.add_typer(data.app, name="data")
app.add_typer(evaluator.app, name="evaluator")
app.command("build", help=bm.BUILD_HELP())(build.command)
app.command("measure", help=m.MEASURE_HELP())(measure.command)
app.command("compare", help=m.COMPARE_HELP())(compare.command)
app.command("export", help=m.EXPORT_HELP())(export.command)
app.command("profile", help=em.PROFILE_HELP())(profile.command)
app.command("tune", help=tm.TUNE_HELP())(tune.command)
app.command("prove", help=pm.PROVE_HELP())(prove.command)
app.command("chat", help=tm.CHAT_HELP())(chat.command)
app.command("report", help=m.REPORT_HELP())(report.command)
app.command("score", help=lm.SCORE_HELP())(score.command)
app.command("ifd", help=lm.IFD_HELP())(ifd.command)


def _show_version(wanted: bool) -> None:
    if wanted:
        import plumbline

        print(f"plumbline {plumbline.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    lang: Annotated[str | None, typer.Option("--lang", help=m.LANGUAGE_HELP())] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=m.VERSION_HELP())
    ] = False,
) -> None:
    """Options before the verb; the language was already read by `main`."""


def main() -> None:
    """Run the command line; what a person can mend becomes one sentence and exit status 2."""
    # What libraries will name otherwise in versions to come is no news to who types a command.
    warnings.simplefilter("ignore", FutureWarning)
    with error_sentences():
        try:
            status = app(standalone_mode=False)
        except Exception as error:
            # typer's own exceptions live in a private module whose place changed between versions.
            if type(error).__name__ == "NoArgsIsHelpError":
                raise SystemExit(2) from None
            if type(error).__name__ == "Abort":
                raise KeyboardInterrupt from None
            if not hasattr(error, "format_message"):
                raise
            raise usage_error(error) from None
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()

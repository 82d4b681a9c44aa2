"""The `plumbline` command."""

from __future__ import annotations

from typing import Annotated

import typer

from plumbline.cli import frameworks
from plumbline.cli.console import error_sentences
from plumbline.cli.messages import APP_HELP, LANGUAGE_HELP, VERSION_HELP

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=APP_HELP())
app.add_typer(frameworks.app, name="frameworks")


def _show_version(wanted: bool) -> None:
    if wanted:
        import plumbline

        print(f"plumbline {plumbline.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    lang: Annotated[str | None, typer.Option("--lang", help=LANGUAGE_HELP())] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=VERSION_HELP())
    ] = False,
) -> None:
    """Options before the verb; the language was already read by `main`."""


def main() -> None:
    """Run the command line; a `PlumblineError` becomes one sentence and exit status 2."""
    with error_sentences():
        app()


if __name__ == "__main__":
    main()

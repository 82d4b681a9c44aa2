"""Which language the command line speaks, known before any help text is made."""

from __future__ import annotations

import os
import sys


def read_language_option(arguments: list[str]) -> None:
    """Let `--lang zh` before the verb decide the language of help, output and errors.

    Help texts are made when the verbs are imported, so the option is read before they are.
    """
    for position, argument in enumerate(arguments):
        if not argument.startswith("-"):
            return
        name, _, value = argument.partition("=")
        if name == "--lang":
            value = value or (arguments[position + 1] if position + 1 < len(arguments) else "")
            if value in ("zh", "en"):
                os.environ["PLUMBLINE_LANG"] = value
            return


read_language_option(sys.argv[1:])

"""The terminal: one console for results, one for progress and errors."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from rich.console import Console
from rich.markup import escape

from plumbline.cli.messages import ERROR, INTERRUPTED, SYSTEM_ERRORS
from plumbline.errors import InputError, MissingExtra, PlumblineError

# Results go to standard output, so that they can be piped; everything else to standard error.
out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


# Modules that only an extra brings -> that extra.
_EXTRAS = {
    "accelerate": "tune",
    "bitsandbytes": "qlora",
    "datasets": "tune",
    "fastapi": "review",
    "huggingface_hub": "local",
    "inspect_ai": "api",
    "lm_eval": "lm-eval",
    "openai": "api",
    "opencc": "chinese",
    "peft": "tune",
    "psycopg": "postgres",
    "ray": "scale",
    "rensa": "scale",
    "sqlalchemy": "review",
    "sqlmodel": "review",
    "tokenizers": "local",
    "torch": "local",
    "transformers": "local",
    "trl": "tune",
    "uvicorn": "review",
}


@contextmanager
def error_sentences() -> Iterator[None]:
    """Turn what a person can mend into one sentence; leave tracebacks to our own bugs."""
    try:
        yield
    except PlumblineError as error:
        _refuse(error)
    except ModuleNotFoundError as error:
        # Most parts say so themselves; this holds for whatever comes to an import deep inside.
        package = (error.name or "").partition(".")[0]
        if package not in _EXTRAS:
            raise
        _refuse(MissingExtra(package, _EXTRAS[package]))
    except KeyboardInterrupt:
        err.print(INTERRUPTED(), soft_wrap=True)
        raise SystemExit(130) from None
    except BrokenPipeError:
        # The reader of a pipe (head, less) went away: not an error; keep Python from complaining at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except OSError as error:
        # A folder where a file should be, a full disk, no permission: a person can mend what has a name.
        if error.filename is None:
            raise
        known = SYSTEM_ERRORS.get(errno.errorcode.get(error.errno or 0, ""))
        what = known() if known else str(error.strerror)
        _refuse(InputError(what, where=str(error.filename2 or error.filename)))


def _refuse(error: PlumblineError) -> NoReturn:
    err.print(f"[bold red]{ERROR()}[/] {escape(str(error))}", soft_wrap=True)
    raise SystemExit(2) from None

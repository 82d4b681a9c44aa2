"""What is wrong with a command as typed, in the language in force."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from plumbline.cli import messages as m
from plumbline.errors import InputError
from plumbline.language import Message
from plumbline.schema_messages import explain

# What typer says -> what we say. It has no translations of its own.
_SENTENCES: tuple[tuple[str, Message], ...] = (
    (r"Missing option (?P<name>.+?)\.?", m.MISSING_OPTION),
    (r"Missing argument (?P<name>.+?)\.?", m.MISSING_ARGUMENT),
    (r"No such option: (?P<name>\S+?)", m.UNKNOWN_OPTION),
    (r"No such command (?P<name>'.*?')\.?", m.UNKNOWN_VERB),
    (r"Option (?P<name>\S+) requires an argument\.?", m.OPTION_WITHOUT_VALUE),
    (r"Got unexpected extra argument\(?s?\)? \((?P<name>.+)\)\.?", m.TOO_MANY_ARGUMENTS),
)
_NEAR = re.compile(r"[. ]*(?:\(Possible options: (?P<options>.+)\)|Did you mean:? (?P<verbs>.+)\?)$")


def usage_error(error: Any) -> InputError:
    """Turn typer's complaint about a command line into one of ours.

    Args:
        error: An exception of typer with `format_message` and, mostly, a context.
    """
    context = getattr(error, "ctx", None)
    mend = m.SEE_HELP(command=context.command_path if context is not None else "plumbline")
    plain = " ".join(str(error.format_message()).split())
    near = _NEAR.search(plain)
    if near:
        plain = plain[: near.start()]
        mend = m.DID_YOU_MEAN(near=near["options"] or near["verbs"])
    wrong = re.fullmatch(r"Invalid value for (?P<name>.+?): (?P<why>.+?)\.?", plain)
    if wrong:
        return InputError(m.WRONG_VALUE(name=wrong["name"], why=_why(error, wrong["why"])), mend=mend)
    return InputError(_what(plain), mend=mend)


def _why(error: Any, plain: str) -> str:
    chosen = re.fullmatch(r"(?:Value error, )?(?P<value>'.*') is not one of (?P<allowed>.+)", plain)
    if chosen:
        return m.NOT_ONE_OF(**chosen.groupdict())
    if isinstance(error.__cause__, ValidationError):
        return explain(error.__cause__.errors()[0]).what
    return plain


def _what(plain: str) -> str:
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, plain)
        if found:
            return sentence(**found.groupdict())
    return plain

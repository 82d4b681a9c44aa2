"""Text for people, Chinese and English side by side, shown in the language in force."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, NamedTuple, get_args

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def _from_environment() -> Language:
    # PLUMBLINE_LANG decides; otherwise the locale, as other command-line programs do.
    names = ("PLUMBLINE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    wanted = next((os.environ[name] for name in names if os.environ.get(name)), "en")
    return "zh" if wanted.lower().startswith("zh") else "en"


_current: ContextVar[Language | None] = ContextVar("plumbline_language", default=None)


def current_language() -> Language:
    """Return the language text is shown in now."""
    return _current.get() or _from_environment()


def set_language(language: Language) -> None:
    """Show text in `language` from here on (the command line's `--lang`)."""
    _current.set(language)


@contextmanager
def use_language(language: Language) -> Iterator[None]:
    """Show text in `language` within the block.

    Example:
        >>> with use_language("zh"):
        ...     print(Message("你好", "hello")())
        你好
    """
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


class Message(NamedTuple):
    """One text in both languages; call it to get the one in force.

    Example:
        >>> rows = Message("读入 {n} 行", "{n} rows read")
        >>> with use_language("en"):
        ...     rows(n=3)
        '3 rows read'
    """

    zh: str
    en: str

    def __call__(self, **values: object) -> str:
        """Fill in `values` and return the text in the current language."""
        return self.in_language(current_language(), **values)

    def in_language(self, language: Language, **values: object) -> str:
        """Fill in `values` and return the text in `language`."""
        text = self.zh if language == "zh" else self.en
        return text.format(**values) if values else text

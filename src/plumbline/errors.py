"""The one family of exceptions people see: what went wrong, where, and how to mend it."""

from __future__ import annotations

from pathlib import Path

from plumbline.language import Message

_PLACE_LINE = Message("第 {number} 行", "line {number}")
_PLACE_ROW = Message("第 {number} 条", "row {number}")
_PLACE_FIELD = Message("字段 `{field}`", "field `{field}`")
_AT = Message("{where}：{what}", "{where}: {what}")
_MEND = Message("{text}；{mend}", "{text}; {mend}")
_WITHIN = Message("，", ", ")
_MISSING_EXTRA = Message(
    "这项功能需要 {package}，但没有安装",
    "this needs {package}, which is not installed",
)
_INSTALL_EXTRA = Message(
    "运行 pip install 'plumbline[{extra}]'",
    "run pip install 'plumbline[{extra}]'",
)


class PlumblineError(Exception):
    """Something a person can mend. Bugs of our own raise other exceptions.

    Args:
        what: One clause saying what is wrong.
        where: The place, for instance `place(path, line=3, field="answer")`.
        mend: One clause saying what to do about it.
    """

    def __init__(self, what: str, *, where: str | None = None, mend: str | None = None) -> None:
        self.what, self.where, self.mend = what, where, mend
        super().__init__(what)

    def __str__(self) -> str:
        text = _AT(where=self.where, what=self.what) if self.where else self.what
        return _MEND(text=text, mend=self.mend) if self.mend else text

    def __reduce__(self) -> tuple[object, ...]:
        # Worker processes hand errors back by pickle, which would otherwise forget the keyword arguments.
        return (_rebuild, (type(self), self.what, self.where, self.mend))


class InputError(PlumblineError):
    """A file, row, field or argument that cannot be used as it is."""


class RunError(PlumblineError):
    """A run folder that cannot be continued, read or compared."""


class ModelError(PlumblineError):
    """A model that cannot be loaded, reached or asked for what was wanted."""


class MissingExtra(PlumblineError):
    """An optional part is not installed.

    Args:
        package: The module that could not be imported.
        extra: The extra of this package that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(_MISSING_EXTRA(package=package), mend=_INSTALL_EXTRA(extra=extra))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (PlumblineError, self.what, self.where, self.mend))


def _rebuild(kind: type[PlumblineError], what: str, where: str | None, mend: str | None) -> PlumblineError:
    return kind(what, where=where, mend=mend)


def place(
    path: str | Path, *, line: int | None = None, row: int | None = None, field: str | None = None
) -> str:
    """Name a place in a file the same way everywhere.

    Args:
        path: The file.
        line: 1-based line of a text file.
        row: 1-based record of a file that has no lines to count.
        field: The field within it, dotted when nested.
    """
    parts = [str(path)]
    if line is not None:
        parts.append(_PLACE_LINE(number=line))
    if row is not None:
        parts.append(_PLACE_ROW(number=row))
    if field:
        parts.append(_PLACE_FIELD(field=field))
    return _WITHIN().join(parts)

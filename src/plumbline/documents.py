"""YAML documents that people write, checked against a typed schema; errors name line, field and mend."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from plumbline.errors import InputError, place
from plumbline.language import Message
from plumbline.schema_messages import explain
from plumbline.syntax_messages import yaml_detail

_NO_FILE = Message("文件不存在", "no such file")
_CHECK_PATH = Message("请检查路径", "check the path")
_NOT_YAML = Message("不是合法的 YAML（{detail}）", "not valid YAML ({detail})")
_MEND_SYNTAX = Message("检查缩进、冒号和引号", "check indentation, colons and quotes")
_NOT_UTF8 = Message("文件不是 UTF-8 编码", "the file is not UTF-8")
_SAVE_UTF8 = Message("另存为 UTF-8", "save it as UTF-8")
_NOT_MAPPING = Message("顶层应当是“字段: 值”", "the top level should be `field: value` pairs")
_DUPLICATE = Message("字段 `{field}` 写了两次", "field `{field}` is given twice")
_KEEP_ONE = Message("只保留一个", "keep one of them")

_TOO_MUCH = Message(
    "引用（& 与 *）展开后没有尽头，或有 {most} 项以上",
    "its aliases (& and *) unfold without end, or to more than {most} entries",
)
_NO_ALIASES = Message("把内容直接写出来，不用引用", "write the content out instead of using aliases")
_MOST_ENTRIES = 1_000_000

Document = TypeVar("Document", bound=BaseModel)
_Location = tuple[int | str, ...]


class _UniqueKeyLoader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice instead of keeping the last one silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str | int) and key in seen:
                raise _DuplicateKey(str(key), key_node.start_mark.line + 1)
            seen.add(key if isinstance(key, str | int) else str(key))
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


class _DuplicateKey(Exception):
    def __init__(self, key: str, line: int) -> None:
        self.key, self.line = key, line
        super().__init__(key)


def load_document(path: str | Path, schema: type[Document]) -> Document:
    """Read a YAML file into `schema`.

    Args:
        path: The file.
        schema: The pydantic model it must satisfy; unknown fields are refused when the model forbids extras.

    Raises:
        InputError: Names the file, the line, the field and the mend.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(_NO_FILE(), where=str(file), mend=_CHECK_PATH())
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(_NOT_UTF8(), where=str(file), mend=_SAVE_UTF8()) from error
    data, lines = _parse(text, file)
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        raise _explain(error, schema, file, lines) from error


def _parse(text: str, file: Path) -> tuple[dict[str, Any], dict[_Location, int]]:
    try:
        node, data = _construct(text)
    except _DuplicateKey as error:
        message = _DUPLICATE(field=error.key)
        raise InputError(message, where=place(file, line=error.line), mend=_KEEP_ONE()) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: a scalar that looks like a date and is none; RecursionError: nested beyond all sense.
        mark = getattr(error, "problem_mark", None)
        where = place(file, line=mark.line + 1 if mark else None)
        detail = yaml_detail(getattr(error, "problem", None) or str(error))
        raise InputError(_NOT_YAML(detail=detail), where=where, mend=_MEND_SYNTAX()) from error
    if not isinstance(data, dict):
        raise InputError(_NOT_MAPPING(), where=place(file, line=1), mend=_MEND_SYNTAX())
    return data, _line_of_each_field(node, file)


def _construct(text: str) -> tuple[yaml.Node | None, Any]:
    loader = _UniqueKeyLoader(text)
    try:
        node = loader.get_single_node()
        return node, loader.construct_document(node) if node is not None else None
    finally:
        loader.dispose()


def _line_of_each_field(node: yaml.Node | None, file: Path) -> dict[_Location, int]:
    """Find the 1-based line of every field, by the path pydantic names it by.

    Raises:
        InputError: Aliases unfold beyond all sense, which pydantic would follow as well.
    """
    lines: dict[_Location, int] = {}
    try:
        for location, line in _lines(node, (), ()) if node is not None else ():
            lines[location] = line
            if len(lines) > _MOST_ENTRIES:
                raise _TooMuch(1)
    except _TooMuch as error:
        what, where = _TOO_MUCH(most=f"{_MOST_ENTRIES:,}"), place(file, line=error.line)
        raise InputError(what, where=where, mend=_NO_ALIASES()) from None
    return lines


class _TooMuch(Exception):
    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(line)


def _lines(
    node: yaml.Node, location: _Location, above: tuple[yaml.Node, ...]
) -> Iterator[tuple[_Location, int]]:
    line = node.start_mark.line + 1
    if any(node is one for one in above):
        raise _TooMuch(line)
    above = (*above, node)
    yield location, line
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*location, key.value)
            yield from _lines(value, inner, above)
            # A field stands where its name does.
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            yield from _lines(value, (*location, index), above)


def _explain(
    error: ValidationError, schema: type[BaseModel], file: Path, lines: dict[_Location, int]
) -> InputError:
    first = error.errors(include_url=False)[0]
    # A union adds its branch's name to the location; what the file does not hold is left out.
    location: _Location = ()
    for part in first["loc"]:
        if (*location, part) in lines:
            location = (*location, part)
    line = lines.get(location, 1)
    field = ".".join(str(part) for part in first["loc"])
    known = _fields_at(schema, first["loc"][:-1]) if first["type"] == "extra_forbidden" else ()
    what, mend = explain(first, known)
    return InputError(what, where=place(file, line=line, field=field), mend=mend)


def _fields_at(schema: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """List the fields of the model that sits at `location` inside `schema`."""
    models = [schema]
    for part in location:
        fields = [model.model_fields[part] for model in models if part in model.model_fields]
        named = [model for model in models if model.__name__ == part]
        models = [m for field in fields for m in _models_in(field.annotation)] or named or models
    return sorted({name for model in models for name in model.model_fields})


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_args(annotation):
        return [model for inner in get_args(annotation) for model in _models_in(inner)]
    return []

"""A suite: items with a manifest that says what they are, whose, and under which licence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from plumbline.documents import load_document
from plumbline.errors import InputError, place
from plumbline.files import sha256_json
from plumbline.frameworks import Framework, Text, load_framework
from plumbline.language import Language, Message
from plumbline.rows import Row, read_rows
from plumbline.schema_messages import explain
from plumbline.suites.items import FIELDS, ITEM, AnyItem

Kind = Literal["choice", "open", "dilemma", "statement"]

_TWICE = Message("题目 id `{id}` 重复", "the item id `{id}` is used twice")
_RENAME = Message("改成不同的 id", "give it another id")
_UNKNOWN_VALUE = Message("框架里没有价值 `{value}`", "no framework of the suite has the value `{value}`")
_KNOWN_VALUES = Message("可用：{names}", "use one of {names}")
_NO_FRAMEWORKS = Message(
    "在 suite.yaml 的 frameworks 里写上框架", "name the framework under frameworks in suite.yaml"
)
_UNKNOWN_FIELD = Message("{kind} 题没有字段 `{field}`", "items of kind {kind} have no field `{field}`")
_KNOWN_FIELDS = Message("可用的字段：{names}", "the fields are {names}")
_MISSING_COLUMN = Message("没有列 `{column}`", "there is no column `{column}`")
_EXISTING_COLUMNS = Message("现有的列：{names}", "the columns are {names}")
_NO_ITEMS = Message("没有任何题目", "there are no items")
_ADD_ITEMS = Message("至少写一道题", "write at least one")


class Manifest(BaseModel):
    """What a suite says of itself (`suite.yaml`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    version: str = "1"
    title: Text
    description: Text | None = None
    kind: Kind
    language: Language = "zh"
    frameworks: tuple[str, ...] = Field(
        default=(), description="ids or YAML paths of the frameworks it refers to"
    )
    licence: str
    authored: Literal["machine", "people", "mixed", "unknown"]
    authorship: Text = Field(description="who wrote the items and how they were checked")
    citation: str | None = None
    template: Literal["replies", "letters"] = Field(
        default="letters",
        description="how choices are shown: two whole replies (CValues) or lettered options",
    )
    files: tuple[str, ...] = ("items.jsonl",)
    columns: dict[str, str | list[str]] = Field(
        default_factory=dict,
        description="item field -> column of the files; several columns make a list (options)",
    )


@dataclass(frozen=True)
class Dropped:
    """A row of a published set that is not an item, and why."""

    row: str
    reason: str


@dataclass(frozen=True)
class Suite:
    """Items with their manifest. `dropped` lists the rows a reader left out, with reasons."""

    manifest: Manifest
    items: tuple[AnyItem, ...]
    dropped: tuple[Dropped, ...] = ()
    frameworks: dict[str, Framework] = field(default_factory=dict)
    reference: str = ""

    def first(self, n: int) -> Suite:
        """Return the suite with its first `n` items only."""
        return replace(self, items=self.items[:n])

    @property
    def id(self) -> str:
        """The suite's id."""
        return self.manifest.id

    @property
    def hash(self) -> str:
        """SHA-256 over every field of every item, in order."""
        return sha256_json([item.model_dump(mode="json", exclude_defaults=True) for item in self.items])

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[AnyItem]:
        return iter(self.items)


def read_suite(path: str | Path) -> Suite:
    """Read a suite from its folder (`suite.yaml` and item files) or from the YAML file itself.

    Raises:
        InputError: Names the file, line or row, field and mend.
    """
    file = Path(path)
    file = file / "suite.yaml" if file.is_dir() else file
    manifest = load_document(file, Manifest)
    frameworks = _load_frameworks(manifest, file)
    _refuse_unknown_columns(manifest, file)
    items: list[AnyItem] = []
    for name in manifest.files:
        source = file.parent / name
        for row in read_rows(source):
            items.append(parse_item(_mapped(row, manifest, source), manifest.kind, source, row.number))
    return make_suite(manifest, items, frameworks, where=str(file))


def make_suite(
    manifest: Manifest,
    items: list[AnyItem],
    frameworks: dict[str, Framework],
    *,
    where: str,
    dropped: list[Dropped] | None = None,
) -> Suite:
    """Assemble a suite and check what holds over items: ids, and that every value exists.

    Raises:
        InputError: A repeated id, an unknown value, or no items at all.
    """
    if not items:
        raise InputError(_NO_ITEMS(), where=where, mend=_ADD_ITEMS())
    known = {f"{framework.id}/{value.id}" for framework in frameworks.values() for value in framework.values}
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise InputError(_TWICE(id=item.id), where=where, mend=_RENAME())
        seen.add(item.id)
        for value in item.values:
            if value not in known:
                mend = _known_values(known)
                raise InputError(_UNKNOWN_VALUE(value=value), where=f"{where}, {item.id}", mend=mend)
    return Suite(manifest, tuple(items), tuple(dropped or ()), frameworks, reference=manifest.id)


def _known_values(known: Collection[str]) -> str:
    names = ", ".join(sorted(known)[:6]) + (" …" if len(known) > 6 else "")
    return _KNOWN_VALUES(names=names) if known else _NO_FRAMEWORKS()


def parse_item(values: dict[str, Any], kind: Kind, path: Path, number: int) -> AnyItem:
    """Turn one row into an item of `kind`.

    Raises:
        InputError: Names the file, the line or row, the field and the mend.
    """
    try:
        return ITEM.validate_python({"kind": kind, **values})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field_name = ".".join(
            str(part) for part in first["loc"] if part not in ("choice", "open", "dilemma", "statement")
        )
        text = path.suffix.lower() in (".jsonl", ".ndjson", "")
        where = place(path, line=number if text else None, row=None if text else number, field=field_name)
        # Behind the kind itself the place names one field: an unknown one may be a known one misspelt.
        known = sorted(FIELDS[kind]) if len(first["loc"]) == 2 else ()
        what, mend = explain(first, known)
        raise InputError(what, where=where, mend=mend) from error


def _mapped(row: Row, manifest: Manifest, path: Path) -> dict[str, Any]:
    """Rename columns to item fields; a row of a suite without a mapping is taken as it is."""
    if not manifest.columns:
        return row.values
    item: dict[str, Any] = {"language": manifest.language}
    for name, column in manifest.columns.items():
        wanted = [column] if isinstance(column, str) else column
        for one in wanted:
            if one not in row.values:
                names = ", ".join(row.values)
                where = place(path, row=row.number, field=name)
                raise InputError(
                    _MISSING_COLUMN(column=one), where=where, mend=_EXISTING_COLUMNS(names=names)
                )
        cells = [_cell(row.values[one]) for one in wanted]
        if isinstance(column, str):
            item[name] = cells[0]
        else:
            # Spreadsheets leave unused option columns empty; a gap before others would move the letters.
            while cells and cells[-1] is None:
                cells.pop()
            item[name] = cells
    item.setdefault("id", f"{manifest.id}-{row.number}")
    return _with_answer_index({name: value for name, value in item.items() if value is not None})


def _cell(value: Any) -> Any:
    """Take an empty cell as absent and a number as the text a person sees."""
    if value is None or value == "":
        return None
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _with_answer_index(item: dict[str, Any]) -> dict[str, Any]:
    """Accept an answer written as a letter or as the option's text; values may be one string."""
    answer, options = item.get("answer"), item.get("options", [])
    if isinstance(answer, str):
        letter = answer.strip().upper()
        if len(letter) == 1 and "A" <= letter <= "J":
            item["answer"] = ord(letter) - ord("A")
        elif answer in options:
            item["answer"] = options.index(answer)
    if isinstance(item.get("values"), str):
        item["values"] = [value.strip() for value in re.split("[,，、;；]", item["values"]) if value.strip()]
    return item


def _refuse_unknown_columns(manifest: Manifest, file: Path) -> None:
    for name in manifest.columns:
        if name not in FIELDS[manifest.kind]:
            what = _UNKNOWN_FIELD(kind=manifest.kind, field=name)
            mend = _KNOWN_FIELDS(names=", ".join(FIELDS[manifest.kind]))
            raise InputError(what, where=place(file, field=f"columns.{name}"), mend=mend)


def _load_frameworks(manifest: Manifest, file: Path) -> dict[str, Framework]:
    loaded = {}
    for reference in manifest.frameworks:
        beside = file.parent / reference
        try:
            framework = load_framework(beside if beside.is_file() else reference)
        except InputError as error:
            # A reference that names nothing is mended where it is written.
            where = error.where or place(file, field="frameworks")
            raise InputError(error.what, where=where, mend=error.mend) from error
        loaded[framework.id] = framework
    return loaded

"""`decontaminate`: drop rows that hold an item of a test suite, whole or nearly, in question or answer."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from plumbline.build.columns import divide, strings
from plumbline.build.step import Context, Outcome, Step
from plumbline.build.text.fold import fold, fold_text
from plumbline.build.text.overlap import SHORT, OverlapIndex, build_index, find_contained, find_equal
from plumbline.files import sha256_file
from plumbline.frameworks import load_framework
from plumbline.rows import read_rows
from plumbline.suites import list_suites, load_suite
from plumbline.suites.cache import is_fetched
from plumbline.suites.catalogue import catalogue
from plumbline.suites.items import AnyItem, Choice, texts_of

_SHOWN = 60
_SIDES = ("instruction", "input", "output", "worse")


class Known(NamedTuple):
    """A text that must not be trained on: where it is from and what it says."""

    item: str
    text: str


class ItemFile(BaseModel):
    """A table file whose rows will be tested on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    columns: tuple[str, ...] = Field(min_length=1, description="columns that hold text of the items")
    sheet: str | None = None


class Decontaminate(Step):
    """Keep test items out of training data.

    Every text of an item (question, scenario, option, paraphrase, translation) is looked for in question,
    input, answer and worse answer. A text of 13 characters and more (letters and digits only) is found
    anywhere, also with a share of its characters changed; a shorter one only when it is the whole of a field.
    A choice whose question is that short is looked for together with its options.
    """

    step: Literal["decontaminate"] = "decontaminate"
    suites: tuple[str, ...] | None = Field(
        default=None,
        description="ids or folders of suites; by default ours that refer to the framework (or to none), and "
        "every published set that was fetched",
    )
    files: tuple[ItemFile, ...] = Field(default=(), description="further tables that will be tested on")
    edits: float = Field(
        default=0.05, ge=0, lt=0.5, description="share of an item's characters that may differ"
    )

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Drop contaminated rows, with the item shown."""
        known, index = self._index(context)
        sides = {name: strings(table, name) for name in _SIDES}
        whole = ["\n".join(texts) for texts in zip(*sides.values(), strict=True)]
        found: dict[int, tuple[float, int]] = {}
        for hit in find_contained(index, whole):
            found[hit.row] = max(found.get(hit.row, (0.0, 0)), (hit.share, -hit.known))
        for texts in sides.values():
            for hit in find_equal(index, texts):
                found[hit.row] = max(found.get(hit.row, (0.0, 0)), (hit.share, -hit.known))
        reasons: list[str | None] = [None] * len(table)
        details = [""] * len(table)
        for row, (share, number) in found.items():
            side = _where({name: texts[row] for name, texts in sides.items()}, known[-number].text)
            reasons[row] = "test-item-in-answer" if side in ("output", "worse") else "test-item-in-question"
            details[row] = f"{known[-number].item} ({share:.2f}, {side}): {known[-number].text[:_SHOWN]}"
        return Outcome(*divide(table, self.step, reasons, details))

    def identity(self) -> dict[str, Any]:
        """Return the fields without paths: what they hold is in `depends`."""
        return self.model_dump(mode="json", exclude={"suites", "files"})

    def depends(self, context: Context) -> Any:
        """Return the hash of every suite and file."""
        suites = [[name, load_suite(name).hash] for name in self._suites(context)]
        files = [[sha256_file(context.path(one.path)), one.columns, one.sheet] for one in self.files]
        return {"suites": suites, "files": files}

    def _suites(self, context: Context) -> tuple[str, ...]:
        if self.suites is None:
            return suites_of(context.framework)
        beside = {name: context.path(name) for name in self.suites}
        return tuple(str(path) if path.exists() else name for name, path in beside.items())

    def _index(self, context: Context) -> tuple[tuple[Known, ...], OverlapIndex]:
        files = tuple((context.path(one.path), one.columns, one.sheet) for one in self.files)
        return _indexed(self._suites(context), files, self.edits)


@lru_cache
def suites_of(framework: str) -> tuple[str, ...]:
    """Return the suites tested against by default: ours of the framework (or of none), and every fetched one.

    Whoever fetched a published set is likely to test on it, whatever framework it names.
    """
    wanted = load_framework(framework).id
    found = []
    for name in list_suites():
        frameworks = load_suite(name).frameworks
        if not frameworks or wanted in frameworks:
            found.append(name)
    fetched = [name for name, entry in catalogue().items() if entry.reader and is_fetched(entry)]
    return tuple(found + fetched)


@lru_cache(maxsize=4)
def _indexed(
    suites: tuple[str, ...], files: tuple[tuple[Path, tuple[str, ...], str | None], ...], edits: float
) -> tuple[tuple[Known, ...], OverlapIndex]:
    """Build the index once for a process; stems that repeat count once."""
    by_text: dict[str, Known] = {}
    for known in (*_of_suites(suites), *_of_files(files)):
        by_text.setdefault(fold_text(known.text), known)
    by_text.pop("", None)
    texts = tuple(by_text.values())
    return texts, build_index([known.text for known in texts], edits=edits)


def _of_suites(suites: tuple[str, ...]) -> Iterator[Known]:
    for name in suites:
        suite = load_suite(name)
        for item in suite:
            for text in item_texts(item):
                yield Known(f"{suite.id}/{item.id}", text)


def _of_files(files: tuple[tuple[Path, tuple[str, ...], str | None], ...]) -> Iterator[Known]:
    for path, columns, sheet in files:
        for row in read_rows(path, sheet=sheet):
            for column in columns:
                if row.values.get(column):
                    yield Known(f"{path.name}:{row.number}", str(row.values[column]))


def item_texts(item: AnyItem) -> list[str]:
    """Return the texts of an item that must not turn up in training data."""
    first, *rest = texts_of(item)
    short = isinstance(item, Choice) and int(fold([first]).lengths[0]) < SHORT
    texts = ["\n".join((first, *rest)), *rest] if short else [first, *rest]
    paraphrase = getattr(item, "paraphrase", None)
    translated = getattr(item, "en", None)
    if paraphrase:
        texts.append(paraphrase)
    if translated is not None:
        texts += [getattr(translated, "question", None) or translated.scenario, *translated.options]
    # One-word options ("agree") would make every short answer a test item.
    return [text for text in texts if text == texts[0] or int(fold([text]).lengths[0]) >= SHORT]


def _where(sides: dict[str, str], text: str) -> str:
    """Name the field that holds most of a text's characters in a row."""
    alone = build_index([text], edits=0.9)
    shares = {}
    for name, side in sides.items():
        hits = [*find_contained(alone, [side]), *find_equal(alone, [side])]
        shares[name] = max((hit.share for hit in hits), default=0.0)
    return max(shares, key=lambda name: shares[name])

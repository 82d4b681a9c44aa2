"""The catalogue of published sets: what each is, where its files are, and the suite it gives."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.frameworks import Text, load_framework
from plumbline.language import Language, Message
from plumbline.suites.suite import Kind, Manifest, Suite, make_suite

_FILE = Path(__file__).with_name("catalogue.yaml")
_NOT_A_SUITE = Message("`{id}` 是数据，不是题集", "`{id}` is data, not a suite")
_USED_BY = Message("评估器等功能会直接使用它", "evaluators use it directly")


class DataFile(BaseModel):
    """One file of a published set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    url: str | None = Field(description="where it is published; none when it has to be brought by hand")
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    size: int = Field(gt=0, description="bytes")
    note: Text | None = None


class Entry(BaseModel):
    """A published set: origin, licence and files; `reader` turns the files of a suite into items."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: Text
    description: Text
    folder: str = Field(description="folder of the cache the files lie in")
    origin: str = Field(description="repository the files come from")
    commit: str
    licence: str
    citation: str
    language: Language
    authored: Literal["machine", "people", "mixed", "unknown"]
    authorship: Text
    kind: Kind | None = Field(default=None, description="kind of the items; none for data that are no suite")
    reader: str | None = None
    items: int | None = Field(default=None, description="how many items the reader makes of the files")
    frameworks: tuple[str, ...] = ()
    template: Literal["replies", "letters"] = "letters"
    files: tuple[DataFile, ...] = Field(min_length=1)

    def file(self, name: str) -> DataFile:
        """Return the file of that name.

        Raises:
            KeyError: There is none.
        """
        return {file.name: file for file in self.files}[name]


class _Catalogue(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: tuple[Entry, ...]


@lru_cache
def catalogue() -> dict[str, Entry]:
    """Return every published set by its id, in the order of the catalogue."""
    return {entry.id: entry for entry in load_document(_FILE, _Catalogue).entries}


def load_published(name: str) -> Suite:
    """Load the suite of a published set from the data folder.

    Raises:
        InputError: The set is no suite, was not fetched, or its files are not the published ones.
    """
    # Readers know the catalogue's entries, so they are imported when needed.
    from plumbline.suites.cache import dataset_path
    from plumbline.suites.readers import READERS, Reading

    entry = catalogue()[name]
    if entry.kind is None or entry.reader is None:
        raise InputError(_NOT_A_SUITE(id=name), mend=_USED_BY())
    paths = [dataset_path(name, file.name) for file in entry.files]
    reading = Reading(entry.id, entry.kind, entry.language)
    READERS[entry.reader](reading, *paths)
    frameworks = {reference: load_framework(reference) for reference in entry.frameworks}
    where = str(paths[0])
    return make_suite(manifest_of(entry), reading.items, frameworks, where=where, dropped=reading.dropped)


def manifest_of(entry: Entry) -> Manifest:
    """Say of a published suite what our own suites say in `suite.yaml`.

    Raises:
        InputError: The entry is data, not a suite.
    """
    if entry.kind is None:
        raise InputError(_NOT_A_SUITE(id=entry.id), mend=_USED_BY())
    return Manifest(
        id=entry.id,
        version=entry.commit,
        title=entry.title,
        description=entry.description,
        kind=entry.kind,
        language=entry.language,
        frameworks=entry.frameworks,
        licence=entry.licence,
        authored=entry.authored,
        authorship=entry.authorship,
        citation=entry.citation,
        template=entry.template,
        files=tuple(file.name for file in entry.files),
    )

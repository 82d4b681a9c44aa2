"""The data folder: where published sets lie, and a checked path to each of their files."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from plumbline.errors import InputError
from plumbline.files import sha256_file
from plumbline.language import Message
from plumbline.suites.catalogue import DataFile, Entry, catalogue

_NOT_FETCHED = Message("数据集 `{id}` 还没有取回", "the published set `{id}` was not fetched")
_FETCH = Message(
    "运行 plumbline suites fetch {id}（或设置 PLUMBLINE_DATA 为存放数据集的文件夹）",
    "run plumbline suites fetch {id} (or set PLUMBLINE_DATA to the folder that holds the published sets)",
)
_OTHER_FILE = Message(
    "这个文件与目录所记的不同（sha256 {found}…，应为 {wanted}…）",
    "this is not the file the catalogue names (sha256 {found}..., expected {wanted}...)",
)
_FETCH_AGAIN = Message(
    "删除它，再运行 plumbline suites fetch {id}", "remove it and run plumbline suites fetch {id}"
)


def data_folder() -> Path:
    """Return the folder of published sets: `PLUMBLINE_DATA`, else one of the user's cache folder."""
    chosen = os.environ.get("PLUMBLINE_DATA")
    if chosen:
        return Path(chosen).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "plumbline"


def file_path(entry: Entry, file: DataFile) -> Path:
    """Return where a file of a set lies or would lie."""
    return data_folder() / entry.folder / file.name


def is_fetched(entry: Entry) -> bool:
    """Tell whether every file of a set lies in the data folder (hashes are checked when it is read)."""
    return all(file_path(entry, file).is_file() for file in entry.files)


def dataset_path(dataset: str, name: str) -> Path:
    """Return the path of one file of a published set, after checking that it is the published one.

    Args:
        dataset: Id in the catalogue, for instance `valuecsv`.
        name: The file's name, for instance `quest100.xlsx`.

    Raises:
        InputError: The file was not fetched, or differs from the one the catalogue names.
        KeyError: The catalogue has no such set or file.
    """
    entry = catalogue()[dataset]
    file = entry.file(name)
    path = file_path(entry, file)
    if not path.is_file():
        raise InputError(_NOT_FETCHED(id=dataset), where=str(path), mend=_FETCH(id=dataset))
    state = path.stat()
    found = _hash(path, state.st_mtime_ns, state.st_size)
    if found != file.sha256:
        what = _OTHER_FILE(found=found[:12], wanted=file.sha256[:12])
        raise InputError(what, where=str(path), mend=_FETCH_AGAIN(id=dataset))
    return path


@lru_cache(maxsize=64)
def _hash(path: Path, modified: int, size: int) -> str:
    # Time and size belong to the key: a file that changed is hashed anew.
    return sha256_file(path)

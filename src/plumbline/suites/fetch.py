"""Bring a published set into the data folder from its origin, a mirror or a folder, whole or not at all."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from plumbline.errors import InputError
from plumbline.files import atomic_write, sha256_file
from plumbline.suites import messages as m
from plumbline.suites.cache import file_path
from plumbline.suites.catalogue import DataFile, Entry

_CHUNK = 1 << 16
_TIMEOUT = 30.0  # seconds without a byte
_STALE = 3600.0  # seconds after which a half-written file is nobody's


def fetch(
    entry: Entry, *, source: str | None = None, on_file: Callable[[DataFile, bool], None] | None = None
) -> list[Path]:
    """Bring every file of a set into the data folder.

    A file that already lies there and is the published one stays. A file that differs from the catalogue in
    size or hash is refused and what was there before is kept.

    Args:
        entry: The set.
        source: Base URL of a mirror (`BASE/folder/file`) or a local folder (`DIR/folder/file` or `DIR/file`);
            by default each file's own address.
        on_file: Called for each file when it is there, with whether it had to be brought.

    Returns:
        The files.

    Raises:
        InputError: A file cannot be had, is not the published one, or cannot be written.
    """
    paths = []
    for file in entry.files:
        path = file_path(entry, file)
        needed = not (path.is_file() and sha256_file(path) == file.sha256)
        if needed:
            _bring(_origin(entry, file, source), file, path)
        if on_file:
            on_file(file, needed)
        paths.append(path)
    return paths


def _origin(entry: Entry, file: DataFile, source: str | None) -> str | Path:
    """Say where a file is to be had."""
    if source is None:
        if file.url is None:
            note = file.note() if file.note else m.NO_ADDRESS()
            raise InputError(note, where=file.name, mend=m.GIVE_SOURCE(id=entry.id))
        return file.url
    if source.startswith(("http://", "https://")):
        return f"{source.rstrip('/')}/{entry.folder}/{urllib.parse.quote(file.name)}"
    if "://" in source:
        raise InputError(m.UNKNOWN_SCHEME(source=source), mend=m.KNOWN_SCHEMES())
    for path in (Path(source) / entry.folder / file.name, Path(source) / file.name):
        if path.is_file():
            return path
    raise InputError(m.NOT_IN_FOLDER(name=file.name), where=source, mend=m.PUT_THERE(folder=entry.folder))


def _bring(origin: str | Path, file: DataFile, path: Path) -> None:
    """Copy from `origin` to `path`, where it appears only after its size and hash were found right."""
    digest, received = hashlib.sha256(), 0
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        with atomic_write(path, "wb") as handle:
            for chunk in _chunks(origin):
                received += len(chunk)
                # A server that sends more than the file has is not listened to any longer.
                if received > file.size:
                    raise _not_the_file(origin, file, m.TOO_LONG(size=file.size))
                digest.update(chunk)
                handle.write(chunk)
            if received < file.size:
                raise InputError(
                    m.BROKE_OFF(received=received, size=file.size), where=str(origin), mend=m.TRY_AGAIN()
                )
            if digest.hexdigest() != file.sha256:
                found, wanted = digest.hexdigest()[:12], file.sha256[:12]
                raise _not_the_file(origin, file, m.OTHER_HASH(found=found, wanted=wanted))
    except OSError as error:
        raise InputError(m.CANNOT_WRITE(detail=error.strerror or error), where=str(path)) from error


def _not_the_file(origin: str | Path, file: DataFile, why: str) -> InputError:
    return InputError(m.NOT_THE_FILE(why=why), where=str(origin), mend=m.OTHER_SOURCE(name=file.name))


def _chunks(origin: str | Path) -> Iterator[bytes]:
    """Yield the bytes of a file or of what a server answers.

    Raises:
        InputError: The server cannot be reached or answers with an error, or the file cannot be read.
    """
    try:
        with _open(origin) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk
    except urllib.error.HTTPError as error:
        raise InputError(m.HTTP_STATUS(status=error.code), where=str(origin), mend=m.USE_SOURCE()) from error
    except (OSError, http.client.HTTPException) as error:
        detail = getattr(error, "reason", None) or error
        raise InputError(m.UNREACHABLE(detail=detail), where=str(origin), mend=m.USE_SOURCE()) from error


def _open(origin: str | Path) -> IO[bytes]:
    if isinstance(origin, Path):
        return origin.open("rb")
    request = urllib.request.Request(origin, headers={"User-Agent": "plumbline"})
    stream: IO[bytes] = urllib.request.urlopen(request, timeout=_TIMEOUT)
    return stream


def _sweep(path: Path) -> None:
    """Remove what a killed fetch of the same file left, once it is too old to be another's in progress."""
    for left in path.parent.glob(f".{path.name}.*.partial"):
        if time.time() - left.stat().st_mtime > _STALE:
            left.unlink(missing_ok=True)

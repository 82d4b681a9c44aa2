"""Fetching from a real server that behaves and misbehaves: whole files or none."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.frameworks import Text
from plumbline.suites.cache import file_path
from plumbline.suites.catalogue import Entry
from plumbline.suites.fetch import fetch

_CONTENT = "一行数据\n".encode() * 20_000
_PATH = "/origin/items.jsonl"


class _Handler(BaseHTTPRequestHandler):
    """Serve `server.behaviour[path]`: a function that writes the answer."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.behaviour.get(self.path, _not_found)(self)

    def log_message(self, *arguments: object) -> None:
        """Keep test output quiet."""


def _answer(content: bytes, *, declared: int | None = None, pause: float = 0.0):
    def write(handler: _Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(declared if declared is not None else len(content)))
        handler.end_headers()
        handler.wfile.write(content)
        handler.wfile.flush()
        time.sleep(pause)

    return write


def _not_found(handler: _Handler) -> None:
    handler.send_error(404)


def _failing(handler: _Handler) -> None:
    handler.send_error(503)


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.behaviour, server.asked = {}, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def _entry(server: ThreadingHTTPServer | None, content: bytes = _CONTENT) -> Entry:
    url = f"http://127.0.0.1:{server.server_address[1]}{_PATH}" if server else None
    text = Text(zh="样", en="sample")
    file = {
        "name": "items.jsonl",
        "url": url,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
    }
    return Entry(
        id="sample",
        title=text,
        description=text,
        folder="sample",
        origin="someone/sample",
        commit="0" * 40,
        licence="CC0",
        citation="none",
        language="zh",
        authored="people",
        authorship=text,
        files=(file,),
    )


def _refusal(entry: Entry, **options) -> str:
    with pytest.raises(InputError) as caught:
        fetch(entry, **options)
    return str(caught.value)


def _left(data: Path) -> list[Path]:
    return [path for path in data.rglob("*") if path.is_file()]


def test_a_file_arrives_whole(server, data):
    server.behaviour[_PATH] = _answer(_CONTENT)
    (path,) = fetch(_entry(server))
    assert path == data / "sample" / "items.jsonl"
    assert path.read_bytes() == _CONTENT
    assert _left(data) == [path]


def test_a_file_that_is_there_is_not_asked_for_again(server):
    server.behaviour[_PATH] = _answer(_CONTENT)
    seen = []
    for _ in range(2):
        fetch(_entry(server), on_file=lambda file, brought: seen.append(brought))
    assert (seen, server.asked) == ([True, False], [_PATH])


def test_a_spoilt_file_is_replaced(server, data):
    server.behaviour[_PATH] = _answer(_CONTENT)
    (data / "sample").mkdir(parents=True)
    (data / "sample" / "items.jsonl").write_bytes(b"spoilt")
    (path,) = fetch(_entry(server))
    assert path.read_bytes() == _CONTENT


def test_other_content_of_the_same_length_is_refused(server, data):
    server.behaviour[_PATH] = _answer(_CONTENT[:-1] + b"!")
    assert "sha256" in _refusal(_entry(server))
    assert _left(data) == []


def test_a_refused_file_leaves_what_was_there(server, data):
    server.behaviour[_PATH] = _answer(_CONTENT[:-1] + b"!")
    (data / "sample").mkdir(parents=True)
    (data / "sample" / "items.jsonl").write_bytes(b"before")
    _refusal(_entry(server))
    assert (data / "sample" / "items.jsonl").read_bytes() == b"before"


def test_a_truncated_body_says_how_much_came(server, data):
    server.behaviour[_PATH] = _answer(_CONTENT[:1000], declared=len(_CONTENT))
    message = _refusal(_entry(server))
    assert "1000" in message and str(len(_CONTENT)) in message
    assert _left(data) == []


def test_a_body_that_goes_on_and_on_is_cut_off(server, data):
    server.behaviour[_PATH] = _answer(_CONTENT * 50)
    assert "longer than" in _refusal(_entry(server))
    assert _left(data) == []


@pytest.mark.parametrize(("behaviour", "status"), [(_not_found, "404"), (_failing, "503")])
def test_an_error_of_the_server_is_named(server, data, behaviour, status):
    server.behaviour[_PATH] = behaviour
    message = _refusal(_entry(server))
    assert status in message and "--from" in message
    assert _left(data) == []


def test_a_server_that_is_not_there_is_named(server):
    entry = _entry(server)
    server.shutdown()
    server.server_close()
    assert "cannot be read" in _refusal(entry)


def test_a_mirror_has_folder_and_file(server):
    server.behaviour["/mirror/sample/items.jsonl"] = _answer(_CONTENT)
    base = f"http://127.0.0.1:{server.server_address[1]}/mirror/"
    (path,) = fetch(_entry(server), source=base)
    assert path.read_bytes() == _CONTENT
    assert server.asked == ["/mirror/sample/items.jsonl"]


@pytest.mark.parametrize("place", ["sample/items.jsonl", "items.jsonl"])
def test_a_folder_serves_as_source(tmp_path, place):
    source = tmp_path / "source" / place
    source.parent.mkdir(parents=True)
    source.write_bytes(_CONTENT)
    (path,) = fetch(_entry(None), source=str(tmp_path / "source"))
    assert path.read_bytes() == _CONTENT


def test_a_wrong_file_in_a_folder_is_refused(tmp_path, data):
    (tmp_path / "items.jsonl").write_bytes(b"short")
    assert "broke off" in _refusal(_entry(None), source=str(tmp_path))
    assert _left(data) == []


def test_a_folder_without_the_file_names_it(tmp_path):
    assert "items.jsonl" in _refusal(_entry(None), source=str(tmp_path))


def test_a_file_without_address_asks_for_a_source():
    assert "--from" in _refusal(_entry(None))


def test_other_schemes_are_refused():
    assert "cannot fetch from" in _refusal(_entry(None), source="ftp://127.0.0.1/x")


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / "file"))
    (tmp_path / "items.jsonl").write_bytes(_CONTENT)
    assert "cannot be written" in _refusal(_entry(None), source=str(tmp_path))


def test_a_fetch_killed_in_the_middle_leaves_no_file_and_the_next_succeeds(server, data):
    server.behaviour[_PATH] = _answer(_CONTENT[: len(_CONTENT) // 2], declared=len(_CONTENT), pause=30)
    entry = _entry(server)
    script = (
        "import sys; from plumbline.suites.catalogue import Entry; from plumbline.suites.fetch import fetch; "
        "fetch(Entry.model_validate_json(sys.argv[1]))"
    )
    process = subprocess.Popen([sys.executable, "-c", script, entry.model_dump_json()])
    deadline = time.monotonic() + 60
    while not _left(data) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [path.suffix for path in _left(data)] == [".partial"]
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not file_path(entry, entry.files[0]).exists()

    (partial,) = _left(data)
    os.utime(partial, (0, 0))  # an hour later
    server.behaviour[_PATH] = _answer(_CONTENT)
    (path,) = fetch(entry)
    assert path.read_bytes() == _CONTENT
    assert _left(data) == [path]

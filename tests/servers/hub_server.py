"""A real HTTP server on loopback that speaks as much of the Hugging Face Hub as an upload needs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml

TOKEN = "hf_loopbacktoken"
LICENCES = ("apache-2.0", "mit", "cc-by-4.0", "other")


@dataclass
class HubServer:
    """What the hub holds and was asked.

    Attributes:
        address: Its URL, for `HF_ENDPOINT`.
        repositories: Name -> what its creation asked for.
        files: (repository, path) -> content.
        stored: SHA-256 -> content that came by Git LFS.
        bodies: Every request body received, raw.
    """

    address: str = ""
    repositories: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[tuple[str, str], bytes] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)

    def environment(self, token: str = TOKEN) -> dict[str, str]:
        """Variables that send huggingface_hub here; its newer transfer protocol goes to another service."""
        settings = {"HF_HUB_DISABLE_XET": "1", "HF_HUB_OFFLINE": "0"}
        return settings | {"HF_ENDPOINT": self.address, "HF_TOKEN": token}


@contextmanager
def serve_hub() -> Iterator[HubServer]:
    """Run a hub for the block."""
    state = HubServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _home(asked: dict[str, Any]) -> str:
    return "datasets/" if asked.get("type") == "dataset" else ""


def _handler(state: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Stay quiet."""

        def do_POST(self) -> None:
            body = self._body()
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._send(401, {"error": "Invalid username or password."})
            elif self.path == "/api/repos/create":
                self._create(json.loads(body))
            elif self.path == "/api/validate-yaml":
                self._validate(json.loads(body)["content"])
            elif found := re.fullmatch(r"/api/(?:datasets|models)/(.+)/preupload/main", self.path):
                self._preupload(json.loads(body))
            elif re.fullmatch(r"/(?:datasets/)?(.+)\.git/info/lfs/objects/batch", self.path):
                self._batch(json.loads(body))
            elif found := re.fullmatch(r"/api/(datasets|models)/(.+)/commit/main", self.path):
                self._commit(found[2], body, {"datasets": "datasets/", "models": ""}[found[1]])
            else:
                self._send(404, {"error": f"no {self.path}"})

        def do_PUT(self) -> None:
            body = self._body()
            name = self.path.rsplit("/", 1)[1]
            state.stored[name] = body
            self._send(200 if hashlib.sha256(body).hexdigest() == name else 400, {})

        def do_GET(self) -> None:
            known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
            if self.path == "/api/whoami-v2":
                self._send(200 if known else 401, {"name": "someone", "type": "user"})
            else:
                self._send(404, {"error": "Entry not found"})

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                parts = []
                while size := int(self.rfile.readline(), 16):
                    parts.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                body = b"".join(parts)
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            state.bodies.append(body)
            return body

        def _create(self, asked: dict[str, Any]) -> None:
            name = f"{asked['organization']}/{asked['name']}"
            status = 409 if name in state.repositories else 200
            state.repositories.setdefault(name, asked)
            self._send(status, {"url": f"{state.address}/{_home(asked)}{name}", "name": name})

        def _validate(self, card: str) -> None:
            try:
                about = yaml.safe_load(card.split("---\n")[1])
                errors = [] if about["license"] in LICENCES else [{"message": "license"}]
            except (yaml.YAMLError, IndexError, KeyError) as error:
                errors = [{"message": str(error)}]
            self._send(400 if errors else 200, {"errors": errors, "warnings": []})

        def _preupload(self, asked: dict[str, Any]) -> None:
            files = [
                {
                    "path": one["path"],
                    "uploadMode": "lfs" if one["path"].endswith((".parquet", ".safetensors")) else "regular",
                    "shouldIgnore": False,
                }
                for one in asked["files"]
            ]
            self._send(200, {"files": files})

        def _batch(self, asked: dict[str, Any]) -> None:
            objects = [
                one | {"actions": {"upload": {"href": f"{state.address}/store/{one['oid']}"}}}
                for one in asked["objects"]
            ]
            self._send(200, {"transfer": "basic", "objects": objects})

        def _commit(self, name: str, body: bytes, home: str) -> None:
            for line in map(json.loads, body.splitlines()):
                value = line["value"]
                if line["key"] == "file":
                    state.files[name, value["path"]] = base64.b64decode(value["content"])
                elif line["key"] == "lfsFile":
                    state.files[name, value["path"]] = state.stored[value["oid"]]
            oid = hashlib.sha1(body).hexdigest()
            url = f"{state.address}/{home}{name}/commit/{oid}"
            self._send(200, {"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": ""})

        def _send(self, status: int, data: dict[str, Any]) -> None:
            payload = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

    return Handler

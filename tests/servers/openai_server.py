"""A real HTTP server on loopback that speaks the OpenAI chat protocol, and misbehaves on demand."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[list[dict[str, Any]]], str]


@dataclass
class OpenAIServer:
    """What the server is to say and what it was asked.

    Attributes:
        reply: Messages of a request -> text of the answer.
        faults: What goes wrong with the next requests, in order: `429`, `500`, `slow`, `cut` (a body that ends
            in the middle), `empty`, `refusal`; `ok` answers as usual.
        requests: Bodies received.
        down: Every request is answered by 503 while set.
    """

    reply: Reply = lambda messages: "好的。"
    faults: deque[str] = field(default_factory=deque)
    requests: list[dict[str, Any]] = field(default_factory=list)
    down: bool = False
    delay: float = 0.0
    slow_seconds: float = 3.0
    address: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def environment(self) -> dict[str, str]:
        """Variables that send the `openai` provider here."""
        return {"OPENAI_BASE_URL": self.address, "OPENAI_API_KEY": "sk-test-secret-0123456789"}


@contextmanager
def serve(reply: Reply | None = None, *faults: str) -> Iterator[OpenAIServer]:
    """Run a server for the block."""
    state = OpenAIServer(faults=deque(faults))
    if reply is not None:
        state.reply = reply
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(state: OpenAIServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *arguments: object) -> None:
            """Stay quiet."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with state.lock:
                state.requests.append(body)
                fault = "503" if state.down else (state.faults.popleft() if state.faults else "ok")
            time.sleep(state.delay)
            if fault in ("429", "500", "503"):
                self._send(int(fault), {"error": {"message": f"planned {fault}", "type": "server_error"}})
                return
            if fault == "slow":
                time.sleep(state.slow_seconds)
            text = {"empty": "", "refusal": "抱歉，我无法协助这个请求。"}.get(fault)
            self._send(
                200,
                _completion(body, state.reply(body["messages"]) if text is None else text),
                fault == "cut",
            )

        def _send(self, status: int, data: dict[str, Any], cut: bool = False) -> None:
            payload = json.dumps(data, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            if status == 429:
                self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(payload[: len(payload) // 2] if cut else payload)
            if cut:
                self.close_connection = True

    return Handler


def _completion(body: dict[str, Any], text: str) -> dict[str, Any]:
    asked = sum(len(str(message.get("content") or "")) for message in body["messages"])
    most = body.get("max_completion_tokens") or body.get("max_tokens") or 1 << 30
    reason = "length" if len(text) > most else "stop"
    message = {"role": "assistant", "content": text[:most], "refusal": None}
    return {
        "id": "chatcmpl-test",
        "object": "chat.completion",
        "created": 0,
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
        "usage": {"prompt_tokens": asked, "completion_tokens": len(text), "total_tokens": asked + len(text)},
    }

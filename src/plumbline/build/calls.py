"""The call store: every prompt asked and every raw reply, in one SQLite file of the data set."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from plumbline.files import sha256_json
from plumbline.models.model import ChatMessage, Generation

Stop = Literal["stop", "length", "content_filter", "refused"]

_TABLE = """
CREATE TABLE IF NOT EXISTS calls (
  key TEXT PRIMARY KEY, model TEXT NOT NULL, messages TEXT NOT NULL, settings TEXT NOT NULL,
  reply TEXT NOT NULL, stop TEXT NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the model, the conversation, how to generate, and which try it is."""

    model: str
    messages: tuple[ChatMessage, ...]
    settings: Generation
    attempt: int = 0

    @property
    def key(self) -> str:
        """Hash of everything the reply depends on; the same call is never paid for twice."""
        settings = self.settings
        asked = [settings.max_tokens, settings.temperature, settings.seed, self.attempt]
        return sha256_json([self.model, list(self.messages), asked])


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a call.

    Attributes:
        key: Of the call.
        text: The raw reply.
        stop: Why it ended: on its own, at the length limit, by a filter, or because the provider refused the
            prompt.
        input_tokens: As the provider counted.
        output_tokens: As the provider counted.
    """

    key: str
    text: str
    stop: Stop
    input_tokens: int = 0
    output_tokens: int = 0


class CallStore:
    """Replies by call, on disk. A reply is safe before anybody sees it, so a kill costs at most what was
    under way.

    Args:
        path: The SQLite file; made when missing.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(_TABLE)

    def find(self, key: str) -> Reply | None:
        """Return the stored reply to a call."""
        row = self._db.execute(
            "SELECT reply, stop, input_tokens, output_tokens FROM calls WHERE key = ?", (key,)
        ).fetchone()
        return Reply(key, *row) if row else None

    def keep(self, call: Call, reply: Reply) -> None:
        """Store a reply."""
        settings = {"max_tokens": call.settings.max_tokens, "temperature": call.settings.temperature}
        settings |= {"seed": call.settings.seed, "attempt": call.attempt}
        self._db.execute(
            "INSERT OR IGNORE INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                reply.key, call.model, json.dumps(list(call.messages), ensure_ascii=False),
                json.dumps(settings), reply.text, reply.stop, reply.input_tokens, reply.output_tokens,
            ),
        )  # fmt: skip

    def spent(self) -> dict[str, tuple[int, int, int]]:
        """Return calls, input tokens and output tokens by model, over the whole life of the data set."""
        rows = self._db.execute(
            "SELECT model, count(*), sum(input_tokens), sum(output_tokens) FROM calls "
            "GROUP BY model ORDER BY model"
        )
        return {model: (int(calls), int(read), int(written)) for model, calls, read, written in rows}

    def show(self, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return prompt and raw reply of calls, by key."""
        found = {}
        for key in keys:
            row = self._db.execute(
                "SELECT model, messages, reply, stop FROM calls WHERE key = ?", (key,)
            ).fetchone()
            if row:
                found[key] = {
                    "model": row[0],
                    "messages": json.loads(row[1]),
                    "reply": row[2],
                    "stop": row[3],
                }
        return found

    def close(self) -> None:
        """Close the file."""
        self._db.close()

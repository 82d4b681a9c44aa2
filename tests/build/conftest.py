"""The scripted model behind a real HTTP server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.build import writer
from tests.servers.openai_server import OpenAIServer, serve

MODEL = "openai-api/loopback/scripted"
SECRET = "sk-test-secret-0123456789"


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    """A server that replies to the build's prompts like a model, on this machine."""
    pytest.importorskip("inspect_ai")
    with serve(writer.reply) as state:
        monkeypatch.setenv("LOOPBACK_BASE_URL", state.address)
        monkeypatch.setenv("LOOPBACK_API_KEY", SECRET)
        yield state

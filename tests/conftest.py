"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from plumbline.language import use_language

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# No property test fails because the machine is busy.
settings.register_profile("plumbline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("plumbline")


@pytest.fixture(autouse=True)
def _english():
    """Let tests read messages in one language, whatever the locale of the machine."""
    with use_language("en"):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data sets; tests that need it are skipped where it is missing."""
    root = Path(__file__).resolve().parents[1]
    candidates = [os.environ.get("PLUMBLINE_DATA"), root.parent / "shared" / "data"]
    for candidate in candidates:
        if candidate and (Path(candidate) / "valuecsv").is_dir():
            return Path(candidate)
    pytest.skip("public data sets not found: set PLUMBLINE_DATA to a folder that holds them")

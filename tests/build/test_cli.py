"""`plumbline build` and `plumbline data` as people type them."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from plumbline.build import open_data_set
from plumbline.cli.main import app
from plumbline.errors import InputError
from tests.build.conftest import MODEL
from tests.build.factories import LIGHT_STEPS, write_recipe
from tests.servers.openai_server import OpenAIServer

RUNNER = CliRunner()


def run(*arguments: object) -> str:
    result = RUNNER.invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_build_show_card_and_export(tmp_path: Path) -> None:
    recipe, folder = write_recipe(tmp_path, LIGHT_STEPS), tmp_path / "out"
    assert "dedup" in run("build", recipe, "-o", folder, "--workers", 1)
    assert "made-0000" in run("data", "show", folder, "--limit", 1)
    assert "repeats an earlier" in " ".join(run("data", "show", folder, "--rejected").split())
    assert "what happened" in run("data", "show", folder, "--row", "made-000001")
    assert "card.zh.md" in run("data", "card", folder)
    assert "train.json" in run("data", "export", folder, "--format", "llamafactory", "-o", tmp_path / "lf")
    assert (tmp_path / "lf" / "dataset_info.json").is_file()


def test_a_folder_with_a_build_in_it_is_not_touched_unasked(tmp_path: Path) -> None:
    recipe, folder = write_recipe(tmp_path, "  - step: clean"), tmp_path / "out"
    run("build", recipe, "-o", folder, "--workers", 1)
    with pytest.raises(InputError, match="--resume"):
        run("build", recipe, "-o", folder)
    run("build", recipe, "-o", folder, "--workers", 1, "--resume")


def test_a_build_that_rejected_nothing_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    run("build", write_recipe(tmp_path, "  - step: clean"), "-o", folder, "--workers", 1)
    assert run("data", "show", folder, "--rejected").strip() == "no row was rejected"


def test_explain_shows_calls_and_cost_of_a_recipe_for_a_provider() -> None:
    output = run("build", "explain", "provider")
    assert "adversarial" in output
    assert "total" in output


def test_a_dry_run_leaves_the_data_set_alone(tmp_path: Path) -> None:
    recipe, folder = write_recipe(tmp_path, "  - step: clean"), tmp_path / "out"
    run("build", recipe, "-o", folder, "--workers", 1, "--dry-run", 3)
    assert (folder / "dry-run" / "manifest.json").is_file()
    assert not (folder / "manifest.json").exists()


def test_our_recipes_are_listed() -> None:
    assert "no-model" in run("build", "recipes")


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    recipe, folder = write_recipe(tmp_path, "  - step: clean"), tmp_path / "out"
    run("build", recipe, "-o", folder, "--workers", 1)
    with pytest.raises(InputError, match="sharegpt"):
        run("data", "export", folder, "--format", "vda")


def test_an_interrupted_build_says_how_to_go_on(loopback: OpenAIServer, tmp_path: Path) -> None:
    recipe, folder = (
        write_recipe(tmp_path, f"  - {{step: judge, model: {MODEL}}}", rows=200),
        tmp_path / "out",
    )
    loopback.delay = 0.2
    command = [sys.executable, "-c", "from plumbline.cli.main import main; main()"]
    build = subprocess.Popen(
        [*command, "build", str(recipe), "-o", str(folder)], stderr=subprocess.PIPE, text=True
    )
    while len(loopback.requests) < 20 and build.poll() is None:
        time.sleep(0.05)
    build.send_signal(signal.SIGINT)
    _, said = build.communicate(timeout=60)
    loopback.delay = 0
    assert build.returncode == 130
    assert "add --resume to go on" in said
    assert "Traceback" not in said
    kept = sqlite3.connect(folder / "calls.sqlite").execute("SELECT count(*) FROM calls").fetchone()[0]
    asked = len(loopback.requests)
    run("build", recipe, "-o", folder, "--resume")
    # Only calls that were under way are made again.
    assert kept >= asked - 16
    assert len(loopback.requests) - asked == open_data_set(folder).manifest["calls"][MODEL]["calls"] - kept
    assert (folder / "manifest.json").is_file()

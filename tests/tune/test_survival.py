"""Processes killed, a disk that is full, two processes for one; each starts Python anew: slow."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from plumbline.tune.log import read_log
from tests.factories import two_processes
from tests.tune.factories import answers, recipe_file, tiny_model, write_rows

pytestmark = pytest.mark.slow
_ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "PLUMBLINE_LANG": "en"}


def _command(recipe: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "plumbline.tune", str(recipe), "-o", str(out)]


def _tune(recipe: Path, out: Path) -> None:
    done = subprocess.run(
        _command(recipe, out), env=_ENVIRONMENT, capture_output=True, text=True, timeout=400
    )
    assert done.returncode == 0, done.stderr[-2000:]


def _losses(folder: Path) -> list[float]:
    return [float(row["loss"]) for row in read_log(folder / "log.csv") if row["loss"]]


def test_kill_nine_and_resume_give_the_undisturbed_curve(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", answers(60))
    recipe = recipe_file(
        tmp_path, tiny_model(tmp_path / "base"), rows, packing=False, saving={"every": 5}, lora={"rank": 4}
    )
    # All three in processes of one thread: sums of other numbers of threads differ in their last bits.
    _tune(recipe, tmp_path / "whole")
    process = subprocess.Popen(
        _command(recipe, tmp_path / "cut"), env=_ENVIRONMENT, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 240
    while not (tmp_path / "cut/checkpoints/checkpoint-10/seal.json").exists() and time.monotonic() < deadline:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(_losses(tmp_path / "cut")) < 30
    _tune(recipe, tmp_path / "cut")
    assert _losses(tmp_path / "cut") == _losses(tmp_path / "whole")
    assert len(_losses(tmp_path / "cut")) == 30


def test_two_processes_give_the_loss_of_one(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", answers(24))
    schedule = {"epochs": 1, "batch": 4, "per_device": 2, "learning_rate": 0.01}
    base = tiny_model(tmp_path / "base")
    recipe = recipe_file(tmp_path, base, rows, packing=False, schedule=schedule)
    _tune(recipe, tmp_path / "one")
    command = [*two_processes(29517), "-m", "plumbline.tune", str(recipe), "-o", str(tmp_path / "two")]
    done = subprocess.run(
        command,
        env=_ENVIRONMENT | {"ACCELERATE_USE_CPU": "true"},
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads((tmp_path / "two/training.json").read_text("utf-8"))["processes"] == 2
    assert _losses(tmp_path / "two") == pytest.approx(_losses(tmp_path / "one"), rel=1e-4)


def test_a_full_disk_ends_in_a_sentence_with_the_last_good_state(tmp_path: Path) -> None:
    rows = write_rows(tmp_path / "rows.jsonl", answers(24))
    recipe = recipe_file(
        tmp_path,
        tiny_model(tmp_path / "base"),
        rows,
        packing=False,
        saving={"every": 2},
        schedule={"epochs": 1, "batch": 2, "per_device": 2},
    )
    # No file over 150 kB can be written: the weights alone are larger.
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000));"
        f"sys.argv = ['tune', {str(recipe)!r}, '-o', {str(tmp_path / 'out')!r}];"
        "from plumbline.tune.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=_ENVIRONMENT, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 2, done.stderr[-2000:]
    assert "Traceback" not in done.stderr
    assert re.search(r"the disk is full.*no checkpoint was written yet", done.stderr.replace("\n", " "))

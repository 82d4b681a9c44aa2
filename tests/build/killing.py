"""Run a build over and over, killing it at random instants; then let it finish.

Only kills that hit a running build count. Everything is imported once and each attempt is a fork, so that kills fall into the build and not into imports.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import inspect_ai.model  # noqa: F401  (imported before the forks on purpose)

from plumbline.build import engine
from plumbline.build.steps.judge import Judge  # noqa: F401


def attempt(recipe: str, folder: Path, after: float) -> bool:
    """Start a build, kill it `after` seconds; tell whether it was still running."""
    child = os.fork()
    if child == 0:
        engine.build(recipe, folder, workers=1)
        os._exit(0)
    deadline = time.monotonic() + after
    while time.monotonic() < deadline:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def undo_some(folder: Path, rng: random.Random) -> None:
    """Take markers away from a finished build, so that there is something left to kill."""
    (folder / "manifest.json").unlink()
    for path in sorted((folder / "stages").rglob("*.json"))[rng.randrange(3) :: rng.randint(2, 4)]:
        path.unlink()


def main(recipe: str, folder: Path, kills: int, longest: float) -> None:
    """Kill so many times, then finish."""
    rng = random.Random(11)
    hits = 0
    for _ in range(10 * kills):
        if attempt(recipe, folder, rng.uniform(0.02, longest)):
            hits += 1
        else:
            longest *= 0.8  # the machine is faster than when it was measured
        if hits == kills:
            break
        if (folder / "manifest.json").is_file():
            undo_some(folder, rng)
    else:
        raise SystemExit(f"only {hits} kills hit")
    if attempt(recipe, folder, 600):
        raise SystemExit("the last build did not end")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))

"""Checkpoints that can be trusted: sealed when whole, checked before use, set aside when damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from plumbline.files import sha256_file, write_json

_SEAL = "seal.json"


def seal(checkpoint: Path) -> None:
    """Note size and SHA-256 of every file of a checkpoint; a checkpoint without a seal was cut short."""
    files = [path for path in sorted(checkpoint.rglob("*")) if path.is_file() and path.name != _SEAL]
    noted = {str(path.relative_to(checkpoint)): [path.stat().st_size, sha256_file(path)] for path in files}
    write_json(checkpoint / _SEAL, noted)


def is_whole(checkpoint: Path) -> bool:
    """Tell whether every file of a sealed checkpoint is as it was written."""
    try:
        noted: dict[str, list[Any]] = json.loads((checkpoint / _SEAL).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    for name, (size, sha256) in noted.items():
        path = checkpoint / name
        if not path.is_file() or path.stat().st_size != size or sha256_file(path) != sha256:
            return False
    return bool(noted)


def step_of(checkpoint: Path) -> int:
    """Return the step a checkpoint was written at."""
    return int(checkpoint.name.rpartition("-")[2])


def last_good(folder: Path) -> tuple[Path | None, list[Path]]:
    """Find the newest whole checkpoint and put the rest out of the way.

    A checkpoint cut short by a kill holds nothing of use and is removed. A sealed one whose files changed
    since is renamed to `damaged-STEP`, so that nothing is lost that a person may want to look at.

    Returns:
        The checkpoint, or None; and the damaged ones under their new names.
    """
    damaged: list[Path] = []
    newest_first = sorted(folder.glob("checkpoint-*"), key=step_of, reverse=True) if folder.is_dir() else []
    for checkpoint in newest_first:
        if is_whole(checkpoint):
            return checkpoint, damaged
        if not (checkpoint / _SEAL).exists():
            shutil.rmtree(checkpoint)
            continue
        aside = checkpoint.with_name(f"damaged-{step_of(checkpoint)}")
        if aside.exists():
            shutil.rmtree(aside)
        damaged.append(checkpoint.rename(aside))
    return None, damaged

"""Evaluator folders: weights in safetensors, the rest JSON, nothing that could run code, every byte
accounted for.

`evaluator.json` names each file with its hash and ends with its own seal, the hash of everything above it; a
folder that was changed anywhere, or whose framework is not the one at hand, is refused.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from plumbline.errors import InputError, place
from plumbline.files import atomic_write, sha256_file, sha256_json, write_json
from plumbline.frameworks import Framework, load_framework
from plumbline.graders.evaluator import messages as m

FORMAT = 1
MANIFEST = "evaluator.json"
WEIGHTS = "weights.safetensors"
Arrays = dict[str, npt.NDArray[Any]]


class Saved(NamedTuple):
    """What a folder holds."""

    manifest: dict[str, Any]
    framework: Framework
    path: Path


def framework_seal(framework: Framework, values: tuple[str, ...]) -> str:
    """Hash what makes labels comparable: the framework's id and the names and definitions of the values."""
    meanings = [framework.value(value).model_dump() for value in values]
    return sha256_json({"id": framework.id, "values": meanings})


def write_folder(
    path: str | Path, manifest: dict[str, Any], arrays: Arrays, framework: Framework, values: tuple[str, ...]
) -> None:
    """Write an evaluator; other files of the folder that belong to it must be there already.

    Args:
        path: The folder.
        manifest: Kind, thresholds, calibration, data card ...
        arrays: What goes to `weights.safetensors`.
        framework: Whose values.
        values: Their ids in the order of the arrays.
    """
    from safetensors.numpy import save

    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    with atomic_write(folder / WEIGHTS, "wb") as handle:
        handle.write(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}))
    others = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST and p.name[0] != ".")
    body = {
        "format": FORMAT,
        **manifest,
        "framework": {
            "id": framework.id,
            "version": framework.version,
            "seal": framework_seal(framework, values),
        },
        "values": list(values),
        "files": {p.relative_to(folder).as_posix(): sha256_file(p) for p in others},
    }
    write_json(folder / MANIFEST, {**body, "seal": sha256_json(body)})


def read_folder(path: str | Path, framework: str | Framework | None = None) -> Saved:
    """Read and check an evaluator's manifest and the hashes of its files.

    Args:
        path: The folder.
        framework: The framework the labels are to be read by; the one the folder names by default.

    Raises:
        InputError: No evaluator, one of a newer format, one that was changed, or one of another framework.
    """
    folder = Path(path)
    file = folder / MANIFEST
    if not file.is_file():
        raise InputError(m.NOT_AN_EVALUATOR(), where=str(folder), mend=m.TRAIN_ONE())
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        body = {key: value for key, value in manifest.items() if key != "seal"}
        sealed = manifest["seal"] == sha256_json(body) and isinstance(manifest["files"], dict)
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        sealed, manifest = False, {}
    if not sealed:
        raise InputError(m.CHANGED(), where=str(file), mend=m.TRAIN_AGAIN())
    if manifest["format"] != FORMAT:
        raise InputError(m.OTHER_FORMAT(format=manifest["format"]), where=str(file), mend=m.TRAIN_AGAIN())
    for name, wanted in manifest["files"].items():
        target = (folder / name).resolve()
        if (
            not target.is_relative_to(folder.resolve())
            or not target.is_file()
            or sha256_file(target) != wanted
        ):
            raise InputError(m.CHANGED(), where=place(folder / name), mend=m.TRAIN_AGAIN())
    return Saved(manifest, _same_framework(manifest, framework, file), folder)


def read_arrays(saved: Saved) -> Arrays:
    """Load `weights.safetensors`."""
    from safetensors.numpy import load_file

    return dict(load_file(saved.path / WEIGHTS))


def _same_framework(manifest: dict[str, Any], wanted: str | Framework | None, file: Path) -> Framework:
    named = manifest["framework"]
    if isinstance(wanted, Framework):
        framework = wanted
    else:
        framework = load_framework(wanted or named.get("file") or named["id"])
    values = tuple(manifest["values"])
    known = framework.id == named["id"] and all(framework.has(value) for value in values)
    if not known or framework_seal(framework, values) != named["seal"]:
        what = m.OTHER_FRAMEWORK(theirs=named["id"], ours=framework.id)
        raise InputError(what, where=str(file), mend=m.USE_FRAMEWORK())
    return framework

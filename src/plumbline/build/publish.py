"""Hand a data set to the Hugging Face Hub: the rows that may be published, card and licence."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from plumbline.build.card import card_text
from plumbline.build.dataset import DataSet
from plumbline.build.exports import write_parquet_by_split
from plumbline.build.facts import gather
from plumbline.build.licences import is_licensed
from plumbline.errors import MissingExtra
from plumbline.files import atomic_write
from plumbline.language import use_language

_HELD_BACK = ("queued", "rejected")


@dataclass(frozen=True)
class Pushed:
    """Where a data set went, and how many rows went and stayed."""

    url: str
    rows: int
    left: int


def write_hub_folder(data: DataSet, target: Path) -> dict[Path, int]:
    """Write what a data set repository holds: Parquet by split under `data/`, and the card as README.md.

    Rows without a licence, and rows that wait for review or failed it, are left out.

    Returns:
        Rows written to each Parquet file.
    """
    written = write_parquet_by_split(data.shards, target / "data", data.name, keep=_publishable)
    facts = gather(data)
    with use_language("en"):
        english = card_text(data, facts)
    with use_language("zh"):
        chinese = card_text(data, facts)
    chart = data.folder / "composition.svg"
    if chart.is_file():
        with atomic_write(target / chart.name, "wb") as handle:
            handle.write(chart.read_bytes())
    with atomic_write(target / "README.md") as handle:
        handle.write("\n".join(_header(data, written)) + f"\n\n{english}\n---\n\n{chinese}")
    return written


def push(data: DataSet, repository: str, *, private: bool = False, endpoint: str | None = None) -> Pushed:
    """Upload a data set; the token comes from the environment or the hub's own login and goes nowhere else.

    Args:
        data: A finished data set.
        repository: `user/name`.
        private: Make the repository private when it is new.
        endpoint: Another hub than huggingface.co.

    Raises:
        MissingExtra: huggingface_hub is not installed.
    """
    try:
        from huggingface_hub import HfApi
    except ModuleNotFoundError as error:
        raise MissingExtra("huggingface_hub", "tune") from error
    api: Any = HfApi(endpoint=endpoint)
    with tempfile.TemporaryDirectory() as folder:
        written = write_hub_folder(data, Path(folder))
        api.create_repo(repository, repo_type="dataset", private=private, exist_ok=True)
        api.upload_folder(repo_id=repository, repo_type="dataset", folder_path=folder)
    rows = sum(written.values())
    return Pushed(f"{api.endpoint}/datasets/{repository}", rows, data.rows - rows)


def _publishable(table: pa.Table) -> pa.Array:
    licences, reviews = table.column("licence").to_pylist(), table.column("review").to_pylist()
    return pa.array(
        [
            is_licensed(licence) and review not in _HELD_BACK
            for licence, review in zip(licences, reviews, strict=True)
        ],
        pa.bool_(),
    )


def _header(data: DataSet, written: dict[Path, int]) -> Iterator[str]:
    """Yield the YAML header by which the hub knows licence, languages and files."""
    recipe = data.manifest["recipe"]
    yield "---"
    yield f"license: {(recipe.get('licence') or 'other').lower()}"
    yield "language: [zh, en]"
    yield "task_categories: [text-generation]"
    yield f"pretty_name: {recipe.get('title') or data.name}"
    yield "configs:"
    yield "  - config_name: default"
    yield "    data_files:"
    for path in written:
        split = path.stem if path.stem != data.name else "train"
        yield f"      - {{split: {split}, path: data/{path.name}}}"
    yield "---"

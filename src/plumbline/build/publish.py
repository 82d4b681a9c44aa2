"""Hand a data set to the Hugging Face Hub: the rows that may be published, card and licence."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from plumbline.build import messages as m
from plumbline.build.card import card_text, chart_name
from plumbline.build.charts import draw_composition
from plumbline.build.columns import replace_column
from plumbline.build.dataset import DataSet
from plumbline.build.exports import write_parquet_by_split
from plumbline.build.facts import gather
from plumbline.build.licences import is_licensed
from plumbline.errors import MissingExtra, RunError
from plumbline.files import atomic_write
from plumbline.language import use_language

_HELD_BACK = ("queued", "rejected")
# Names of licences the hub knows, of those data sets are usually under; any other is `other` with its name.
_HUB_LICENCES = {
    "apache-2.0", "mit", "bsd-3-clause", "odc-by", "odbl", "pddl", "cc0-1.0", "gpl-3.0", "agpl-3.0",
    "cdla-permissive-2.0", "cc-by-2.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0",
    "cc-by-nc-3.0", "cc-by-nc-4.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "cc-by-nc-nd-4.0",
}  # fmt: skip


@dataclass(frozen=True)
class Pushed:
    """Where a data set went, and how many rows went and stayed."""

    url: str
    rows: int
    left: int


def write_hub_folder(data: DataSet, target: Path) -> dict[Path, int]:
    """Write what a data set repository holds: Parquet by split under `data/`, charts, and card as README.md.

    Rows without a licence, and rows that wait for review or failed it, are left out; the card counts what is
    written and says how many rows are not. A row's history says that people reviewed it, and neither who nor
    what stood there before they changed it.

    Returns:
        Rows written to each Parquet file.
    """
    written = write_parquet_by_split(
        data.shards, target / "data", data.name, keep=_publishable, change=_without_names
    )
    for path in [path for path, rows in written.items() if not rows and len(written) > 1]:
        path.unlink()
        del written[path]
    facts = gather(data, keep=_publishable)
    texts = []
    for language in ("en", "zh"):
        with use_language(language):
            held = data.rows - facts.rows
            with atomic_write(target / chart_name()) as handle:
                handle.write(draw_composition(facts))
            texts.append(card_text(data, facts) + (f"\n{m.HELD_BACK(rows=held)}\n" if held else ""))
    with atomic_write(target / "README.md") as handle:
        handle.write("\n---\n\n".join((_header(data, written) + "\n" + texts[0], texts[1])))
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
        RunError: Nothing may be published, or the hub does not take it (token, name, connection).
    """
    try:
        import httpx
        from huggingface_hub import HfApi
    except ModuleNotFoundError as error:
        raise MissingExtra("huggingface_hub", "tune") from error
    api: Any = HfApi(endpoint=endpoint)
    with tempfile.TemporaryDirectory() as folder:
        written = write_hub_folder(data, Path(folder))
        rows = sum(written.values())
        if not rows:
            raise RunError(m.NOTHING_TO_PUSH(rows=data.rows), where=str(data.folder), mend=m.GIVE_LICENCE())
        try:
            api.create_repo(repository, repo_type="dataset", private=private, exist_ok=True)
            api.upload_folder(repo_id=repository, repo_type="dataset", folder_path=folder)
        except (httpx.HTTPError, OSError, ValueError) as error:
            detail = " ".join(str(error).split())[:300]
            raise RunError(m.NOT_PUSHED(detail=detail), where=repository, mend=m.CHECK_TOKEN()) from error
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


def _without_names(table: pa.Table) -> pa.Table:
    """Reviewers work for the data set; they did not agree to be published with it."""
    histories = [
        [event | {"detail": ""} if event["step"] == "review" else event for event in history]
        for history in table.column("history").to_pylist()
    ]
    return replace_column(table, "history", histories)


def _header(data: DataSet, written: dict[Path, int]) -> str:
    """Return the YAML header by which the hub knows licence, languages and files."""
    recipe = data.manifest["recipe"]
    licence = (recipe.get("licence") or "").lower()
    about: dict[str, Any] = {"license": licence if licence in _HUB_LICENCES else "other"}
    if licence and licence not in _HUB_LICENCES:
        about["license_name"] = licence
    splits = [
        {"split": "train" if path.stem == data.name else path.stem, "path": f"data/{path.name}"}
        for path in written
    ]
    about |= {
        "language": ["zh", "en"],
        "task_categories": ["text-generation"],
        "pretty_name": recipe.get("title") or data.name,
        "configs": [{"config_name": "default", "data_files": splits}],
    }
    return f"---\n{yaml.safe_dump(about, allow_unicode=True, sort_keys=False)}---\n"

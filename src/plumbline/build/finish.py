"""What a finished build leaves for people: manifest, review queue."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from plumbline.build.dataset import MANIFEST, DataSet
from plumbline.build.plan import Stage, last_stages
from plumbline.build.recipe import Recipe
from plumbline.build.sample import SCHEMA
from plumbline.build.shards import Counts, rows_of
from plumbline.build.step import Context
from plumbline.build.steps.review import Review
from plumbline.build.work import counted, stage_shards
from plumbline.files import atomic_write, sha256_json, write_json


def agreement_of(stages: list[Stage], context: Context) -> dict[str, float] | None:
    """Return how far reviewers agreed, from the first review step that knows."""
    found = [stage.step.agreement(context) for stage in stages if isinstance(stage.step, Review)]
    return next((one for one in found if one is not None), None)


def finish(
    root: Path,
    recipe: Recipe,
    stages: list[Stage],
    spent: dict[str, Any],
    agreement: dict[str, float] | None,
) -> DataSet:
    """Write manifest and review queue; the manifest comes last and makes the data set one."""
    last = {stage.name for stage in last_stages(stages)}
    told = []
    for stage in stages:
        shards = stage_shards(stage, root)
        counts = sum((counted(shard) for shard in shards), Counts())
        told.append(
            {
                "step": stage.step.step,
                "source": stage.source,
                "folder": stage.name,
                "key": stage.key,
                "settings": stage.step.model_dump(mode="json", exclude_defaults=True),
                "models": list(stage.step.models),
                "before": [before.name for before in stage.before],
                "last": stage.name in last,
                **asdict(counts),
                "shards": [shard.name for shard in shards],
            }
        )
    manifest = {
        "name": recipe.name,
        "recipe": recipe.model_dump(mode="json", exclude_defaults=True),
        "rows": sum(stage["kept"] for stage in told if stage["last"]),
        "rejected": sum(stage["rejected"] for stage in told),
        "calls": spent,
        "agreement": agreement,
        "stages": told,
        "hash": sha256_json([stage.key for stage in stages]),
    }
    data = DataSet(root)
    data.__dict__["manifest"] = manifest
    _write_queue(data)
    write_json(root / MANIFEST, manifest)
    return data


def _write_queue(data: DataSet) -> None:
    """Write the rows that wait for people, where the review app looks for them."""
    path = data.folder / "review.jsonl"
    waiting = (row for row in rows_of([*data.shards, *data.rejected_shards]) if row["review"] == "queued")
    first = next(waiting, None)
    if first is None:
        path.unlink(missing_ok=True)
        return
    names = [name for name in SCHEMA.names if name not in ("history", "scores")]
    with atomic_write(path) as handle:
        for row in (first, *waiting):
            handle.write(json.dumps({name: row[name] for name in names}, ensure_ascii=False) + "\n")

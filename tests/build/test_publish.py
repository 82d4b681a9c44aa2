"""Publishing: what goes to a hub, by huggingface_hub's own client, and what never does."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from plumbline.build import DataSet, build, export
from tests.build.factories import row, write_recipe, write_rows
from tests.servers.hub_server import HubServer, serve_hub

UNLICENSED, PROPRIETARY, REJECTED, WAITING = (20, 21, 22, 0)
PUSH = "from plumbline.cli.main import main; main()"


@pytest.fixture
def data(tmp_path: Path) -> DataSet:
    """Six good rows, one of which waits for review, two that may not be published, one rejected."""
    rows = [row(number) | {"licence": "CC-BY-4.0"} for number in range(6)]
    rows += [row(UNLICENSED), row(PROPRIETARY) | {"licence": "proprietary"}]
    rows += [row(REJECTED) | {"licence": "CC-BY-4.0", "output": "短"}]
    rows[WAITING]["review"] = "queued"
    write_rows(tmp_path / "rows.jsonl", rows)
    recipe = tmp_path / "r.yaml"
    recipe.write_text(
        "name: mixed\ntitle: '混合: a colon'\nlicence: CC-BY-4.0\n"
        "sources:\n- name: a\n  load: {path: rows.jsonl}\nsteps:\n- step: clean\n",
        encoding="utf-8",
    )
    return build(recipe, tmp_path / "out", workers=1)


def push(hub: HubServer, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PUSH, "data", "export", *arguments],
        env=os.environ | hub.environment() | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_push_uploads_licensed_rows_card_and_licence_and_nothing_else(data: DataSet) -> None:
    pytest.importorskip("huggingface_hub")
    with serve_hub() as hub:
        done = push(hub, str(data.folder), "--push", "someone/mixed", "--private")
    assert done.returncode == 0, done.stderr
    assert "5 rows; 3 rows without a licence" in " ".join(done.stderr.split())
    assert hub.repositories["someone/mixed"]["visibility"] == "private"
    uploaded = {path: content for (_, path), content in hub.files.items()}
    assert sorted(uploaded) == [
        "README.md", "composition.svg", "composition.zh.svg", "data/mixed.parquet",
    ]  # fmt: skip
    sent = pq.read_table(io.BytesIO(uploaded["data/mixed.parquet"]))
    assert sent.column("instruction").to_pylist() == [row(n)["instruction"] for n in range(1, 6)]
    about = yaml.safe_load(uploaded["README.md"].decode().split("---\n")[1])
    assert about["license"] == "cc-by-4.0"
    assert about["configs"][0]["data_files"] == [{"split": "train", "path": "data/mixed.parquet"}]
    everything = b"".join([*hub.bodies, *hub.stored.values(), *hub.files.values()])
    for number in (UNLICENSED, PROPRIETARY, REJECTED, WAITING):
        assert row(number)["instruction"].encode() not in everything


def test_what_is_published_says_that_people_reviewed_a_row_and_not_who(tmp_path: Path) -> None:
    decision = {
        "id": "made-000001",
        "decision": "edit",
        "reviewer": "阿青",
        "edited": {"output": "改过的回答。"},
    }
    write_rows(tmp_path / "d.jsonl", [decision])  # type: ignore[list-item]
    recipe = write_recipe(tmp_path, "  - step: review\n    decisions: d.jsonl")
    data = build(recipe, tmp_path / "out", workers=1)
    [file] = [path for path in export(data, "hf") if path.suffix == ".parquet"]
    sent = {one["id"]: one for one in pq.read_table(file).to_pylist()}
    assert sent["made-000001"]["history"][-1] | {"detail": None} == {
        "step": "review", "action": "edited", "detail": None, "model": "", "prompt": "",
    }  # fmt: skip
    assert "阿青" not in str(sent)
    assert "阿青" in str(next(data.samples()).history)


def test_the_card_that_is_pushed_counts_what_is_pushed(data: DataSet) -> None:
    files = export(data, "hf")
    assert sum(files.values()) == 5
    card = (data.folder / "exports" / "hf" / "README.md").read_text("utf-8")
    assert "; 5 rows." in card
    assert "3 further rows without a licence" in card
    assert "另有 3 行没有许可" in card


def test_a_push_twice_takes_the_repository_that_is_there(data: DataSet) -> None:
    pytest.importorskip("huggingface_hub")
    with serve_hub() as hub:
        for _ in range(2):
            assert push(hub, str(data.folder), "--push", "someone/mixed").returncode == 0
    assert len(hub.repositories) == 1


def test_a_refused_token_is_told_without_a_traceback(data: DataSet) -> None:
    pytest.importorskip("huggingface_hub")
    with serve_hub() as hub:
        done = push(hub, str(data.folder), "--push", "someone/mixed", HF_TOKEN="hf_wrong")
    assert done.returncode == 2
    assert "HF_TOKEN" in done.stderr
    assert "Traceback" not in done.stderr
    assert hub.files == {}


def test_nothing_is_pushed_where_nothing_may_be(tmp_path: Path) -> None:
    pytest.importorskip("huggingface_hub")
    write_rows(tmp_path / "rows.jsonl", [row(1), row(2)])
    recipe = tmp_path / "r.yaml"
    recipe.write_text("name: bare\nsources:\n- name: a\n  load: {path: rows.jsonl}\n", encoding="utf-8")
    data = build(recipe, tmp_path / "out", workers=1)
    with serve_hub() as hub:
        done = push(hub, str(data.folder), "--push", "someone/bare")
    assert done.returncode == 2
    assert "none of the 2 rows" in " ".join(done.stderr.split())
    assert hub.bodies == []

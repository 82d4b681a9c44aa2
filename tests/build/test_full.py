"""The full recipe: a source of every kind, against a server on loopback; kills, replays, faults."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from plumbline.build import build, explain, story
from plumbline.build.sample import Sample
from plumbline.errors import RunError
from tests.build.conftest import MODEL
from tests.build.factories import write_full_recipe
from tests.build.test_engine import contents
from tests.servers.openai_server import OpenAIServer


def test_a_source_of_every_kind_goes_through_with_counts_that_add_up(
    loopback: OpenAIServer, tmp_path: Path
) -> None:
    loopback.faults.extend(["429", "ok", "500", "empty", "ok", "refusal", "cut"])
    data = build(write_full_recipe(tmp_path, MODEL), tmp_path / "out", workers=1)
    stages = {stage["folder"]: stage for stage in data.manifest["stages"]}
    for stage in stages.values():
        assert stage["arrived"] + stage["made"] == stage["kept"] + stage["rejected"]
        if stage["before"]:
            assert stage["arrived"] == sum(stages[name]["kept"] for name in stage["before"])
    kept = list(data.samples())
    assert {"manual", "evolved", "principles", "adversarial", "translated", "compared"} <= {one.source for one in kept}
    ids = [one.id for one in kept] + [one.sample.id for _, one in data.rejected()]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    check_lineage(kept)
    evolved = next(one for one in kept if one.source == "evolved")
    told = story(data, evolved.id)
    assert "改写下面的指令" in told or "写一条全新的指令" in told
    assert "raw reply (stop)" in told


def check_lineage(kept: list[Sample]) -> None:
    """Every row a model made names parents, model and calls; principles are in no training row."""
    for one in kept:
        if one.source in ("evolved", "principles", "adversarial"):
            assert one.parents or one.id.startswith("principled")
            assert any(event.model == MODEL and event.prompt for event in one.history)
        if one.source == "translated":
            assert one.scores["chrf"] >= 35
            assert one.language == "zh"
        assert "遵循以下原则" not in one.instruction
        assert one.output


def test_a_finished_build_is_replayed_without_the_provider(loopback: OpenAIServer, tmp_path: Path) -> None:
    recipe = write_full_recipe(tmp_path, MODEL)
    before = contents(build(recipe, tmp_path / "out", workers=1).folder)
    loopback.down = True
    for stage in (tmp_path / "out" / "stages").iterdir():
        for path in stage.glob("*.json"):
            path.unlink()
    assert contents(build(recipe, tmp_path / "out", workers=1).folder) == before


def test_a_pause_for_the_budget_costs_nothing(loopback: OpenAIServer, tmp_path: Path) -> None:
    recipe = write_full_recipe(tmp_path, MODEL)
    undisturbed = build(recipe, tmp_path / "whole", workers=1)
    calls = undisturbed.manifest["calls"][MODEL]["calls"]
    for allowed in (calls // 3, calls - 1):
        with pytest.raises(RunError, match="max-calls"):
            build(recipe, tmp_path / "paused", workers=1, max_calls=allowed)
    resumed = build(recipe, tmp_path / "paused", workers=1, max_calls=calls)
    assert contents(resumed.folder) == contents(undisturbed.folder)


def test_the_plan_estimates_calls_and_cost_and_asks_nobody(loopback: OpenAIServer, tmp_path: Path) -> None:
    recipe = write_full_recipe(tmp_path, MODEL)
    planned = explain(recipe)
    assert loopback.requests == []
    expected = sum(one.expected.calls for one in planned)
    cost = sum(one.cost or 0 for one in planned)
    made = build(recipe, tmp_path / "out", workers=1).manifest["calls"][MODEL]
    assert 0.5 < expected / made["calls"] < 2
    assert 0.3 < cost / made["cost"] < 3


def kill_and_resume(recipe: Path, folder: Path, kills: int, longest: float) -> int:
    """Build in a child process that is killed at random instants, then let it finish; return kills that hit."""
    command = [sys.executable, "-m", "tests.build.killing", str(recipe), str(folder), str(kills), str(longest)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root)
    return int(done.stdout)


@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.slow)])
def test_killed_at_random_instants_the_data_set_is_the_same(
    loopback: OpenAIServer, tmp_path: Path, kills: int
) -> None:
    recipe = write_full_recipe(tmp_path, MODEL)
    started = time.monotonic()
    undisturbed = contents(build(recipe, tmp_path / "whole", workers=1).folder)
    hits = kill_and_resume(recipe, tmp_path / "killed", kills, 0.6 * (time.monotonic() - started))
    assert hits >= kills * 0.6
    assert contents(tmp_path / "killed") == undisturbed

"""The full recipe: a source of every kind, against a server on loopback; kills, replays, faults."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from plumbline.build import DataSet, build, explain, list_recipes, story
from plumbline.build.sample import Sample
from plumbline.errors import RunError
from tests.build import writer
from tests.build.conftest import MODEL, SECRET
from tests.build.factories import LIGHT_STEPS, write_full_recipe, write_recipe
from tests.build.test_engine import contents
from tests.servers.openai_server import OpenAIServer, serve


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, DataSet]]:
    """The full recipe built once, against a server that misbehaves now and then."""
    pytest.importorskip("inspect_ai")
    folder = tmp_path_factory.mktemp("whole")
    faults = ("429", "ok", "500", "empty", "ok", "refusal", "cut")
    with serve(writer.reply, *faults) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOOPBACK_BASE_URL", server.address)
        patch.setenv("LOOPBACK_API_KEY", SECRET)
        recipe = write_full_recipe(folder, MODEL)
        yield recipe, build(recipe, folder / "out", workers=1)


Whole = tuple[Path, DataSet]


def test_a_source_of_every_kind_goes_through_with_counts_that_add_up(whole: Whole) -> None:
    _, data = whole
    stages = {stage["folder"]: stage for stage in data.manifest["stages"]}
    for stage in stages.values():
        assert stage["arrived"] + stage["made"] == stage["kept"] + stage["rejected"]
        if stage["before"]:
            assert stage["arrived"] == sum(stages[name]["kept"] for name in stage["before"])
    kept = list(data.samples())
    assert {"manual", "evolved", "principles", "adversarial", "translated", "compared"} <= {
        one.source for one in kept
    }
    ids = [one.id for one in kept] + [one.sample.id for _, one in data.rejected()]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    check_lineage(kept)


def test_an_evolved_row_tells_prompts_and_raw_replies(whole: Whole) -> None:
    _, data = whole
    evolved = next(one for one in data.samples() if one.source == "evolved")
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


def test_a_finished_build_is_replayed_without_the_provider(
    whole: Whole, loopback: OpenAIServer, tmp_path: Path
) -> None:
    recipe, data = whole
    loopback.down = True
    copytree(data.folder, tmp_path / "out")
    for stage in (tmp_path / "out" / "stages").iterdir():
        for path in stage.glob("*.json"):
            path.unlink()
    assert contents(build(recipe, tmp_path / "out", workers=1).folder) == contents(data.folder)


def test_a_pause_for_the_budget_loses_nothing(whole: Whole, loopback: OpenAIServer, tmp_path: Path) -> None:
    recipe, data = whole
    calls = data.manifest["calls"][MODEL]["calls"]
    with pytest.raises(RunError, match="max-calls"):
        build(recipe, tmp_path / "paused", workers=1, max_calls=calls // 2)
    # The faults of the first build made it ask some prompts again, so its bytes cannot be compared here.
    resumed = build(recipe, tmp_path / "paused", workers=1, max_calls=calls)
    asked = len(loopback.requests)
    assert resumed.manifest["calls"][MODEL]["calls"] == asked
    assert resumed.rows > 0


def test_the_plan_estimates_calls_and_cost_and_asks_nobody(whole: Whole, loopback: OpenAIServer) -> None:
    recipe, data = whole
    planned = explain(recipe)
    assert loopback.requests == []
    made = data.manifest["calls"][MODEL]
    assert 0.5 < sum(one.expected.calls for one in planned) / made["calls"] < 2
    assert 0.3 < sum(one.cost or 0 for one in planned) / made["cost"] < 3


@pytest.mark.parametrize("name", [name for name in list_recipes() if name != "provider"])
def test_our_recipes_run(
    name: str, loopback: OpenAIServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOCAL_BASE_URL", loopback.address)
    monkeypatch.setenv("LOCAL_API_KEY", SECRET)
    data = build(name, tmp_path / "out", workers=1, limit=4)
    assert data.rows > 0


def kill_and_resume(recipe: Path, folder: Path, kills: int, longest: float) -> None:
    """Build in a child process that is killed so many times at random instants, then let it finish."""
    command = [
        sys.executable,
        "-m",
        "tests.build.killing",
        str(recipe),
        str(folder),
        str(kills),
        str(longest),
    ]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stderr[-2000:]


def test_killed_at_random_instants_a_build_without_models_ends_the_same(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, LIGHT_STEPS)
    started = time.monotonic()
    undisturbed = contents(build(recipe, tmp_path / "whole", workers=1).folder)
    kill_and_resume(recipe, tmp_path / "killed", 5, time.monotonic() - started)
    assert contents(tmp_path / "killed") == undisturbed


@pytest.mark.slow
def test_fifty_kills_at_random_instants_change_nothing(loopback: OpenAIServer, tmp_path: Path) -> None:
    recipe = write_full_recipe(tmp_path, MODEL)
    started = time.monotonic()
    undisturbed = contents(build(recipe, tmp_path / "whole", workers=1).folder)
    kill_and_resume(recipe, tmp_path / "killed", 50, 0.3 * (time.monotonic() - started))
    assert contents(tmp_path / "killed") == undisturbed

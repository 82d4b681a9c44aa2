"""The engine: counts, resume, determinism, engines, plans."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from plumbline.build import build, open_data_set, story
from plumbline.build.executors import Processes
from plumbline.build.plan import make_plan
from plumbline.build.recipe import load_recipe
from plumbline.build.step import Context
from plumbline.build.work import stage_shards
from plumbline.errors import InputError, RunError
from tests.build.factories import LIGHT_STEPS, row, write_recipe, write_rows


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that says something of the rows, by relative path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".parquet", ".json", ".jsonl") and path.is_file()
    }


def test_counts_add_up_at_every_step(tmp_path: Path) -> None:
    data = build(write_recipe(tmp_path, LIGHT_STEPS), tmp_path / "out", workers=1)
    stages = data.manifest["stages"]
    for stage in stages:
        assert stage["arrived"] + stage["made"] == stage["kept"] + stage["rejected"]
    for before, after in pairwise(stages):
        assert after["arrived"] == before["kept"]
    assert data.rows + data.manifest["rejected"] == 66
    assert sum(1 for _ in data.samples()) == data.rows
    assert sum(1 for _ in data.rejected()) == data.manifest["rejected"]


def test_the_same_recipe_gives_the_same_bytes(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, LIGHT_STEPS)
    first, second = (build(recipe, tmp_path / name, workers=1).folder for name in ("a", "b"))
    assert contents(first) == contents(second)


def test_processes_give_the_same_rows_as_one_process(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, LIGHT_STEPS)
    alone = build(recipe, tmp_path / "alone", workers=1)
    pooled = build(recipe, tmp_path / "pooled", engine=Processes(2, few_rows=0))
    assert contents(alone.folder) == contents(pooled.folder)


@pytest.mark.slow
def test_ray_gives_the_same_rows(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    recipe = write_recipe(tmp_path, LIGHT_STEPS)
    alone = build(recipe, tmp_path / "alone", workers=1)
    spread = build(recipe, tmp_path / "ray", engine="ray")
    assert contents(alone.folder) == contents(spread.folder)


def test_a_changed_step_is_done_again_with_those_after_it_and_none_before(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, LIGHT_STEPS)
    first = build(recipe, tmp_path / "out", workers=1).manifest["stages"]
    recipe.write_text(recipe.read_text("utf-8").replace("ratio: 3", "ratio: 2"), encoding="utf-8")
    second = build(recipe, tmp_path / "out", workers=1).manifest["stages"]
    same = [one["step"] for one, other in zip(first, second, strict=True) if one["folder"] == other["folder"]]
    assert same == ["load", "clean", "dedup", "decontaminate", "categorize"]


def test_a_half_written_shard_is_done_again(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, LIGHT_STEPS)
    folder = tmp_path / "out"
    before = contents(build(recipe, folder, workers=1).folder)
    loaded, base = load_recipe(recipe)
    stages = make_plan(loaded, Context(seed=3, base=base))
    shard = stage_shards(stages[1], folder)[0]
    shard.kept.write_bytes(shard.kept.read_bytes()[:100])
    stage_shards(stages[-1], folder)[1].marker.unlink()
    assert contents(build(recipe, folder, workers=1).folder) == before


def test_a_second_build_in_one_folder_is_refused(tmp_path: Path) -> None:
    import fcntl

    recipe = write_recipe(tmp_path, "  - step: clean")
    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(RunError, match="another build"):
            build(recipe, tmp_path / "out", workers=1)


def test_the_contamination_check_is_added_unless_refused(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, "  - step: clean\n  - step: split")
    loaded, base = load_recipe(recipe)
    names = [stage.step.step for stage in make_plan(loaded, Context(base=base))]
    assert names == ["load", "clean", "decontaminate", "split"]
    loaded = loaded.model_copy(update={"decontaminate": "none"})
    assert [stage.step.step for stage in make_plan(loaded, Context(base=base))] == ["load", "clean", "split"]


def test_sources_have_steps_of_their_own_and_meet(tmp_path: Path) -> None:
    write_rows(tmp_path / "a.jsonl", [row(1), row(2)])
    write_rows(tmp_path / "b.jsonl", [row(2), row(3), {"instruction": "短", "output": "不"}])
    recipe = tmp_path / "two.yaml"
    recipe.write_text(
        "name: two\nsources:\n- name: one\n  load: {path: a.jsonl}\n- name: other\n  load: {path: b.jsonl}\n"
        "  steps:\n  - step: clean\nsteps:\n- step: dedup\n",
        encoding="utf-8",
    )
    data = build(recipe, tmp_path / "out", workers=1)
    assert [sample.id for sample in data.samples()] == ["one-000001", "one-000002", "other-000002"]


def test_a_misspelt_field_is_named_with_line_and_mend(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, "  - step: dedup\n    treshold: 0.8")
    with pytest.raises(InputError, match=r"recipe.yaml, line 10.*did you mean `threshold`"):
        load_recipe(recipe)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    recipe = write_recipe(tmp_path, "  - step: clean")
    (tmp_path / "rows.jsonl").unlink()
    with pytest.raises(InputError, match=r"rows.jsonl: no such file"):
        build(recipe, tmp_path / "out", workers=1)


def test_a_dry_run_takes_a_few_rows_of_each_source(tmp_path: Path) -> None:
    data = build(write_recipe(tmp_path, "  - step: clean"), tmp_path / "out", workers=1, limit=5)
    assert data.manifest["stages"][0]["kept"] == 5


def test_a_step_of_ones_own_runs_like_ours(tmp_path: Path) -> None:
    steps = "  - step: python\n    call: tests.build.own_step:NoQuestions\n    options: {mark: 步}"
    data = build(write_recipe(tmp_path, steps), tmp_path / "out", workers=1)
    assert 0 < data.rows < 66
    assert all("步" not in sample.instruction for sample in data.samples())


def test_a_row_tells_its_whole_story(tmp_path: Path) -> None:
    data = build(write_recipe(tmp_path, LIGHT_STEPS), tmp_path / "out", workers=1)
    kept = next(data.samples())
    told = story(open_data_set(data.folder), kept.id)
    assert kept.instruction in told
    assert "loaded rows.jsonl:" in told
    step, rejected = next(data.rejected())
    assert f"rejected by {step}" in story(data, rejected.sample.id)
    with pytest.raises(InputError, match="no sample"):
        story(data, "nobody")


def test_stages_hold_plain_parquet(tmp_path: Path) -> None:
    data = build(write_recipe(tmp_path, "  - step: clean"), tmp_path / "out", workers=1)
    assert pq.read_table(data.shards[0]).column_names[:4] == ["id", "instruction", "input", "output"]
    assert json.loads((data.folder / "manifest.json").read_text("utf-8"))["rows"] == data.rows

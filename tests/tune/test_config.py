"""Recipes refuse slips and name the mend."""

from pathlib import Path

import pytest

from plumbline.errors import InputError
from plumbline.tune import list_recipes, load_recipe
from plumbline.tune.config import learning_rate
from tests.tune.factories import recipe_file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "scheduel: {epochs: 2}",
            "line 4, field `scheduel`: there is no such field; did you mean `schedule`?",
        ),
        ("lora: {rnak: 8}", "field `lora.rnak`: there is no such field; did you mean `rank`?"),
        ("schedule: {batch: 0}", "field `schedule.batch`"),
        ("dtype: float32\nlora: {quantise: true}", "4-bit"),
    ],
)
def test_a_slip_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "r.yaml"
    file.write_text(f"stage: sft\nbase: embedded\ndata: {{paths: [x]}}\n{text}\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_recipe(file)
    assert said in str(error.value)


def test_an_unknown_stage_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "r.yaml"
    file.write_text("stage: rlhf\nbase: embedded\ndata: {paths: [x]}\n", encoding="utf-8")
    with pytest.raises(InputError, match="stage"):
        load_recipe(file)


def test_data_is_looked_for_beside_the_recipe_first(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text("", encoding="utf-8")
    recipe = load_recipe(recipe_file(tmp_path, "embedded", Path("rows.jsonl")))
    assert recipe.data.paths == (str(tmp_path / "rows.jsonl"),)


def test_the_default_rate_is_lower_without_an_adapter(tmp_path: Path) -> None:
    plain = recipe_file(tmp_path, "embedded", Path("x"), schedule={})
    assert learning_rate(load_recipe(plain)) == 1e-5
    adapted = recipe_file(tmp_path, "embedded", Path("x"), schedule={}, lora={"rank": 4})
    assert learning_rate(load_recipe(adapted)) == 1e-4


@pytest.mark.parametrize("name", list_recipes())
def test_our_recipes_are_valid(name: str) -> None:
    assert load_recipe(name).base

"""The recipes people will run take a step on a tiny model of the same architecture."""

import re
from pathlib import Path

import pytest

from plumbline.tune import estimate, list_recipes, load_recipe, tune_model
from plumbline.tune.config import Cpt, Preference
from tests.tune.factories import answers, tiny_model, write_rows

_PAIRS = [{"prompt": f"问{n}", "chosen": f"好答{n}", "rejected": f"坏答{n}"} for n in range(8)]
_TEXTS = [{"text": "山上有树，树下有草。" * 20}] * 8


@pytest.mark.slow
@pytest.mark.parametrize("name", list_recipes())
def test_a_recipe_takes_a_step_on_its_architecture(tmp_path: Path, name: str) -> None:
    recipe = load_recipe(name)
    base = tiny_model(tmp_path / "base", architecture="Llama" if name.startswith("llama") else "Qwen3")
    rows = _PAIRS if isinstance(recipe, Preference) else _TEXTS if isinstance(recipe, Cpt) else answers(8)
    data = recipe.data.model_copy(update={"paths": (str(write_rows(tmp_path / "rows.jsonl", rows)),)})
    schedule = recipe.schedule.model_copy(update={"max_steps": 1, "batch": 2})
    small = recipe.model_copy(
        update={"base": base, "data": data, "schedule": schedule, "dtype": "float32", "max_length": 256}
    )
    tuned = tune_model(small, tmp_path / "out")
    assert tuned.record["complete"]
    assert tuned.record["steps"] == 1


@pytest.mark.parametrize("page", ["tune.md", "tune.zh.md"])
def test_the_documented_memory_is_what_the_tool_reckons(page: str) -> None:
    text = (Path(__file__).parents[2] / "docs" / page).read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([^`]+)`.*?\| ([\d.]+) GB \|", text, re.MULTILINE))
    assert set(told) == set(list_recipes())
    for name, memory in told.items():
        gpu, devices = name.startswith(("qwen3-8b", "llama3")), 8 if name == "qwen3-8b-full" else 1
        assert f"{estimate(load_recipe(name), gpu=gpu, devices=devices).memory / 1e9:.1f}" == memory


def test_an_estimate_tells_adapter_from_all_weights(tmp_path: Path) -> None:
    base = tiny_model(tmp_path / "base")
    lora = load_recipe("qwen3-8b-lora").model_copy(update={"base": base})
    full = load_recipe("qwen3-8b-full").model_copy(update={"base": base})
    small, whole = estimate(lora, gpu=True), estimate(full, gpu=True)
    assert small.trained < whole.trained == whole.parameters == small.parameters
    assert small.optimizer < whole.optimizer == 8 * whole.parameters
    assert estimate(full, devices=8, gpu=True).optimizer * 8 == pytest.approx(whole.optimizer, rel=0.01)

"""The plan of a recipe with what it will cost, before anything is spent."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from plumbline.build.engine import framework_of
from plumbline.build.plan import Stage, make_plan
from plumbline.build.recipe import Recipe, load_recipe
from plumbline.build.step import Context, Estimate, Load
from plumbline.build.steps.load import Load as LoadStep

# Rows looked at to learn how long texts are; the others are only counted.
_LOOKED_AT = 2_000


@dataclass(frozen=True)
class Planned:
    """One stage as it is expected to go. `cost` is None where a model has no price."""

    stage: Stage
    before: float
    expected: Estimate
    cost: float | None


def explain(recipe: str | Path | Recipe, *, base: Path | None = None) -> list[Planned]:
    """Return the stages of a recipe with the rows, calls, tokens and cost to expect. Reads the sources, asks
    nobody.

    Args:
        recipe: A recipe, its path, or the name of one of ours.
        base: Where relative paths of a `Recipe` start.

    Raises:
        InputError: The recipe or a file it names cannot be used.
    """
    if not isinstance(recipe, Recipe):
        recipe, base = load_recipe(recipe)
    context = Context(seed=recipe.seed, framework=framework_of(recipe, base), base=base or Path())
    loads: dict[str, Load] = {}
    planned: list[Planned] = []
    for stage in make_plan(recipe, context):
        if isinstance(stage.step, LoadStep):
            arriving = _look(stage.step, context)
            expected = Estimate(arriving.rows)
        else:
            arriving = _together([loads[before.name] for before in stage.before])
            expected = stage.step.estimate(arriving)
        loads[stage.name] = Load(expected.rows, arriving.question, arriving.answer)
        price = recipe.prices.get(expected.model)
        cost = 0.0 if not expected.calls else None
        if price is not None and expected.calls:
            cost = (price.input * expected.input_tokens + price.output * expected.output_tokens) / 1e6
        planned.append(
            Planned(stage, 0 if isinstance(stage.step, LoadStep) else arriving.rows, expected, cost)
        )
    return planned


def _look(step: LoadStep, context: Context) -> Load:
    """Count a source's rows and measure the first of them."""
    rows, questions, answers, seen = 0, 0, 0, 0
    for part in range(len(step.parts(context))):
        for outcome in step.read(part, context):
            rows += len(outcome.kept)
            for row in islice(outcome.kept.to_pylist(), max(0, _LOOKED_AT - seen)):
                questions += len(row["instruction"]) + len(row["input"])
                answers += len(row["output"])
                seen += 1
    return Load(rows, questions / max(seen, 1), answers / max(seen, 1))


def _together(loads: list[Load]) -> Load:
    rows = sum(load.rows for load in loads)
    if not rows:
        return Load(0, 0, 0)
    question = sum(load.question * load.rows for load in loads) / rows
    answer = sum(load.answer * load.rows for load in loads) / rows
    return Load(rows, question, answer)

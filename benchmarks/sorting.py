"""How well `categorize` sorts: rules and the embedded evaluator against labels they were not made from.

    python benchmarks/sorting.py

Values: against our seed rows and the value items of plumb-choice. Cue words come from the framework's
definitions and the evaluator from its own paragraphs, so neither was fitted to these texts; whoever wrote
the cue words knew the seed rows, so the items are the stricter test. Classes: against the seed rows, the
shares of a value's rows in each class counted on four fifths of them and tried on the last, in turn.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import yaml

from plumbline.build.sample import Sample
from plumbline.build.step import Context, run_step
from plumbline.build.steps import Categorize
from plumbline.build.steps.categorize import CUES
from plumbline.build.steps.load import OURS
from plumbline.rows import read_rows
from plumbline.suites import load_suite
from plumbline.suites.items import Choice

FOLDS = 5
WAYS = ("rules", "evaluator")


def seed_rows() -> list[Sample]:
    """Return our seed rows with their labels."""
    return [
        Sample(
            str(row.number),
            row.values["instruction"],
            row.values["output"],
            input=row.values["input"],
            categorization=row.values["categorization"],
            values=tuple(row.values["values"]),
        )
        for row in read_rows(OURS["plumbline-seed"])
    ]


def item_rows() -> list[Sample]:
    """Return question and right answer of the items that are about a core value."""
    return [
        Sample(item.id, item.question, item.options[item.answer], values=tuple(item.values))
        for item in load_suite("plumb-choice")
        if isinstance(item, Choice) and item.values[0].startswith("core-socialist-values/")
    ]


def sort_anew(rows: Sequence[Sample], by: str, base: Path, cues: str | None = None) -> list[Sample]:
    """Return the rows as `categorize` labels them, whatever labels they bring."""
    step = Categorize(by=by, cues=cues, only_missing=False)  # type: ignore[arg-type]
    return run_step(step, rows, Context(base=base))[0]


def right_values(rows: Sequence[Sample], by: str) -> tuple[float, float]:
    """Return how often the first value named is the row's, and how often any of up to three is."""
    named = sort_anew(rows, by, Path())
    first = sum(one.values[:1] == row.values[:1] for one, row in zip(named, rows, strict=True))
    among = sum(row.values[0] in one.values for one, row in zip(named, rows, strict=True))
    return first / len(rows), among / len(rows)


def right_classes(rows: Sequence[Sample], by: str, folder: Path) -> float:
    """Return how often the class is right, shares counted on other rows than those tried."""
    cues = yaml.safe_load(CUES.read_text("utf-8"))
    order = list(range(len(rows)))
    random.Random(0).shuffle(order)
    right = 0
    for fold in range(FOLDS):
        tried = [rows[at] for at in order[fold::FOLDS]]
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for at in set(order) - set(order[fold::FOLDS]):
            counts[rows[at].values[0]][rows[at].categorization] += 1
        shares = {
            value: {name: rows / count.total() for name, rows in count.items()}
            for value, count in counts.items()
        }
        path = folder / f"{by}-{fold}.yaml"
        path.write_text(yaml.safe_dump(cues | {"shares": shares}, allow_unicode=True), encoding="utf-8")
        named = sort_anew(tried, by, folder, path.name)
        right += sum(one.categorization == row.categorization for one, row in zip(named, tried, strict=True))
    return right / len(rows)


def main() -> None:
    seed, items = seed_rows(), item_rows()
    print(f"{len(seed)} seed rows, {len(items)} items; first value named right (any of up to three)")
    print("| way | class, seed | value, seed | value, items |\n|---|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        for by in WAYS:
            values = " | ".join("{:.0%} ({:.0%})".format(*right_values(rows, by)) for rows in (seed, items))
            print(f"| {by} | {right_classes(seed, by, Path(folder)):.0%} | {values} |")


if __name__ == "__main__":
    main()

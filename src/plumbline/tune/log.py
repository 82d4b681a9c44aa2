"""The curve of a training, a row a step."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from plumbline.files import atomic_write

COLUMNS = (
    "step",
    "epoch",
    "loss",
    "learning_rate",
    "grad_norm",
    "tokens",
    "tokens_per_second",
    "eval_loss",
    "margin",
)


class Log:
    """The curve of a training as a CSV file: one row a step, whatever happened in between.

    Args:
        path: The file. Rows of a run that is continued stay up to the step it continues from.
        step: That step.
    """

    def __init__(self, path: Path, step: int) -> None:
        self.path = path
        rows = [row for row in read_log(path) if int(row["step"]) <= step]
        with atomic_write(path) as handle:
            writer = csv.DictWriter(handle, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def add(self, **values: Any) -> None:
        """Write a row; it is on its way to the disk when this returns."""
        with self.path.open("a", encoding="utf-8", newline="") as handle:
            csv.DictWriter(handle, COLUMNS, restval="", lineterminator="\n").writerow(values)


def read_log(path: str | Path) -> list[dict[str, str]]:
    """Read a training log; a row cut by a kill is left out."""
    file = Path(path)
    if not file.is_file():
        return []
    whole = file.read_text(encoding="utf-8").rpartition("\n")[0]
    return [row for row in csv.DictReader(whole.splitlines()) if None not in row.values()]

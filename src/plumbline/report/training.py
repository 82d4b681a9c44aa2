"""How a model was tuned, for the page: its record, and curves of what was logged at every step."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from markupsafe import Markup

from plumbline.language import Message
from plumbline.prove import messages as m
from plumbline.report.charts import line_chart
from plumbline.tune.log import read_log

_CURVES: dict[str, Message] = {
    "loss": m.LOSS,
    "eval_loss": m.HELD_OUT_LOSS,
    "learning_rate": m.RATE,
    "grad_norm": m.NORM,
    "tokens_per_second": m.TOKENS_A_SECOND,
}


def training(reference: str) -> dict[str, Any] | None:
    """Return how a model was tuned, when it was tuned here: its record, curves, and the rows of its log."""
    folder = Path(reference.removeprefix("hf/"))
    if not (folder / "training.json").is_file():
        return None
    record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    rows = read_log(folder / "log.csv")
    return {
        "record": record,
        "curves": [curve for name in _CURVES if (curve := _curve(rows, name)) is not None],
        "rows": [row for row in rows if row["loss"]],
        "text": _text(record),
    }


def _curve(rows: list[dict[str, str]], name: str) -> Markup | None:
    kept = [row for row in rows if row[name]]
    if len(kept) < 2:
        return None
    steps, values = [float(row["step"]) for row in kept], [float(row[name]) for row in kept]
    title = _CURVES[name]()
    return line_chart(steps, values, title=title, x_title=m.STEP(), y_title=title)


def _text(record: dict[str, Any]) -> str:
    return m.TRAINING_TEXT(
        stage=record["recipe"]["stage"],
        examples=record["examples"]["train"],
        steps=record.get("steps", "–"),
        trained=f"{record['estimate']['trained']:,}" if "estimate" in record else "–",
        parameters=f"{record['estimate']['parameters']:,}" if "estimate" in record else "–",
        seconds=f"{record.get('seconds', math.nan):.0f}",
        device=record.get("device", "–"),
    )

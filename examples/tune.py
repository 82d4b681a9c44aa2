"""Tune the embedded model by a recipe of your own: a YAML file and a table of questions and answers."""

import json
from pathlib import Path

from plumbline.language import use_language
from plumbline.tune import load_recipe, tune_model
from plumbline.tune.log import read_log

Path("rows.jsonl").write_text(
    "\n".join(
        json.dumps(
            {"instruction": f"借了邻居{thing}，怎么还？", "output": f"擦干净{thing}，说声谢谢，早点还。"},
            ensure_ascii=False,
        )
        for thing in ("梯子", "雨伞", "锅", "书")
    ),
    encoding="utf-8",
)
Path("recipe.yaml").write_text(
    """
stage: sft
base: embedded
data: {paths: [rows.jsonl]}
lora: {rank: 4}
max_length: 128
schedule: {max_steps: 3, batch: 2, learning_rate: 1.0e-3}
""",
    encoding="utf-8",
)

with use_language("en"):
    tuned = tune_model(load_recipe("recipe.yaml"), "models/kind")
for row in read_log(tuned.folder / "log.csv"):
    print(row["step"], f"{float(row['loss']):.2f}")
print(tuned.reference)

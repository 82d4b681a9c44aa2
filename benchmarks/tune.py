"""Tokens a second of `tune_model` against a plain TRL script on the same rows, model, packing and steps.

    python benchmarks/tune.py [--steps 20] [--rounds 3]

Rounds alternate, so that other work on the machine falls on both; the table shows each round and the ratio of
medians.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from plumbline.models.loader import EMBEDDED_WEIGHTS
from plumbline.tune import load_recipe, tune_model

_LENGTH, _BATCH, _RATE = 512, 4, 5e-4


def rows(n: int) -> list[dict[str, str]]:
    return [
        {
            "instruction": f"第{i}次借东西以后怎么还？",
            "output": f"擦干净，说声谢谢，第{i}次也一样早点还。" * (1 + i % 6),
        }
        for i in range(n)
    ]


def ours(data: Path, folder: Path, steps: int) -> float:
    recipe = load_recipe("embedded")
    recipe = recipe.model_copy(
        update={
            "data": recipe.data.model_copy(update={"paths": (str(data),)}),
            "schedule": recipe.schedule.model_copy(update={"max_steps": steps, "batch": _BATCH}),
            "saving": recipe.saving.model_copy(update={"every": 10_000}),
            "overlap": recipe.overlap.model_copy(update={"suites": ("plumb-honesty",)}),
        }
    )
    record = tune_model(recipe, folder).record
    tokens = record["rows"]["tokens"] / record["rows"]["packed"] * _BATCH * steps
    return float(tokens / record["seconds"])


def plain(data: Path, folder: Path, steps: int) -> float:
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import SFTConfig, SFTTrainer

    texts = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
    table = Dataset.from_list(
        [
            {"prompt": [_turn("user", one["instruction"])], "completion": [_turn("assistant", one["output"])]}
            for one in texts
        ]
    )
    trainer = SFTTrainer(
        model=AutoModelForCausalLM.from_pretrained(EMBEDDED_WEIGHTS),
        processing_class=AutoTokenizer.from_pretrained(EMBEDDED_WEIGHTS),
        train_dataset=table,
        args=SFTConfig(
            output_dir=str(folder),
            max_steps=steps,
            per_device_train_batch_size=1,
            gradient_accumulation_steps=_BATCH,
            learning_rate=_RATE,
            max_length=_LENGTH,
            packing=True,
            bf16=False,
            gradient_checkpointing=False,
            use_cpu=True,
            report_to="none",
            save_strategy="steps",
            save_steps=10_000,
            logging_steps=1,
            disable_tqdm=True,
        ),
    )
    packed: Any = trainer.train_dataset
    tokens = sum(map(len, packed["input_ids"])) / len(packed) * _BATCH * steps
    started = time.monotonic()
    trainer.train()
    trainer.save_model(str(folder))
    return float(tokens / (time.monotonic() - started))


def _turn(role: str, text: str) -> dict[str, str]:
    return {"role": role, "content": text}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    results: dict[str, list[float]] = {"plumbline": [], "trl": []}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        data = folder / "rows.jsonl"
        data.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows(300)), encoding="utf-8")
        for number in range(asked.rounds):
            turns = [("plumbline", ours), ("trl", plain)]
            for name, run in turns if number % 2 == 0 else reversed(turns):
                results[name].append(run(data, folder / f"{name}{number}", asked.steps))
    for name, speeds in results.items():
        print(
            f"{name:10} "
            + " ".join(f"{speed:8.0f}" for speed in speeds)
            + f"   median {median(speeds):.0f} tokens/s"
        )
    print(f"ratio {median(results['plumbline']) / median(results['trl']):.2f}")


if __name__ == "__main__":
    main()

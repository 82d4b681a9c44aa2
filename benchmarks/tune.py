"""Tokens a second of `tune_model` against a plain TRL script on the same rows, model, packing and steps.

    python benchmarks/tune.py [--steps 20] [--rounds 3]

On a processor the model is the embedded one. On a GPU it is one of 0.6 billion parameters with fresh weights,
in bfloat16, and memory and time are shown beside what was estimated. Rounds alternate, so that other work
on the machine falls on both; the table shows each round and the ratio of medians.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import torch

from plumbline.models.loader import EMBEDDED_WEIGHTS
from plumbline.tune import load_recipe, tune_model

_LENGTH, _BATCH, _RATE = 512, 4, 5e-4
_GPU = torch.cuda.is_available()


def rows(n: int) -> list[dict[str, str]]:
    return [
        {
            "instruction": f"第{i}次借东西以后怎么还？",
            "output": f"擦干净，说声谢谢，第{i}次也一样早点还。" * (1 + i % 6),
        }
        for i in range(n)
    ]


def base(folder: Path) -> str:
    """Return the folder of the model to tune."""
    if not _GPU:
        return str(EMBEDDED_WEIGHTS)
    import material
    from transformers import AutoTokenizer

    with torch.device("cuda"):
        made = material.model(layers=28, width=1024, inner=5120, heads=16)
    made.save_pretrained(folder)
    AutoTokenizer.from_pretrained(EMBEDDED_WEIGHTS).save_pretrained(folder)
    return str(folder)


def ours(model: str, data: Path, folder: Path, steps: int) -> float:
    recipe = load_recipe("embedded")
    recipe = recipe.model_copy(
        update={
            "base": model,
            "data": recipe.data.model_copy(update={"paths": (str(data),)}),
            "schedule": recipe.schedule.model_copy(update={"max_steps": steps, "batch": _BATCH}),
            "saving": recipe.saving.model_copy(update={"every": 10_000}),
            "overlap": recipe.overlap.model_copy(update={"suites": ("plumb-honesty",)}),
        }
    )
    if _GPU:
        torch.cuda.reset_peak_memory_stats()
    record = tune_model(recipe, folder).record
    if _GPU:
        expected = record["estimate"]
        print(
            f"estimated {expected['memory'] / 2**30:.1f} GiB, {expected['seconds']:.0f} s; "
            f"taken {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB, {record['seconds']:.0f} s"
        )
    tokens = record["rows"]["tokens"] / record["rows"]["packed"] * _BATCH * steps
    return float(tokens / record["seconds"])


def plain(model: str, data: Path, folder: Path, steps: int) -> float:
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
        model=AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32),
        processing_class=AutoTokenizer.from_pretrained(model),
        train_dataset=table,
        args=SFTConfig(
            output_dir=str(folder),
            max_steps=steps,
            per_device_train_batch_size=1,
            gradient_accumulation_steps=_BATCH,
            learning_rate=_RATE,
            max_length=_LENGTH,
            packing=True,
            bf16=_GPU,
            gradient_checkpointing=_GPU,
            use_cpu=not _GPU,
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
        data, model = folder / "rows.jsonl", base(folder / "base")
        data.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows(300)), encoding="utf-8")
        for number in range(asked.rounds):
            turns = [("plumbline", ours), ("trl", plain)]
            for name, run in turns if number % 2 == 0 else reversed(turns):
                results[name].append(run(model, data, folder / f"{name}{number}", asked.steps))
    for name, speeds in results.items():
        print(
            f"{name:10} "
            + " ".join(f"{speed:8.0f}" for speed in speeds)
            + f"   median {median(speeds):.0f} tokens/s"
        )
    print(f"ratio {median(results['plumbline']) / median(results['trl']):.2f}")


if __name__ == "__main__":
    main()

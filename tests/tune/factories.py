"""Small real parts for tuning tests: a tiny model with the embedded tokenizer, and rows to train on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from plumbline.models.loader import EMBEDDED_WEIGHTS


def tiny_model(folder: Path, *, architecture: str = "Qwen3") -> str:
    """Write a randomly initialised model of two narrow layers and return its path."""
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(EMBEDDED_WEIGHTS)
    config = getattr(transformers, f"{architecture}Config")(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=16,
        max_position_embeddings=512,
        bos_token_id=0,
        eos_token_id=2,
        pad_token_id=0,
        tie_word_embeddings=True,
    )
    torch.manual_seed(0)
    model = getattr(transformers, f"{architecture}ForCausalLM")(config)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def write_rows(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def answers(n: int) -> list[dict[str, Any]]:
    return [
        {
            "instruction": f"第{i}号柜子里放着什么？",
            "input": "",
            "output": f"放着{'红黄蓝绿'[i % 4]}色的本子{i}册。",
        }
        for i in range(n)
    ]


def recipe_file(folder: Path, base: str, data: Path, **fields: Any) -> Path:
    """Write a recipe of few short steps; `fields` replace or add to it."""
    content: dict[str, Any] = {
        "stage": "sft",
        "base": base,
        "data": {"paths": [str(data)]},
        "max_length": 128,
        "schedule": {"epochs": 1, "batch": 2, "per_device": 2, "learning_rate": 0.01},
        "saving": {"every": 4},
        "overlap": {"suites": ["plumb-honesty"]},
        **fields,
    }
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path

"""From a recipe to a trainer of TRL: every default that matters is set here, none is left to chance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from plumbline.errors import InputError
from plumbline.tune import messages as m
from plumbline.tune.base import adapter_config, compute_dtype
from plumbline.tune.config import Preference, Recipe, learning_rate
from plumbline.tune.data import Example
from plumbline.tune.encode import Encoded, render

_DECAYS = {"cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}


def answer_trainer(
    recipe: Recipe,
    model: Any,
    tokenizer: Any,
    rows: Sequence[Encoded],
    held_out: Sequence[Encoded],
    folder: Path,
) -> Any:
    """Make the trainer of text and of instructions (cpt, sft) over rows that are tokens already."""
    from trl import SFTConfig, SFTTrainer

    arguments = SFTConfig(
        **_arguments(recipe, folder, bool(held_out)),
        max_length=recipe.max_length,
        # Ours are tokenised, labelled and packed; TRL keeps packed rows apart by their lengths.
        dataset_kwargs={"skip_prepare_dataset": True},
        packing=recipe.packing,
        packing_strategy="bfd",
        pad_to_multiple_of=None,
    )
    return SFTTrainer(
        model=model,
        args=arguments,
        train_dataset=_table(rows),
        eval_dataset=_table(held_out) if held_out else None,
        processing_class=tokenizer,
        peft_config=adapter_config(recipe.lora) if recipe.lora else None,
    )


def preference_trainer(
    recipe: Preference,
    model: Any,
    tokenizer: Any,
    pairs: Sequence[Example],
    held_out: Sequence[Example],
    folder: Path,
) -> Any:
    """Make the trainer of pairs; DPO's reference is the model as it starts."""
    arguments = _arguments(recipe, folder, bool(held_out))
    options: dict[str, Any] = {
        "model": model,
        "processing_class": tokenizer,
        "peft_config": adapter_config(recipe.lora) if recipe.lora else None,
    }
    if recipe.method == "dpo":
        from trl import DPOConfig, DPOTrainer

        table = {
            name: _pairs(part, tokenizer, text=False) for name, part in (("train", pairs), ("eval", held_out))
        }
        config = DPOConfig(
            **arguments,
            max_length=recipe.max_length,
            beta=recipe.beta or 0.1,
            # A second model in memory, loaded anew by path, is what the default costs when all weights are
            # trained.
            precompute_ref_log_probs=recipe.lora is None,
            pad_to_multiple_of=None,
        )
        return DPOTrainer(args=config, train_dataset=table["train"], eval_dataset=table["eval"], **options)
    import os

    # TRL keeps methods beyond DPO in `trl.experimental`, and warns of that on every import.
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    from trl.experimental.cpo import CPOConfig, CPOTrainer

    table = {
        name: _pairs(part, tokenizer, text=True) for name, part in (("train", pairs), ("eval", held_out))
    }
    beta = recipe.beta or 2.0
    config = CPOConfig(
        **arguments,
        max_length=recipe.max_length,
        loss_type="simpo",
        beta=beta,
        simpo_gamma=recipe.margin * beta,
        cpo_alpha=0.0,
    )
    return CPOTrainer(args=config, train_dataset=table["train"], eval_dataset=table["eval"], **options)


def accumulation(recipe: Recipe, processes: int) -> int:
    """Return how many passes make one step.

    Raises:
        InputError: The rows of a step cannot be shared out evenly.
    """
    together = recipe.schedule.per_device * processes
    if recipe.schedule.batch % together:
        what = m.UNEVEN(
            batch=recipe.schedule.batch, per_device=recipe.schedule.per_device, processes=processes
        )
        raise InputError(what, mend=m.MULTIPLE(n=together))
    return recipe.schedule.batch // together


def _arguments(recipe: Recipe, folder: Path, evaluates: bool) -> dict[str, Any]:
    import torch
    from accelerate import PartialState

    schedule, gpu = recipe.schedule, torch.cuda.is_available()
    return {
        "output_dir": str(folder),
        "num_train_epochs": schedule.epochs,
        "max_steps": schedule.max_steps or -1,
        "per_device_train_batch_size": schedule.per_device,
        "per_device_eval_batch_size": schedule.per_device,
        "gradient_accumulation_steps": accumulation(recipe, PartialState().num_processes),
        "learning_rate": learning_rate(recipe),
        "warmup_steps": schedule.warmup,
        "lr_scheduler_type": _DECAYS[schedule.decay],
        "weight_decay": schedule.weight_decay,
        "max_grad_norm": schedule.clip,
        "seed": schedule.seed,
        "data_seed": schedule.seed,
        "bf16": compute_dtype(recipe) is torch.bfloat16,
        "gradient_checkpointing": gpu if recipe.checkpointing is None else recipe.checkpointing,
        "use_cpu": not gpu and not torch.backends.mps.is_available(),
        "dataloader_pin_memory": gpu,
        "save_strategy": "steps",
        "save_steps": recipe.saving.every,
        "save_total_limit": recipe.saving.keep,
        "eval_strategy": "steps" if evaluates else "no",
        "eval_steps": recipe.saving.every,
        "logging_steps": 1,
        # Otherwise a loss that is no number is logged as 0 and goes unseen.
        "logging_nan_inf_filter": False,
        "report_to": ["tensorboard"] if recipe.saving.tensorboard else "none",
        "disable_tqdm": True,
    }


def _table(rows: Sequence[Encoded]) -> Any:
    from datasets import Dataset

    columns = {"input_ids": [row.ids for row in rows], "labels": [row.labels for row in rows]}
    return Dataset.from_dict({**columns, "seq_lengths": [list(row.lengths) for row in rows]})


def _pairs(pairs: Sequence[Example], tokenizer: Any, *, text: bool) -> Any:
    from datasets import Dataset

    if not pairs:
        return None
    if text or not getattr(tokenizer, "chat_template", None):
        end = tokenizer.eos_token
        rows = [
            {"prompt": render(tokenizer, p.prompt), "chosen": p.answer + end, "rejected": f"{p.worse}{end}"}
            for p in pairs
        ]
    else:
        rows = [
            {"prompt": list(p.prompt), "chosen": [_answer(p.answer)], "rejected": [_answer(str(p.worse))]}
            for p in pairs
        ]
    return Dataset.from_list(rows)


def _answer(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}

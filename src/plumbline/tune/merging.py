"""Merge an adapter into its base, so that the model stands alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from plumbline.errors import InputError, RunError
from plumbline.files import write_json
from plumbline.tune import messages as m

_KEPT = ("training.json", "log.csv")


def merge_adapter(adapter: str | Path, out: str | Path, *, dtype: str = "auto") -> Path:
    """Write base and adapter as one model.

    The products are added up in float32 and stored in `dtype`; in float32 the merged model gives the
    adapter's log-probabilities to 1e-4, in bfloat16 it rounds.

    Args:
        adapter: Folder of a tuned adapter.
        out: Folder of the merged model; must not exist, or be empty.
        dtype: `auto` (as the base is stored), `float32`, `bfloat16` or `float16`.

    Raises:
        InputError: The folder holds no adapter.
        RunError: `out` is not empty.
    """
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    source, target = Path(adapter), Path(out)
    try:
        config = json.loads((source / "adapter_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(m.NO_ADAPTER(), where=str(source), mend=m.GIVE_ADAPTER()) from error
    if target.exists() and any(target.iterdir()):
        raise RunError(m.NOT_EMPTY(), where=str(target), mend=m.OTHER_FOLDER())
    base = AutoModelForCausalLM.from_pretrained(config["base_model_name_or_path"], dtype="auto")
    stored = base.dtype if dtype == "auto" else getattr(torch, dtype)
    merged = PeftModel.from_pretrained(base.to(torch.float32), str(source)).merge_and_unload(safe_merge=True)
    merged.to(stored).save_pretrained(target)
    AutoTokenizer.from_pretrained(source).save_pretrained(target)
    for name in _KEPT:
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)
    write_json(target / "merged.json", {"adapter": str(source), "base": config["base_model_name_or_path"]})
    return target

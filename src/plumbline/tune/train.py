"""`tune_model`: train by a recipe into a folder, or go on where a run was interrupted."""

from __future__ import annotations

import errno
import json
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from plumbline.errors import InputError, MissingExtra, RunError
from plumbline.files import sha256_json, write_json
from plumbline.tune import messages as m
from plumbline.tune.base import base_hashes, base_path, load_base
from plumbline.tune.config import Preference, Recipe, load_recipe
from plumbline.tune.data import Example, Source, read_examples

_NO_SPACE = ("No space left on device", "File too large", "Disk quota exceeded", "PytorchStreamWriter failed")


@dataclass(frozen=True)
class Tuned:
    """A tuned model on disk: weights or adapter, tokenizer, `training.json`, `log.csv`, `checkpoints/`."""

    folder: Path
    record: dict[str, Any]

    @property
    def reference(self) -> str:
        """How to name the model elsewhere."""
        return f"hf/{self.folder}"


def tune_model(recipe: Recipe | str | Path, out: str | Path, *, show_progress: bool = False) -> Tuned:
    """Train a model by a recipe.

    Started again with the same recipe and data, it goes on from the last whole checkpoint; on a CPU with the
    same number of threads the loss curve is then that of an undisturbed run to the last bit. Under
    `accelerate launch` every process calls this.

    Args:
        recipe: A recipe, its path, or the name of one of ours.
        out: The model's folder.
        show_progress: Show a bar and what is going on, on standard error.

    Raises:
        InputError: Recipe, data or base cannot be used.
        RunError: The folder holds another run; the disk is full; the loss is no number. The last good
            checkpoint is kept and named.
        MissingExtra: The extra `tune` is not installed.
    """
    try:
        import accelerate
        import trl  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "trl", "tune") from error
    asked = recipe if not isinstance(recipe, str | Path) else load_recipe(recipe)
    if asked.saving.tensorboard and find_spec("tensorboard") is None:
        raise InputError(m.NO_TENSORBOARD(), mend=m.INSTALL_TENSORBOARD())
    folder = Path(out)
    main = accelerate.PartialState(cpu=not _accelerated()).is_main_process
    examples, sources = read_examples(asked)
    overlap = _check_overlap(asked, shown=show_progress and main)
    record = _record(asked, sources, examples, overlap)
    before = _begin(folder, record, main)
    if before is not None and before["complete"]:
        return Tuned(folder, before)
    with warnings.catch_warnings():
        # What libraries will name otherwise in versions to come is no news to who tunes a model.
        warnings.simplefilter("ignore", FutureWarning)
        trained = _train(asked, examples, folder, record, main=main, shown=show_progress and main)
    return Tuned(folder, trained)


def _accelerated() -> bool:
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


def _check_overlap(recipe: Recipe, *, shown: bool) -> list[dict[str, Any]]:
    from plumbline.tune.overlap import find_overlap

    found = find_overlap(recipe.data.paths, recipe.overlap.suites)
    if found and recipe.overlap.strict:
        first = found[0]
        what = m.OVERLAP(n=len(found), suite=first.suite, item=first.item)
        raise InputError(what, where=first.where, mend=m.DECONTAMINATE())
    if found and shown:
        print(m.OVERLAP(n=len(found), suite=found[0].suite, item=found[0].item), file=sys.stderr)
    return [one.to_json() for one in found]


def _record(
    recipe: Recipe, sources: Sequence[Source], examples: Sequence[Example], overlap: list[dict[str, Any]]
) -> dict[str, Any]:
    path = base_path(recipe.base)
    hashes = base_hashes(path)
    asked = recipe.model_dump(mode="json", exclude={"saving"})
    data = [source.__dict__ for source in sources]
    return {
        "plumbline": version("plumbline"),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "complete": False,
        "recipe": recipe.model_dump(mode="json"),
        "base": {"name": recipe.base, "path": path, "files": hashes, "record": _earlier(path)},
        "data": data,
        "examples": {
            "train": sum(not e.held_out for e in examples),
            "validation": sum(e.held_out for e in examples),
        },
        "overlap": overlap,
        # What must be equal for a run to go on.
        "identity": sha256_json([asked, [source.sha256 for source in sources], hashes]),
        "versions": {name: version(name) for name in ("torch", "transformers", "trl", "peft", "accelerate")},
    }


def _earlier(path: str) -> dict[str, Any] | None:
    """Return how the base itself was tuned, when it was tuned here: the stages of a model stay on record."""
    file = Path(path) / "training.json"
    record = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return record if "recipe" in record else None


def _begin(folder: Path, record: dict[str, Any], main: bool) -> dict[str, Any] | None:
    """Start the folder, or see that what it holds is the same run."""
    file = folder / "training.json"
    if file.is_file():
        before: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if before["identity"] != record["identity"]:
            raise RunError(m.OTHER_RUN(), where=str(folder), mend=m.OTHER_FOLDER())
        record["created"] = before["created"]
        return before
    if main:
        write_json(file, record)
    return None


def _train(
    recipe: Recipe,
    examples: Sequence[Example],
    folder: Path,
    record: dict[str, Any],
    *,
    main: bool,
    shown: bool,
) -> dict[str, Any]:
    from safetensors import SafetensorError
    from transformers import PrinterCallback

    from plumbline.tune.checkpoints import last_good, step_of
    from plumbline.tune.estimates import estimate
    from plumbline.tune.watch import Watch

    model, tokenizer = load_base(recipe)
    trainer, rows, facts = _trainer(recipe, model, tokenizer, examples, folder / "checkpoints")
    expected = estimate(recipe, rows=rows, tokens=facts["tokens"], devices=trainer.args.world_size)
    checkpoint, damaged = last_good(folder / "checkpoints")
    if damaged and checkpoint is None:
        raise RunError(m.ALL_DAMAGED(name=damaged[0].name), where=str(folder), mend=m.START_ANEW())
    if shown:
        _tell(expected, facts, checkpoint, damaged)
    trainer.remove_callback(PrinterCallback)
    if main:
        step = step_of(checkpoint) if checkpoint else 0
        trainer.add_callback(
            Watch(
                folder,
                step,
                lambda: float(getattr(trainer, "_total_train_tokens", 0)),
                expected.checkpoint,
                shown=shown,
            )
        )
    started = time.monotonic()
    try:
        trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
        trainer.save_model(str(folder))
    except (OSError, RuntimeError, SafetensorError) as error:
        raise _explained(error, folder) from error
    seconds = time.monotonic() - started
    if main:
        # What TRL leaves besides: a pickle of its arguments, and a card that says nothing of values.
        for name in ("training_args.bin", "README.md"):
            (folder / name).unlink(missing_ok=True)
        tokenizer.save_pretrained(folder)
        record |= {"complete": True, "estimate": expected.to_json(), "rows": facts, "seconds": seconds}
        record |= {"steps": trainer.state.global_step, "device": str(trainer.args.device)}
        record["processes"] = trainer.args.world_size
        write_json(folder / "training.json", record)
    return record


def _trainer(
    recipe: Recipe, model: Any, tokenizer: Any, examples: Sequence[Example], checkpoints: Path
) -> tuple[Any, int, dict[str, Any]]:
    """Make the trainer; return it, the rows it sees in one pass, and what became of the data."""
    from plumbline.tune.encode import IGNORED, encode, encode_all, pack
    from plumbline.tune.trainers import answer_trainer, preference_trainer

    train = [one for one in examples if not one.held_out]
    held_out = [one for one in examples if one.held_out]
    size, too_long = recipe.max_length, recipe.data.too_long
    if isinstance(recipe, Preference):
        lengths = [_pair_length(one, tokenizer, encode) for one in train]
        fits = [one for one, n in zip(train, lengths, strict=True) if n <= size]
        left = [{"where": e.where, "tokens": n} for e, n in zip(train, lengths, strict=True) if n > size]
        if not fits or (left and too_long == "refuse"):
            where = str(left[0]["where"])
            raise InputError(
                m.TOO_LONG(tokens=left[0]["tokens"], limit=size), where=where, mend=m.LONGER_OR_DROP()
            )
        watched = [one for one in held_out if _pair_length(one, tokenizer, encode) <= size]
        trainer = preference_trainer(recipe, model, tokenizer, fits, watched, checkpoints)
        read = sum(n for n in lengths if n <= size) * 2
        return trainer, len(fits), {"examples": len(fits), "tokens": read, "dropped": left, "cut": []}
    encoded, left_out = encode_all(train, tokenizer, size, too_long)
    watched_rows = encode_all(held_out, tokenizer, size, "cut")[0] if held_out else []
    rows = pack(encoded, size) if recipe.packing else encoded
    trainer = answer_trainer(recipe, model, tokenizer, rows, watched_rows, checkpoints)
    by_reason = {
        reason: [{"where": one.where, "tokens": one.tokens} for one in left_out if one.reason == reason]
        for reason in ("dropped", "cut")
    }
    facts = {
        "examples": len(encoded),
        "packed": len(rows),
        "tokens": sum(len(row.ids) for row in encoded),
        "tokens_with_loss": sum(label != IGNORED for row in rows for label in row.labels),
        **by_reason,
    }
    return trainer, len(rows), facts


def _pair_length(pair: Example, tokenizer: Any, encode: Any) -> int:
    """Return the tokens of the longer of a pair's two texts."""
    worse = Example(pair.where, pair.prompt, str(pair.worse))
    return max(len(encode(one, tokenizer).ids) for one in (pair, worse))


def _tell(expected: Any, facts: dict[str, Any], checkpoint: Path | None, damaged: Sequence[Path]) -> None:
    """Say what is going to happen before it does."""
    lines = [
        m.ESTIMATE(
            trained=f"{expected.trained:,}",
            parameters=f"{expected.parameters:,}",
            memory=f"{expected.memory / 1e9:.1f}",
            steps=expected.steps,
            time=duration(expected.seconds),
        )
    ]
    if facts["dropped"] or facts["cut"]:
        where = (facts["dropped"] or facts["cut"])[0]["where"]
        lines.append(m.NOT_WHOLE(dropped=len(facts["dropped"]), cut=len(facts["cut"]), where=where))
    if damaged:
        lines.append(m.DAMAGED(name=damaged[0].name))
    if checkpoint is not None:
        lines.append(m.GOING_ON(name=checkpoint.name))
    print("\n".join(lines), file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """Write a length of time for people, to the minute where it is long."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"


def _explained(error: Exception, folder: Path) -> Exception:
    """Name a full disk or memory that ran out; anything else stays what it is."""
    from plumbline.tune.checkpoints import last_good

    text = str(error)
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    good, _ = last_good(folder / "checkpoints")
    kept = m.LAST_GOOD(name=good.name) if good else m.NO_GOOD()
    if full or any(sign in text for sign in _NO_SPACE):
        return RunError(m.DISK_FULL(), where=str(folder), mend=m.MAKE_ROOM(state=kept))
    if "out of memory" in text.lower():
        return RunError(m.OUT_OF_MEMORY(), where=str(folder), mend=m.LESS_MEMORY(state=kept))
    return error

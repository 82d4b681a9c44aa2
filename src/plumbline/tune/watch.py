"""What is looked after while training runs: the log, the progress bar, a loss gone bad, room on the disk."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from plumbline.errors import RunError
from plumbline.progress import progress
from plumbline.tune import messages as m
from plumbline.tune.checkpoints import last_good, seal
from plumbline.tune.log import Log


class Watch(TrainerCallback):  # type: ignore[misc]
    """Keeps the log and the seals, and stops a training that has gone wrong while the last good state is
    there.

    Args:
        out: The model's folder.
        step: Step that is continued from, 0 at the start.
        tokens: Tokens the trainer counted so far in this process.
        checkpoint_bytes: Room that a checkpoint takes.
        shown: Show a progress bar.
    """

    def __init__(
        self, out: Path, step: int, tokens: Callable[[], float], checkpoint_bytes: int, *, shown: bool
    ) -> None:
        self.out, self.tokens, self.checkpoint_bytes, self.shown = out, tokens, checkpoint_bytes, shown
        self.log = Log(out / "log.csv", step)
        self.bar = ExitStack()
        self.advance: Callable[..., None] = lambda pieces=1: None
        self.row: dict[str, Any] = {}
        self.last = (time.monotonic(), 0.0)

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Show the bar."""
        what = m.TRAINING(name=self.out.name)
        bar = progress(what, state.max_steps, done=state.global_step, shown=self.shown)
        self.advance = self.bar.enter_context(bar)
        self.last = (time.monotonic(), self.tokens())

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Move the bar; before a checkpoint, see that there is room for it."""
        self.advance(1)
        if control.should_save or state.global_step % args.save_steps == 0:
            free = shutil.disk_usage(self.out).free
            if free < self.checkpoint_bytes:
                what = m.DISK_SHORT(need=_gigabytes(self.checkpoint_bytes), free=_gigabytes(free))
                raise RunError(what, where=str(self.out), mend=m.MAKE_ROOM(state=self._resume_from()))

    def on_log(
        self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any
    ) -> None:
        """Write the row of a step; a loss that is no number ends the training before anything is saved."""
        values = logs or {}
        if "loss" in values:
            self._step(state, values)
        elif "eval_loss" in values:
            margin = values.get("eval_rewards/margins", "")
            self.log.add(
                step=state.global_step, epoch=state.epoch, eval_loss=values["eval_loss"], margin=margin
            )

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Seal the checkpoint that was just written."""
        seal(Path(args.output_dir) / f"checkpoint-{state.global_step}")

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Close the bar."""
        self.bar.close()

    def _step(self, state: Any, values: dict[str, float]) -> None:
        loss, norm = float(values["loss"]), float(values.get("grad_norm", 0.0))
        if not (math.isfinite(loss) and math.isfinite(norm)):
            self.bar.close()
            what = m.NOT_FINITE(step=state.global_step, loss=loss, norm=norm)
            raise RunError(what, where=str(self.out), mend=m.LOWER_RATE(state=self._resume_from()))
        now, tokens = time.monotonic(), self.tokens()
        seconds, counted = now - self.last[0], tokens - self.last[1]
        self.last = (now, tokens)
        self.log.add(
            step=state.global_step,
            epoch=f"{state.epoch:.4f}",
            loss=repr(loss),
            learning_rate=values.get("learning_rate", ""),
            grad_norm=repr(norm),
            tokens=int(counted),
            tokens_per_second=f"{counted / max(seconds, 1e-9):.1f}",
            margin=values.get("rewards/margins", ""),
        )

    def _resume_from(self) -> str:
        good, _ = last_good(self.out / "checkpoints")
        return m.LAST_GOOD(name=good.name) if good else m.NO_GOOD()


def _gigabytes(size: float) -> str:
    return f"{size / 1e9:.1f} GB"

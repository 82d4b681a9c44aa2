"""Train one network: steps, epochs, early stopping, and checkpoints that hold tensors and JSON only."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file

from plumbline.files import write_json
from plumbline.graders.evaluator.calibrate import best_threshold, sigmoid
from plumbline.graders.evaluator.encoder.batches import Batch, batches, order_batches, pad
from plumbline.graders.evaluator.encoder.config import EncoderConfig
from plumbline.graders.evaluator.encoder.network import Loss, Network
from plumbline.graders.evaluator.metrics import f1

Windows = Sequence[Sequence[Sequence[int]]]
Array = npt.NDArray[np.float64]


@dataclass
class Progress:
    """Where training stands; what a checkpoint says in JSON."""

    epoch: int = 0
    best: float = -1.0
    best_epoch: int = 0
    losses: list[float] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def finished(self, config: EncoderConfig) -> bool:
        """Tell whether no epoch is left, or none got better for long enough."""
        waited = self.epoch - self.best_epoch
        return self.epoch >= config.epochs or (config.patience is not None and waited >= config.patience)


@dataclass(frozen=True)
class Rows:
    """Windows and labels of some rows: [n] and float [n, labels]."""

    windows: Windows
    labels: torch.Tensor


def fit(
    make: Callable[[], Network],
    train: Rows,
    validation: Rows,
    padding: int,
    config: EncoderConfig,
    checkpoints: Path,
    accelerator: Any,
    *,
    on_epoch: Callable[[Progress], None] | None = None,
) -> tuple[Network, Progress]:
    """Train a network from a fresh start or from its last checkpoint and return its best epoch.

    An epoch draws its batches and its dropout from `config.seed` and its number alone, so a run that was
    stopped after any epoch and resumed gives the network of an undisturbed run.

    Args:
        make: Builds the network anew.
        train: Training rows.
        validation: Rows the epoch is chosen on.
        padding: Id of the padding token.
        config: Settings.
        checkpoints: Folder of this network's checkpoints.
        accelerator: From `accelerate`: device, precision and processes.
        on_epoch: Called after each epoch, by the main process.
    """
    torch.manual_seed(config.seed)
    network = make()
    optimizer = torch.optim.AdamW(network.parameters(), lr=config.rate, weight_decay=config.decay)
    progress = _resume(checkpoints, network, optimizer)
    wrapped, optimizer = accelerator.prepare(network, optimizer)
    loss = Loss(config.loss, train.labels.sum(dim=0), len(train.labels))
    while not progress.finished(config):
        torch.manual_seed(config.seed + 7919 * (progress.epoch + 1) + accelerator.process_index)
        progress.losses.append(
            _epoch(wrapped, optimizer, loss, train, padding, config, progress.epoch, accelerator)
        )
        progress.epoch += 1
        logits = predict_logits(accelerator.unwrap_model(wrapped), validation.windows, padding, config.batch)
        score = validation_score(logits, validation.labels.numpy(), config)
        progress.scores.append(score)
        better = score > progress.best
        if better:
            progress.best, progress.best_epoch = score, progress.epoch
        if accelerator.is_main_process:
            _save(checkpoints, accelerator.unwrap_model(wrapped), optimizer, progress, better=better)
        accelerator.wait_for_everyone()
        if on_epoch and accelerator.is_main_process:
            on_epoch(progress)
    best = accelerator.unwrap_model(wrapped)
    best.load_state_dict(load_file(checkpoints / "best.safetensors"))
    # The accelerator would keep the optimiser, twice the network's size, while others are trained.
    accelerator.free_memory()
    return best, progress


def _epoch(
    network: Any,
    optimizer: Any,
    loss: Loss,
    train: Rows,
    padding: int,
    config: EncoderConfig,
    epoch: int,
    accelerator: Any,
) -> float:
    """Run one epoch and return its mean loss."""
    order = order_batches(train.windows, config.batch, config.seed + epoch)
    order += order[: -len(order) % accelerator.num_processes]  # every process takes as many steps
    mine = order[accelerator.process_index :: accelerator.num_processes]
    steps_an_epoch = -(-len(mine) // config.accumulate)
    network.train()
    total = 0.0
    for start in range(0, len(mine), config.accumulate):
        step = epoch * steps_an_epoch + start // config.accumulate
        for group in optimizer.param_groups:
            group["lr"] = config.rate * _share_of_rate(step, steps_an_epoch * config.epochs, config.warm_up)
        parts = mine[start : start + config.accumulate]
        texts = sum(len(rows) for rows in parts)
        for number, rows in enumerate(parts):
            batch = _to(pad(train.windows, rows, padding), accelerator.device)
            labels = train.labels[rows].to(accelerator.device)
            # Gradients of several processes are summed once a step, not once a batch.
            waits = accelerator.no_sync(network) if number < len(parts) - 1 else _now()
            with waits, accelerator.autocast():
                value = loss(network(batch.ids, batch.mask, batch.owner, len(rows)), labels) * (
                    len(rows) / texts
                )
                accelerator.backward(value)
            total += float(value.detach()) / steps_an_epoch
        accelerator.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    return total


def _share_of_rate(step: int, steps: int, warm_up: float) -> float:
    """Rise in a line to 1 over the warm-up, then fall in a line to 0."""
    rising = warm_up * steps
    if step < rising:
        return (step + 1) / (rising + 1)
    return max(0.0, (steps - step) / max(steps - rising, 1.0))


def _now() -> Any:
    from contextlib import nullcontext

    return nullcontext()


def _to(batch: Batch, device: Any) -> Batch:
    return Batch(*(tensor.to(device) for tensor in batch))


def predict_logits(network: Network, windows: Windows, padding: int, size: int) -> Array:
    """Return logits in the order of the rows [n, labels]."""
    device = next(network.parameters()).device
    network.eval()
    found = np.zeros((len(windows), network.head.out_features))
    with torch.inference_mode():
        for batch in batches(windows, size, padding):
            rows = batch.rows.numpy()
            moved = _to(batch, device)
            found[rows] = network(moved.ids, moved.mask, moved.owner, len(rows)).double().cpu().numpy()
    return found


def validation_score(logits: Array, labels: npt.NDArray[Any], config: EncoderConfig) -> float:
    """Score an epoch: F1 at the best thresholds, or at .5 where the settings choose no thresholds."""
    p = sigmoid(logits)
    thresholds = np.full(p.shape[1], 0.5)
    if config.calibrated:
        thresholds = np.array([best_threshold(p[:, j], labels[:, j]) for j in range(p.shape[1])])
    decisions = p >= thresholds
    if config.chosen_by == "micro_f1":
        return f1(decisions.ravel(), labels.ravel())
    return float(np.mean([f1(decisions[:, j], labels[:, j]) for j in range(p.shape[1])]))


def _save(folder: Path, network: Network, optimizer: Any, progress: Progress, *, better: bool) -> None:
    """Write the best network, then the newest state by one rename: a kill costs one epoch at most."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    if better:
        save_file(weights, folder / "best.partial")
        (folder / "best.partial").replace(folder / "best.safetensors")
    state = {
        f"{index}.{name}": value.detach().cpu().contiguous()
        for index, entry in optimizer.state_dict()["state"].items()
        for name, value in entry.items()
    }
    beside, kept = folder / "next", folder / "last"
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir()
    save_file(weights, beside / "network.safetensors")
    save_file(state, beside / "optimizer.safetensors")
    write_json(beside / "progress.json", asdict(progress))
    shutil.rmtree(kept, ignore_errors=True)
    beside.rename(kept)


def _resume(folder: Path, network: Network, optimizer: torch.optim.Optimizer) -> Progress:
    """Load the newest complete checkpoint, if there is one."""
    kept = next(
        (one for one in (folder / "last", folder / "next") if (one / "progress.json").is_file()), None
    )
    if kept is None:
        return Progress()
    network.load_state_dict(load_file(kept / "network.safetensors"))
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in load_file(kept / "optimizer.safetensors").items():
        index, _, entry = name.partition(".")
        state.setdefault(int(index), {})[entry] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return Progress(**json.loads((kept / "progress.json").read_text(encoding="utf-8")))

"""Train an encoder evaluator: one network for all values, or a fresh one a value."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from plumbline.errors import InputError, MissingExtra
from plumbline.files import sha256_json, write_json
from plumbline.graders.evaluator import messages as m
from plumbline.graders.evaluator.calibrate import Calibrated, Calibration, calibrate, sigmoid
from plumbline.graders.evaluator.coverage import home
from plumbline.graders.evaluator.encoder.batches import cut
from plumbline.graders.evaluator.encoder.config import EncoderConfig
from plumbline.graders.evaluator.encoder.evaluator import EncoderEvaluator
from plumbline.graders.evaluator.encoder.loop import Progress, Rows, Windows, fit, predict_logits
from plumbline.graders.evaluator.encoder.network import Network, load_backbone
from plumbline.graders.evaluator.evaluator import HeldOut
from plumbline.graders.evaluator.grams import Vocabulary, learn_vocabulary
from plumbline.graders.evaluator.labelled import LabelledSet
from plumbline.graders.evaluator.metrics import score

# N-grams of the training texts that are kept to tell how far from them other texts are.
_HOME_CHARACTERS = 2
_HOME_LEAST = 2
OnEpoch = Callable[[str, Progress], None]


def train_encoder(
    train: LabelledSet,
    validation: LabelledSet,
    config: EncoderConfig,
    work: str | Path,
    *,
    name: str = "encoder",
    device: str | None = None,
    on_epoch: OnEpoch | None = None,
) -> EncoderEvaluator:
    """Train, or go on with a training that was interrupted.

    Started by `accelerate launch`, every process takes its share of each epoch; the result is the main one's.

    Args:
        train: Rows to learn from.
        validation: Rows that choose the epoch, the calibration and the thresholds.
        config: Settings.
        work: Folder of checkpoints; the same data and settings resume there, others are refused.
        name: Shown in tables.
        device: `cpu` to leave accelerators alone.
        on_epoch: Called after each epoch, by the main process, with the name of the network and its progress.

    Raises:
        InputError: The backbone cannot be read, or `work` holds another training.
        MissingExtra: accelerate is not installed.
    """
    try:
        from accelerate import Accelerator, DistributedDataParallelKwargs
        from accelerate.state import AcceleratorState
    except ModuleNotFoundError as error:
        raise MissingExtra("accelerate", "tune") from error
    started = time.perf_counter()
    # Precision is kept for the whole process; an earlier training's must not bind this one.
    AcceleratorState._reset_state()
    accelerator = Accelerator(
        mixed_precision=config.precision,
        cpu=device == "cpu",
        # A BERT has a pooler whose output is not read, so some weights never get a gradient.
        kwargs_handlers=[DistributedDataParallelKwargs(find_unused_parameters=True)],
    )
    folder = Path(work)
    if accelerator.is_main_process:
        _claim(folder, train, validation, config)
    accelerator.wait_for_everyone()
    encoder, tokenizer = load_backbone(config.backbone)
    del encoder
    sides = [_windows(tokenizer, data, config) for data in (train, validation)]
    heads = (
        [list(range(len(train.values)))]
        if config.heads == "shared"
        else [[j] for j in range(len(train.values))]
    )
    networks, histories, logits = [], {}, np.zeros(validation.labels.shape)
    for columns in heads:
        label = "shared" if len(heads) == 1 else train.values[columns[0]]
        network, progress = fit(
            _maker(config, len(columns)),
            Rows(sides[0], _targets(train, columns)),
            Rows(sides[1], _targets(validation, columns)),
            tokenizer.pad_token_id or 0,
            config,
            folder / label,
            accelerator,
            on_epoch=_announcer(label, on_epoch),
        )
        logits[:, columns] = predict_logits(network, sides[1], tokenizer.pad_token_id or 0, config.batch)
        networks.append(network)
        histories[label] = {
            "losses": progress.losses,
            "scores": progress.scores,
            "best_epoch": progress.best_epoch,
        }
    fitted = _calibrated(logits, validation, config)
    vocabulary = Vocabulary(learn_vocabulary(train.texts, longest=_HOME_CHARACTERS, least=_HOME_LEAST))
    card = _card(train, validation, config, fitted, histories, time.perf_counter() - started, accelerator)
    card["domain"] = home(train.texts, vocabulary, vocabulary.count(train.texts), _HOME_LEAST)
    return EncoderEvaluator(
        train.framework,
        train.values,
        networks,
        tokenizer,
        config,
        fitted.calibration,
        fitted.thresholds,
        HeldOut(fitted.unseen, validation.labels.astype(np.int64), "validation"),
        vocabulary,
        card,
        name,
    )


def _claim(folder: Path, train: LabelledSet, validation: LabelledSet, config: EncoderConfig) -> None:
    """Refuse a folder whose checkpoints belong to other data or settings."""
    about = {
        "settings": config.model_dump(),
        "values": list(train.values),
        "train": sha256_json([list(train.texts), train.labels.tolist()]),
        "validation": sha256_json([list(validation.texts), validation.labels.tolist()]),
    }
    file = folder / "training.json"
    if file.is_file():
        if json.loads(file.read_text(encoding="utf-8")) != about:
            raise InputError(m.OTHER_TRAINING(), where=str(folder), mend=m.OTHER_FOLDER())
    else:
        write_json(file, about)


def _windows(tokenizer: Any, data: LabelledSet, config: EncoderConfig) -> Windows:
    return cut(tokenizer, data.texts, window=config.window, overlap=config.overlap, most=config.most_windows)


def _targets(data: LabelledSet, columns: list[int]) -> torch.Tensor:
    return torch.tensor(data.labels[:, columns], dtype=torch.float32)


def _maker(config: EncoderConfig, labels: int) -> Callable[[], Network]:
    return lambda: Network(load_backbone(config.backbone)[0], labels, config.dropout)


def _announcer(label: str, on_epoch: OnEpoch | None) -> Callable[[Progress], None] | None:
    return (lambda progress: on_epoch(label, progress)) if on_epoch else None


def _calibrated(
    logits: npt.NDArray[np.float64], validation: LabelledSet, config: EncoderConfig
) -> Calibrated:
    if not config.calibrated:
        count = logits.shape[1]
        return Calibrated(Calibration(np.ones(count), np.zeros(count)), sigmoid(logits), np.full(count, 0.5))
    return calibrate(logits, validation.labels, np.arange(len(validation)), seed=config.seed)


def _card(
    train: LabelledSet,
    validation: LabelledSet,
    config: EncoderConfig,
    fitted: Calibrated,
    histories: dict[str, Any],
    seconds: float,
    accelerator: Any,
) -> dict[str, Any]:
    found = score(fitted.unseen, fitted.unseen >= fitted.thresholds, validation.labels, validation.values)
    return {
        "data": train.card(),
        "settings": config.model_dump(),
        "quality": {"validation": found.to_json()},
        "training": histories,
        "processes": accelerator.num_processes,
        "device": str(accelerator.device),
        "seconds": round(seconds, 1),
    }

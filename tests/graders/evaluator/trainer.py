"""Trains a small encoder; run by `accelerate launch` where a test wants several processes.

accelerate launch trainer.py BACKBONE WORK TARGET SETTINGS
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))

from accelerate import PartialState

from plumbline.graders.evaluator import EncoderConfig, train_encoder
from tests.graders.evaluator.factories import labelled

TRAIN, VALIDATION = labelled(240, noise=0.02), labelled(80, seed=1, noise=0.02)


def settings(backbone, **changes):
    given = {"window": 48, "overlap": 8, "batch": 32, "epochs": 6, "rate": 2e-3, "patience": None}
    return EncoderConfig(backbone=backbone, **{**given, **changes})


if __name__ == "__main__":
    backbone, work, target, changes = sys.argv[1:]
    config = settings(backbone, **json.loads(changes))
    trained = train_encoder(TRAIN.take(range(160)), VALIDATION, config, work, device="cpu")
    if PartialState().is_main_process:
        trained.save(target)

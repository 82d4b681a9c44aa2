"""Settings of an encoder's training, documented once: ours by default, ValueCSV's by `as_published`."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Heads = Literal["shared", "separate"]


class EncoderConfig(BaseModel):
    """How an encoder evaluator is trained."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    backbone: str = Field(description="folder or hub name of a BERT-type encoder")
    heads: Heads = Field(default="shared", description="one encoder for all values, or one a value")
    window: int = Field(default=256, ge=8, description="tokens of a window, special tokens included")
    overlap: int = Field(default=64, ge=0, description="tokens that neighbouring windows share")
    most_windows: int = Field(default=8, ge=1, description="windows of a text that are read")
    batch: int = Field(default=16, ge=1, description="texts a step and process, before accumulation")
    accumulate: int = Field(default=1, ge=1, description="batches whose gradients are summed for one step")
    epochs: int = Field(default=15, ge=1)
    patience: int | None = Field(default=3, ge=1, description="epochs without a better score before stopping")
    chosen_by: Literal["macro_f1", "micro_f1"] = Field(
        default="macro_f1", description="validation score of the epoch that is kept"
    )
    rate: float = Field(default=2e-5, gt=0, description="highest learning rate")
    decay: float = Field(default=0.01, ge=0, description="weight decay (AdamW); 0 is Adam")
    warm_up: float = Field(default=0.1, ge=0, le=1, description="share of steps until the highest rate")
    loss: Literal["pos_weight", "asymmetric", "published", "plain"] = "pos_weight"
    dropout: float = Field(default=0.1, ge=0, lt=1, description="before the head")
    precision: Literal["no", "bf16", "fp16"] = "no"
    calibrated: bool = Field(default=True, description="calibrate and choose thresholds on validation rows")
    seed: int = 0


def as_published(backbone: str, heads: Heads) -> EncoderConfig:
    """Return ValueCSV's published settings for one of its two designs.

    Kept: 512 tokens, batch 8, 15 epochs, Adam 1e-5, 10 % warm-up, weights 18181 / positives rounded, the
    epoch with the best micro-F1, threshold .5 (one encoder for all values, in the file's order
    3500/1000/500); 128 tokens, batch 64, 20 epochs (one encoder a value, 70/20/10). Texts are cut, not
    windowed. Not kept, because they are mistakes: test rows that leak through an unseeded reshuffle, and a
    model and optimiser that live on from one value to the next.
    """
    shared = heads == "shared"
    return EncoderConfig(
        backbone=backbone,
        heads=heads,
        window=512 if shared else 128,
        overlap=0,
        most_windows=1,
        batch=8 if shared else 64,
        epochs=15 if shared else 20,
        patience=None,
        chosen_by="micro_f1",
        rate=1e-5,
        decay=0.0,
        loss="published" if shared else "plain",
        calibrated=False,
    )

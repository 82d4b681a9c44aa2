"""The network: an encoder, its first token, one linear head; and the losses it is trained by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from plumbline.errors import InputError
from plumbline.language import Message

_NO_BACKBONE = Message("不能载入编码器 {name}（{detail}）", "the encoder {name} cannot be loaded ({detail})")
_GIVE_FOLDER = Message(
    "给出本地文件夹，里面要有 config.json、分词器和 model.safetensors",
    "give a local folder that holds config.json, a tokenizer and model.safetensors",
)
_PUBLISHED_WEIGHT = 18181
"""ValueCSV's numerator: the number of labels set in its data."""


class Network(nn.Module):
    """Encoder and head.

    Args:
        encoder: A transformers model that returns `last_hidden_state`.
        labels: Logits it gives.
        dropout: Before the head.
    """

    def __init__(self, encoder: Any, labels: int, dropout: float) -> None:
        super().__init__()
        self.encoder, self.dropout = encoder, nn.Dropout(dropout)
        self.head = nn.Linear(encoder.config.hidden_size, labels)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, owner: torch.Tensor, texts: int) -> torch.Tensor:
        """Return logits [texts, labels]: the mean over a text's windows."""
        hidden = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state[:, 0]  # (windows, hidden)
        logits = self.head(self.dropout(hidden)).float()  # (windows, labels)
        sums = logits.new_zeros(texts, logits.shape[1]).index_add(0, owner, logits)
        counts = torch.bincount(owner, minlength=texts).clamp(min=1)
        means: torch.Tensor = sums / counts[:, None]
        return means


def load_backbone(name: str | Path) -> tuple[Any, Any]:
    """Return a fresh encoder with its published weights, and its tokenizer; no remote code, no pickles.

    Raises:
        InputError: The encoder cannot be found or read.
    """
    from transformers import AutoModel, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name, trust_remote_code=False)
        encoder = AutoModel.from_pretrained(
            name, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
        )
    except (OSError, ValueError) as error:
        detail = str(error).splitlines()[0]
        raise InputError(_NO_BACKBONE(name=name, detail=detail), mend=_GIVE_FOLDER()) from error
    return encoder, tokenizer


class Loss:
    """Loss of logits [texts, labels] against 0/1 labels; mean over both.

    Args:
        kind: `pos_weight`: binary cross-entropy whose positive term is weighted by negatives / positives;
            `asymmetric`: Ridnik et al. (2021, ICCV), equation 7, gamma- 4, gamma+ 1, margin .05; `published`:
            ValueCSV's `weight` on **both** terms; `plain`: no weight.
        positives: Positive rows a label [labels].
        rows: Training rows.
    """

    def __init__(self, kind: str, positives: torch.Tensor, rows: int) -> None:
        self.kind = kind
        some = positives.clamp(min=1)
        self.pos_weight = ((rows - positives) / some).clamp(min=0.1, max=20.0)
        self.weight = (_PUBLISHED_WEIGHT / some).round()

    def __call__(self, logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Return the mean loss."""
        if self.kind == "asymmetric":
            return asymmetric_loss(logits, labels)
        if self.kind == "pos_weight":
            weight = self.pos_weight.to(logits.device)
            return functional.binary_cross_entropy_with_logits(logits, labels, pos_weight=weight)
        weights = self.weight.to(logits.device) if self.kind == "published" else None
        return functional.binary_cross_entropy_with_logits(logits, labels, weight=weights)


def asymmetric_loss(
    logits: torch.Tensor,
    labels: torch.Tensor,
    *,
    negative_focus: float = 4.0,
    positive_focus: float = 1.0,
    margin: float = 0.05,
) -> torch.Tensor:
    """- y (1-p)^g+ log p - (1-y) p_m^g- log(1 - p_m), p_m = max(p - margin, 0)."""
    p = torch.sigmoid(logits)
    shifted = (p - margin).clamp(min=0)
    positive = labels * (1 - p) ** positive_focus * functional.logsigmoid(logits)
    negative = (1 - labels) * shifted**negative_focus * torch.log((1 - shifted).clamp(min=1e-8))
    return -(positive + negative).mean()

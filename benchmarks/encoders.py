"""What twelve encoders cost against one that is shared, in prediction and in training.

    python benchmarks/encoders.py [--backbone FOLDER] [--texts 24] [--rounds 3]

Three ways to read the same texts: one shared encoder with twelve logits; twelve binary encoders, batched as
ours are (like lengths together, padded to their own longest); twelve as they are commonly run, every text
padded to the full length. The encoder is a small BERT with fresh weights unless a folder is given: the ratios
do not depend on what it has learnt. Turns alternate, and processor seconds count, all threads together; the
median is printed. Needs the set (`plumbline suites fetch valuecsv`) and the extra `local`.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from plumbline.graders.evaluator import LabelledSet, load_labelled
from plumbline.graders.evaluator.encoder.batches import batches, cut
from plumbline.graders.evaluator.encoder.loop import predict_logits
from plumbline.graders.evaluator.encoder.network import Loss, Network, load_backbone

VALUES = 12
BATCH = 16


def small_bert(texts: Sequence[str], folder: Path) -> Path:
    """Write a BERT of two layers and 128 units with a vocabulary of the texts' characters."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    characters = sorted({one for text in texts for one in text if not one.isspace()})
    vocabulary = "\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters])
    (folder / "vocab.txt").write_text(vocabulary, encoding="utf-8")
    tokenizer = BertTokenizerFast.from_pretrained(folder)
    torch.manual_seed(0)
    BertModel(
        BertConfig(
            vocab_size=len(tokenizer), hidden_size=128, num_hidden_layers=2, num_attention_heads=2,
            intermediate_size=512, max_position_embeddings=512,
        )
    ).save_pretrained(folder)  # fmt: skip
    tokenizer.save_pretrained(folder)
    return folder


def predict_padded(networks: Sequence[Network], tokenizer: Any, texts: Sequence[str], length: int) -> None:
    """Each network tokenises every text and pads it to `length`, as `padding="max_length"` does."""
    for network in networks:
        network.eval()
        for start in range(0, len(texts), BATCH):
            some = list(texts[start : start + BATCH])
            fed = tokenizer(
                some, padding="max_length", truncation=True, max_length=length, return_tensors="pt"
            )
            with torch.inference_mode():
                network(fed["input_ids"], fed["attention_mask"], torch.arange(len(some)), len(some))


def predict_ours(networks: Sequence[Network], tokenizer: Any, texts: Sequence[str], length: int) -> None:
    """Tokenise once, batch by length, pad to the longest of a batch: what `EncoderEvaluator` does."""
    windows = cut(tokenizer, texts, window=length, overlap=0, most=1)
    for network in networks:
        predict_logits(network, windows, tokenizer.pad_token_id, BATCH)


def train_epoch(networks: Sequence[Network], tokenizer: Any, data: LabelledSet, length: int) -> None:
    """One pass of gradient steps over the texts, for every network."""
    windows = cut(tokenizer, data.texts, window=length, overlap=0, most=1)
    labels = torch.tensor(data.labels, dtype=torch.float32)
    for number, network in enumerate(networks):
        network.train()
        columns = slice(None) if len(networks) == 1 else slice(number, number + 1)
        loss = Loss("pos_weight", labels[:, columns].sum(dim=0), len(labels))
        optimizer = torch.optim.AdamW(network.parameters(), lr=1e-5)
        for batch in batches(windows, BATCH, tokenizer.pad_token_id, seed=0):
            logits = network(batch.ids, batch.mask, batch.owner, len(batch.rows))
            loss(logits, labels[batch.rows][:, columns]).backward()
            optimizer.step()
            optimizer.zero_grad()


def medians(ways: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Processor seconds of each way, the median of alternating turns after one turn that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            started = time.process_time()
            way()
            if turn:
                seconds[name].append(time.process_time() - started)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--backbone", help="folder of an encoder; a small one with fresh weights by default")
    parser.add_argument("--texts", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    data = load_labelled("valuecsv")
    some = data.take(range(0, len(data), len(data) // given.texts))
    with tempfile.TemporaryDirectory() as folder:
        encoder, tokenizer = load_backbone(given.backbone or small_bert(data.texts, Path(folder)))
    shared = [Network(encoder, VALUES, 0.1)]
    twelve = [Network(encoder, 1, 0.1) for _ in range(VALUES)]
    print(f"{len(some)} texts, {sum(map(len, some.texts)) / len(some):.0f} characters on average")
    for length in (512, 128):
        found = medians(
            {
                "shared": lambda n=length: predict_ours(shared, tokenizer, some.texts, n),
                "twelve": lambda n=length: predict_ours(twelve, tokenizer, some.texts, n),
                "twelve, padded": lambda n=length: predict_padded(twelve, tokenizer, some.texts, n),
            },
            given.rounds,
        )
        report(f"prediction, texts cut at {length} tokens", found, len(some))
    found = medians(
        {
            "shared": lambda: train_epoch(shared, tokenizer, some, 512),
            "twelve": lambda: train_epoch(twelve, tokenizer, some, 512),
        },
        given.rounds,
    )
    report("training, one epoch, texts cut at 512 tokens", found, len(some))


def report(title: str, seconds: dict[str, float], texts: int) -> None:
    print(f"\n{title}")
    for name, taken in seconds.items():
        print(
            f"  {name:<16}{texts / taken:>10.1f} texts/s of one core{taken / seconds['shared']:>8.1f} times"
        )


if __name__ == "__main__":
    main()

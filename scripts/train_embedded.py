"""Train the embedded model from scratch on text of our own and write its folder.

    python scripts/train_embedded.py --out src/plumbline/models/embedded/weights

A plain PyTorch loop on CPU: seeded, a fixed number of steps, so the same machine and library versions give the
same weights. The text is `scripts/embedded_corpus`; nothing is downloaded. Training is refused when a run of 13
characters of any item below `src/plumbline/suites/data` occurs in the text (`--drop-overlap` leaves those
documents out and reports how many). What is written: config.json, generation_config.json, model.safetensors
(fp16), tokenizer.json, tokenizer_config.json, training.json (figures of the run).
"""

import argparse
import json
import math
import platform
import sys
import time
from pathlib import Path

import torch
from torch import Tensor
from transformers import GenerationConfig, PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))

from embedded_corpus import Corpus, overlap, write_corpus  # noqa: E402
from embedded_corpus.tokenizer import train_tokenizer  # noqa: E402

WEIGHTS = ROOT / "src/plumbline/models/embedded/weights"
CONTEXT = 1024


def main() -> None:
    """Corpus, check, tokenizer, training, files."""
    asked = _arguments()
    torch.manual_seed(asked.seed)
    torch.set_num_threads(asked.threads)
    corpus, dropped = clean_corpus(asked.seed, asked.documents, drop=asked.drop_overlap)
    print(
        f"{len(corpus.documents)} documents, {sum(map(len, corpus.documents)):,} characters, {corpus.sorts}"
    )
    if asked.check_only:
        return
    tokenizer = train_tokenizer([*corpus.documents, *corpus.hand_written * 4], asked.vocabulary, CONTEXT)
    train, held = encode(tokenizer, corpus.documents, asked.held_out)
    print(
        f"{len(tokenizer)} tokens in the vocabulary; {train.numel():,} to train on, {held.numel():,} held out"
    )
    model = new_model(tokenizer)
    print(f"{sum(p.numel() for p in model.parameters()):,} parameters")
    started = time.monotonic()
    curve = fit(model, train, held, asked)
    figures = {
        "seed": asked.seed,
        "steps": asked.steps,
        "tokens_per_step": asked.batch * asked.block,
        "minutes": round((time.monotonic() - started) / 60, 1),
        "threads": asked.threads,
        "processor": f"{platform.machine()}, {torch.backends.cpu.get_cpu_capability()}",
        "torch": torch.__version__,
        "documents": corpus.sorts,
        "documents_dropped_for_overlap": dropped,
        "held_out_loss_nats_per_token": curve[-1]["held_out"],
        "unseen_passages_loss_nats_per_character": round(unseen_loss(model, tokenizer), 4),
        "curve": curve,
    }
    save(model, tokenizer, figures, asked.out)


def clean_corpus(seed: int, count: int, *, drop: bool) -> tuple[Corpus, int]:
    """The corpus without any document that shares a run of characters with a suite, and how many went.

    Raises:
        SystemExit: there is overlap and `drop` is false.
    """
    corpus = write_corpus(seed, count)
    shared = overlap.overlapping(corpus.documents, overlap.suite_windows(ROOT / "src/plumbline/suites/data"))
    runs = sorted(set(shared.values()))
    if shared and not drop:
        sys.exit(
            f"refused: {len(shared)} documents share text with a suite; reword {runs[:20]} or use --drop-overlap"
        )
    for run in runs:
        print(f"left out, shared with a suite: {run}")
    kept = [text for place, text in enumerate(corpus.documents) if place not in shared]
    return Corpus(kept, corpus.sorts, corpus.hand_written), len(shared)


def encode(tokenizer: PreTrainedTokenizerFast, documents: list[str], held_out: int) -> tuple[Tensor, Tensor]:
    """Token streams (T,) for training and for the held-out loss; every document starts with <|endoftext|>.

    Held-out documents are those whose text occurs nowhere in training, so hand-written ones are never among them.
    """
    counts: dict[str, int] = {}
    for text in documents:
        counts[text] = counts.get(text, 0) + 1
    held = set([text for text, count in counts.items() if count == 1][:held_out])
    streams: tuple[list[int], list[int]] = ([], [])
    encoded = tokenizer(documents)["input_ids"]
    for text, ids in zip(documents, encoded, strict=True):
        streams[text in held].extend([tokenizer.pad_token_id, *ids])
    return torch.tensor(streams[0]), torch.tensor(streams[1])


def new_model(tokenizer: PreTrainedTokenizerFast) -> Qwen3ForCausalLM:
    """A small Qwen3 with tied embeddings, initialised at random."""
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=6,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=64,
        max_position_embeddings=CONTEXT,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
        tie_word_embeddings=True,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        attn_implementation="sdpa",
    )
    return Qwen3ForCausalLM(config).float()


def fit(
    model: Qwen3ForCausalLM, train: Tensor, held: Tensor, asked: argparse.Namespace
) -> list[dict[str, float]]:
    """AdamW, warm-up and cosine; bf16 products, fp32 weights. The last eighth sees blocks of the whole context."""
    decayed = [p for p in model.parameters() if p.ndim > 1]
    rest = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": rest, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=asked.rate, betas=(0.9, 0.95))
    heads = (train == model.config.pad_token_id).nonzero().flatten()  # (D,) where documents start
    chance = torch.Generator().manual_seed(asked.seed)
    curve: list[dict[str, float]] = []
    started, running = time.monotonic(), 0.0
    model.train()
    for step in range(1, asked.steps + 1):
        for group in optimiser.param_groups:
            group["lr"] = asked.rate * schedule(step, asked.steps)
        block = asked.block if step < 0.87 * asked.steps else CONTEXT
        batch = draw(train, heads, asked.batch * asked.block // block, block, chance)  # (B, T)
        loss = batch_loss(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        running += loss.item()
        if step % asked.every == 0 or step == asked.steps:
            point = {
                "step": step,
                "train": running / ((step - 1) % asked.every + 1),
                "held_out": held_out_loss(model, held),
            }
            curve.append({name: round(value, 4) for name, value in point.items()})
            running = 0.0
            print(f"{curve[-1]}  {(time.monotonic() - started) / 60:.1f} min", flush=True)
    return curve


def draw(stream: Tensor, heads: Tensor, count: int, block: int, chance: torch.Generator) -> Tensor:
    """`count` blocks (B, T) that start with a document, half of them after its <|endoftext|>, as prompts do."""
    usable = heads[heads + 1 + block <= stream.numel()]
    picked = usable[torch.randint(usable.numel(), (count,), generator=chance)]
    picked = picked + torch.randint(2, (count,), generator=chance)
    return torch.stack([stream[start : start + block] for start in picked.tolist()])


def schedule(step: int, steps: int) -> float:
    """Share of the full rate: 5 % linear warm-up, then a cosine down to 5 %."""
    warm = max(1, steps // 20)
    if step <= warm:
        return step / warm
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def batch_loss(model: Qwen3ForCausalLM, batch: Tensor) -> Tensor:
    """Mean loss in nats per token over a batch (B, T)."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(input_ids=batch, use_cache=False).logits  # (B, T, V)
    return torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1).float(), batch[:, 1:].flatten())


@torch.no_grad()
def held_out_loss(model: Qwen3ForCausalLM, held: Tensor, block: int = 512, blocks: int = 24) -> float:
    """Mean loss in nats per token over the first `blocks` blocks of the held-out stream."""
    model.eval()
    rows = held[: min(blocks, held.numel() // block) * block].view(-1, block)  # (N, T)
    loss = sum(batch_loss(model, row[None]).item() for row in rows) / len(rows)
    model.train()
    return loss


@torch.no_grad()
def unseen_loss(model: Qwen3ForCausalLM, tokenizer: PreTrainedTokenizerFast) -> float:
    """Nats per character on hand-written passages (`heldout.txt`) whose like the grammar does not make."""
    model.eval()
    total, characters = 0.0, 0
    for text in (
        (Path(__file__).parent / "embedded_corpus/text/heldout.txt").read_text("utf-8").strip().split("\n\n")
    ):
        ids = torch.tensor([[tokenizer.pad_token_id, *tokenizer(text)["input_ids"]]])  # (1, T)
        total += batch_loss(model, ids).item() * (ids.shape[1] - 1)
        characters += len(text)
    return total / characters


def save(
    model: Qwen3ForCausalLM, tokenizer: PreTrainedTokenizerFast, figures: dict[str, object], out: Path
) -> None:
    """Write the folder. Weights lie as fp16, yet config says float32: that is what a CPU computes best in."""
    out.mkdir(parents=True, exist_ok=True)
    model.generation_config = GenerationConfig(
        do_sample=False,
        max_new_tokens=256,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=[tokenizer.eos_token_id, tokenizer.pad_token_id],
        pad_token_id=tokenizer.pad_token_id,
    )
    model.half().save_pretrained(out)
    config = json.loads((out / "config.json").read_text("utf-8"))
    config["dtype"] = "float32"
    _write(out / "config.json", config)
    (out / "model.safetensors").chmod(0o644)
    tokenizer.save_pretrained(out, save_jinja_files=False)
    _write(out / "training.json", figures)


def _write(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--documents", type=int, default=24_000)
    parser.add_argument("--held-out", type=int, default=150, help="documents kept for the held-out loss")
    parser.add_argument("--vocabulary", type=int, default=4096)
    parser.add_argument("--steps", type=int, default=1400)
    parser.add_argument("--batch", type=int, default=9, help="blocks in a step")
    parser.add_argument("--block", type=int, default=320, help="tokens in a block")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--every", type=int, default=100, help="steps between two points of the curve")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--drop-overlap", action="store_true")
    parser.add_argument(
        "--check-only", action="store_true", help="write the corpus, check it against the suites, stop"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()

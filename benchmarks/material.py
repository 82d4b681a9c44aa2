"""Models, tokenizers and texts for the benchmarks, made on the spot: nothing is downloaded.

The model has the proportions that matter: 111 M parameters, 78 M of them in a tied vocabulary of 151,936
tokens, as small Chinese models have.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import torch
from measuring import half_is_fast
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

VOCABULARY = 151_936
_SUITES = Path(__file__).resolve().parents[1] / "src" / "plumbline" / "suites" / "data"


@cache
def sentences() -> tuple[str, ...]:
    """Chinese sentences from the project's own suites."""
    found: list[str] = []
    for path in sorted(_SUITES.glob("*/*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            item = json.loads(line)
            texts = [item.get(name) for name in ("question", "prompt", "scenario", "reason")]
            found += [text for text in [*texts, *item.get("options", [])] if isinstance(text, str)]
    return tuple(found)


def instruction_rows(count: int, seed: int = 0) -> list[dict[str, str]]:
    """Questions and answers as long as those of a Chinese instruction set: short questions, long answers."""
    chooser = random.Random(seed)
    rows = []
    for _ in range(count):
        characters = max(20, min(int(chooser.lognormvariate(5.0, 0.8)), 900))  # the median is about 150
        answer = ""
        while len(answer) < characters:
            answer += chooser.choice(sentences())
        question = chooser.choice(sentences())[:60]
        rows.append({"instruction": question, "input": "", "output": answer[:characters]})
    return rows


def tokenizer(texts: list[str]) -> PreTrainedTokenizerFast:
    """Byte-level BPE trained on `texts`; as with published models, smaller than the model's vocabulary."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=24_000,
        special_tokens=["<|endoftext|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=12,  # bytes: four Chinese characters, as long as the words of published tokenizers
        show_progress=False,
    )
    inner.train_from_iterator(texts, trainer)
    end = "<|endoftext|>"
    return PreTrainedTokenizerFast(tokenizer_object=inner, eos_token=end, pad_token=end)


def model(layers: int = 11, width: int = 512, inner: int = 1536, heads: int = 8) -> LlamaForCausalLM:
    """An untrained Llama, by default of 111 M parameters."""
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=width,
        intermediate_size=inner,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=0,
    )
    return LlamaForCausalLM(config).eval()


def trained(
    tokens: PreTrainedTokenizerFast, texts: list[str], folder: Path, steps: int, device: str = "cpu"
) -> LlamaForCausalLM:
    """The model after a short training on `texts`, kept in `folder`: a random one ranks answers by noise."""
    if (folder / "config.json").is_file():
        return LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32).eval().to(device)
    made = model().to(device)
    ids = torch.tensor([token for text in texts for token in [*tokens(text)["input_ids"], 0]])
    optimiser = torch.optim.AdamW(made.parameters(), lr=1e-3, weight_decay=0.01)
    generator = torch.Generator().manual_seed(0)
    made.train()
    half = device != "cpu" or half_is_fast()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * min(1.0, (step + 1) / 10) * (1 - step / steps)
        starts = torch.randint(0, len(ids) - 129, (8,), generator=generator).tolist()
        batch = torch.stack([ids[start : start + 128] for start in starts]).to(device)  # (8, 128)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=half):
            loss = made(input_ids=batch, labels=batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(made.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
    made.save_pretrained(folder)
    print(f"trained {steps} steps, last loss {loss.item():.2f}")
    return made.eval()

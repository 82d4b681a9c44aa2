"""Small models of many families and a small tokenizer, made here so that nothing is downloaded."""

from __future__ import annotations

import copy
from functools import cache

import numpy as np
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedModel, PreTrainedTokenizerFast

VOCABULARY = 400
CORPUS = [
    "天空是蓝色的，草地是绿色的。诚信是做人的根本，友善待人，敬业乐群。",
    "问：什么是公正？答：公正是对每个人一视同仁。",
    "The sky is blue. Honesty is the best policy, and kindness costs nothing.",
    "Question: what is fair? Answer: the same rule for everyone. 😀👍 3 + 4 = 7",
]
_COMMON = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 96,
    "bos_token_id": 0,
    "eos_token_id": 1,
    "pad_token_id": 1,
}
_GPT2 = {"n_embd": 32, "n_layer": 3, "n_head": 4, "n_positions": 96}
_IDS = {"vocab_size": VOCABULARY, "bos_token_id": 0, "eos_token_id": 1}

# Family -> (configuration class, its arguments). A window of 7 is shorter than nearly every text here.
FAMILIES = {
    "llama": ("LlamaConfig", _COMMON),
    "qwen2": ("Qwen2Config", _COMMON | {"tie_word_embeddings": True}),
    "qwen3": ("Qwen3Config", _COMMON | {"head_dim": 8}),
    "gemma2-soft-capped": (
        "Gemma2Config",
        _COMMON
        | {"head_dim": 8, "sliding_window": 7, "final_logit_softcapping": 3.0, "attn_logit_softcapping": 5.0},
    ),
    "gemma3": ("Gemma3TextConfig", _COMMON | {"head_dim": 8, "sliding_window": 7}),
    "gpt2-absolute-positions": ("GPT2Config", _IDS | _GPT2),
    "gpt-neox": ("GPTNeoXConfig", _COMMON),
    "mixtral-experts": ("MixtralConfig", _COMMON | {"num_local_experts": 4}),
    "qwen3-experts": (
        "Qwen3MoeConfig",
        _COMMON | {"head_dim": 8, "num_experts": 4, "num_experts_per_tok": 2} | {"moe_intermediate_size": 16},
    ),
    "mistral-sliding-window": ("MistralConfig", _COMMON | {"sliding_window": 7}),
    "qwen2-mixed-windows": (
        "Qwen2Config",
        _COMMON | {"use_sliding_window": True, "sliding_window": 7, "max_window_layers": 1},
    ),
    "gpt-oss-sinks": (
        "GptOssConfig",
        _COMMON
        | {"head_dim": 8, "sliding_window": 7, "num_local_experts": 4, "num_experts_per_tok": 2}
        | {"rope_parameters": {"rope_type": "default", "rope_theta": 10000.0}},
    ),
    "cohere-scaled": ("CohereConfig", _COMMON | {"logit_scale": 0.3}),
    "granite-scaled": ("GraniteConfig", _COMMON | {"logits_scaling": 4.0}),
    "llama-dynamic-rope": (
        "LlamaConfig",
        _COMMON
        | {
            "max_position_embeddings": 16,
            "rope_parameters": {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 4.0},
        },
    ),
    "bloom-alibi": ("BloomConfig", _IDS | {"hidden_size": 32, "n_layer": 2, "n_head": 4}),
    "mamba-state-space": ("MambaConfig", _IDS | {"hidden_size": 32, "num_hidden_layers": 2, "state_size": 4}),
}


@cache
def model(family: str) -> PreTrainedModel:
    """A random model whose predictions are far from uniform, so that a wrong mask shows."""
    name, arguments = FAMILIES[family]
    torch.manual_seed(0)
    made = transformers.AutoModelForCausalLM.from_config(getattr(transformers, name)(**arguments)).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            if parameter.ndim > 1 and "mamba" not in family:
                parameter.mul_(6)
    return made


@cache
def tokenizer(*, bos: bool = False, eos: bool = False) -> PreTrainedTokenizerFast:
    """Byte-level BPE; `bos` puts a token before each text and `eos` one after it."""
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<s>", "</s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(CORPUS * 3, trainer)
    if bos or eos:
        single = f"{'<s> ' if bos else ''}$A{' </s>' if eos else ''}"
        inner.post_processor = processors.TemplateProcessing(
            single=single, pair=f"{single} $B", special_tokens=[("<s>", 0), ("</s>", 1)]
        )
    return PreTrainedTokenizerFast(
        tokenizer_object=inner, bos_token="<s>" if bos else None, eos_token="</s>", pad_token="</s>"
    )


def plain(made: PreTrainedModel, context: np.ndarray, continuation: np.ndarray) -> np.ndarray:
    """The oracle: one text, the model's own forward pass, log-softmax over all logits in double precision."""
    tokens = torch.tensor([[*context, *continuation[:-1]]])
    with torch.no_grad():
        made(input_ids=tokens[:, :1])  # a dynamic rotary embedding forgets the longer text before
        logits = made(input_ids=tokens).logits[0].double()
    table = logits.log_softmax(-1)
    first = len(context)
    return np.array([table[first + i - 1, token].item() for i, token in enumerate(continuation)])


@cache
def long_model() -> PreTrainedModel:
    """A Llama that reads 512 tokens."""
    torch.manual_seed(0)
    config = transformers.LlamaConfig(**_COMMON | {"max_position_embeddings": 512})
    return transformers.LlamaForCausalLM(config).eval()


def fresh_tokenizer(*, chat_template: str) -> PreTrainedTokenizerFast:
    """A tokenizer without BOS, with a chat template."""
    made = copy.deepcopy(tokenizer())
    made.chat_template = chat_template
    return made

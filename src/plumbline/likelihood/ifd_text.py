"""How a row of instruction data is put to the model, with its question and without.

Every reading gives two token sequences for a row: context and answer with the question, and without it. The
default encodes the answer once, apart from what goes before, so that both passes score the very same tokens.
The two published readings are kept as they are, seams and truncation included, for numbers that must compare
with the papers'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from plumbline.likelihood.plan import Ints
from plumbline.likelihood.seam import Seam

Definition = Literal["loss-ratio", "perplexity-ratio"]
Pair = tuple[Ints, Ints]

# Why a row has no score; the texts for people are in messages.IFD_REASONS.
Reason = Literal["no-question", "no-answer", "answer-too-long", "too-long", "cut", "one-token", "not-finite"]

_CHINESE = ("问题：{question}\n回答：", "回答：")
_ENGLISH = ("Question: {question}\nAnswer:", "Answer:")
_CHERRY = (
    "Below is an instruction that describes a task, paired with an input that provides further context. "
    "Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:",
    "Below is an instruction that describes a task. "
    "Write a response that appropriately completes the request.\n\n"
    "### Instruction:\n{instruction}\n\n### Response:",
)
_CHERRY_ALONE = "### Response:"
_SUPERFILTERING = ("{instruction}\n{input}\n", "{instruction}\n")
PUBLISHED_LENGTH: dict[Definition, int] = {"loss-ratio": 512, "perplexity-ratio": 1024}


@dataclass(frozen=True, slots=True)
class Reading:
    """A row as tokens: the answer after its question, and on its own.

    Attributes:
        conditional: `(context, answer)` with the question.
        alone: `(context, answer)` without it.
    """

    conditional: Pair
    alone: Pair


class Reader:
    """Reads rows in the default way.

    The question goes through the model's own chat template, or, without one, through `问题：…回答：` or
    `Question: … Answer:`, by its script. The pass without the question keeps what introduces the answer
    (the template's assistant header, or `回答：`), so that the first answer token is predicted in both
    passes. Where nothing introduces it and the tokenizer has no BOS, the first answer token is left out of
    both.

    Args:
        seam: Encodes texts.
        limit: Tokens the model can read at once.
    """

    def __init__(self, seam: Seam, limit: int) -> None:
        self.seam, self.limit = seam, limit

    def read(self, row: Mapping[str, Any]) -> Reading | Reason:
        """Return the row as tokens, or why it cannot be scored."""
        instruction, extra, answer = _fields(row)
        question = f"{instruction}\n{extra}" if extra.strip() else instruction
        if not question.strip():
            return "no-question"
        if not answer.strip():
            return "no-answer"
        prompt, header = self._prompt(question)
        context, introduction = self.seam.encode([prompt, header])
        scored = self.seam.encode([answer], special=False)[0]
        if not introduction:
            context, introduction, scored = context + scored[:1], scored[:1], scored[1:]
        if not scored:
            return "one-token"
        if len(introduction) + len(scored) > self.limit + 1:
            return "answer-too-long"
        if len(context) + len(scored) > self.limit + 1:
            return "too-long"
        return Reading(_pair(context, scored), _pair(introduction, scored))

    def _prompt(self, question: str) -> tuple[str, str]:
        """Return the text before the answer, and the part of it that only introduces the answer."""
        tokenizer = self.seam.tokenizer
        if not tokenizer.chat_template:
            prompt, header = _CHINESE if _is_chinese(question) else _ENGLISH
            return prompt.format(question=question), header
        turn = [{"role": "user", "content": question}]
        asked = tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=False)
        opened = tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
        return opened, opened.removeprefix(asked) if opened.startswith(asked) else ""


class CherryReader:
    """Reads rows as Cherry_LLM's scripts do (`data_analysis.py` and `data_by_IFD.py`, `--prompt alpaca`)."""

    def __init__(self, seam: Seam, limit: int) -> None:
        self.seam, self.limit = seam, limit

    def read(self, row: Mapping[str, Any]) -> Reading | Reason:
        """Return the row as tokens, or why the scripts leave it out."""
        instruction, extra, answer = _fields(row)
        prompt = _CHERRY[not extra].format(instruction=instruction, input=extra)
        asked = len(_published(self.seam, prompt)[: self.limit])
        room = self.limit - asked - 2
        if room <= 4:
            return "too-long"
        alone = _split(self.seam, _CHERRY_ALONE, answer, room)
        conditional = _split(self.seam, prompt, answer, self.limit)
        if not len(alone[1]) or not len(conditional[1]):
            return "no-answer" if not answer else "cut"
        if asked + len(alone[1]) > self.limit:
            return "answer-too-long"
        return Reading(conditional, alone)


class SuperfilteringReader:
    """Reads rows as Superfiltering's `data_analysis.py` does."""

    def __init__(self, seam: Seam, limit: int) -> None:
        self.seam, self.limit = seam, limit

    def read(self, row: Mapping[str, Any]) -> Reading | Reason:
        """Return the row as tokens, or why the scripts give it no usable number."""
        instruction, extra, answer = _fields(row)
        if not answer:
            return "no-answer"
        prompt = _SUPERFILTERING[not extra].format(instruction=instruction, input=extra)
        asked = len(_published(self.seam, prompt)[: self.limit])
        whole = _published(self.seam, answer)[: max(self.limit - asked + 1, 0)]
        conditional = _split(self.seam, prompt, answer, self.limit)
        # The loss of the whole answer text has no prediction for its first token: BOS, or an answer token
        # without.
        if len(whole) < 2:
            return "one-token"
        if not len(conditional[1]):
            return "cut"
        return Reading(conditional, _pair(whole[:1], whole[1:]))


def _fields(row: Mapping[str, Any]) -> tuple[str, str, str]:
    instruction, extra, answer = (row.get(name) or "" for name in ("instruction", "input", "output"))
    return str(instruction), str(extra), str(answer)


def _published(seam: Seam, text: str) -> list[int]:
    # As the scripts do: whatever special tokens the tokenizer adds by default.
    ids: list[int] = seam.tokenizer.encode(text, verbose=False)
    return ids


def _split(seam: Seam, prompt: str, answer: str, length: int) -> Pair:
    """Encode prompt and answer together, keep `length` tokens, and split where the prompt alone ends."""
    start = len(_published(seam, prompt))
    whole = _published(seam, prompt + answer)[: max(length, 0)]
    return _pair(whole[:start], whole[start:])


def _pair(context: list[int], answer: list[int]) -> Pair:
    return np.array(context, np.int64), np.array(answer, np.int64)


def _is_chinese(text: str) -> bool:
    han = sum("一" <= character <= "鿿" for character in text)
    return han > sum(character.isascii() and character.isalpha() for character in text) / 4

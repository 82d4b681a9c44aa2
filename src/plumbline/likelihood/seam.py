"""Where the context ends and the continuation begins, as tokens.

A tokenizer may join the last characters of the context with the first of the continuation, so "encode both
and glue them" and "encode the whole text and cut it" differ. The rule here is that of lm-evaluation-harness,
so that numbers compare with published ones:

1. spaces at the end of the context move to the front of the continuation;
2. the context is encoded alone, and the whole text is encoded; the continuation is what the whole has beyond
   as many tokens as the context has;
3. after an empty context the continuation is scored after one start token: BOS, or EOS where the tokenizer
   has no BOS.

Two cases that rule leaves open are settled. Tokens a tokenizer puts *after* a text (EOS) are never part of
it. And where the seam swallowed the whole continuation, the cut moves back to the last token both encodings
share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from transformers import PreTrainedTokenizerBase

from plumbline.errors import InputError
from plumbline.likelihood.messages import (
    EMPTY_CONTINUATION,
    GIVE_A_CONTINUATION,
    NO_START_TOKEN,
    PAIR,
    SET_BOS,
)
from plumbline.likelihood.plan import Ints


@dataclass(frozen=True)
class Seam:
    """Encodes contexts and continuations by the rule above.

    Attributes:
        tokenizer: Any transformers tokenizer.
        left: The special tokens it puts before a text (BOS for some, none for others).
        start: What stands for an empty context; None when the tokenizer has neither BOS nor EOS.
    """

    tokenizer: PreTrainedTokenizerBase
    left: tuple[int, ...]
    start: int | None

    @classmethod
    def of(cls, tokenizer: PreTrainedTokenizerBase) -> Seam:
        """Find out what `tokenizer` puts before a text by encoding one with and without special tokens."""
        bare = tokenizer.encode("a", add_special_tokens=False)
        dressed = tokenizer.encode("a", add_special_tokens=True)
        places = range(len(dressed) - len(bare) + 1)
        before = next((at for at in places if dressed[at : at + len(bare)] == bare), 0)
        bos, eos = tokenizer.bos_token_id, tokenizer.eos_token_id
        return cls(tokenizer, tuple(dressed[:before]), eos if bos is None else bos)

    def encode(self, texts: Sequence[str], *, special: bool = True) -> list[list[int]]:
        """Encode each distinct text once; `special` puts the special tokens of the left side in front."""
        distinct = list(dict.fromkeys(texts))
        if not distinct:
            return []
        encoded = self.tokenizer(distinct, add_special_tokens=False, verbose=False)["input_ids"]
        opening = self.tokenizer.decode([self.start]) if self.start is not None else ""
        known = {}
        for text, ids in zip(distinct, encoded, strict=True):
            # A text that already opens with the start token (a chat template) does not get it twice.
            dressed = special and not (opening and text.startswith(opening))
            known[text] = [*self.left, *ids] if dressed else list(ids)
        return [known[text] for text in texts]

    def pairs(
        self, pairs: Sequence[tuple[str, str]], numbers: Sequence[int] | None = None
    ) -> list[tuple[Ints, Ints]]:
        """Encode `(context, continuation)` pairs; errors call them by `numbers`, or 1, 2, 3 ….

        Raises:
            InputError: A continuation is empty or has no token, or a context is empty and there is no start
                token.
        """
        moved = [_move_spaces(context, continuation) for context, continuation in pairs]
        contexts = self.encode([context for context, _ in moved])
        wholes = self.encode([context + continuation for context, continuation in moved])
        alone = self.encode([continuation for context, continuation in moved if not context], special=False)
        rest = iter(alone)
        cut = []
        names = numbers or range(1, len(pairs) + 1)
        for number, asked, text, context, whole in zip(names, pairs, moved, contexts, wholes, strict=True):
            context, continuation = _cut(context, whole) if text[0] else self._after_start(next(rest))
            if not asked[1] or not continuation:
                raise InputError(EMPTY_CONTINUATION(), where=PAIR(number=number), mend=GIVE_A_CONTINUATION())
            if not context:
                raise InputError(NO_START_TOKEN(), where=PAIR(number=number), mend=SET_BOS())
            cut.append((np.array(context, np.int64), np.array(continuation, np.int64)))
        return cut

    def _after_start(self, continuation: list[int]) -> tuple[list[int], list[int]]:
        if self.start is None:
            return [], continuation
        if continuation[:1] == [self.start]:
            return continuation[:1], continuation[1:]
        return [self.start], continuation


def _move_spaces(context: str, continuation: str) -> tuple[str, str]:
    kept = context.rstrip()
    return kept, context[len(kept) :] + continuation


def _cut(context: list[int], whole: list[int]) -> tuple[list[int], list[int]]:
    if len(whole) > len(context):
        return context, whole[len(context) :]
    shared = 0
    while shared < len(whole) and whole[shared] == context[shared]:
        shared += 1
    return whole[:shared], whole[shared:]

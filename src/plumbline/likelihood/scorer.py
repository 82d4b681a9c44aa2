"""The public face of the kernel: texts or tokens in, log-probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from plumbline.errors import InputError, ModelError
from plumbline.likelihood import messages
from plumbline.likelihood.engine import Engine
from plumbline.likelihood.plan import Ints, Request
from plumbline.likelihood.seam import Seam
from plumbline.likelihood.windows import windows

Tokens = Sequence[int] | Ints


@dataclass(frozen=True)
class Scores:
    """Log-likelihoods of n continuations, in the order they were asked for.

    Attributes:
        logprob: Sum of the natural-log probabilities of the tokens, float64 `[n]`.
        tokens: Number of tokens scored `[n]`.
        chars: Number of characters of the continuation `[n]`; 0 where only tokens were given.
        greedy: Whether every token was the most probable one `[n]`.
        cut: Tokens of context dropped from the left because the model cannot read them all `[n]`.
        token_logprob: Log-probability of every token, all continuations end to end, float64 `[tokens.sum()]`.
        token_greedy: Whether each token was the most probable one `[tokens.sum()]`.
    """

    logprob: NDArray[np.float64]
    tokens: Ints
    chars: Ints
    greedy: NDArray[np.bool_]
    cut: Ints
    token_logprob: NDArray[np.float64]
    token_greedy: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.logprob)

    @property
    def perplexity(self) -> NDArray[np.float64]:
        """`exp(-logprob / tokens)` of each continuation `[n]`."""
        perplexity: NDArray[np.float64] = np.exp(-self.logprob / self.tokens)
        return perplexity

    def of(self, index: int) -> NDArray[np.float64]:
        """Return the token log-probabilities of one continuation."""
        stop = int(self.tokens[: index + 1].sum())
        return self.token_logprob[stop - int(self.tokens[index]) : stop]


class Scorer:
    """Exact log P(continuation | context) under a causal language model, as fast as the hardware allows.

    Args:
        model: A loaded causal language model of transformers (or PEFT); it is put into evaluation mode.
        tokenizer: Its tokenizer.
        token_budget: Tokens in one batch; by default chosen from the device and its free memory.
        dtype: Convert the model to this type first (`torch.float32` for numbers that are published).
        check: Compare the fast pass with a plain one on a few texts now, and fall back where they differ.
        max_length: Tokens the model can read at once; by default what its configuration says.
        compile: Compile the transformer (`torch.compile`); worth it for long jobs on a GPU.

    Attributes:
        mode: How it computes: `tree` (shared contexts once), `rows` (each text its own row) or `plain`.
        seam: The rule that cuts context from continuation.

    Example:
        >>> scorer = Scorer(model, tokenizer)
        >>> scores = scorer.loglikelihood([("天空是", "蓝色的"), ("天空是", "绿色的")])
        >>> scores.logprob.argmax()
        0
    """

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        *,
        token_budget: int | None = None,
        dtype: torch.dtype | None = None,
        check: bool = True,
        max_length: int | None = None,
        compile: bool = False,
    ) -> None:
        if dtype is not None:
            model = model.to(dtype)
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.seam = Seam.of(tokenizer)
        self.engine = Engine(self.model, token_budget=token_budget, check=check, compile=compile)
        self.max_length = max_length or _readable(model, tokenizer)

    @property
    def mode(self) -> str:
        """How it computes: `tree`, `rows` or `plain`."""
        return self.engine.mode

    @property
    def dtype(self) -> str:
        """The number type of the weights, for the record: `float32`, `bfloat16` …"""
        return str(self.model.dtype).removeprefix("torch.")

    def loglikelihood(
        self, pairs: Sequence[tuple[str, str]], *, numbers: Sequence[int] | None = None
    ) -> Scores:
        """Score each continuation after its context; `plumbline.likelihood.seam` states how tokens are cut.

        Args:
            pairs: `(context, continuation)` texts. An empty context stands for the start of a text.
            numbers: What errors call the pairs, such as the lines of a file; 1, 2, 3 … by default.

        Raises:
            InputError: A continuation is empty, or longer than the model can read.
        """
        chars = np.array([len(continuation) for _, continuation in pairs], np.int64)
        return self._score(self.seam.pairs(pairs, numbers), chars, numbers)

    def loglikelihood_tokens(self, pairs: Sequence[tuple[Tokens, Tokens]]) -> Scores:
        """Score each continuation after its context, both given as token ids; neither may be empty.

        Raises:
            InputError: A context or continuation is empty, or the continuation is longer than the model can
                read.
        """
        arrays = [(np.asarray(a, np.int64), np.asarray(b, np.int64)) for a, b in pairs]
        for number, (context, continuation) in enumerate(arrays, start=1):
            if not len(context) or not len(continuation):
                raise InputError(
                    messages.EMPTY_TOKENS(),
                    where=messages.PAIR(number=number),
                    mend=messages.GIVE_TOKENS(),
                )
        return self._score(arrays, np.zeros(len(arrays), np.int64))

    def rolling(self, texts: Sequence[str]) -> Scores:
        """Score whole texts without context, for perplexity.

        Each token counts once. The first is predicted from BOS (EOS where the tokenizer has no BOS; where it
        has neither, the first token is not scored). A text longer than the model can read is cut into
        windows as lm-evaluation-harness does: each begins with the last token of the one before, and the
        last one is filled up with earlier tokens as context.

        Raises:
            InputError: A text is empty, or has a single token and there is no start token.
        """
        encoded = self.seam.encode(texts, special=False)
        pieces: list[tuple[Ints, Ints]] = []
        owner: list[int] = []
        for number, ids in enumerate(encoded):
            known = [self.seam.start, *ids] if self.seam.start is not None else ids
            cut = windows(np.array(known, np.int64), self.max_length)
            if not cut:
                where, mend = messages.TEXT(number=number + 1), messages.GIVE_A_TEXT()
                raise InputError(messages.EMPTY_TEXT(), where=where, mend=mend)
            pieces += cut
            owner += [number] * len(cut)
        scores = self._score(pieces, np.zeros(len(pieces), np.int64))
        counts = np.bincount(owner, weights=scores.tokens, minlength=len(texts)).astype(np.int64)
        chars = np.array([len(text) for text in texts], np.int64)
        cut_tokens = np.zeros(len(texts), np.int64)
        return _gather(scores.token_logprob, scores.token_greedy, counts, chars, cut_tokens)

    def _score(
        self, pairs: Sequence[tuple[Ints, Ints]], chars: Ints, numbers: Sequence[int] | None = None
    ) -> Scores:
        requests, cut = as_requests(pairs, self.max_length, numbers)
        counts = np.array([len(request.continuation) for request in requests], np.int64)
        values, greedy = self.engine.run(requests, int(counts.sum()))
        if not np.isfinite(values).all():
            raise ModelError(messages.NOT_FINITE(), mend=messages.CHECK_WEIGHTS())
        return _gather(values, greedy, counts, chars, cut)


def as_requests(
    pairs: Sequence[tuple[Ints, Ints]], max_length: int, numbers: Sequence[int] | None = None
) -> tuple[list[Request], Ints]:
    """Number the places of the results, and cut contexts from the left that are too long for the model.

    Returns:
        The requests, and how many tokens of each context were dropped `[n]`.

    Raises:
        InputError: A continuation alone is too long.
    """
    requests = []
    slot = 0
    cut = np.zeros(len(pairs), np.int64)
    for number, (context, continuation) in enumerate(pairs):
        if len(continuation) > max_length:
            raise InputError(
                messages.TOO_LONG(tokens=len(continuation), limit=max_length),
                where=messages.PAIR(number=numbers[number] if numbers else number + 1),
                mend=messages.SHORTEN(),
            )
        # The last token is predicted, not read, hence the one more.
        cut[number] = max(0, len(context) + len(continuation) - max_length - 1)
        requests.append(Request(context[cut[number] :], continuation, slot))
        slot += len(continuation)
    return requests, cut


def _gather(
    values: NDArray[np.float64], greedy: NDArray[np.bool_], counts: Ints, chars: Ints, cut: Ints
) -> Scores:
    """Add up the tokens of each continuation."""
    starts = np.cumsum(counts) - counts
    if not len(counts):
        return Scores(values, counts, chars, greedy, cut, values, greedy)
    return Scores(
        logprob=np.add.reduceat(values, starts),
        tokens=counts,
        chars=chars,
        greedy=np.logical_and.reduceat(greedy, starts),
        cut=cut,
        token_logprob=values,
        token_greedy=greedy,
    )


def _readable(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> int:
    """How many tokens the model can read at once, by its configuration, else its tokenizer, else 2,048."""
    config = model.config.get_text_config()
    for name in ("n_positions", "max_position_embeddings", "n_ctx"):
        if isinstance(length := getattr(config, name, None), int):
            return length
    # Tokenizers without a limit of their own carry a huge number.
    return tokenizer.model_max_length if tokenizer.model_max_length < 10**9 else 2048

"""Cutting a long text into windows a model can read, each token scored once."""

from __future__ import annotations

from plumbline.likelihood.plan import Ints


def windows(tokens: Ints, length: int) -> list[tuple[Ints, Ints]]:
    """Cut `tokens` (the first is context only) into `(context, continuation)` windows of `length` inputs.

    The rule of lm-evaluation-harness with one token of context: every window but the last scores `length`
    tokens after one token; the last is filled up with earlier tokens, so that it reads `length` inputs too.
    """
    cut = []
    done = 1
    while done < len(tokens):
        stop = min(done + length, len(tokens))
        cut.append((tokens[max(0, stop - 1 - length) : done], tokens[done:stop]))
        done = stop
    return cut

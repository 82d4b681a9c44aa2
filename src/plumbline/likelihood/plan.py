"""What to compute: sequences that share tokens become trees, trees become batches.

Sequences are sorted, so that those which begin alike stand together. Then, from coarse to fine:

1. a prefix shared by enough sequences (a few-shot prompt) is computed once, and its keys and values are kept;
2. neighbours that share a beginning (the options of one question) become one row, a tree in depth-first
   order, in which token `i` sees token `j` if and only if `j <= i < end[j]`, where `end[j]` closes the
   subtree of `j`;
3. rows of like length are batched under a budget of tokens.

Every token of the tree is computed once, and the order of the caller is restored by `slot`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Request:
    """One continuation after one context, as tokens.

    Attributes:
        context: Token ids `[c]`, c >= 1.
        continuation: Token ids `[n]`, n >= 1.
        slot: Where the n results go in the flat result arrays.
    """

    context: Ints
    continuation: Ints
    slot: int

    @property
    def inputs(self) -> Ints:
        """What the model reads, `[c + n - 1]`: nothing is predicted from the last token."""
        return np.concatenate([self.context, self.continuation[:-1]])


@dataclass(frozen=True, slots=True)
class Row:
    """A tree of tokens in depth-first order.

    Attributes:
        tokens: Token ids `[L]`.
        depth: Position of each token in its text, the shared prefix included `[L]`.
        end: Index just after the subtree of each token `[L]`.
        node: Tokens whose output is scored `[M]`, indices into `tokens`.
        target: The token each of them should predict `[M]`.
        slot: Where each result goes `[M]`.
    """

    tokens: Ints
    depth: Ints
    end: Ints
    node: Ints
    target: Ints
    slot: Ints

    def __len__(self) -> int:
        return len(self.tokens)

    @property
    def is_chain(self) -> bool:
        """Whether the tree has no branch, so that the plain causal mask fits."""
        return bool((self.end == len(self.tokens)).all())


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of like length after one prefix (which is empty for most)."""

    prefix: Ints
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a plan has to respect.

    Attributes:
        budget: Tokens in one batch, padding included.
        row: Tokens in a row that holds several texts; a single text may be longer.
        attention: Operations per visible token, relative to those of the linear layers; says what sharing a
            row costs.
        share: Whether trees and prefixes may be used at all; without, each sequence is a row of its own.
    """

    budget: int
    row: int = 1024
    attention: float = 2e-4
    share: bool = True

    @property
    def worth_a_pass(self) -> int:
        """Tokens a shared prefix must save: computing it alone leaves the machine partly idle."""
        return self.budget // 4


@dataclass(slots=True)
class _Unit:
    """Requests that will be one tree, `size` tokens large; the first context stands for all in sorting."""

    context: Ints
    requests: list[Request]
    size: int


def plan(requests: Sequence[Request], limits: Limits) -> Iterator[Batch]:
    """Yield batches that score every request once, the longest rows of each prefix first."""
    nothing = np.empty(0, np.int64)
    if not requests:
        return
    if not limits.share:
        yield from _batches(nothing, [_tree([request], 0) for request in requests], limits)
        return
    units = _by_context(requests, limits)
    shared = [0, *(_shared(a.context, b.context) for a, b in itertools.pairwise(units))]
    alone: list[Row] = []
    for low, high, depth in _prefixes(shared, limits):
        merged = _merge(units[low:high], shared[low:high], depth, limits)
        rows = [_tree(unit.requests, depth) for unit in merged]
        if depth:
            yield from _batches(units[low].context[:depth], rows, limits)
        else:
            alone += rows
    yield from _batches(nothing, alone, limits)


def _key(tokens: Ints) -> bytes:
    # Big-endian, so that bytes sort as token ids do, at the speed of memcmp.
    return tokens.astype(">u4").tobytes()


def _by_context(requests: Sequence[Request], limits: Limits) -> list[_Unit]:
    """Gather the requests of each context, in sorted order; several units where one tree would not pay."""
    by_context: dict[bytes, list[Request]] = {}
    for request in requests:
        by_context.setdefault(_key(request.context), []).append(request)
    units: list[_Unit] = []
    for key in sorted(by_context):
        group = sorted(by_context[key], key=lambda request: _key(request.continuation))
        context = group[0].context
        single = [
            _Unit(context, [request], len(context) + len(request.continuation) - 1) for request in group
        ]
        units += _merge(single, [len(context)] * len(single), 0, limits)
    return units


def _shared(a: Ints, b: Ints) -> int:
    """Length of the common beginning, leaving at least one token of each: the first prediction needs it."""
    shortest = min(len(a), len(b))
    differ = np.flatnonzero(a[:shortest] != b[:shortest])
    return min(int(differ[0]) if len(differ) else shortest, shortest - 1)


def _prefixes(shared: list[int], limits: Limits) -> Iterator[tuple[int, int, int]]:
    """Cut n sorted units into runs `(low, high, depth)` sharing `depth` tokens, 0 where no pass is worth it.

    Units that share `depth` tokens stand together (an interval of the array `shared`), and intervals nest. A
    prefix saves `depth * (units - 1)` tokens; going from the inmost interval outwards, each keeps the better
    of its own saving and the sum of what it contains.
    """
    # An open interval: its depth, where it begins, and the best runs inside it so far with what they save.
    opened: list[tuple[int, int, int, list[tuple[int, int, int]]]] = [(0, 0, 0, [])]
    for index in range(1, len(shared) + 1):
        common = shared[index] if index < len(shared) else 0
        low, saved, runs = index - 1, 0, list[tuple[int, int, int]]()
        while opened[-1][0] > common:
            depth, low, inner, inner_runs = opened.pop()
            saved, runs = saved + inner, inner_runs + runs
            own = depth * (index - low - 1)
            if own >= max(saved, limits.worth_a_pass):
                saved, runs = own, [(low, index, depth)]
        if opened[-1][0] == common:
            depth, low, inner, inner_runs = opened.pop()
            saved, runs = saved + inner, inner_runs + runs
        opened.append((common, low, saved, runs))
    reached = 0
    for low, high, depth in opened[0][3]:
        if reached < low:
            yield reached, low, 0
        yield low, high, depth
        reached = high
    if reached < len(shared):
        yield reached, len(shared), 0


def _merge(units: list[_Unit], shared: list[int], depth: int, limits: Limits) -> Iterator[_Unit]:
    """Join neighbours while the tokens they share save more than the longer row's attention costs.

    Args:
        units: In sorted order.
        shared: How many tokens each shares with the one before.
        depth: How many tokens the prefix already provides.
        limits: The price of attention and the longest row.
    """

    def cost(size: int, branches: bool) -> float:
        # A chain without prefix runs under the plain causal mask, which skips half of the products.
        seen = depth + size if branches or depth else size / 2
        return size * (1 + limits.attention * seen)

    current, branches = units[0], len(units[0].requests) > 1
    for unit, common in zip(units[1:], shared[1:], strict=True):
        size, own = current.size - depth, unit.size - depth
        joint = size + own - max(common - depth, 0)
        apart = cost(size, branches) + cost(own, len(unit.requests) > 1)
        if joint <= limits.row and cost(joint, branches=joint > size) < apart:
            branches = branches or joint > size
            current = _Unit(current.context, current.requests + unit.requests, joint + depth)
        else:
            yield current
            current, branches = unit, len(unit.requests) > 1
    yield current


def _tree(requests: list[Request], start: int) -> Row:
    """Lay the requests' inputs, from position `start` on, into a row where common beginnings appear once."""
    ordered = sorted(requests, key=lambda request: _key(request.inputs)) if len(requests) > 1 else requests
    tokens: list[Ints] = []
    depths: list[Ints] = []
    nodes: list[Ints] = []
    count = 0
    previous = path = np.empty(0, np.int64)  # `path[d]`: index in the row of the token at depth `start + d`
    end = np.empty(sum(len(request.inputs) - start for request in requests), np.int64)
    for request in ordered:
        inputs = request.inputs[start:]
        shortest = min(len(inputs), len(previous))
        differ = np.flatnonzero(inputs[:shortest] != previous[:shortest])
        common = int(differ[0]) if len(differ) else shortest
        end[path[common:]] = count  # what is not on the new path is closed
        fresh = np.arange(count, count + len(inputs) - common)
        path = np.concatenate([path[:common], fresh])
        tokens.append(inputs[common:])
        depths.append(np.arange(start + common, start + len(inputs)))
        count += len(fresh)
        first = len(request.context) - 1 - start
        nodes.append(path[first : first + len(request.continuation)])
        previous = inputs
    end[path] = count
    return Row(
        tokens=np.concatenate(tokens),
        depth=np.concatenate(depths),
        end=end[:count],
        node=np.concatenate(nodes),
        target=np.concatenate([request.continuation for request in ordered]),
        slot=np.concatenate([request.slot + np.arange(len(request.continuation)) for request in ordered]),
    )


def _batches(prefix: Ints, rows: list[Row], limits: Limits) -> Iterator[Batch]:
    """Batch rows of like length: the longest first, so that memory runs out at the beginning if at all."""
    current: list[Row] = []
    tokens = 0
    for row in sorted(rows, key=len, reverse=True):
        width, count = len(current[0]) if current else len(row), len(current) + 1
        full = count * width > limits.budget
        # A copy of the prefix's keys and values goes with every row.
        crowded = count * (width + len(prefix)) > 8 * limits.budget
        # A batch that keeps the machine busy is closed before rows come that would be mostly padding.
        ragged = tokens >= limits.budget // 4 and len(row) < 0.85 * width
        if current and (full or crowded or ragged):
            yield Batch(prefix, current)
            current, tokens = [], 0
        current.append(row)
        tokens += len(row)
    if current:
        yield Batch(prefix, current)

"""chrF: how alike two sentences are by their character n-grams (Popović, 2015)."""

from __future__ import annotations

from collections import Counter

_ORDER = 6
_BETA = 2.0


def chrf(candidate: str, reference: str) -> float:
    """Return chrF2 between 0 and 100, as sacrebleu computes it for a sentence: white space left out, n = 1…6.

    Precision and recall are averaged over the orders that both texts are long enough for, then combined with
    recall weighing `_BETA` times as much.

    Args:
        candidate: Text judged.
        reference: Text it should be like.
    """
    one, other = "".join(candidate.split()), "".join(reference.split())
    precision = recall = 0.0
    orders = 0
    for size in range(1, _ORDER + 1):
        first, second = _grams(one, size), _grams(other, size)
        if not first or not second:
            continue
        shared = sum((first & second).values())
        precision += shared / sum(first.values())
        recall += shared / sum(second.values())
        orders += 1
    if not orders or precision + recall == 0:
        return 0.0
    precision, recall = precision / orders, recall / orders
    weight = _BETA**2
    return 100 * (1 + weight) * precision * recall / (weight * precision + recall)


def _grams(text: str, size: int) -> Counter[str]:
    return Counter(text[at : at + size] for at in range(len(text) - size + 1))

"""Which texts are almost the same: exact Jaccard similarity of character 5-grams."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_BLOCK = 512  # rows compared at once, so that memory stays bounded whatever the number of texts


class Similar(NamedTuple):
    """Two texts by index, the earlier first, and their similarity."""

    first: int
    second: int
    similarity: float


def similar_pairs(texts: Sequence[str], *, threshold: float = 0.7, n: int = 5) -> list[Similar]:
    """Find every pair of texts whose sets of character n-grams have Jaccard similarity >= `threshold`.

    Exact: every pair is compared, except those whose sizes alone rule it out. Case, width and white space of
    characters do not count. A text shorter than `n` is one gram.

    Args:
        texts: The texts.
        threshold: Lowest similarity reported, in (0, 1].
        n: Length of the grams.

    Returns:
        Pairs, the most similar first.
    """
    from scipy.sparse import csr_array

    grams = [_grams(text, n) for text in texts]
    # By size: J(a, b) <= |a| / |b| for |a| <= |b|, so each block only meets sets up to size / threshold.
    order = sorted(range(len(texts)), key=lambda i: len(grams[i]))
    sizes = np.array([len(grams[i]) for i in order], dtype=np.int64)  # (N,)
    columns: dict[str, int] = {}
    indices = [columns.setdefault(gram, len(columns)) for i in order for gram in grams[i]]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    shape = (len(order), max(len(columns), 1))
    matrix = csr_array(
        (np.ones(len(indices), dtype=np.int32), np.array(indices, dtype=np.int64), starts), shape
    )
    found: list[Similar] = []
    for start in range(0, len(order), _BLOCK):
        stop = min(start + _BLOCK, len(order))
        end = int(np.searchsorted(sizes, sizes[stop - 1] / threshold, side="right"))
        for row, column, similarity in _block(matrix, sizes, start, stop, end, threshold):
            first, second = sorted((order[row], order[column]))
            found.append(Similar(first, second, similarity))
    return sorted(found, key=lambda pair: (-pair.similarity, pair.first, pair.second))


def _block(
    matrix: csr_array, sizes: np.ndarray, start: int, stop: int, end: int, threshold: float
) -> list[tuple[int, int, float]]:
    shared = (matrix[start:stop] @ matrix[start:end].T).tocoo()  # (stop - start, end - start)
    rows, columns = shared.row + start, shared.col + start
    upper = columns > rows
    rows, columns, common = rows[upper], columns[upper], shared.data[upper]
    similarity = common / (sizes[rows] + sizes[columns] - common)
    kept = similarity >= threshold
    return list(zip(rows[kept].tolist(), columns[kept].tolist(), similarity[kept].tolist(), strict=True))


def _grams(text: str, n: int) -> set[str]:
    plain = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return {plain[i : i + n] for i in range(max(len(plain) - n + 1, 1))} if plain else set()

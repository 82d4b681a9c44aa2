"""Which rows to keep, given their difficulty; apart from scoring, so that a choice can be made again.

Every rule takes an array of IFD values (NaN for rows without a score) and returns row indices in their
original order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def below(ifd: Floats, limit: float = 1.0) -> Indices:
    """Keep rows whose question helps: IFD < `limit`. Both papers do this first, with 1."""
    return np.flatnonzero(np.isfinite(ifd) & (ifd < limit))


def above(ifd: Floats, threshold: float, *, limit: float = 1.0) -> Indices:
    """Keep hard rows: `threshold` <= IFD < `limit`."""
    kept = below(ifd, limit)
    return kept[ifd[kept] >= threshold]


def top_share(ifd: Floats, share: float, *, limit: float = 1.0) -> Indices:
    """Keep the hardest `share` of the rows with IFD < `limit`; of equal ones the earlier come first.

    The share is of the rows that pass the limit (as in Cherry_LLM), rounded down but at least one row.

    Raises:
        ValueError: `share` is not in (0, 1].
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be in (0, 1], not {share}")
    kept = below(ifd, limit)
    if not len(kept):
        return kept
    # The small amount keeps 0.1 of 30 rows at three, though 0.1 * 30 is a little less in binary.
    count = max(1, int(len(kept) * share + 1e-9))
    order = np.argsort(-ifd[kept], kind="stable")
    return np.sort(kept[order[:count]])

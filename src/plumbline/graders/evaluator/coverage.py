"""How much of a text training met: the share of its character n-grams that are in the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from plumbline.graders.evaluator.grams import Vocabulary, windows

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def coverage_of(texts: Sequence[str], vocabulary: Vocabulary) -> npt.NDArray[np.float64]:
    """Return the share of each text's n-grams, repeats counted, that are in the vocabulary [n]."""
    shares = []
    for text in texts:
        keys = windows([text], vocabulary.longest).keys
        shares.append(float((vocabulary.find(keys) >= 0).mean()) if len(keys) else 0.0)
    return np.array(shares)


def home(texts: Sequence[str], vocabulary: Vocabulary, counts: csr_array, least: int) -> dict[str, float]:
    """Describe the training texts, so that others can be compared with them.

    The overlap of a text with the vocabulary is what it would be had the vocabulary been learnt without it:
    n-grams that owe their place to the text itself do not count.

    Args:
        texts: The training texts [n].
        vocabulary: What was learnt from them.
        counts: Of its n-grams in the texts [n, grams].
        least: Texts an n-gram had to occur in.
    """
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    without_it = counts.data * (texts_with[counts.indices] > least)
    known = np.add.reduceat(np.append(without_it, 0.0), counts.indptr[:-1]) * (np.diff(counts.indptr) > 0)
    lengths = np.bincount(windows(texts, vocabulary.longest).rows, minlength=len(texts))
    overlap = known / np.maximum(lengths, 1)
    return {
        "overlap": round(float(overlap.mean()), 4),
        "overlap_low": round(float(np.quantile(overlap, 0.05)), 4),
        "characters": round(float(np.mean([len(text) for text in texts])), 1),
    }

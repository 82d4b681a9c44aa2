"""The linear evaluator: logits that are sums over the character n-grams of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plumbline.frameworks import Framework
from plumbline.graders.evaluator.calibrate import sigmoid
from plumbline.graders.evaluator.coverage import coverage_of
from plumbline.graders.evaluator.evaluator import Contribution, Explanation, HeldOut
from plumbline.graders.evaluator.folder import Arrays, Saved, read_arrays, write_folder
from plumbline.graders.evaluator.grams import Vocabulary, fold_text, folded_places, spell

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]
_AT_ONCE = 1024
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+[”’」』）)\"']*|[^。！？!?；;\n]+$")


class LinearEvaluator:
    """Logits that are sums over the character n-grams of a text.

    A text is seen in one or several views that differ in the importance of the n-grams: its features in view
    v are x_vg = (1 + log count_g) importance_vg, scaled to length 1, and its logits sum_v x_v @ weights_v +
    intercept.

    Args:
        framework: Whose values.
        labels: Value ids.
        vocabulary: The n-grams.
        importance: Of each n-gram: inverse document frequency times emphasis [views, grams].
        weights: [views, grams, labels].
        intercept: [labels].
        thresholds: Of the probabilities [labels].
        held_out: Cross-fitted probabilities of the training rows.
        card: Data, settings, quality.
        name: Shown in tables.
    """

    def __init__(
        self,
        framework: Framework,
        labels: tuple[str, ...],
        vocabulary: Vocabulary,
        importance: npt.NDArray[np.float32],
        weights: npt.NDArray[np.float32],
        intercept: Array,
        thresholds: Array,
        held_out: HeldOut,
        card: dict[str, Any],
        name: str = "linear",
    ) -> None:
        self.framework, self.labels, self.name, self.card = framework, labels, name, card
        self.vocabulary, self.importance, self.weights = vocabulary, importance, weights
        self.intercept, self.thresholds, self.held_out = intercept, thresholds, held_out

    @classmethod
    def from_folder(cls, saved: Saved) -> LinearEvaluator:
        """Build it from a checked folder."""
        arrays, manifest = read_arrays(saved), saved.manifest
        held = HeldOut(
            arrays["held_out_probabilities"].astype(np.float64),
            arrays["held_out_labels"].astype(np.int64),
            manifest["held_out"],
        )
        return cls(
            saved.framework,
            tuple(manifest["values"]),
            Vocabulary(arrays["keys"]),
            arrays["importance"].astype(np.float32),
            arrays["weights"].astype(np.float32),
            np.array(manifest["intercept"]),
            np.array(manifest["thresholds"]),
            held,
            manifest["card"],
            saved.path.name,
        )

    def save(self, path: str | Path) -> None:
        """Write the evaluator's folder (see `folder.py`); weights are kept in half precision."""
        manifest = {
            "kind": "linear",
            "features": {"characters": self.vocabulary.longest, "grams": len(self.vocabulary)},
            "intercept": self.intercept.tolist(),
            "thresholds": self.thresholds.tolist(),
            "held_out": self.held_out.how,
            "card": self.card,
        }
        arrays: Arrays = {
            "keys": self.vocabulary.keys,
            # Rounds of emphasis multiply: half precision would overflow.
            "importance": self.importance.astype(np.float32),
            "weights": self.weights.astype(np.float16),
            "held_out_probabilities": self.held_out.probabilities.astype(np.float32),
            "held_out_labels": self.held_out.labels.astype(np.uint8),
        }
        write_folder(path, manifest, arrays, self.framework, self.labels)

    def logits(self, texts: Sequence[str]) -> Array:
        """Return logits [n, labels]; a text without any known n-gram has the intercept's."""
        parts = []
        for start in range(0, len(texts), _AT_ONCE):
            counts = self.vocabulary.count(texts[start : start + _AT_ONCE])
            views = [
                np.asarray(weigh(counts, importance) @ weights, dtype=np.float64)
                for importance, weights in zip(self.importance, self.weights, strict=True)
            ]
            parts.append(np.sum(views, axis=0) + self.intercept)
        return np.concatenate(parts) if parts else np.zeros((0, len(self.labels)))

    def predict(self, texts: Sequence[str]) -> Array:
        """Return calibrated probabilities [n, labels]."""
        return sigmoid(self.logits(texts))

    def decide(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return decisions at the evaluator's thresholds, bool [n, labels]."""
        return np.asarray(self.predict(texts) >= self.thresholds)

    def coverage(self, texts: Sequence[str]) -> Array:
        """Return the share of each text's n-grams, repeats counted, that are in the vocabulary [n]."""
        return coverage_of(texts, self.vocabulary)

    def explain(self, text: str) -> tuple[Explanation, ...]:
        """Split each logit exactly into its n-grams, and these over the sentences they occur in.

        An n-gram that occurs k times gives a k-th of its part to each place; one that reaches over the end
        of a sentence belongs to where it begins.
        """
        counts = self.vocabulary.count([text])
        grams = counts.indices
        parts = np.zeros((len(grams), len(self.labels)))
        for importance, weights in zip(self.importance, self.weights, strict=True):
            parts += weigh(counts, importance).data[:, None] * weights[grams].astype(np.float64)
        names = spell(self.vocabulary.keys[grams])
        sentences, shares = _sentence_shares(text, self.vocabulary, grams)
        by_sentence = shares @ parts  # (sentences, labels)
        logits = self.logits([text])[0]
        return tuple(
            Explanation(
                value=label,
                logit=float(logits[j]),
                intercept=float(self.intercept[j]),
                grams=tuple(
                    Contribution(names[k], float(parts[k, j]))
                    for k in np.argsort(-np.abs(parts[:, j]), kind="stable")
                ),
                sentences=tuple(
                    Contribution(one, float(part))
                    for one, part in zip(sentences, by_sentence[:, j], strict=True)
                ),
                exact=True,
            )
            for j, label in enumerate(self.labels)
        )


def weigh(counts: csr_array, importance: npt.NDArray[np.float32]) -> csr_array:
    """Turn counts into (1 + log count) importance, each row scaled to length 1 (Salton and Buckley 1988)."""
    values = counts.data.copy()
    many = values > 1
    values[many] = 1 + np.log(values[many])
    values *= importance[counts.indices]
    lengths = np.diff(counts.indptr)
    squares = np.zeros(counts.shape[0], dtype=np.float32)
    filled = lengths > 0
    if filled.any():
        squares[filled] = np.add.reduceat(values**2, counts.indptr[:-1][filled])
    norms = np.sqrt(np.maximum(squares, np.finfo(np.float32).tiny))
    weighed = counts.copy()
    weighed.data = values / np.repeat(norms, lengths)
    return weighed


def sentences_of(text: str) -> list[str]:
    """Cut a text into sentences; joined again they are the text."""
    return _SENTENCE.findall(text) or [text]


def _sentence_shares(
    text: str, vocabulary: Vocabulary, grams: npt.NDArray[np.int32]
) -> tuple[list[str], Array]:
    """Return the sentences and the share of each n-gram's places that lie in each [sentences, grams]."""
    folded = fold_text(text)
    sentences = sentences_of(text)
    column = {int(gram): k for k, gram in enumerate(grams)}
    sentence_at = np.repeat(np.arange(len(sentences)), [len(one) for one in sentences])[folded_places(text)]
    shares = np.zeros((len(sentences), len(grams)))
    for n in range(1, vocabulary.longest + 1):
        starts = len(folded) - n + 1
        if starts < 1:
            break
        packed = np.zeros(starts, dtype=np.uint64)
        codes = np.array([ord(one) for one in folded], dtype=np.uint64)
        for offset in range(n):
            packed = (packed << np.uint64(21)) | codes[offset : offset + starts]
        for place, gram in enumerate(vocabulary.find(packed)):
            if gram >= 0:
                shares[sentence_at[place], column[int(gram)]] += 1
    return sentences, shares / np.maximum(shares.sum(axis=0), 1)

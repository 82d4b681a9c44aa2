"""The linear evaluator: character n-grams, ridge regression, calibrated jointly over the values."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from plumbline.frameworks import Framework
from plumbline.graders.evaluator.calibrate import Calibrated, calibrate, sigmoid
from plumbline.graders.evaluator.evaluator import Contribution, Explanation, HeldOut
from plumbline.graders.evaluator.folder import Arrays, Saved, read_arrays, write_folder
from plumbline.graders.evaluator.grams import Vocabulary, fold_text, learn_vocabulary, spell, windows
from plumbline.graders.evaluator.labelled import LabelledSet
from plumbline.graders.evaluator.metrics import average_precision, score
from plumbline.graders.evaluator.ridge import Ridge, fit_ridge
from plumbline.graders.evaluator.split import near_groups

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]
PENALTIES = (1.0, 2.0, 4.0)
_AT_ONCE = 1024
_SENTENCE = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]+[”’」』）)\"']*|[^。！？!?；;\n]+$")


class LinearEvaluator:
    """Logits that are sums over the character n-grams of a text.

    A text's features are x_g = (1 + log count_g) idf_g, scaled to length 1; its logits x @ weights +
    intercept.

    Args:
        framework: Whose values.
        labels: Value ids.
        vocabulary: The n-grams.
        idf: Inverse document frequency of each [grams].
        weights: [grams, labels].
        intercept: [labels].
        thresholds: Of the probabilities [labels].
        held_out: Leave-one-out probabilities of the training rows.
        card: Data, settings, quality.
        name: Shown in tables.
    """

    def __init__(
        self,
        framework: Framework,
        labels: tuple[str, ...],
        vocabulary: Vocabulary,
        idf: npt.NDArray[np.float32],
        weights: npt.NDArray[np.float32],
        intercept: Array,
        thresholds: Array,
        held_out: HeldOut,
        card: dict[str, Any],
        name: str = "linear",
    ) -> None:
        self.framework, self.labels, self.name, self.card = framework, labels, name, card
        self.vocabulary, self.idf, self.weights = vocabulary, idf, weights
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
            arrays["idf"].astype(np.float32),
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
            "idf": self.idf.astype(np.float16),
            "weights": self.weights.astype(np.float16),
            "held_out_probabilities": self.held_out.probabilities.astype(np.float32),
            "held_out_labels": self.held_out.labels.astype(np.uint8),
        }
        write_folder(path, manifest, arrays, self.framework, self.labels)

    def logits(self, texts: Sequence[str]) -> Array:
        """Return logits [n, labels]; a text without any known n-gram has the intercept's."""
        parts = []
        for start in range(0, len(texts), _AT_ONCE):
            features = weigh(self.vocabulary.count(texts[start : start + _AT_ONCE]), self.idf)
            parts.append(np.asarray(features @ self.weights, dtype=np.float64) + self.intercept)
        return np.concatenate(parts) if parts else np.zeros((0, len(self.labels)))

    def predict(self, texts: Sequence[str]) -> Array:
        """Return calibrated probabilities [n, labels]."""
        return sigmoid(self.logits(texts))

    def decide(self, texts: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return decisions at the evaluator's thresholds, bool [n, labels]."""
        return np.asarray(self.predict(texts) >= self.thresholds)

    def coverage(self, texts: Sequence[str]) -> Array:
        """Return the share of each text's n-grams, repeats counted, that are in the vocabulary [n]."""
        shares = []
        for text in texts:
            keys = windows([text], self.vocabulary.longest).keys
            shares.append(float((self.vocabulary.find(keys) >= 0).mean()) if len(keys) else 0.0)
        return np.array(shares)

    def explain(self, text: str) -> tuple[Explanation, ...]:
        """Split each logit exactly into its n-grams, and these over the sentences they occur in.

        An n-gram that occurs k times gives a k-th of its part to each place; one that reaches over the end
        of a sentence belongs to where it begins.
        """
        features = weigh(self.vocabulary.count([text]), self.idf)
        parts = features.data[:, None].astype(np.float64) * self.weights[features.indices]  # (grams, labels)
        names = spell(self.vocabulary.keys[features.indices])
        sentences, shares = _sentence_shares(text, self.vocabulary, features.indices)
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


def weigh(counts: csr_array, idf: npt.NDArray[np.float32]) -> csr_array:
    """Turn counts into (1 + log count) idf, each row scaled to length 1 (Salton and Buckley 1988)."""
    values = counts.data.copy()
    many = values > 1
    values[many] = 1 + np.log(values[many])
    values *= idf[counts.indices]
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
    """Cut a folded text into sentences; joined again they are the text."""
    return _SENTENCE.findall(text) or [text]


def _sentence_shares(
    text: str, vocabulary: Vocabulary, grams: npt.NDArray[np.int32]
) -> tuple[list[str], Array]:
    """Return the sentences and the share of each n-gram's places that lie in each [sentences, grams]."""
    folded = fold_text(text)
    sentences = sentences_of(folded)
    column = {int(gram): k for k, gram in enumerate(grams)}
    sentence_at = np.repeat(np.arange(len(sentences)), [len(one) for one in sentences])
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


def train_linear(
    data: LabelledSet,
    *,
    characters: int = 2,
    least: int = 2,
    penalties: Sequence[float] = PENALTIES,
    groups: npt.ArrayLike | None = None,
    seed: int = 0,
    name: str = "linear",
) -> LinearEvaluator:
    """Train a linear evaluator; penalty, calibration and thresholds come from leave-one-out predictions.

    Args:
        data: Training rows. No row of a test set belongs here.
        characters: Longest n-gram, 1 to 3.
        least: Texts an n-gram must occur in.
        penalties: Ridge penalties to choose from by leave-one-out mean average precision.
        groups: Rows left out together [n]; near duplicates by default.
        seed: Of the calibration's folds.
        name: Shown in tables.
    """
    started = time.perf_counter()
    together = near_groups(data.texts) if groups is None else np.asarray(groups)
    vocabulary = Vocabulary(learn_vocabulary(data.texts, longest=characters, least=least))
    counts = vocabulary.count(data.texts)
    idf = inverse_document_frequency(counts)
    features = weigh(counts, idf)
    best = choose_penalty(features, data.labels, together, penalties, seed)
    fitted = calibrate(best.unseen, data.labels, together, seed=seed)
    matrix, offset = fitted.calibration.matrix, fitted.calibration.offset
    card = {
        "data": data.card(),
        "settings": {"characters": characters, "least": least, "penalty": best.penalty, "seed": seed},
        "quality": quality(fitted, best.unseen, data),
        "seconds": round(time.perf_counter() - started, 1),
    }
    return LinearEvaluator(
        data.framework,
        data.values,
        vocabulary,
        idf,
        # The calibration is linear, so it folds into the weights.
        (best.weights @ matrix).astype(np.float32),
        best.intercept @ matrix + offset,
        fitted.thresholds,
        HeldOut(fitted.unseen, data.labels.astype(np.int64), "leave-one-out"),
        card,
        name,
    )


def inverse_document_frequency(counts: csr_array) -> npt.NDArray[np.float32]:
    """log((1 + n) / (1 + texts with the n-gram)) + 1 [grams]."""
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    idf: npt.NDArray[np.float32] = (np.log((1 + counts.shape[0]) / (1 + texts_with)) + 1).astype(np.float32)
    return idf


def choose_penalty(
    features: csr_array,
    labels: npt.NDArray[np.int8],
    groups: npt.NDArray[Any],
    penalties: Sequence[float],
    seed: int,
) -> Ridge:
    """Fit with each penalty and keep the one whose leave-one-out mean average precision is best."""

    def quality_of(fit: Ridge) -> float:
        found = [average_precision(fit.unseen[:, j], labels[:, j]) for j in range(labels.shape[1])]
        return float(np.nanmean(found))

    return max((fit_ridge(features, labels, groups, one, seed=seed) for one in penalties), key=quality_of)


def quality(fitted: Calibrated, scores: Array, data: LabelledSet) -> dict[str, Any]:
    """Return what the unseen predictions of the training rows show, before and after calibration."""
    before = np.clip(scores, 0, 1)
    raw = score(before, before >= 0.5, data.labels, data.values)
    after = score(fitted.unseen, fitted.unseen >= fitted.thresholds, data.labels, data.values)
    return {"leave_one_out": after.to_json(), "calibration_error_before": raw.calibration_error}

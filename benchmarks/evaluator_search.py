"""What was tried for the linear evaluator: cross-validation on rows no test part of the five splits holds.

    python benchmarks/evaluator_search.py [--only WORD]

`evaluators.py` tests on the parts that seeds 0 to 4 leave out. Choices must not be made there, so they are
made here: eight folds over the rows that are in none of those parts (nor nearly equal to one that is). Every
way gives scores for rows it has not seen; calibration and thresholds follow as in training. Differences under
.003 are within what other folds would change. Needs the set (`plumbline suites fetch valuecsv`).
`evaluator_further.py` goes on from here.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from functools import cache

import numpy as np
from scipy.sparse import csr_array

from plumbline.graders.evaluator import LabelledSet, load_labelled, score, split_rows
from plumbline.graders.evaluator.calibrate import best_threshold, calibrate
from plumbline.graders.evaluator.grams import Vocabulary, learn_vocabulary
from plumbline.graders.evaluator.linear import weigh
from plumbline.graders.evaluator.metrics import average_precision
from plumbline.graders.evaluator.ridge import fit_ridge
from plumbline.graders.evaluator.split import folds, near_groups
from plumbline.graders.evaluator.train import LEAST_EMPHASIS, emphasise, inverse_document_frequency

FOLDS = 8
SPLITS = 5
Array = np.ndarray
Predict = Callable[[Array, Array], Array]
"""Rows to learn from and rows left out -> scores of the latter [rows, values]."""


def development_rows(data: LabelledSet, groups: Array) -> Array:
    tested = np.zeros(len(data), bool)
    for seed in range(SPLITS):
        tested[split_rows(data, seed, groups=groups).test] = True
    return np.flatnonzero(~np.isin(groups, groups[tested]))


class Material:
    """The development rows with their n-gram counts, made once."""

    def __init__(self) -> None:
        whole = load_labelled("valuecsv")
        groups = near_groups(whole.texts)
        rows = development_rows(whole, groups)
        self.data, self.groups = whole.take(rows), groups[rows]
        self.labels = self.data.labels
        self.fold = folds(self.labels, self.groups, FOLDS, 0)

    @cache  # noqa: B019  one object lives as long as the script
    def counts(
        self, longest: int = 2, part: tuple[int | None, int | None] = (None, None), shortest: int = 1
    ) -> csr_array:
        keys = learn_vocabulary(self.data.texts, longest=longest)
        keys = keys[keys >= (1 << 21 * (shortest - 1)) * (shortest > 1)]
        return Vocabulary(keys).count([text[slice(*part)] for text in self.data.texts])

    def cross_fit(self, predict: Predict) -> Array:
        unseen = np.zeros(self.labels.shape)
        for number in range(FOLDS):
            held = self.fold == number
            unseen[held] = predict(np.flatnonzero(~held), np.flatnonzero(held))
        return unseen


def ridge(m: Material, features: csr_array, penalty: float = 2.0) -> Array:
    return m.cross_fit(lambda t, h: fit_ridge(features[t], m.labels[t], penalty).predict(features[h]))


def reweighed(counts: csr_array, tf: Callable[[Array], Array], power: float = 1.0) -> csr_array:
    """Counts as tf(count) idf^power, rows scaled to length 1."""
    found = counts.copy()
    idf = inverse_document_frequency(counts) ** power
    found.data = (tf(counts.data) * idf[counts.indices]).astype(np.float32)
    return scaled(found)


def scaled(features: csr_array) -> csr_array:
    norms = np.sqrt(np.asarray(features.multiply(features).sum(axis=1)).ravel())
    found = features.copy()
    found.data = found.data / np.repeat(np.maximum(norms, 1e-12), np.diff(features.indptr)).astype(np.float32)
    return found


def okapi(counts: csr_array, k: float, b: float) -> csr_array:
    """BM25 (Robertson and Walker 1994), rows scaled to length 1."""
    length = np.repeat(np.asarray(counts.sum(axis=1)).ravel(), np.diff(counts.indptr))
    found, idf = counts.copy(), inverse_document_frequency(counts)
    damped = counts.data * (k + 1) / (counts.data + k * (1 - b + b * length / length.mean()))
    found.data = (damped * idf[counts.indices]).astype(np.float32)
    return scaled(found)


def tfidf(m: Material, *of: object) -> csr_array:
    counts = m.counts(*of)
    return weigh(counts, inverse_document_frequency(counts))


def by_library(m: Material, kind: str) -> Array:
    """One linear model a value by scikit-learn's liblinear."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    features = tfidf(m).copy()
    # liblinear reads indices of 32 bits only.
    features.indices, features.indptr = (x.astype(np.int32) for x in (features.indices, features.indptr))

    def predict(train: Array, held: Array) -> Array:
        columns = []
        for y in m.labels[train].T:
            one = LinearSVC(C=0.1) if kind == "svm" else LogisticRegression(C=4.0, solver="liblinear")
            columns.append(one.fit(features[train], y).decision_function(features[held]))
        return np.stack(columns, axis=1)

    return m.cross_fit(predict)


def emphasised(m: Material, rounds: int, least: float = LEAST_EMPHASIS, longest: int = 2) -> Array:
    """The fit after some rounds of emphasis, alone."""
    counts = m.counts(longest)
    idf = inverse_document_frequency(counts)

    def predict(train: Array, held: Array) -> Array:
        some, importance = counts[train], idf
        fit = fit_ridge(weigh(some, importance), m.labels[train], 2.0)
        for _ in range(rounds):
            importance = emphasise(importance, fit, least)
            fit = fit_ridge(weigh(some, importance), m.labels[train], 2.0)
        return fit.predict(weigh(counts[held], importance))

    return m.cross_fit(predict)


def emphasised_by_value(m: Material) -> Array:
    """Each value's n-grams emphasised by its own weights alone."""
    features = tfidf(m)

    def predict(train: Array, held: Array) -> Array:
        first, columns = fit_ridge(features[train], m.labels[train], 2.0), []
        for j, own in enumerate(first.weights.T):
            emphasis = np.abs(own) / np.sqrt((own**2).mean()) + LEAST_EMPHASIS
            seen = features.copy()
            seen.data = (seen.data * emphasis[seen.indices]).astype(np.float32)
            seen = scaled(seen)
            columns.append(fit_ridge(seen[train], m.labels[train][:, [j]], 2.0).predict(seen[held]))
        return np.concatenate(columns, axis=1)

    return m.cross_fit(predict)


def stacked(m: Material, scores: Array) -> Array:
    """A logistic regression a value on the scores of all values, by folds of its own."""
    from sklearn.linear_model import LogisticRegression

    def predict(train: Array, held: Array) -> Array:
        models = [LogisticRegression(C=1.0).fit(scores[train], y) for y in m.labels[train].T]
        return np.stack([one.decision_function(scores[held]) for one in models], axis=1)

    return m.cross_fit(predict)


def ways(m: Material) -> Iterator[tuple[str, Callable[[], Array]]]:
    """Name every way and how its scores come about."""

    @cache
    def plain() -> Array:
        return ridge(m, tfidf(m))

    @cache
    def after(rounds: int, least: float = LEAST_EMPHASIS) -> Array:
        return emphasised(m, rounds, least)

    yield "1–2-grams, ridge, penalty 2", plain
    for penalty in (1.0, 4.0):
        yield f"  penalty {penalty:g}", lambda p=penalty: ridge(m, tfidf(m), p)
    yield "  linear SVM", lambda: by_library(m, "svm")
    yield "  logistic regression", lambda: by_library(m, "logistic")
    yield "  counts above 1 ignored", lambda: ridge(m, reweighed(m.counts(), np.sign))
    yield "  plain counts", lambda: ridge(m, reweighed(m.counts(), np.abs))
    yield "  square roots of counts", lambda: ridge(m, reweighed(m.counts(), np.sqrt))
    for power in (0.75, 1.25):
        yield f"  idf^{power:g}", lambda p=power: ridge(m, reweighed(m.counts(), lambda c: 1 + np.log(c), p))
    yield "  BM25, k 1.2, b .75", lambda: ridge(m, okapi(m.counts(), 1.2, 0.75))
    yield "1-grams", lambda: ridge(m, tfidf(m, 1))
    yield "2-grams", lambda: ridge(m, tfidf(m, 2, (None, None), 2))
    yield "1–3-grams", lambda: ridge(m, tfidf(m, 3))
    yield "  and 1–2-grams, mean", lambda: (plain() + ridge(m, tfidf(m, 3))) / 2
    yield "first 120 characters", lambda: ridge(m, tfidf(m, 2, (None, 120)), 4.0)
    yield "  and the whole, 1 : 4", lambda: 0.8 * plain() + 0.2 * ridge(m, tfidf(m, 2, (None, 120)), 4.0)
    yield "last 120 characters", lambda: ridge(m, tfidf(m, 2, (-120, None)), 4.0)
    yield "emphasis by value, mean with plain", lambda: (plain() + emphasised_by_value(m)) / 2
    for rounds in (1, 2, 3, 4, 5):
        yield f"emphasis, {rounds} rounds, alone", lambda r=rounds: after(r)
        for share in (1 / 2, 1 / 3, 1 / 4):
            yield (
                f"  share {share:.2f}, plain the rest",
                lambda r=rounds, s=share: (1 - s) * plain() + s * after(r),
            )
    for least in (0.25, 1.0):
        yield (
            f"emphasis, 3 rounds, least {least:g}, share .33",
            lambda b=least: (2 * plain() + after(3, b)) / 3,
        )
    yield (
        "emphasis, 3 rounds, share .33, also of 1–3-grams",
        lambda: (2 * plain() + after(3) + 2 * ridge(m, tfidf(m, 3)) + emphasised(m, 3, longest=3)) / 6,
    )
    yield "emphasis, 3 rounds, share .33, stacked", lambda: stacked(m, (2 * plain() + after(3)) / 3)


def main(ways: Callable[[Material], Iterator[tuple[str, Callable[[], Array]]]], about: str) -> None:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--only", default="", help="ways with this word in their names")
    given = parser.parse_args()
    m = Material()
    print(f"{len(m.data)} rows, {FOLDS} folds")
    print(f"{'way':<52}{'mAP':>8}{'macro-F1':>10}{'micro-F1':>10}{'accuracy':>10}{'CPU s':>8}")
    for name, way in ways(m):
        if given.only not in name:
            continue
        started = time.process_time()
        scores = way()
        seconds = time.process_time() - started
        line(m, name, scores, seconds, expected=True)
        if name.startswith("1–2-grams, ridge"):
            line(m, "  thresholds at the best F1 on labels", scores, 0.0, expected=False)


def line(m: Material, name: str, scores: Array, seconds: float, *, expected: bool) -> None:
    fitted = calibrate(scores, m.labels, m.groups)
    thresholds = fitted.thresholds if expected else others_thresholds(m, fitted.unseen)
    found = score(fitted.unseen, fitted.unseen >= thresholds, m.labels, m.data.values)
    # Folds differ a little in their calibration, so ranking is judged on the scores themselves.
    ranked = np.mean([average_precision(scores[:, j], y) for j, y in enumerate(m.labels.T)])
    figures = (float(ranked), found.macro_f1, found.micro_f1, found.label_accuracy)
    shown = "".join(f"{one:>10.4f}" for one in figures[1:])
    print(f"{name:<52}{figures[0]:>8.4f}{shown}{seconds:>8.0f}", flush=True)


def others_thresholds(m: Material, p: Array) -> Array:
    """Thresholds for each row that were chosen on the labels of other folds [rows, values]."""
    found = np.zeros_like(p)
    for number in range(FOLDS):
        held = m.fold == number
        found[held] = [best_threshold(p[~held, j], m.labels[~held, j]) for j in range(p.shape[1])]
    return found


if __name__ == "__main__":
    main(ways, __doc__.splitlines()[0])

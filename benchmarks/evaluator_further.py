"""What was tried further for the linear evaluator: sharper filters, shares by prevalence, what did no good.

    python benchmarks/evaluator_further.py [--only WORD]

The rows, folds and figures are those of `evaluator_search.py`, which this goes on from. The two fits of the
evaluator as it is trained now were chosen here, on means over folds of two to four seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
from evaluator_search import Array, Material, emphasised, main, ridge, scaled, stacked, tfidf
from scipy.sparse import csr_array

from plumbline.graders.evaluator.companion import beside, own_companion
from plumbline.graders.evaluator.grams import Vocabulary, fold, learn_vocabulary
from plumbline.graders.evaluator.linear import weigh
from plumbline.graders.evaluator.ridge import fit_ridge, fit_sharp
from plumbline.graders.evaluator.train import (
    EDGE,
    LEAST_EMPHASIS,
    TOLERANCE,
    _fit,
    _Recipe,
    _Rows,
    emphasise,
    inverse_document_frequency,
    shares_of,
)

PENALTY, ROUNDS = 2.0, 5


def sharp(m: Material, order: int, edge: float = EDGE * PENALTY) -> Array:
    features = tfidf(m)
    return m.cross_fit(
        lambda t, h: fit_sharp(features[t], m.labels[t], edge, order=order).predict(features[h])
    )


def rounds_of(counts: csr_array, importance: Array, labels: Array) -> tuple[Array, object]:
    """The importance of n-grams after the rounds, and the last fit."""
    fit = fit_ridge(weigh(counts, importance), labels, PENALTY, tolerance=TOLERANCE)
    for _ in range(ROUNDS):
        importance = emphasise(importance, fit)
        fit = fit_ridge(weigh(counts, importance), labels, PENALTY, tolerance=TOLERANCE)
    return importance, fit


def emphasised_loosely(m: Material, scale: Array | float = 1.0) -> Array:
    """The fit after the rounds as it is trained now; labels may be scaled for it."""
    counts = m.counts()

    def predict(train: Array, held: Array) -> Array:
        importance, fit = rounds_of(
            counts[train], inverse_document_frequency(counts), m.labels[train] / scale
        )
        return fit.predict(weigh(counts[held], importance)) * scale

    return m.cross_fit(predict)


def emphasised_by_halves(m: Material) -> Array:
    """Emphasis by the products of weights from two halves of the rows, which noise does not inflate."""
    counts = m.counts()

    def predict(train: Array, held: Array) -> Array:
        importance, some, labels = inverse_document_frequency(counts), counts[train], m.labels[train]
        generator = np.random.default_rng(0)
        for _ in range(ROUNDS):
            features, half = weigh(some, importance), generator.random(len(train)) < 0.5
            one, other = (fit_ridge(features[k], labels[k], PENALTY).weights for k in (half, ~half))
            agreed = np.sqrt(np.maximum((one * other).sum(axis=1), 0))
            agreed /= np.sqrt((agreed**2).mean())
            importance = (importance * (agreed + LEAST_EMPHASIS)).astype(np.float32)
        return fit_ridge(weigh(some, importance), labels, PENALTY).predict(weigh(counts[held], importance))

    return m.cross_fit(predict)


def emphasised_in_parts(m: Material, times: int = 3) -> Array:
    """The mean of emphasised fits that see a random half of the n-grams each."""
    counts = m.counts()

    def predict(train: Array, held: Array) -> Array:
        generator, found = np.random.default_rng(1), np.zeros((len(held), m.labels.shape[1]))
        for _ in range(times):
            part = inverse_document_frequency(counts) * (generator.random(counts.shape[1]) < 0.5)
            importance, fit = rounds_of(counts[train], part.astype(np.float32), m.labels[train])
            found += fit.predict(weigh(counts[held], importance)) / times
        return found

    return m.cross_fit(predict)


def ratios(m: Material) -> Array:
    """Each value's n-grams weighted by its log-count ratios (Wang and Manning 2012), then ridge."""
    features, occurs = tfidf(m), m.counts().sign()

    def predict(train: Array, held: Array) -> Array:
        columns = []
        for y in m.labels[train].T:
            yes, no = (1 + np.asarray(occurs[train[y == one]].sum(axis=0)).ravel() for one in (1, 0))
            ratio = np.abs(np.log(yes / yes.sum()) - np.log(no / no.sum()))
            seen = features.copy()
            seen.data = (seen.data * ratio[seen.indices]).astype(np.float32)
            seen = scaled(seen)
            columns.append(fit_ridge(seen[train], y[:, None], PENALTY).predict(seen[held]))
        return np.concatenate(columns, axis=1)

    return m.cross_fit(predict)


def balanced(m: Material) -> Array:
    """A linear SVM whose rare positives weigh as much as the other rows."""
    from sklearn.svm import LinearSVC

    features = tfidf(m).copy()
    features.indices, features.indptr = (x.astype(np.int32) for x in (features.indices, features.indptr))

    def predict(train: Array, held: Array) -> Array:
        models = [
            LinearSVC(C=0.1, class_weight="balanced").fit(features[train], y) for y in m.labels[train].T
        ]
        return np.stack([one.decision_function(features[held]) for one in models], axis=1)

    return m.cross_fit(predict)


@cache
def kernel(m: Material) -> Array:
    features = tfidf(m)
    return np.asarray((features @ features.T).todense(), dtype=np.float64)


def radial(m: Material, width: float) -> Array:
    """Ridge regression in a radial kernel: not linear, to see what a teacher could know more."""
    similar = np.exp(width * (kernel(m) - 1))

    def predict(train: Array, held: Array) -> Array:
        y = m.labels[train] - m.labels[train].mean(axis=0)
        alpha = np.linalg.solve(similar[np.ix_(train, train)] + 0.5 * np.eye(len(train)), y)
        return similar[np.ix_(held, train)] @ alpha

    return m.cross_fit(predict)


def by_neighbours(similar: Array, labels: Array, count: int = 30) -> Array:
    """Mean labels of the most similar rows, by similarity; `similar` [rows, labelled rows]."""
    nearest = np.argpartition(-similar, count, axis=1)[:, :count]
    weight = np.maximum(np.take_along_axis(similar, nearest, axis=1), 0)
    return (weight[:, :, None] * labels[nearest]).sum(axis=1) / weight.sum(axis=1)[:, None]


def neighbours(m: Material) -> Array:
    return m.cross_fit(lambda t, h: by_neighbours(kernel(m)[np.ix_(h, t)], m.labels[t]))


def student(m: Material, share: float) -> Array:
    """Ridge regression on labels that are softened by those of each row's neighbours."""
    features = tfidf(m)

    def predict(train: Array, held: Array) -> Array:
        similar = kernel(m)[np.ix_(train, train)] - 2 * np.eye(len(train))
        soft = (1 - share) * m.labels[train] + share * by_neighbours(similar, m.labels[train])
        return fit_ridge(features[train], soft, PENALTY).predict(features[held])

    return m.cross_fit(predict)


def apart(m: Material, most: int) -> Array:
    """Ridge regression on pairs of characters up to so many places apart, in either order."""
    keys, rows = [], []
    codes, lengths = fold(m.data.texts)
    row = np.repeat(np.arange(len(lengths)), lengths)
    for distance in range(1, most + 1):
        one, other = codes[:-distance].astype(np.uint64), codes[distance:].astype(np.uint64)
        inside = (row[:-distance] == row[distance:]) & (one != other)
        keys.append((np.minimum(one, other) << np.uint64(21) | np.maximum(one, other))[inside])
        rows.append(row[:-distance][inside])
    known, columns = np.unique(np.concatenate(keys), return_inverse=True)
    counts = csr_array((np.ones(len(columns), np.float32), (np.concatenate(rows), columns)))
    counts.sum_duplicates()
    often = np.flatnonzero(np.bincount(counts.indices, minlength=len(known)) >= 3)
    counts = csr_array(counts[:, often])
    return ridge(m, weigh(counts, inverse_document_frequency(counts)))


def without_first(m: Material, rows: int) -> Array:
    """Without the first rows of the file, whose labels are sparser than the rest."""
    features = tfidf(m)

    def predict(train: Array, held: Array) -> Array:
        later = train[train >= rows]
        return fit_ridge(features[later], m.labels[later], PENALTY).predict(features[held])

    return m.cross_fit(predict)


def beside_paragraphs(m: Material) -> Array:
    """As trained now: our own paragraphs are learnt from as well, at the prevalences of the data."""
    own = beside(own_companion(m.data), m.data)
    vocabulary = Vocabulary(learn_vocabulary([*m.data.texts, *own.texts]))
    counts = vocabulary.count(m.data.texts)
    rows = _Rows(counts, m.labels, vocabulary.count(own.texts), own.labels)
    idf, recipe = inverse_document_frequency(counts), _Recipe(PENALTY, 3, ROUNDS, shares_of(m.labels))

    def predict(train: Array, held: Array) -> Array:
        views = _fit(*rows.learnt(np.isin(np.arange(len(m.labels)), train)), idf, recipe)
        return np.sum([v.share * v.fit.predict(weigh(counts[held], v.importance)) for v in views], axis=0)

    return m.cross_fit(predict)


def ways(m: Material) -> Iterator[tuple[str, Callable[[], Array]]]:
    @cache
    def first(order: int = 3) -> Array:
        return sharp(m, order)

    @cache
    def last() -> Array:
        return emphasised_loosely(m)

    def mean(one: Callable[[], Array], other: Callable[[], Array], share: Array | float) -> Array:
        return (1 - share) * one() + share * other()

    def best() -> Array:
        return mean(first, last, shares_of(m.labels))

    def mixed(other: Callable[[], Array], share: float) -> Array:
        """With the best, both scaled alike a value."""
        return mean(lambda: best() / best().std(axis=0), lambda: other() / other().std(axis=0), share)

    for order in (2, 3, 4, 6):
        yield f"1–2-grams, sharp, order {order}, edge 1.4", partial(first, order)
    for edge in (1.2, 1.7):
        yield f"  order 3, edge {edge}", partial(sharp, m, 3, edge)
    yield "emphasis, 5 rounds, share .30, ridge the rest", lambda: mean(lambda: ridge(m, tfidf(m)), last, 0.3)
    for order in (2, 3, 4):
        yield f"  sharp of order {order} the rest", lambda o=order: mean(partial(first, o), last, 0.3)
    yield "  … share .20", lambda: mean(first, last, 0.2)
    rare = np.where(m.labels.mean(axis=0) < 0.1, 0.45, 0.15)
    yield "  … share .45 below a prevalence of .1, else .15", lambda: mean(first, last, rare)
    yield "  … shares by prevalence, .1 to .5", best
    yield "  … and our own paragraphs (as trained now)", partial(beside_paragraphs, m)
    yield (
        "  … by a logistic regression on scores of all values",
        lambda: stacked(m, np.hstack([first(), last()])),
    )
    deviation = m.labels.std(axis=0)
    yield (
        "  labels scaled to deviation 1 for emphasis",
        lambda: mean(first, partial(emphasised_loosely, m, deviation), shares_of(m.labels)),
    )
    yield "  solved to .001", lambda: mean(first, partial(emphasised, m, ROUNDS), shares_of(m.labels))
    yield "  emphasis by two halves of the rows", lambda: mean(first, partial(emphasised_by_halves, m), 0.3)
    yield "  three halves of the n-grams", lambda: mean(first, partial(emphasised_in_parts, m), 0.3)
    others: dict[str, Callable[[], Array]] = {
        "log-count ratios": partial(ratios, m),
        "SVM, rare positives weighed up": partial(balanced, m),
        "radial kernel": partial(radial, m, 2.0),
        "30 neighbours": partial(neighbours, m),
        "student of labels and neighbours, 1 : 1": partial(student, m, 0.5),
        "pairs up to 6 characters apart": partial(apart, m, 6),
    }
    for name, way in others.items():
        other = cache(way)
        yield name, other
        yield "  and shares by prevalence, 1 : 4", partial(mixed, other, 0.2)
    yield "without the first 230 rows, ridge", partial(without_first, m, 230)


if __name__ == "__main__":
    main(ways, __doc__.splitlines()[0])

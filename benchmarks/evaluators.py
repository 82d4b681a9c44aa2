"""The evaluators' table: five seeded 70/20/10 splits of ValueCSV5000, ways tried, and speed.

    python benchmarks/evaluators.py [--seeds 5] [--first 0] [--ways default,plain,...] [--shuffled]

Needs the set (`plumbline suites fetch valuecsv`). No way sees a test row before it is scored; what has no
validation of its own chooses its thresholds out of fold within the other nine tenths. The default learns from
our own texts as well, `alone` does not. `--shuffled` cuts the splits from a mere shuffle, without regard for
labels or near duplicates, as trials commonly do; `--first 5` begins with another seed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from plumbline.graders.evaluator import LabelledSet, Scores, load_labelled, score, split_rows, train_linear
from plumbline.graders.evaluator.calibrate import calibrate, sigmoid
from plumbline.graders.evaluator.companion import beside, own_companion
from plumbline.graders.evaluator.split import folds, near_groups


class Trained(NamedTuple):
    probabilities: np.ndarray
    decisions: np.ndarray
    seconds: float


Way = Callable[[LabelledSet, LabelledSet, np.ndarray, LabelledSet | None], Trained]
"""Rows to learn from, rows to score, groups of the former, and our own texts to learn from as well."""


def linear(companion: bool = True, **options: object) -> Way:
    def way(train: LabelledSet, test: LabelledSet, groups: np.ndarray, own: LabelledSet | None) -> Trained:
        started = time.process_time()
        evaluator = train_linear(
            train, also=own if companion else None, groups=groups, penalties=(2.0,), **options
        )  # type: ignore[arg-type]
        seconds = time.process_time() - started
        p = evaluator.predict(test.texts)
        return Trained(p, p >= evaluator.thresholds, seconds)

    return way


def support_vectors(
    train: LabelledSet, test: LabelledSet, groups: np.ndarray, own: LabelledSet | None
) -> Trained:
    """scikit-learn's TF-IDF and linear SVM, calibrated and cut as ours."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    started = time.process_time()
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    x = features.fit_transform(train.texts)
    fold, unseen = folds(train.labels, groups, 5), np.zeros(train.labels.shape)
    fitted = []
    for j, y in enumerate(train.labels.T):
        for number in range(5):
            held = fold == number
            unseen[held, j] = LinearSVC(C=0.1).fit(x[~held], y[~held]).decision_function(x[held])
        fitted.append(LinearSVC(C=0.1).fit(x, y))
    calibrated = calibrate(unseen, train.labels, groups)
    seconds = time.process_time() - started
    raw = np.stack([one.decision_function(features.transform(test.texts)) for one in fitted], axis=1)
    p = sigmoid(calibrated.calibration.logits(raw))
    return Trained(p, p >= calibrated.thresholds, seconds)


def all_ones(train: LabelledSet, test: LabelledSet, groups: np.ndarray, own: LabelledSet | None) -> Trained:
    p = np.tile(train.labels.mean(axis=0), (len(test), 1))
    return Trained(p, np.ones(p.shape, bool), 0.0)


def majority(train: LabelledSet, test: LabelledSet, groups: np.ndarray, own: LabelledSet | None) -> Trained:
    p = np.tile(train.labels.mean(axis=0), (len(test), 1))
    return Trained(p, p >= 0.5, 0.0)


def stratified(data: LabelledSet, groups: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    parts = split_rows(data, seed, groups=groups)
    return np.sort(np.concatenate([parts.train, parts.validation])), parts.test


def shuffled(data: LabelledSet, groups: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.random.default_rng(seed).permutation(len(data))
    cut = round(0.9 * len(data))
    return np.sort(order[:cut]), np.sort(order[cut:])


WAYS: dict[str, Way] = {
    "default": linear(),
    "alone": linear(companion=False),
    "sharp": linear(companion=False, rounds=0),
    "emphasis": linear(companion=False, order=1, share=0.3),
    "two-rounds": linear(companion=False, order=1, rounds=2, share=0.5),
    "one-round": linear(companion=False, order=1, rounds=1, share=0.5),
    "plain": linear(companion=False, order=1, rounds=0),
    "three-characters": linear(characters=3),
    "svm": support_vectors,
    "all-ones": all_ones,
    "majority": majority,
}
FIGURES = (
    "macro_f1",
    "micro_f1",
    "mean_average_precision",
    "label_accuracy",
    "exact_match",
    "calibration_error",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--shuffled", action="store_true")
    given = parser.parse_args()
    split = shuffled if given.shuffled else stratified
    data = load_labelled("valuecsv")
    groups, own = near_groups(data.texts), own_companion(data)
    own = None if own is None else beside(own, data)
    found: dict[str, list[Scores]] = {}
    print(f"{'way':<18}" + "".join(f"{name:>24}" for name in FIGURES) + f"{'CPU s':>8}", flush=True)
    for name in given.ways.split(","):
        seconds = []
        for seed in range(given.first, given.first + given.seeds):
            rows, tested = split(data, groups, seed)
            train, test = data.take(rows), data.take(tested)
            trained = WAYS[name](train, test, groups[rows], own)
            seconds.append(trained.seconds)
            found.setdefault(name, []).append(
                score(trained.probabilities, trained.decisions, test.labels, test.values)
            )
        print(
            f"{name:<18}" + "".join(figure(found[name], one) for one in FIGURES) + f"{np.mean(seconds):8.1f}",
            flush=True,
        )
    best = next(iter(found.values()))
    print("\nper value, first way:")
    for value in data.values:
        each = [one.values[value] for one in best]
        print(f"  {value:<14} F1 {np.mean([e.f1 for e in each]):.3f} ± {np.std([e.f1 for e in each]):.3f}   "
              f"AP {np.mean([e.average_precision for e in each]):.3f}   prevalence {each[0].prevalence:.3f} "
              f"calibration error {np.mean([e.calibration_error for e in each]):.3f}")  # fmt: skip
    speed(data)


def figure(scores: list[Scores], name: str) -> str:
    values = [getattr(one, name) for one in scores]
    return f"{np.mean(values):>15.4f} ± {np.std(values):.4f}"


def speed(data: LabelledSet) -> None:
    evaluator = train_linear(data.take(range(0, len(data), 4)), penalties=(2.0,))
    evaluator.predict(data.texts[:64])
    started = time.process_time()
    evaluator.predict(data.texts)
    print(f"\nprediction: {len(data) / (time.process_time() - started):,.0f} texts/s of one core")


if __name__ == "__main__":
    main()

"""How far several classifiers that never read the questions get with a suite of choices.

    python benchmarks/answer_only.py [SUITE]

Each is cross-validated in five parts by item, over three splits. `plumbline suites check` shows the first
only, and our own suites were edited against that one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from plumbline.suites import Choice, load_suite

_MARKS = "，。；：、！？“”"
_WORDS = re.findall(
    "\\S+", "可以 建议 先 再 别 不要 就 也 你 您 我 他 如果 要是 但 可 不过 一起 或 请 比如 法律 医院 说"
)


def style(texts: list[str]) -> np.ndarray:
    """Length, punctuation, length of clauses and common words: nothing of what a text is about."""
    rows = []
    for text in texts:
        clauses = [len(part) for part in re.split("[，。；：！？]", text) if part]
        marks = [text.count(mark) / len(text) for mark in _MARKS]
        rows.append([len(text), float(np.mean(clauses)), *marks, *(word in text for word in _WORDS)])
    return np.array(rows, float)


def characters(kind: type, low: int, high: int, **options: Any) -> Callable[[list[str]], Any]:
    return kind(analyzer="char", ngram_range=(low, high), **options).fit_transform


WAYS: dict[str, tuple[Callable[[list[str]], Any], Callable[[], Any]]] = {
    "logistic regression, characters 1-3": (
        characters(TfidfVectorizer, 1, 3, sublinear_tf=True),
        lambda: LogisticRegression(solver="liblinear", class_weight="balanced"),
    ),
    "naive Bayes, characters 1-3": (characters(CountVectorizer, 1, 3, binary=True), MultinomialNB),
    "linear SVM, characters 2-4": (
        characters(TfidfVectorizer, 2, 4, sublinear_tf=True, min_df=2),
        lambda: LinearSVC(C=0.3),
    ),
    "random forest, style alone": (
        style,
        lambda: RandomForestClassifier(200, min_samples_leaf=3, random_state=0),
    ),
}


def accuracy(items: list[Choice], features: Callable[[list[str]], Any], make: Callable[[], Any]) -> float:
    """Share of items whose better option scores highest, ties shared; mean over three splits."""
    sizes = [len(item.options) for item in items]
    matrix = features([option for item in items for option in item.options])
    better = np.concatenate([np.arange(len(item.options)) == item.answer for item in items])
    starts = np.cumsum([0, *sizes])
    shares = []
    for seed in range(3):
        fold = np.repeat(np.random.default_rng(seed).permutation(len(items)) % 5, sizes)
        scores = np.zeros(len(better))
        for held in range(5):
            model = make().fit(matrix[fold != held], better[fold != held])
            part = matrix[fold == held]
            scores[fold == held] = (
                model.decision_function(part)
                if hasattr(model, "decision_function")
                else model.predict_proba(part)[:, 1]
            )
        for item, start, size in zip(items, starts, sizes, strict=False):
            own = scores[start : start + size]
            best = np.flatnonzero(own == own.max())
            shares.append(float(item.answer in best) / len(best))
    return float(np.mean(shares))


def main() -> None:
    items = [
        item
        for item in load_suite(sys.argv[1] if len(sys.argv) > 1 else "plumb-choice")
        if isinstance(item, Choice)
    ]
    parts = {"all": items} | {
        name: [item for item in items if item.difficulty == name] for name in ("easy", "hard")
    }
    parts = {name: part for name, part in parts.items() if len(part) >= 20}
    print("| options only | " + " | ".join(f"{name} ({len(part)})" for name, part in parts.items()) + " |")
    print("|---|" + "---|" * len(parts))
    for name, (features, make) in WAYS.items():
        figures = (f"{100 * accuracy(part, features, make):.1f} %" for part in parts.values())
        print(f"| {name} | " + " | ".join(figures) + " |")


if __name__ == "__main__":
    main()

"""How far one gets with a suite of choices without reading the questions."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from plumbline.files import write_json
from plumbline.graders.refusal import REFUSAL_WORDS
from plumbline.suites.items import Choice
from plumbline.suites.suite import Suite

_SHIPPED = Path(__file__).parent / "data"
# Raise it when the computation changes: figures kept from before are then computed anew.
_VERSION = 1
_FOLDS = 5
_MANY = 1000
_WORDS = tuple(word.lower() for word in REFUSAL_WORDS)


@dataclass(frozen=True)
class Baseline:
    """Accuracy of four ways of choosing that do not understand the question.

    Attributes:
        accuracy: A classifier of character 1-3-grams that sees only the options, cross-validated; None where
            there are too few items to train it.
        longer: Choosing the longest option; ties share.
        refusal_words: Choosing an option with words of refusal or caution; a guess where all or none has any.
        refusal_words_decided: The same over the items it decides; None where it decides none.
        chance: Choosing at random.
    """

    accuracy: float | None
    longer: float
    refusal_words: float
    refusal_words_decided: float | None
    chance: float


def answer_only_baseline(suite: Suite) -> Baseline | None:
    """Return the baseline of a suite of choices: the one kept for these very items, or computed now and kept.

    The suites of this package bring theirs; others are kept in the user's cache folder.

    Returns:
        The baseline, or None for a suite without choices.
    """
    choices = _choices(suite)
    if not choices:
        return None
    key = suite.hash
    kept = _kept(_SHIPPED / suite.id / "baseline.json", key) or _kept(_cache_file(key), key)
    if kept is None:
        kept = compute_baseline(choices)
        # A cache folder that cannot be written costs time at the next call, nothing else.
        with contextlib.suppress(OSError):
            write_baseline(_cache_file(key), key, kept)
    return kept


def compute_baseline(choices: Sequence[Choice]) -> Baseline:
    """Compute the baseline of items; `answer_only_baseline` does so only once for the same items."""
    decided = [item for item in choices if 0 < sum(map(has_refusal_words, item.options)) < len(item.options)]
    return Baseline(
        accuracy=_classifier_accuracy(choices),
        longer=float(np.mean([_longest(item) for item in choices])),
        refusal_words=float(np.mean([_with_words(item) for item in choices])),
        refusal_words_decided=float(np.mean([_with_words(item) for item in decided])) if decided else None,
        chance=float(np.mean([1 / len(item.options) for item in choices])),
    )


def write_baseline(path: Path, suite_hash: str, baseline: Baseline) -> None:
    """Keep a baseline in a file, with the hash of the items it holds for."""
    write_json(path, {"version": _VERSION, "suite": suite_hash, **asdict(baseline)})


def has_refusal_words(text: str) -> bool:
    """Tell whether a text holds any word of refusal or caution."""
    lowered = text.lower()
    return any(word in lowered for word in _WORDS)


def _choices(suite: Suite) -> list[Choice]:
    return [item for item in suite if isinstance(item, Choice)]


def _kept(path: Path, suite_hash: str) -> Baseline | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("version") != _VERSION or data.pop("suite") != suite_hash:
            return None
        return Baseline(**data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Absent, or written by another version: computed anew.
        return None


def _cache_file(suite_hash: str) -> Path:
    # Not in PLUMBLINE_DATA, which may be a shared folder that only holds published files.
    cache = os.environ.get("XDG_CACHE_HOME")
    return (
        (Path(cache) if cache else Path.home() / ".cache") / "plumbline" / "baselines" / f"{suite_hash}.json"
    )


def _longest(item: Choice) -> float:
    return _share([float(len(option)) for option in item.options], item.answer)


def _with_words(item: Choice) -> float:
    return _share([float(has_refusal_words(option)) for option in item.options], item.answer)


def _share(scores: Sequence[float], answer: int) -> float:
    """Return the chance of choosing `answer` when one of the highest scores is chosen at random."""
    best = [i for i, score in enumerate(scores) if score == max(scores)]
    return 1 / len(best) if answer in best else 0.0


def _classifier_accuracy(choices: Sequence[Choice]) -> float | None:
    """Train on options labelled better or not, fifths of the questions left out; choose the highest.

    Items with the same question fall into the same fifth. A split is a matter of luck in a small suite, so
    the mean over five splits is taken there.
    """
    groups = _groups(choices)
    if len(set(groups)) < 2 * _FOLDS:
        return None
    from sklearn.feature_extraction.text import TfidfVectorizer

    options = [option for item in choices for option in item.options]
    # The weights of n-grams use no labels, so fitting them on all options gives nothing away.
    features = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit_transform(options)
    repeats = 1 if len(choices) >= _MANY else 5
    return float(np.mean([_one_split(choices, groups, features, seed) for seed in range(repeats)]))


def _one_split(choices: Sequence[Choice], groups: Sequence[int], features: object, seed: int) -> float:
    from sklearn.linear_model import LogisticRegression

    fold_of_group = np.random.default_rng(seed).permutation(max(groups) + 1) % _FOLDS
    sizes = [len(item.options) for item in choices]
    fold = np.repeat(fold_of_group[list(groups)], sizes)  # (options,)
    better = np.concatenate([np.arange(len(item.options)) == item.answer for item in choices])  # (options,)
    scores = np.zeros(len(better))
    for left_out in range(_FOLDS):
        held = fold == left_out
        if not held.any() or len(set(better[~held].tolist())) < 2:
            continue
        model = LogisticRegression(solver="liblinear", class_weight="balanced", random_state=0)
        model.fit(features[~held], better[~held])  # type: ignore[index]
        scores[held] = model.decision_function(features[held])  # type: ignore[index]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return float(
        np.mean(
            [
                _share(scores[start : start + len(item.options)].tolist(), item.answer)
                for item, start in zip(choices, starts, strict=False)
            ]
        )
    )


def _groups(choices: Sequence[Choice]) -> list[int]:
    """Number the questions: items that ask the same, or share the tag `pair`, are one group."""
    numbers: dict[str, int] = {}
    return [numbers.setdefault(item.tags.get("pair") or item.question, len(numbers)) for item in choices]

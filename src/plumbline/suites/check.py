"""Guard a suite: does anything but the values decide it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from plumbline.suites.baseline import Baseline, answer_only_baseline
from plumbline.suites.items import AnyItem, Choice, texts_of
from plumbline.suites.similar import similar_pairs
from plumbline.suites.suite import Suite

Status = Literal["pass", "warn", "fail"]
Name = Literal["ids", "texts", "near-duplicates", "positions", "longer", "refusal-words", "answer-only"]

SIMILAR = 0.7
"""Jaccard similarity of character 5-grams from which two items are near-duplicates."""
STYLE_BOUNDS = (0.05, 0.10)
"""How far a rule of style may be from chance: within the first passes, beyond the second fails."""
ANSWER_ONLY_BOUNDS = (0.12, 0.20)
"""How far the answer-only classifier may be above chance."""
NEAR_DUPLICATE_BOUNDS = (0.0, 0.02)
"""Share of items with a near-duplicate."""
_SHOWN = 20


@dataclass(frozen=True)
class Check:
    """One check of a suite.

    Attributes:
        name: What was checked.
        status: `pass`, `warn` or `fail`.
        value: The figure: how many (ids, texts, near-duplicates) or an accuracy (the others).
        low: Lowest figure that passes.
        high: Highest figure that passes.
        decided: Refusal words only: the accuracy over the items they decide.
        examples: Ids of the items concerned, at most 20.
    """

    name: Name
    status: Status
    value: float
    low: float
    high: float
    decided: float | None = None
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class SuiteCheck:
    """What the checks found in a suite, and how many items it has of each sort."""

    suite: str
    hash: str
    items: int
    dropped: int
    values: dict[str, int]
    categories: dict[str, int]
    difficulties: dict[str, int]
    checks: tuple[Check, ...]
    baseline: Baseline | None

    @property
    def status(self) -> Status:
        """The worst status of all checks."""
        found = {check.status for check in self.checks}
        return "fail" if "fail" in found else "warn" if "warn" in found else "pass"

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {"status": self.status, **asdict(self)}


def check_suite(suite: Suite) -> SuiteCheck:
    """Check any suite, ours or a user's.

    Every suite: unique ids, unique texts, near-duplicates. Choices also: the right answer's position, and how
    often it is chosen by length, by words of refusal, and by a classifier that sees only the options.
    """
    items = suite.items
    baseline = answer_only_baseline(suite)
    checks = [_ids(items), _texts(items), _near_duplicates(items)]
    if baseline is not None:
        checks += _choice_checks([item for item in items if isinstance(item, Choice)], baseline)
    return SuiteCheck(
        suite=suite.id,
        hash=suite.hash,
        items=len(items),
        dropped=len(suite.dropped),
        values=dict(Counter(value for item in items for value in item.values)),
        categories=dict(Counter(item.category for item in items if item.category)),
        difficulties=dict(Counter(str(item.difficulty) for item in items if item.difficulty)),
        checks=tuple(checks),
        baseline=baseline,
    )


def _ids(items: Sequence[AnyItem]) -> Check:
    return _none_of("ids", _repeated(items, lambda item: item.id))


def _texts(items: Sequence[AnyItem]) -> Check:
    """Find items with the text of an earlier one, whatever the order of their options.

    Items that say they show one pair in several orders (tag `pair`) may differ in the order alone.
    """

    def text(item: AnyItem) -> str:
        prompt, *options = texts_of(item)
        return "\n".join([prompt, *(options if _declared(item) else sorted(options))])

    return _none_of("texts", _repeated(items, text))


def _near_duplicates(items: Sequence[AnyItem]) -> Check:
    pairs = similar_pairs(["\n".join(texts_of(item)) for item in items], threshold=SIMILAR)
    pairs = [
        pair
        for pair in pairs
        if not (
            _declared(items[pair.first]) and _declared(items[pair.first]) == _declared(items[pair.second])
        )
    ]
    concerned = {index for pair in pairs for index in pair[:2]}
    status = _status(len(concerned) / max(len(items), 1), NEAR_DUPLICATE_BOUNDS)
    examples = tuple(f"{items[pair.first].id} ~ {items[pair.second].id}" for pair in pairs[:_SHOWN])
    return Check("near-duplicates", status, float(len(pairs)), 0, 0, examples=examples)


def _declared(item: AnyItem) -> str:
    """Return the group of items an item is openly a rewording or reordering within, if any."""
    return item.tags.get("paraphrase-of") or item.tags.get("pair") or ""


def _repeated(items: Sequence[AnyItem], key: Callable[[AnyItem], str]) -> list[str]:
    seen: set[str] = set()
    repeated = []
    for item in items:
        if key(item) in seen:
            repeated.append(item.id)
        seen.add(key(item))
    return repeated


def _none_of(name: Name, found: list[str]) -> Check:
    return Check(name, "fail" if found else "pass", float(len(found)), 0, 0, examples=tuple(found[:_SHOWN]))


def _choice_checks(choices: Sequence[Choice], baseline: Baseline) -> list[Check]:
    chance = baseline.chance
    checks = [
        _positions(choices),
        _by_style("longer", baseline.longer, chance),
        _by_style("refusal-words", baseline.refusal_words, chance, baseline.refusal_words_decided),
    ]
    if baseline.accuracy is not None:
        status = _status(baseline.accuracy - chance, ANSWER_ONLY_BOUNDS)
        checks.append(Check("answer-only", status, baseline.accuracy, 0.0, chance + ANSWER_ONLY_BOUNDS[0]))
    return checks


def _positions(choices: Sequence[Choice]) -> Check:
    """Choose the same position always: the one furthest from chance, among items of any number of options."""
    figures = []
    for position in range(max(len(item.options) for item in choices)):
        accuracy = sum(item.answer == position for item in choices) / len(choices)
        having = [1 / len(item.options) for item in choices if position < len(item.options)]
        figures.append((accuracy, sum(having) / len(choices)))
    accuracy, chance = max(figures, key=lambda figure: abs(figure[0] - figure[1]))
    return _by_style("positions", accuracy, chance)


def _by_style(name: Name, accuracy: float, chance: float, decided: float | None = None) -> Check:
    near = STYLE_BOUNDS[0]
    return Check(
        name, _status(abs(accuracy - chance), STYLE_BOUNDS), accuracy, chance - near, chance + near, decided
    )


def _status(figure: float, bounds: tuple[float, float]) -> Status:
    # A hair of tolerance: 0.55 - 0.5 is more than 0.05 in floating point.
    passes, warns = bounds
    return "pass" if figure <= passes + 1e-9 else "warn" if figure <= warns + 1e-9 else "fail"

"""Value profiles: how much of each value an evaluator sees in models' answers, with honest uncertainty.

ValueCSV's score of a model on a value is the mean probability over its answers. It stands here as `mean`.
Beside it stands `adjusted`, the share of answers that carry the value, corrected for the errors the
evaluator is known to make (probabilistic adjusted count), with an interval that includes what is not known
about those errors. Models are compared on the questions that all of them answered, pairwise on the same
questions, p values corrected by Holm over all pairs and values.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from plumbline.errors import InputError
from plumbline.frameworks import Framework
from plumbline.graders.evaluator import Evaluator, load_evaluator
from plumbline.language import Message
from plumbline.measure.domain import Domain, compare_domain
from plumbline.measure.profile_answers import Answers, read_answers
from plumbline.measure.profile_reasons import Reason, find_reasons
from plumbline.stats import (
    Interval,
    PairedDifference,
    holm,
    paired_cluster_bootstrap,
    probabilistic_adjusted_count,
    probabilistic_count,
)

Array = npt.NDArray[np.float64]
ALPHA = 0.05
_RESAMPLES = 1000
_NEAR_FLOOR = 10
_FEWEST = 3

_NOTHING_IN_COMMON = Message(
    "各模型共同回答的题只有 {n} 道，不能比较", "the models have only {n} answered questions in common"
)
_FEWER_MODELS = Message("去掉回答太少的模型（--model）", "leave out models with few answers (--model)")


@dataclass(frozen=True)
class ValueCell:
    """One model on one value, over the common questions.

    Attributes:
        mean: Mean probability, ValueCSV's score.
        adjusted: Share of answers with the value, corrected for the evaluator's errors.
        known: False where the evaluator cannot be shown to tell texts with the value from texts without it.
    """

    model: str
    value: str
    mean: Interval
    adjusted: Interval
    known: bool


@dataclass(frozen=True)
class LevelCell:
    """One model on one level: mean over the level's values and the answers."""

    model: str
    level: str
    mean: Interval


@dataclass(frozen=True)
class Difference:
    """Two models on one value or level, on the same questions: second less first."""

    first: str
    second: str
    value: str
    difference: Interval
    p_value: float
    p_holm: float

    @property
    def significant(self) -> bool:
        """Whether it holds after the correction for all comparisons of its kind."""
        return self.p_holm < ALPHA


@dataclass(frozen=True)
class Profile:
    """What one evaluator sees in the answers of one or several models.

    Attributes:
        evaluator: Name, card and how its errors were measured.
        questions: How many there are, and how many every model answered.
        probabilities: Of the common questions [questions, models, values].
    """

    evaluator: dict[str, Any]
    framework: Framework
    models: tuple[str, ...]
    values: tuple[str, ...]
    questions: dict[str, Any]
    cells: tuple[ValueCell, ...]
    levels: tuple[LevelCell, ...]
    differences: tuple[Difference, ...]
    level_differences: tuple[Difference, ...]
    domain: Domain
    reasons: tuple[Reason, ...]
    probabilities: Array

    def cell(self, model: str, value: str) -> ValueCell:
        """Return one cell.

        Raises:
            KeyError: No such model or value.
        """
        return {(cell.model, cell.value): cell for cell in self.cells}[model, value]

    def to_json(self) -> dict[str, Any]:
        """Return plain data; what is not a number is null."""
        data = {
            "evaluator": self.evaluator,
            "framework": {"id": self.framework.id, "version": self.framework.version},
            "models": list(self.models),
            "values": list(self.values),
            "questions": self.questions,
            "cells": [asdict(cell) for cell in self.cells],
            "levels": [asdict(cell) for cell in self.levels],
            "differences": [{**asdict(one), "significant": one.significant} for one in self.differences],
            "level_differences": [
                {**asdict(one), "significant": one.significant} for one in self.level_differences
            ],
            "domain": asdict(self.domain),
            "reasons": [asdict(reason) for reason in self.reasons],
        }
        plain: dict[str, Any] = _finite(data)
        return plain


def profile(
    answers: str | Path | Answers,
    evaluators: str | Path | Evaluator | Sequence[str | Path | Evaluator],
    *,
    models: Sequence[str] | None = None,
    reasons: int = 3,
) -> list[Profile]:
    """Draw the profile of each model in a table of answers, once an evaluator.

    Args:
        answers: The answers, or their table (see `read_answers`).
        evaluators: One or several, as objects, folders or `embedded`.
        models: Only these.
        reasons: How many sentences to keep for each model and value.

    Returns:
        One profile for each evaluator.

    Raises:
        InputError: Answers or an evaluator that cannot be used, or fewer than three questions in common.
    """
    table = answers if isinstance(answers, Answers) else read_answers(answers, models=models)
    if len(table.common) < _FEWEST:
        raise InputError(
            _NOTHING_IN_COMMON(n=len(table.common)), where=table.source or None, mend=_FEWER_MODELS()
        )
    several = evaluators if isinstance(evaluators, list | tuple) else [evaluators]
    return [_profile(table, _loaded(one), reasons) for one in several]


def _loaded(evaluator: Any) -> Evaluator:
    return load_evaluator(evaluator) if isinstance(evaluator, str | Path) else evaluator


def _profile(table: Answers, evaluator: Evaluator, reasons: int) -> Profile:
    common = table.common
    texts = [text for row in common for text in table.texts[row] if text is not None]
    shape = (len(common), len(table.models), len(evaluator.labels))
    flat = evaluator.predict(texts)
    p = flat.reshape(shape)  # (questions, models, values)
    levels = _levels(evaluator.framework, evaluator.labels, p)
    cells = _cells(table.models, evaluator, p)
    beyond = {cell.value for cell in cells if cell.known and cell.adjusted.estimate in (0.0, 1.0)}
    return Profile(
        evaluator={
            "name": evaluator.name,
            "card": evaluator.card,
            "held_out": evaluator.held_out.how,
            "held_out_rows": len(evaluator.held_out.labels),
        },
        framework=evaluator.framework,
        models=table.models,
        values=evaluator.labels,
        questions={
            "source": table.source,
            "asked": len(table.questions),
            "common": len(common),
            "left_out": len(table.questions) - len(common),
            "blank_rows": table.blank,
            "numbering_taken_off": table.renumbered,
            "answered": {model: table.answered(k) for k, model in enumerate(table.models)},
        },
        cells=tuple(cells),
        levels=tuple(
            LevelCell(model, level, probabilistic_count(scores[:, k]))
            for level, scores in levels.items()
            for k, model in enumerate(table.models)
        ),
        differences=compare_models(table.models, {v: p[:, :, j] for j, v in enumerate(evaluator.labels)}),
        level_differences=compare_models(table.models, levels),
        domain=compare_domain(evaluator, texts, flat, len(common), beyond),
        reasons=tuple(find_reasons(table, evaluator, p, reasons)),
        probabilities=p,
    )


def _cells(models: Sequence[str], evaluator: Evaluator, p: Array) -> list[ValueCell]:
    held, truth = evaluator.held_out.probabilities, evaluator.held_out.labels
    cells = []
    for k, model in enumerate(models):
        for j, value in enumerate(evaluator.labels):
            both = 0 < truth[:, j].sum() < len(truth)
            adjusted = Interval(math.nan, 0.0, 1.0)
            if both:
                found = probabilistic_adjusted_count(
                    p[:, k, j], np.clip(held[:, j], 0, 1), truth[:, j], resamples=_RESAMPLES
                )
                adjusted = found.prevalence
            known = both and not found.degenerate
            cells.append(ValueCell(model, value, probabilistic_count(p[:, k, j]), adjusted, known))
    return cells


def _levels(framework: Framework, labels: Sequence[str], p: Array) -> dict[str, Array]:
    """Mean probability over the values of each level [questions, models]."""
    members: dict[str, list[int]] = {}
    for j, value in enumerate(labels):
        level = framework.value(value).level
        if level is not None:
            members.setdefault(level, []).append(j)
    return {level: p[:, :, columns].mean(axis=2) for level, columns in members.items()}


def compare_models(models: Sequence[str], scores: dict[str, Array]) -> tuple[Difference, ...]:
    """Compare every pair of models on every entry of `scores` [questions, models]; Holm over all of them.

    Args:
        models: Names.
        scores: By value or level, what each model got on each question [questions, models].
    """
    pairs = list(combinations(enumerate(models), 2))
    # p cannot fall below 1 / (resamples + 1), and Holm multiplies it by up to the number of tests: among many
    # models no difference could hold. What comes near that floor is drawn again, often enough to go below.
    often = 10 * _RESAMPLES
    finely = int(10 * len(pairs) * len(scores) / ALPHA)
    found = []
    for (a, first), (b, second) in pairs:
        for name, one in scores.items():
            change = _paired(one[:, a], one[:, b], often)
            if finely > often and change.p_value <= _NEAR_FLOOR / often:
                change = _paired(one[:, a], one[:, b], finely)
            found.append((first, second, name, change))
    corrected = holm(np.array([change.p_value for _, _, _, change in found]))
    return tuple(
        Difference(first, second, name, change.difference, change.p_value, float(p))
        for (first, second, name, change), p in zip(found, corrected, strict=True)
    )


def _paired(before: Array, after: Array, resamples: int) -> PairedDifference:
    return paired_cluster_bootstrap(before, after, np.arange(len(before)), resamples=resamples)


def _finite(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_finite(value) for value in data]
    return None if isinstance(data, float) and not math.isfinite(data) else data

"""`categorize`: person, social or nation, and which values of the framework a row is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from plumbline.build import messages as m
from plumbline.build.columns import add_events, replace_column, strings
from plumbline.build.sample import REJECTED_SCHEMA, Sample
from plumbline.build.step import Context, Estimate, Load, Outcome
from plumbline.build.steps.labels import MOST_VALUES, Labels, listed_values, with_labels
from plumbline.build.steps.model_step import Failed, Made, ModelStep, turned_down, with_events
from plumbline.build.text.words import WordIndex
from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.files import sha256_file
from plumbline.frameworks import load_framework, split_value

CUES = Path(__file__).parents[1] / "data" / "cues.yaml"
_CLASS_OF_LEVEL = {"personal": "person", "society": "social", "national": "nation"}
_CLASSES_AS_FRAMEWORK = "vad"
# A word that points to a class says less than one that points to a value and so to the classes of its rows.
_CLASS_WORD = 0.2


class Cues(BaseModel):
    """Words that point to values (`framework/value`) and to classes; how a value's rows fall into classes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    classes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    shares: dict[str, dict[str, float]] = Field(default_factory=dict)


class Categorize(ModelStep):
    """Fill in class and values where a row has none: by cue words, an evaluator, or a language model."""

    step: Literal["categorize"] = "categorize"
    by: Literal["rules", "evaluator", "judge"] = Field(
        default="rules", description="cue words, a trained evaluator, or a language model (needs `model`)"
    )
    cues: str | None = Field(
        default=None, description="YAML with cue words (values, classes, shares); ours by default"
    )
    evaluator: str = Field(
        default="embedded",
        description="folder of a trained evaluator, or `embedded`; one of the framework `vad` names classes",
    )
    model: str = Field(default="", description="reference of the model that judges")
    temperature: float = Field(default=0.0, ge=0, description="of sampling; 0 for greedy")
    only_missing: bool = Field(default=True, description="leave classes and values that rows bring")
    otherwise: str = Field(default="person", description="class of rows that nothing points to; may be empty")

    @model_validator(mode="after")
    def _has_a_model(self) -> Categorize:
        if self.by == "judge" and not self.model:
            raise ValueError(m.JUDGE_NEEDS_MODEL())
        return self

    @property
    def models(self) -> tuple[str, ...]:
        """The model asked, where one is."""
        return (self.model,) if self.by == "judge" else ()

    def identity(self) -> dict[str, Any]:
        """Return the fields that count for the way chosen, without paths."""
        own = {
            "by",
            "only_missing",
            *({"model", "temperature", "max_tokens", "tries"} if self.models else ()),
        }
        return self.model_dump(mode="json", include=own | ({"otherwise"} if not self.models else set()))

    def depends(self, context: Context) -> Any:
        """Return the hash of the cue words, of the evaluator's files too, or prompts and framework.

        Raises:
            InputError: There is no such evaluator; told before any row is read.
        """
        if self.by == "judge":
            return super().depends(context)
        cues = sha256_file(self._cues(context))
        if self.by == "rules":
            return cues
        folder = self._evaluator(context)
        if not folder.is_dir():
            raise InputError(m.NO_EVALUATOR(), where=str(folder), mend=m.GIVE_EVALUATOR())
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [[path.name, sha256_file(path)] for path in files] + [cues]

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Categorize one shard."""
        if self.by == "judge":
            return super().apply(table, context)
        classes, values = strings(table, "categorization"), table.column("values").to_pylist()
        rows = [
            row
            for row, (old, named) in enumerate(zip(classes, values, strict=True))
            if not (self.only_missing and old and named)
        ]
        sides = (strings(table, "instruction"), strings(table, "input"), strings(table, "output"))
        texts = ["\n".join(side[row] for side in sides) for row in rows]
        sorter = _sorter(self._cues(context))
        shares = sorter.cues.shares
        by_rules = self.by == "rules"
        found = _by_rules(texts, sorter) if by_rules else self._by_evaluator(texts, shares, context)
        for row, labels in zip(rows, found, strict=True):
            if not (self.only_missing and classes[row]):
                brought = dict.fromkeys(values[row][:1], 1.0) if self.only_missing else {}
                classes[row] = _likeliest(_spread(brought, shares)) or labels.category or self.otherwise
            if not (self.only_missing and values[row]):
                values[row] = list(labels.values)
        table = replace_column(replace_column(table, "categorization", classes), "values", values)
        details = [f"{classes[row]}: {', '.join(values[row])}" for row in rows]
        table = add_events(table, np.array(rows, np.intp), self.step, f"by {self.by}", details)
        return Outcome(table, REJECTED_SCHEMA.empty_table())

    def _by_evaluator(
        self, texts: list[str], shares: Mapping[str, Mapping[str, float]], context: Context
    ) -> list[Labels]:
        from plumbline.graders.evaluator import load_evaluator

        evaluator = load_evaluator(self._evaluator(context))
        if not texts:
            return []
        chances: NDArray[np.float64] = evaluator.predict(texts)  # (rows, labels)
        if evaluator.framework.id == _CLASSES_AS_FRAMEWORK:
            return [Labels(evaluator.labels[best], ()) for best in chances.argmax(axis=1).tolist()]
        names = [f"{evaluator.framework.id}/{label}" for label in evaluator.labels]
        found = []
        for chance, decided in zip(chances, chances >= evaluator.thresholds, strict=True):
            order = [column for column in np.argsort(-chance).tolist() if decided[column]]
            # Twelve small chances would outweigh one that is sure.
            seen = {names[column]: float(chance[column]) for column in order}
            spread = _spread(seen or dict(zip(names, chance.tolist(), strict=True)), shares)
            found.append(Labels(_likeliest(spread), tuple(names[column] for column in order[:MOST_VALUES])))
        return found

    async def work(self, sample: Sample, context: Context) -> Made:
        """Let the model name class and values of one sample."""
        if self.only_missing and sample.categorization and sample.values:
            return Made(kept=[sample])
        got = await self.ask(
            context, "labels", with_labels(context.framework),
            question=sample.question, answer=sample.output, values=listed_values(context.framework),
        )  # fmt: skip
        if isinstance(got, Failed):
            return Made(rejected=[turned_down(sample, got, self.step, self.model)])
        labels: Labels = got.value
        category = (self.only_missing and sample.categorization) or labels.category
        values = (self.only_missing and sample.values) or labels.values
        event = got.event(self.step, "by judge", f"{category}: {', '.join(values)}", self.model)
        return Made(kept=[with_events(replace(sample, categorization=category, values=values), event)])

    def estimate(self, load: Load) -> Estimate:
        """One call a row where a model is asked."""
        if not self.models:
            return Estimate(load.rows)
        read = load.rows * (260 + load.question + load.answer)
        return Estimate(load.rows, self.model, load.rows, read, load.rows * 30)

    def _cues(self, context: Context) -> Path:
        return context.path(self.cues) if self.cues else CUES

    def _evaluator(self, context: Context) -> Path:
        from plumbline.graders.evaluator.evaluator import EMBEDDED

        return EMBEDDED if self.evaluator == "embedded" else context.path(self.evaluator)


class _Sorter(NamedTuple):
    """Cues, made ready: all words in one index, and for each the values and the classes it points to."""

    cues: Cues
    words: WordIndex
    points_to: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@lru_cache(maxsize=4)
def _sorter(path: Path) -> _Sorter:
    cues = load_document(path, Cues)
    index = WordIndex([word for words in (*cues.values.values(), *cues.classes.values()) for word in words])
    points_to = tuple(
        (
            tuple(name for name, words in cues.values.items() if word in words),
            tuple(name for name, words in cues.classes.items() if word in words),
        )
        for word in index.words
    )
    return _Sorter(cues, index, points_to)


def _by_rules(texts: list[str], sorter: _Sorter) -> list[Labels]:
    """Count cue words: the values with most of them, and the class that all of them point to."""
    return [_read(held, sorter) for held in sorter.words.found(texts)]


def _read(held: set[int], sorter: _Sorter) -> Labels:
    counts: dict[str, float] = {}
    pointed: dict[str, float] = {}
    for word in sorted(held):
        values, classes = sorter.points_to[word]
        for name in values:
            counts[name] = counts.get(name, 0) + 1
        for name in classes:
            pointed[name] = pointed.get(name, 0) + _CLASS_WORD
    most = max(counts.values(), default=0)
    # One stray word says little beside a value that has several.
    named = [name for name in sorted(counts, key=lambda one: (-counts[one], one)) if counts[name] > most / 2]
    spread = _spread(counts, sorter.cues.shares)
    for name, weight in pointed.items():
        spread[name] = spread.get(name, 0) + weight
    return Labels(_likeliest(spread), tuple(named[:MOST_VALUES]))


def _spread(weights: Mapping[str, float], shares: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Add up, over values, a value's weight times the share of its rows in each class."""
    spread: dict[str, float] = {}
    for value, weight in weights.items():
        for name, share in (shares.get(value) or {_class_of_level(value): 1.0}).items():
            spread[name] = spread.get(name, 0.0) + weight * share
    spread.pop("", None)
    return spread


def _likeliest(spread: Mapping[str, float]) -> str:
    """Return the class with the greatest weight, the first by name among equals; empty without any."""
    return min(spread, key=lambda name: (-spread[name], name), default="")


@lru_cache(maxsize=1024)
def _class_of_level(value: str) -> str:
    """Return the class for the level a value's framework gives it; empty without one."""
    framework, name = split_value(value)
    level = load_framework(framework).value(name).level
    return _CLASS_OF_LEVEL.get(level or "", "")

"""`categorize`: person, social or nation, and which values of the framework a row is about."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from plumbline.build.columns import add_events, replace_column, strings
from plumbline.build.sample import REJECTED_SCHEMA
from plumbline.build.step import Context, Outcome, Step
from plumbline.documents import load_document
from plumbline.files import sha256_file
from plumbline.frameworks import load_framework, split_value

_CUES = Path(__file__).parents[1] / "data" / "cues.yaml"
# The three levels of the core values and VAD's three classes are two names for one division.
CLASS_OF_LEVEL = {"personal": "person", "society": "social", "national": "nation"}
_MOST_VALUES = 3


class Cues(BaseModel):
    """Words that point to values (`framework/value`) and to classes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    values: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    classes: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Categorize(Step):
    """Fill in class and values where a row has none, by cue words or by a trained evaluator.

    To have a language model decide, use `judge` with `labels`.
    """

    step: Literal["categorize"] = "categorize"
    by: Literal["rules", "evaluator"] = Field(
        default="rules", description="cue words, or a trained evaluator"
    )
    cues: str | None = Field(
        default=None, description="YAML with cue words (values, classes); ours by default"
    )
    evaluator: str = Field(default="embedded", description="folder of a trained evaluator, or `embedded`")
    only_missing: bool = Field(default=True, description="leave classes and values that rows bring")
    otherwise: str = Field(default="person", description="class of rows that nothing points to; may be empty")

    def identity(self) -> dict[str, Any]:
        """Return the fields without paths."""
        return self.model_dump(mode="json", exclude={"cues"})

    def depends(self, context: Context) -> Any:
        """Return the hash of the cue words, or of the evaluator's files."""
        if self.by == "rules":
            return sha256_file(context.path(self.cues) if self.cues else _CUES)
        folder = context.path(self.evaluator)
        files = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
        framework = load_framework(context.framework).model_dump(mode="json")
        return [[path.name, sha256_file(path)] for path in files] + [framework]

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Categorize one shard."""
        classes, values = strings(table, "categorization"), table.column("values").to_pylist()
        rows = [
            row
            for row, (old, named) in enumerate(zip(classes, values, strict=True))
            if not (self.only_missing and old and named)
        ]
        sides = (strings(table, "instruction"), strings(table, "input"), strings(table, "output"))
        texts = ["\n".join(side[row] for side in sides) for row in rows]
        found = self._by_rules(texts, context) if self.by == "rules" else self._by_evaluator(texts, context)
        for row, (label, named) in zip(rows, found, strict=True):
            if not (self.only_missing and classes[row]):
                classes[row] = _class_of(values[row]) if values[row] and self.only_missing else label
            if not (self.only_missing and values[row]):
                values[row] = named
        table = replace_column(replace_column(table, "categorization", classes), "values", values)
        details = [f"{classes[row]}: {', '.join(values[row])}" for row in rows]
        table = add_events(table, np.array(rows, np.intp), self.step, f"by {self.by}", details)
        return Outcome(table, REJECTED_SCHEMA.empty_table())

    def _by_rules(self, texts: list[str], context: Context) -> list[tuple[str, list[str]]]:
        cues = _load_cues(context.path(self.cues) if self.cues else _CUES)
        return [self._read(text, cues) for text in texts]

    def _read(self, text: str, cues: Cues) -> tuple[str, list[str]]:
        """Count cue words: the values with most of them, and the class they and the class words point to."""
        counts = {name: sum(word in text for word in words) for name, words in cues.values.items()}
        most = max(counts.values(), default=0)
        # One stray word says little beside a value that has several.
        named = [name for name in sorted(counts, key=lambda one: -counts[one]) if counts[name] > most / 2 > 0]
        classes = {name: sum(word in text for word in words) for name, words in cues.classes.items()}
        for name in named:
            label = _class_of([name])
            classes[label] = classes.get(label, 0) + counts[name]
        best = max(classes, key=lambda name: classes[name], default="")
        return (best if classes.get(best) else self.otherwise), named[:_MOST_VALUES]

    def _by_evaluator(self, texts: list[str], context: Context) -> list[tuple[str, list[str]]]:
        from plumbline.graders.evaluator import load_evaluator

        folder = context.path(self.evaluator)
        evaluator = load_evaluator(str(folder) if folder.is_dir() else self.evaluator)
        framework = load_framework(context.framework).id
        labels = [label if "/" in label else f"{framework}/{label}" for label in evaluator.labels]
        if not texts:
            return []
        chances: NDArray[np.float64] = evaluator.predict(texts)  # (rows, labels)
        decided = evaluator.decide(texts)
        found = []
        for chance, yes in zip(chances, decided, strict=True):
            order = [column for column in np.argsort(-chance).tolist() if yes[column]][:_MOST_VALUES]
            named = [labels[column] for column in order]
            found.append((_class_of(named) or self.otherwise, named))
        return found


@lru_cache(maxsize=4)
def _load_cues(path: Path) -> Cues:
    return load_document(path, Cues)


@lru_cache(maxsize=1024)
def class_of_value(value: str) -> str:
    """Return VAD's class for a value reference, by the level its framework gives it; empty without one."""
    framework, name = split_value(value)
    level = load_framework(framework).value(name).level
    return CLASS_OF_LEVEL.get(level or "", "")


def _class_of(values: list[str]) -> str:
    return class_of_value(values[0]) if values else ""

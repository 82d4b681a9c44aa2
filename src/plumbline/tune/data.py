"""Rows to train on: read, told apart by their columns, and made into conversations, pairs or texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from plumbline.errors import InputError, place
from plumbline.files import sha256_file
from plumbline.rows import Row, read_rows
from plumbline.tune import messages as m
from plumbline.tune.config import Recipe

_BUILT = "manifest.json"
_ANSWERED = ("instruction", "input", "output", "worse")
_TEXT_FIELDS = (*_ANSWERED, "prompt", "completion", "chosen", "rejected", "text")


@dataclass(frozen=True)
class Example:
    """One row to train on.

    Attributes:
        where: File and line or row.
        prompt: Turns before the answer, as chat messages; empty for raw text.
        answer: The answer (the better one of a pair), or the raw text.
        worse: The worse answer of a pair.
        held_out: Part of the data set's validation split.
    """

    where: str
    prompt: tuple[dict[str, str], ...]
    answer: str
    worse: str | None = None
    held_out: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text of the row."""
        return (
            *(turn["content"] for turn in self.prompt),
            self.answer,
            *([self.worse] if self.worse else []),
        )


@dataclass(frozen=True)
class Source:
    """A file or data set that was read: for the record of what a model was trained on."""

    path: str
    rows: int
    sha256: str
    name: str | None = None
    card: str | None = None


def read_examples(recipe: Recipe) -> tuple[list[Example], list[Source]]:
    """Read the rows a recipe names.

    A data set that was built gives its `train` rows, and `validation` rows as held out; its test rows are
    never read. Conversations of several turns give one example for each answer.

    Raises:
        InputError: A file that cannot be read, columns that do not fit the stage, an empty field, no rows.
    """
    examples: list[Example] = []
    sources: list[Source] = []
    for name in recipe.data.paths:
        found, source = _read_path(Path(name), recipe.stage)
        examples += found
        sources.append(source)
    examples = examples[: recipe.data.limit]
    if not any(not one.held_out for one in examples):
        raise InputError(
            m.NO_ROWS(stage=recipe.stage), where=", ".join(recipe.data.paths), mend=m.GIVE_ROWS()
        )
    return _set_aside(examples, recipe.data.validation), sources


def read_texts(paths: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where each row of data is and all its texts, whatever its stage, for overlap checks."""
    for name in paths:
        for where, values in _rows(Path(name)):
            texts = tuple(_texts(values))
            if texts:
                yield where, texts


def is_built(path: Path) -> bool:
    """Tell whether a path is a data set of `plumbline build`."""
    return path.is_dir() and (path / _BUILT).is_file()


def _read_path(path: Path, stage: str) -> tuple[list[Example], Source]:
    examples = [one for where, values in _rows(path) for one in _examples(values, where, stage)]
    if is_built(path):
        from plumbline.build import open_data_set

        data = open_data_set(path)
        card = path / "card.md"
        source = Source(
            str(path),
            len(examples),
            sha256_file(path / _BUILT),
            data.name,
            str(card) if card.is_file() else None,
        )
    else:
        source = Source(str(path), len(examples), sha256_file(path))
    return examples, source


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    if is_built(path):
        from plumbline.build import open_data_set

        for sample in open_data_set(path).samples():
            if sample.split != "test":
                yield (
                    f"{path}, {sample.id}",
                    {
                        "instruction": sample.instruction,
                        "input": sample.input,
                        "output": sample.output,
                        "worse": sample.worse,
                        "split": sample.split,
                        "use": sample.use,
                    },
                )
        return
    if not path.exists():
        raise InputError(m.NO_DATA(), where=str(path), mend=m.GIVE_DATA())
    for row in read_rows(path):
        yield _where(path, row), row.values


def _where(path: Path, row: Row) -> str:
    lines = path.suffix.lower() in (".jsonl", ".ndjson")
    return place(path, line=row.number) if lines else place(path, row=row.number)


def _examples(values: dict[str, Any], where: str, stage: str) -> Iterable[Example]:
    held_out = values.get("split") == "validation"
    if stage == "cpt":
        text = values.get("text")
        texts = [str(text)] if text else ["\n".join(_texts(values))]
        return [Example(where, (), one, held_out=held_out) for one in texts if one.strip()]
    if stage == "preference":
        return _pair(values, where, held_out)
    if values.get("use") == "preference":
        return []  # a row of a built data set whose better answer is not there to be imitated
    if isinstance(values.get("messages"), list):
        return list(_turns(values["messages"], where, held_out))
    prompt, answer = _question(values), values.get("output") or values.get("completion")
    if prompt is None or ("output" not in values and "completion" not in values):
        raise InputError(m.UNKNOWN_COLUMNS(names=", ".join(values)), where=where, mend=m.COLUMNS_SFT())
    if not prompt.strip() or not isinstance(answer, str) or not answer.strip():
        raise InputError(m.EMPTY_FIELD(), where=where, mend=m.FILL_IN())
    return [Example(where, (*_system(values), _user(prompt)), answer, held_out=held_out)]


def _pair(values: dict[str, Any], where: str, held_out: bool) -> list[Example]:
    prompt = _question(values)
    better = values.get("chosen") or values.get("output")
    worse = values.get("rejected") or values.get("worse")
    if prompt is None or not ({"chosen", "output"} & set(values) and {"rejected", "worse"} & set(values)):
        raise InputError(m.UNKNOWN_COLUMNS(names=", ".join(values)), where=where, mend=m.COLUMNS_PREFERENCE())
    if not worse and "worse" in values:
        return []  # a row of a built data set without a worse answer is no pair
    if not (isinstance(better, str) and isinstance(worse, str) and better.strip() and worse.strip()):
        raise InputError(m.EMPTY_FIELD(), where=where, mend=m.FILL_IN())
    if better == worse:
        raise InputError(m.SAME_ANSWERS(), where=where, mend=m.REMOVE_ROW())
    return [Example(where, (*_system(values), _user(prompt)), better, worse, held_out)]


def _turns(turns: list[Any], where: str, held_out: bool) -> Iterator[Example]:
    before: list[dict[str, str]] = []
    for turn in turns:
        if not isinstance(turn, dict) or not isinstance(turn.get("content"), str) or "role" not in turn:
            raise InputError(m.BAD_TURN(), where=where, mend=m.TURN_FORM())
        if turn["role"] == "assistant":
            yield Example(where, tuple(before), turn["content"], held_out=held_out)
        before.append({"role": str(turn["role"]), "content": turn["content"]})
    if not any(turn["role"] == "assistant" for turn in before):
        raise InputError(m.NO_ANSWER(), where=where, mend=m.FILL_IN())


def _question(values: dict[str, Any]) -> str | None:
    if "prompt" in values:
        return str(values["prompt"] or "")
    if "instruction" not in values:
        return None
    parts = (str(values.get(name) or "") for name in ("instruction", "input"))
    return "\n".join(part for part in parts if part)


def _system(values: dict[str, Any]) -> tuple[dict[str, str], ...]:
    system = values.get("system")
    return ({"role": "system", "content": str(system)},) if system else ()


def _user(text: str) -> dict[str, str]:
    return {"role": "user", "content": text}


def _texts(values: dict[str, Any]) -> Iterator[str]:
    for name, value in values.items():
        if name == "messages" and isinstance(value, list):
            yield from (str(turn.get("content", "")) for turn in value if isinstance(turn, dict))
        elif name in _TEXT_FIELDS and isinstance(value, str) and value.strip():
            yield value


def _set_aside(examples: list[Example], share: float) -> list[Example]:
    """Hold out every n-th row where the data has no split of its own."""
    if not share or any(one.held_out for one in examples):
        return examples
    every = max(2, round(1 / share))
    picked = {id(one) for one in islice(examples, every - 1, None, every)}
    return [Example(o.where, o.prompt, o.answer, o.worse, id(o) in picked) for o in examples]

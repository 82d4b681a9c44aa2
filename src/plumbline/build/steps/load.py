"""`load`: rows from a file, files or a Hugging Face data set, mapped to samples."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from plumbline.build import messages as m
from plumbline.build.sample import Event, Rejected, Sample, rejected_table, to_table
from plumbline.build.step import Context, Outcome, Step
from plumbline.errors import InputError, MissingExtra, place
from plumbline.files import sha256_file
from plumbline.frameworks import load_framework, split_value
from plumbline.rows import Row, read_rows

_DATA = Path(__file__).parents[1] / "data"
OURS = {
    "plumbline-seed": _DATA / "seed.jsonl",
    "plumbline-english": _DATA / "english.jsonl",
    "plumbline-comparisons": _DATA / "comparisons.jsonl",
}
"""Rows that come with the package: written for it by a machine, not validated by experts."""
_TEXTS = (
    "instruction",
    "input",
    "output",
    "worse",
    "source",
    "categorization",
    "language",
    "licence",
    "review",
)
_CLASSES = {"", "person", "social", "nation"}

Columns = dict[str, str | list[str]]


class Load(Step):
    """Read rows into samples.

    A row without instruction or output is rejected with a reason; with `strict` (rows written by hand) it
    stops the build with file, line and field named.
    """

    step: Literal["load"] = "load"
    path: str | list[str] | None = Field(
        default=None,
        description="file, glob or list of them (.jsonl .json .csv .tsv .xlsx .parquet), from the recipe's "
        f"folder; or one of ours: {', '.join(OURS)}",
    )
    dataset: str | None = Field(
        default=None, description="Hugging Face data set: name, or a folder saved to disk"
    )
    dataset_split: str = Field(default="train", description="split of `dataset`")
    sheet: str | None = Field(default=None, description="sheet of a workbook")
    columns: Columns = Field(
        default_factory=dict,
        description="sample field -> column; dots go into nested values, several columns are joined by "
        "newlines",
    )
    where: dict[str, list[str]] = Field(
        default_factory=dict, description="take only rows whose column holds one of these values"
    )
    shape: Literal["rows", "saferlhf"] = Field(
        default="rows",
        description="`saferlhf`: prompt, response_0, response_1, better_response_id, is_response_N_safe; the "
        "better reply becomes the output when it is safe, the other one `worse`",
    )
    grades: dict[str, float] = Field(
        default_factory=dict,
        description="grade as written -> number; columns `grade` and `worse_grade` then become scores",
    )
    source: str | None = Field(default=None, description="field `source` of rows that bring none")
    language: Literal["zh", "en"] = "zh"
    licence: str = Field(
        default="", description="licence of rows that bring none; unlicensed rows are never published"
    )
    values: tuple[str, ...] = Field(default=(), description="framework values of rows that bring none")
    output_required: bool = Field(
        default=True, description="reject rows without output; off for bare questions"
    )
    strict: bool = Field(default=False, description="stop at the first bad row instead of rejecting it")
    limit: int | None = Field(default=None, ge=1, description="take this many rows of each file at most")
    name: str = Field(default="", description="name of the source; set by the recipe")
    shard_rows: int = Field(default=20_000, ge=1, description="rows of a shard; set by the recipe")

    def identity(self) -> dict[str, Any]:
        """Return the fields without the path: a file that moved is the same file."""
        return self.model_dump(mode="json", exclude={"path"})

    def depends(self, context: Context) -> Any:
        """Return name and hash of every file read."""
        files = self.parts(context)
        if self.dataset is not None:
            files = sorted(files[0].rglob("*.arrow"))
        return [self.dataset, *([path.name, sha256_file(path)] for path in files)]

    def parts(self, context: Context) -> list[Path]:
        """List the files, in order; a data set from the hub is one part.

        Raises:
            InputError: Nothing is named, or a file is missing.
        """
        if self.dataset is not None:
            return [context.path(self.dataset) if context.path(self.dataset).is_dir() else Path(self.dataset)]
        if self.path is None:
            raise InputError(m.NOTHING_TO_LOAD(), where=self.name, mend=m.GIVE_PATH())
        found: list[Path] = []
        for written in [self.path] if isinstance(self.path, str) else self.path:
            found += _find(written, context)
        return found

    def read(self, part: int, context: Context) -> Iterator[Outcome]:
        """Yield the shards of one part; rows arrive by being made."""
        path = self.parts(context)[part]
        rows = self._rows(path, context)
        rows = islice(rows, self.limit) if self.limit else rows
        prefix = f"{self.name}-{part + 1}" if len(self.parts(context)) > 1 else self.name
        while chunk := list(islice(rows, self.shard_rows)):
            kept: list[Sample] = []
            rejected: list[Rejected] = []
            for row in chunk:
                sample = self._sample(row, path, prefix)
                reason, field = self._fault(sample, row)
                if reason is None:
                    kept.append(sample)
                elif self.strict:
                    raise InputError(m.reason(reason), where=self._place(path, row, field), mend=m.CORRECT())
                else:
                    rejected.append(Rejected(sample, reason, field))
            yield Outcome(to_table(kept), rejected_table(rejected, self.step), made=len(chunk))

    def _rows(self, path: Path, context: Context) -> Iterator[Row]:
        rows = _from_hub(self, context) if self.dataset is not None else read_rows(path, sheet=self.sheet)
        for row in rows:
            if all(str(_cell(row.values, column)) in wanted for column, wanted in self.where.items()):
                yield row

    def _place(self, path: Path, row: Row, field: str) -> str:
        lines = path.suffix.lower() in (".jsonl", ".ndjson", "")
        return place(path, line=row.number if lines else None, row=None if lines else row.number, field=field)

    def _sample(self, row: Row, path: Path, prefix: str) -> Sample:
        cells = _saferlhf(row.values) if self.shape == "saferlhf" else row.values
        texts = {name: self._text(cells, name) for name in _TEXTS}
        origin = f"{path.name}:{row.number}"
        values = self._values(cells)
        scores = self._grades(cells) if self.grades else {}
        if self.shape == "saferlhf":
            scores["safe"] = float(cells["safe"])
        return Sample(
            id=f"{prefix}-{row.number:06d}",
            instruction=texts["instruction"],
            input=texts["input"],
            output=texts["output"],
            worse=texts["worse"],
            source=texts["source"] or self.source or self.name,
            categorization=texts["categorization"],
            values=values or self.values,
            language=texts["language"] or self.language,
            licence=texts["licence"] or self.licence,
            origin=origin,
            scores=scores,
            history=(Event(self.step, "loaded", origin),),
            review=texts["review"],
        )

    def _text(self, cells: dict[str, Any], name: str) -> str:
        column = self.columns.get(name, name)
        if isinstance(column, str):
            cell = _cell(cells, column)
            return "" if cell is None else str(cell).strip()
        found = [_cell(cells, one) for one in column]
        return "\n".join(str(cell) for cell in found if cell is not None and str(cell).strip()).strip()

    def _grades(self, cells: dict[str, Any]) -> dict[str, float]:
        written = {name: self._text(cells, name) for name in ("grade", "worse_grade")}
        return {name: self.grades[grade] for name, grade in written.items() if grade in self.grades}

    def _values(self, cells: dict[str, Any]) -> tuple[str, ...]:
        column = self.columns.get("values", "values")
        found = _cell(cells, column) if isinstance(column, str) else None
        if isinstance(found, str):
            found = [value.strip() for value in found.split(",") if value.strip()]
        return tuple(str(value) for value in found) if found else ()

    def _fault(self, sample: Sample, row: Row) -> tuple[str | None, str]:
        """Name what makes a row unusable, and the field at fault."""
        if not sample.instruction:
            return "no-instruction", "instruction"
        if self.output_required and not sample.output:
            return "no-output", "output"
        if self.shape == "saferlhf" and not sample.scores["safe"]:
            return "unsafe-answer", "output"
        if self.strict and sample.categorization not in _CLASSES:
            return "unknown-class", "categorization"
        if self.strict and not all(_exists(value) for value in sample.values):
            return "unknown-value", "values"
        return None, ""


def _find(written: str, context: Context) -> list[Path]:
    if written in OURS:
        return [OURS[written]]
    path = context.path(written)
    if any(mark in written for mark in "*?["):
        found = sorted(
            Path(path.anchor or ".").glob(str(path.relative_to(path.anchor) if path.anchor else path))
        )
    else:
        found = [path] if path.is_file() else []
    if not found:
        raise InputError(m.NO_SUCH_FILE(), where=str(path), mend=m.CHECK_PATH())
    return found


def _cell(values: dict[str, Any], column: str) -> Any:
    """Return a value by column, or by a dotted way into nested ones (`conversations.0.value`)."""
    if column in values:
        return values[column]
    if "." not in column:
        return None
    found: Any = values
    for part in column.split("."):
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def _saferlhf(cells: dict[str, Any]) -> dict[str, Any]:
    """Return prompt, better reply, the other one, and whether the better is safe (PKU-SafeRLHF's columns)."""
    better = int(cells.get("better_response_id") or 0)
    return {
        "instruction": cells.get("prompt"),
        "output": cells.get(f"response_{better}"),
        "worse": cells.get(f"response_{1 - better}"),
        "safe": str(cells.get(f"is_response_{better}_safe")).lower() in ("true", "1"),
    }


def _exists(value: str) -> bool:
    framework, name = split_value(value)
    return load_framework(framework).has(name)


def _from_hub(load: Load, context: Context) -> Iterator[Row]:
    try:
        import datasets
    except ModuleNotFoundError as error:
        raise MissingExtra("datasets", "tune") from error
    folder = context.path(load.dataset or "")
    if folder.is_dir():
        data = datasets.load_from_disk(str(folder))
        if isinstance(data, datasets.DatasetDict):
            data = data[load.dataset_split]
    else:
        data = datasets.load_dataset(load.dataset, split=load.dataset_split, streaming=True)
    for number, values in enumerate(data, start=1):
        yield Row(number, dict(values))

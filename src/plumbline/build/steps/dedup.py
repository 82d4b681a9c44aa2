"""`dedup`: drop rows that repeat an earlier one, exactly or nearly (MinHash, then exact Jaccard)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic import Field

from plumbline.build.columns import divide, strings
from plumbline.build.step import Context, Outcome, SurveyingStep
from plumbline.build.text.fold import fingerprints
from plumbline.build.text.near import Pairs, candidates, drop_later, verify
from plumbline.build.text.shingles import BANDS, bands, blocks, minima, shingle

Part = Literal["question", "question and input", "answer", "whole row"]
_COLUMNS: dict[str, tuple[str, ...]] = {
    "question": ("instruction",),
    "question and input": ("instruction", "input"),
    "answer": ("output",),
    "whole row": ("instruction", "input", "output"),
}


_PAIR = np.uint64(0x9E3779B97F4A7C15)


def compared(table: pa.Table, part: Part) -> list[str]:
    """Return the text of each row that is compared with others."""
    columns = [strings(table, name) for name in _COLUMNS[part]]
    return columns[0] if len(columns) == 1 else ["\n".join(texts) for texts in zip(*columns, strict=True)]


def survey_texts(table: pa.Table, texts: Sequence[str]) -> pa.Table:
    """Return what finding near-duplicates needs: id, text, fingerprint, `BANDS` keys in one column."""
    prints, keys = [], []
    for _, folded in blocks(texts):
        prints.append(fingerprints(folded))
        keys.append(bands(minima(shingle(folded))))
    flat = np.concatenate(keys).tobytes() if keys else b""
    binary = pa.Array.from_buffers(pa.binary(8 * BANDS), len(texts), [None, pa.py_buffer(flat)])
    hashes = np.concatenate(prints) if prints else np.empty(0, np.uint64)
    columns = {
        "id": table.column("id"),
        "text": pa.array(texts, pa.string()),
        "print": hashes,
        "keys": binary,
    }
    return pa.table(columns)


def repeated_exactly(prints: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return for each row the first row with its fingerprint, or -1 where that is itself `[rows]`."""
    _, first, group = np.unique(prints, return_index=True, return_inverse=True)
    leader = first[group].astype(np.int64)
    return np.where(leader == np.arange(len(prints)), -1, leader)


def column_of(surveys: Sequence[Path], name: str) -> NDArray[np.uint64]:
    """Read one number column of all surveys, end to end."""
    parts = [pq.read_table(path, columns=[name]).column(0).to_numpy() for path in surveys]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def near_pairs(surveys: Sequence[Path], unique: NDArray[np.bool_], threshold: float) -> Pairs:
    """Find the pairs of `unique` rows whose similarity reaches `threshold`.

    Held in memory: 4 bytes per row and band being read, the candidate pairs, and the texts of rows that are
    in one.
    """
    numbers = np.flatnonzero(unique)
    first, second = candidates(_bands_of(surveys, unique))
    needed = np.zeros(len(unique), bool)
    needed[numbers[first]] = True
    needed[numbers[second]] = True
    texts: dict[int, str] = {}
    start = 0
    for path in surveys:
        column = pq.read_table(path, columns=["text"]).column(0)
        at = np.flatnonzero(needed[start : start + len(column)])
        if len(at):
            texts.update(zip((at + start).tolist(), column.take(pa.array(at)).to_pylist(), strict=True))
        start += len(column)
    return verify(texts, numbers[first], numbers[second], threshold)


def _bands_of(surveys: Sequence[Path], unique: NDArray[np.bool_]) -> Iterator[NDArray[np.uint64]]:
    """Yield the keys of one band of all unique rows, band after band.

    The keys are 256 bytes a row; so that ten million rows fit, they lie in one file mapped into memory.
    """
    import tempfile

    with tempfile.TemporaryFile(dir=surveys[0].parent if surveys else None) as handle:
        total = int(unique.sum())
        if not total:
            return
        keys = np.memmap(handle, np.uint64, "w+", shape=(BANDS, total))
        start = row = 0
        for path in surveys:
            column = pq.read_table(path, columns=["keys"]).column(0).combine_chunks()
            chunk = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
            offset = chunk.offset * 8 * BANDS
            block = np.frombuffer(chunk.buffers()[1], np.uint64, len(chunk) * BANDS, offset).reshape(
                -1, BANDS
            )
            block = block[unique[start : start + len(block)]]
            keys[:, row : row + len(block)] = block.T
            start, row = start + len(chunk), row + len(block)
        for band in range(BANDS):
            yield np.asarray(keys[band])


def by_survey(surveys: Sequence[Path], columns: dict[str, pa.Array]) -> list[pa.Table]:
    """Cut columns over all rows into one table per survey."""
    whole = pa.table(columns)
    tables, start = [], 0
    for path in surveys:
        rows = pq.read_metadata(path).num_rows
        tables.append(whole.slice(start, rows))
        start += rows
    return tables


class Dedup(SurveyingStep):
    """Keep the first of equal or nearly equal rows.

    Memory while deciding: about 60 bytes a row, and the texts of rows that look like another one.
    """

    step: Literal["dedup"] = "dedup"
    compare: Part = Field(
        default="question and input",
        description="what is compared: two rows with one question and other options differ only in their "
        "input",
    )
    near: bool = Field(default=True, description="also drop near-duplicates")
    threshold: float = Field(
        default=0.7,
        gt=0,
        le=1,
        description="Jaccard similarity of character 5-grams from which rows are the same",
    )

    def survey(self, table: pa.Table, context: Context) -> pa.Table:
        """Hash and sketch the compared text of each row."""
        surveyed = survey_texts(table, compared(table, self.compare))
        pair = [bool(worse) for worse in strings(table, "worse")]
        return surveyed.append_column("pair", pa.array(pair, pa.bool_()).cast(pa.uint64()))

    def decide(self, surveys: Sequence[Path], context: Context) -> list[pa.Table]:
        """Name for each row the earlier row it repeats, if any."""
        # A preference pair and a training row made from it are two uses of one question, not a repetition.
        pair = column_of(surveys, "pair")
        prints = column_of(surveys, "print") ^ (pair * _PAIR)
        same = repeated_exactly(prints)
        repeats, similarity = same.copy(), np.where(same >= 0, 1.0, 0.0)
        if self.near:
            found = near_pairs(surveys, same < 0, self.threshold)
            alike = pair[found.first] == pair[found.second]
            near, value = drop_later(Pairs(*(column[alike] for column in found)), len(prints))
            repeats, similarity = np.where(same >= 0, same, near), np.where(same >= 0, 1.0, value)
        ids = pa.chunked_array(
            [c for p in surveys for c in pq.read_table(p, columns=["id"]).column(0).chunks], pa.string()
        )
        none = repeats < 0
        other = ids.take(pa.array(np.where(none, 0, repeats), mask=none)) if len(ids) else ids
        exact = pa.array(same >= 0)
        columns = {"repeats": other, "similarity": pa.array(similarity), "exact": exact}
        return by_survey(surveys, columns)

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Drop the rows that repeat another."""
        assert context.verdicts is not None
        verdicts = context.verdicts.to_pydict()
        reasons: list[str | None] = [
            None if other is None else "repeats" if exact else "nearly-repeats"
            for other, exact in zip(verdicts["repeats"], verdicts["exact"], strict=True)
        ]
        details = [
            f"{other} ({value:.2f})" if other is not None else ""
            for other, value in zip(verdicts["repeats"], verdicts["similarity"], strict=True)
        ]
        return Outcome(*divide(table, self.step, reasons, details))

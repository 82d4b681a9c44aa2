"""Read rows from the files people have: JSONL, JSON, CSV, TSV, XLSX, Parquet; UTF-8, BOM or GB18030."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from plumbline.errors import InputError, place
from plumbline.language import Message
from plumbline.syntax_messages import json_detail

_NO_FILE = Message("文件不存在", "no such file")
_CHECK_PATH = Message("请检查路径", "check the path")
_UNKNOWN_KIND = Message("不认识的文件类型 `{suffix}`", "unknown file type `{suffix}`")
_KNOWN_KINDS = Message("可用的类型：{kinds}", "use one of {kinds}")
_NOT_JSON = Message("不是合法的 JSON（{detail}）", "not valid JSON ({detail})")
_NOT_OBJECT = Message("这一条不是 JSON 对象", "this record is not a JSON object")
_ONE_OBJECT = Message("每条写成一个 JSON 对象", "write one JSON object per record")
_MEND_LINE = Message("修改这一行", "correct this line")
_NOT_TEXT = Message("既不是 UTF-8 也不是 GB18030 编码", "neither UTF-8 nor GB18030")
_SAVE_UTF8 = Message("另存为 UTF-8", "save it as UTF-8")
_BAD_WORKBOOK = Message("不是可读的 {kind} 文件（{detail}）", "not a readable {kind} file ({detail})")
_SAVE_AGAIN = Message("重新导出这个文件", "export the file again")
_EMPTY_HEADER = Message("第一行没有列名", "the first line holds no column names")
_GIVE_HEADER = Message("在第一行写上列名", "put column names in the first line")
_TOO_MANY_CELLS = Message("这一行比表头多出 {n} 格", "{n} more cells than the header has")


class Row(NamedTuple):
    """One record: its 1-based place (line for JSONL, row otherwise) and its fields."""

    number: int
    values: dict[str, Any]


def read_rows(path: str | Path, *, sheet: str | None = None) -> Iterator[Row]:
    """Yield the rows of a table file, streaming where the format allows it (JSON is read whole).

    Args:
        path: `.jsonl`, `.ndjson`, `.json` (a list of objects), `.csv`, `.tsv`, `.xlsx` or `.parquet`; a file
            without suffix is read as JSON lines.
        sheet: Sheet of a workbook; the first by default.

    Raises:
        InputError: The file is missing, of unknown type, or a record cannot be read.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(_NO_FILE(), where=str(file), mend=_CHECK_PATH())
    if file.suffix.lower() == ".xlsx":
        yield from _read_xlsx(file, sheet)
        return
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        kinds = ", ".join(sorted(kind for kind in [*_READERS, ".xlsx"] if kind))
        raise InputError(_UNKNOWN_KIND(suffix=file.suffix), where=str(file), mend=_KNOWN_KINDS(kinds=kinds))
    yield from reader(file)


def open_text(path: Path) -> io.TextIOWrapper:
    """Open a text file as UTF-8 (with or without BOM) or, where it is not UTF-8, as GB18030."""
    encoding = "gb18030" if not _is_utf8(path) else "utf-8-sig"
    return path.open(encoding=encoding, newline="")


def _is_utf8(path: Path) -> bool:
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as handle:
        try:
            while chunk := handle.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _read_lines(path: Path) -> Iterator[Row]:
    with open_text(path) as handle:
        try:
            for number, line in enumerate(handle, start=1):
                if line.strip():
                    yield Row(number, _parse_object(line.rstrip(), path, line=number))
        except UnicodeDecodeError as error:
            raise InputError(_NOT_TEXT(), where=str(path), mend=_SAVE_UTF8()) from error


def _parse_object(text: str, path: Path, *, line: int) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        what = _NOT_JSON(detail=json_detail(error))
        raise InputError(what, where=place(path, line=line), mend=_MEND_LINE()) from error
    if not isinstance(value, dict):
        raise InputError(_NOT_OBJECT(), where=place(path, line=line), mend=_ONE_OBJECT())
    return value


def _read_json(path: Path) -> Iterator[Row]:
    with open_text(path) as handle:
        try:
            data = json.load(handle)
        except UnicodeDecodeError as error:
            raise InputError(_NOT_TEXT(), where=str(path), mend=_SAVE_UTF8()) from error
        except (ValueError, RecursionError) as error:
            line = getattr(error, "lineno", None)
            raise InputError(
                _NOT_JSON(detail=json_detail(error)), where=place(path, line=line), mend=_MEND_LINE()
            ) from error
    # {"data": [...]} and {"example": [...]}, as several published sets have it, hold one list of records.
    if isinstance(data, dict):
        lists = [value for value in data.values() if isinstance(value, list)]
        data = lists[0] if len(lists) == 1 else [data]
    if not isinstance(data, list):
        raise InputError(_NOT_OBJECT(), where=str(path), mend=_ONE_OBJECT())
    for number, value in enumerate(data, start=1):
        if not isinstance(value, dict):
            raise InputError(_NOT_OBJECT(), where=place(path, row=number), mend=_ONE_OBJECT())
        yield Row(number, value)


def _read_delimited(path: Path, delimiter: str) -> Iterator[Row]:
    csv.field_size_limit(1 << 27)
    with open_text(path) as handle:
        try:
            reader = csv.reader(handle, delimiter=delimiter)
            header = next(reader, None)
            if not header or not any(name.strip() for name in header):
                raise InputError(_EMPTY_HEADER(), where=place(path, line=1), mend=_GIVE_HEADER())
            for number, cells in enumerate(reader, start=1):
                if not any(cells):
                    continue
                if len(cells) > len(header):
                    extra = _TOO_MANY_CELLS(n=len(cells) - len(header))
                    raise InputError(extra, where=place(path, line=reader.line_num), mend=_MEND_LINE())
                yield Row(number, dict(zip(header, cells, strict=False)))
        except UnicodeDecodeError as error:
            raise InputError(_NOT_TEXT(), where=str(path), mend=_SAVE_UTF8()) from error
        except csv.Error as error:
            raise InputError(
                _BAD_WORKBOOK(kind="CSV", detail=error), where=str(path), mend=_SAVE_AGAIN()
            ) from error


def _read_csv(path: Path) -> Iterator[Row]:
    yield from _read_delimited(path, ",")


def _read_tsv(path: Path) -> Iterator[Row]:
    yield from _read_delimited(path, "\t")


def _read_xlsx(path: Path, sheet: str | None) -> Iterator[Row]:
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        page = book[sheet] if sheet else book.worksheets[0]
    except (
        zipfile.BadZipFile,
        KeyError,
        OSError,
        ValueError,
        InvalidFileException,
    ) as error:
        raise InputError(
            _BAD_WORKBOOK(kind="XLSX", detail=error), where=str(path), mend=_SAVE_AGAIN()
        ) from error
    try:
        cells = page.iter_rows(values_only=True)
        header = [str(name).strip() if name is not None else "" for name in next(cells, ())]
        if not any(header):
            raise InputError(_EMPTY_HEADER(), where=place(path, row=1), mend=_GIVE_HEADER())
        for number, values in enumerate(cells, start=1):
            yield Row(number, {name: value for name, value in zip(header, values, strict=False) if name})
    finally:
        book.close()


def _read_parquet(path: Path) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            _BAD_WORKBOOK(kind="Parquet", detail=error), where=str(path), mend=_SAVE_AGAIN()
        ) from error
    number = 0
    for batch in file.iter_batches(batch_size=4096):
        for values in batch.to_pylist():
            number += 1
            yield Row(number, values)


_READERS: dict[str, Callable[[Path], Iterator[Row]]] = {
    "": _read_lines,
    ".jsonl": _read_lines,
    ".ndjson": _read_lines,
    ".json": _read_json,
    ".csv": _read_csv,
    ".tsv": _read_tsv,
    ".parquet": _read_parquet,
}

"""Several models' answers to the same questions: a column a model, or a row an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plumbline.errors import InputError, place
from plumbline.language import Message
from plumbline.measure.run import Run
from plumbline.rows import read_rows

# "12.\xa0为什么…": a list's numbering is not part of the question.
_NUMBERED = re.compile(r"^\s*\d+\s*[.．、)）]\s*")
_QUESTION_COLUMNS = ("quest", "question", "prompt", "instruction", "问题", "题目")
_ANSWER_COLUMNS = ("answer", "reply", "output", "response", "回答", "回复")
_MODEL_COLUMNS = ("model", "模型")

_NO_QUESTION = Message("找不到问题所在的列", "no column holds the questions")
_NAME_COLUMN = Message("用 --question 写明列名；表中有：{names}", "name it by --question; there are {names}")
_NO_COLUMN = Message("没有列 `{column}`", "there is no column `{column}`")
_NO_ANSWERS = Message("没有任何回答", "there are no answers")
_TWICE = Message("{model} 对同一题有两个回答", "{model} has two answers to one question")
_KEEP_ONE = Message("只保留一个", "keep one of them")
_NO_REPLIES = Message("运行里没有生成的回复", "the run holds no generated reply")
_GENERATE = Message("用 --method generate 测量", "measure it with --method generate")
_CHECK = Message("检查文件内容", "check the file")


@dataclass(frozen=True)
class Answers:
    """Answers of models to questions.

    Attributes:
        questions: Without their numbering.
        models: Names.
        texts: Answer of each model to each question, None where there is none [questions][models].
        blank: Rows without a question, which were left out.
        renumbered: Questions whose numbering was taken off.
        source: Name of the file.
    """

    questions: tuple[str, ...]
    models: tuple[str, ...]
    texts: tuple[tuple[str | None, ...], ...]
    blank: int = 0
    renumbered: int = 0
    source: str = ""

    @property
    def common(self) -> list[int]:
        """The questions that **every** model answered, by position."""
        return [row for row, texts in enumerate(self.texts) if all(text is not None for text in texts)]

    def answered(self, model: int) -> int:
        """How many questions a model answered."""
        return sum(texts[model] is not None for texts in self.texts)


def read_answers(
    path: str | Path, *, question: str | None = None, models: Sequence[str] | None = None
) -> Answers:
    """Read answers from a table.

    Args:
        path: With a column of questions and one column a model (ValueCSV's `quest100.xlsx`), or with a row an
            answer: question, model, answer.
        question: Column of the questions; found by its name by default.
        models: Columns of the models; all others by default.

    Raises:
        InputError: No such file or column, no answer, or two answers of a model to one question.
    """
    file = Path(path)
    rows = list(read_rows(file))
    if not rows:
        raise InputError(_NO_ANSWERS(), where=str(file), mend=_CHECK())
    names = list(rows[0].values)
    column = question or next((name for name in names if name.strip().lower() in _QUESTION_COLUMNS), None)
    if column is None or column not in names:
        what = _NO_QUESTION() if column is None else _NO_COLUMN(column=column)
        raise InputError(what, where=str(file), mend=_NAME_COLUMN(names=", ".join(names)))
    answer = next((name for name in names if name.strip().lower() in _ANSWER_COLUMNS), None)
    model = next((name for name in names if name.strip().lower() in _MODEL_COLUMNS), None)
    blank, renumbered, cells = 0, 0, []
    for number, row in rows:
        text = str(row.get(column) or "").strip()
        if not text:
            blank += 1
            continue
        plain = _NUMBERED.sub("", text)
        renumbered += plain != text
        if answer and model and models is None:
            cells.append((number, plain, plain, str(row[model]), _answer(row.get(answer))))
            continue
        for name in models or [name for name in names if name != column]:
            if name not in row:
                raise InputError(_NO_COLUMN(column=name), where=str(file), mend=_CHECK())
            # The same question in two rows of such a table is asked twice.
            cells.append((number, str(number), plain, name, _answer(row[name])))
    return _gather(cells, file, blank, renumbered)


def answers_of_runs(runs: Sequence[Run]) -> Answers:
    """Take the generated replies of runs, a column a run, questions matched by presentation.

    Raises:
        InputError: No run holds a reply.
    """
    shown: dict[str, str] = {}
    replies: list[dict[str, str]] = []
    for run in runs:
        asked = [r for r in run.records if r["method"] == "generate" and r["variant"] == "original"]
        shown |= {record["presentation_id"]: record["prompt"] for record in asked}
        replies.append({record["presentation_id"]: record["reply"] for record in asked if record["reply"]})
    if not any(replies):
        raise InputError(_NO_REPLIES(), where=str(runs[0].path), mend=_GENERATE())
    return Answers(
        questions=tuple(shown.values()),
        models=tuple(run.name for run in runs),
        texts=tuple(tuple(given.get(name) for given in replies) for name in shown),
        source=", ".join(str(run.path) for run in runs),
    )


def _answer(cell: Any) -> str | None:
    text = str(cell).strip() if cell is not None else ""
    return text or None


def _gather(
    cells: Sequence[tuple[int, str, str, str, str | None]], file: Path, blank: int, renumbered: int
) -> Answers:
    questions = dict.fromkeys((key, question) for _, key, question, _, _ in cells)
    models = list(dict.fromkeys(model for *_, model, _ in cells))
    found: dict[tuple[str, str], str | None] = {}
    for number, key, _, model, text in cells:
        if found.get((key, model)) is not None:
            raise InputError(_TWICE(model=model), where=place(file, row=number), mend=_KEEP_ONE())
        found[key, model] = text
    if not any(found.values()):
        raise InputError(_NO_ANSWERS(), where=str(file), mend=_CHECK())
    texts = tuple(tuple(found.get((key, model)) for model in models) for key, _ in questions)
    return Answers(
        tuple(question for _, question in questions), tuple(models), texts, blank, renumbered, file.name
    )

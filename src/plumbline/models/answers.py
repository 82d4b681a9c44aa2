"""Recorded replies: grade what a model said elsewhere, with no model at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from plumbline.errors import InputError, place
from plumbline.files import sha256_file
from plumbline.language import Message
from plumbline.models.model import Answer, Generation, Prompt
from plumbline.models.reference import Reference
from plumbline.rows import read_rows

_REPLY_COLUMNS = ("reply", "response", "answer", "output", "completion")
_NUMBERING = re.compile(r"^\d{1,4}[.．、:：)）]")
_KEY_COLUMNS = ("presentation_id", "item_id", "prompt", "question")

_NO_COLUMN = Message("没有列 `{column}`", "there is no column `{column}`")
_NO_REPLY = Message("看不出哪一列是回复", "it is not clear which column holds the reply")
_NO_KEY = Message("看不出回复对应哪道题", "it is not clear which question a reply belongs to")
_SAY_REPLY = Message(
    "写成 answers/{file}?reply=列名；现有的列：{names}",
    "write answers/{file}?reply=COLUMN; the columns are {names}",
)
_SAY_KEY = Message(
    "写成 answers/{file}?prompt=列名（或 question、item_id、presentation_id）；现有的列：{names}",
    "write answers/{file}?prompt=COLUMN (or question, item_id, presentation_id); the columns are {names}",
)
_TWICE = Message("同一题有两条不同的回复", "two different replies to the same question")
_KEEP_ONE = Message(
    "只保留一条，或增加 order 列区分选项顺序",
    "keep one, or add a column `order` to tell the orders of options apart",
)
_NOT_RECORDED = Message("文件里没有这道题的回复", "the file holds no reply to this question")
_AMBIGUOUS = Message(
    "这道题在文件里以不同编号出现多次，回复不同",
    "the file holds this question under several numbers, with different replies",
)
_NO_OPTION = Message("回复文件没有选项 `{name}`", "there is no option `{name}` for a file of replies")
_OPTIONS = Message("可用：{names}", "use one of {names}")
_NOTHING = Message("文件是空的", "the file is empty")
_ADD = Message("至少要有一条回复", "it needs one reply at least")


class RecordedAnswers:
    """Replies read from a file and matched to prompts by id, item (and order), prompt or question text.

    `answers/FILE`, with columns behind a question mark: `answers/quest.xlsx?question=题目&reply=ChatGPT`.
    A prompt without a reply is recorded as an error, never as a wrong answer.

    Args:
        reference: The parsed reference.

    Raises:
        InputError: The file or a column cannot be used, or two replies contradict each other.
    """

    def __init__(self, reference: Reference) -> None:
        self.reference = str(reference)
        self.file = Path(reference.target)
        self.options = reference.options
        unknown = next((name for name in self.options if name not in ("reply", *_KEY_COLUMNS)), None)
        if unknown is not None:
            mend = _OPTIONS(names=", ".join(("reply", *_KEY_COLUMNS)))
            raise InputError(_NO_OPTION(name=unknown), where=str(self.file), mend=mend)
        rows = list(read_rows(self.file))
        if not rows:
            raise InputError(_NOTHING(), where=str(self.file), mend=_ADD())
        columns = list(rows[0].values)
        self.reply_column = self._column("reply", _REPLY_COLUMNS, columns, _NO_REPLY, _SAY_REPLY)
        keys = [name for name in _KEY_COLUMNS if name in self.options]
        self.key = keys[0] if keys else next((name for name in _KEY_COLUMNS if name in columns), None)
        if self.key is None:
            mend = _SAY_KEY(file=self.file.name, names=", ".join(columns))
            raise InputError(_NO_KEY(), where=str(self.file), mend=mend)
        self.key_column = self._column(self.key, (self.key,), columns, _NO_KEY, _SAY_KEY)
        self.replies: dict[tuple[str, str], str | None] = {}
        self.ambiguous: set[str] = set()
        for number, values in rows:
            self._remember(number, values)

    def _column(
        self, role: str, guesses: Sequence[str], columns: Sequence[str], unclear: Message, mend: Message
    ) -> str:
        named = self.options.get(role)
        advice = mend(file=self.file.name, names=", ".join(columns))
        if named is not None:
            if named not in columns:
                raise InputError(_NO_COLUMN(column=named), where=str(self.file), mend=advice)
            return named
        found = next((guess for guess in guesses if guess in columns), None)
        if found is None:
            raise InputError(unclear(), where=str(self.file), mend=advice)
        return found

    def _remember(self, number: int, values: dict[str, Any]) -> None:
        raw, order = _squeeze(values.get(self.key_column)), str(values.get("order") or "")
        reply = values.get(self.reply_column)
        text = None if reply is None else str(reply)
        if (raw, order) in self.replies and self.replies[raw, order] != text:
            raise InputError(_TWICE(), where=place(self.file, row=number), mend=_KEEP_ONE())
        if not raw:
            return
        self.replies[raw, order] = text
        bare = _NUMBERING.sub("", raw)
        if bare != raw and self.key in ("prompt", "question"):
            # The same question under two numbers: which reply is meant cannot be told from its text.
            if self.replies.get((bare, order), text) != text:
                self.ambiguous.add(bare)
            self.replies[bare, order] = text

    def describe(self) -> dict[str, Any]:
        """Return the file's name and hash and the columns in force."""
        return {
            "kind": "answers",
            "file": self.file.name,
            "sha256": sha256_file(self.file),
            "reply_column": self.reply_column,
            "key": self.key,
            "key_column": self.key_column,
        }

    def generate(
        self, prompts: Sequence[Prompt], settings: Generation, *, log_dir: Path | None = None
    ) -> Iterator[tuple[int, Answer]]:
        """Yield the recorded reply of each prompt."""
        for position, prompt in enumerate(prompts):
            yield position, self._find(prompt)

    def _find(self, prompt: Prompt) -> Answer:
        texts = {
            "presentation_id": prompt.id,
            "item_id": prompt.origin.get("item_id"),
            "prompt": prompt.messages[-1]["content"],
            "question": prompt.origin.get("question"),
        }
        key = _squeeze(texts[self.key or ""])
        if key in self.ambiguous:
            return Answer(None, "error", error=_AMBIGUOUS())
        order = str(prompt.origin.get("order") or "")
        reply = self.replies.get((key, order), self.replies.get((key, "")))
        if reply is None:
            return Answer(None, "error", error=_NOT_RECORDED())
        return Answer(reply, "recorded")

    def scorer(self) -> None:
        """Return None: recorded replies carry no likelihoods."""
        return None


def _squeeze(text: object) -> str:
    """Compare texts without regard to white space, which spreadsheets change."""
    return "".join(str(text).split()) if text is not None else ""

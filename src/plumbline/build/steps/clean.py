"""`clean`: tidy texts, mask personal data, drop rows by length, language and mere refusal."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
from pydantic import Field

from plumbline.build.columns import add_events, divide, replace_column, strings
from plumbline.build.step import Context, Outcome, Step
from plumbline.build.text.normalise import chinese_share, normalise, simplify, strip_boilerplate
from plumbline.build.text.personal import mask_personal
from plumbline.graders.refusal import detect_refusal

_FIELDS = ("instruction", "input", "output", "worse")
# A sound Chinese answer may hold names and code; an English one may quote a Chinese word.
_LEAST_CHINESE, _MOST_CHINESE = 0.3, 0.2


class Clean(Step):
    """Tidy and filter single rows."""

    step: Literal["clean"] = "clean"
    normalise: bool = Field(default=True, description="Unicode, width, spaces, Chinese punctuation")
    simplify: bool = Field(default=False, description="traditional to simplified characters (needs opencc)")
    boilerplate: Literal["strip", "keep"] = Field(
        default="strip", description="what assistants say around an answer"
    )
    min_question: int = Field(default=4, ge=0, description="characters a question needs")
    max_question: int = Field(default=4_000, ge=1, description="characters a question may have")
    min_output: int = Field(default=8, ge=0, description="characters an answer needs")
    max_output: int = Field(default=8_000, ge=1, description="characters an answer may have")
    language: bool = Field(default=True, description="reject answers that are not in the row's language")
    refusals: Literal["drop", "keep"] = Field(default="drop", description="answers that only refuse")
    refusal_chars: int = Field(default=120, ge=1, description="a refusal longer than this says more than no")
    personal: Literal["mask", "drop", "keep"] = Field(
        default="mask", description="identity, phone and card numbers, mail and street addresses, accounts"
    )

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Clean one shard."""
        columns = {name: strings(table, name) for name in _FIELDS}
        chinese = [language != "en" for language in strings(table, "language")]
        changed: dict[str, list[str]] = {}
        kinds: list[tuple[str, ...]] = [()] * len(table)
        for name, texts in columns.items():
            tidied = [self._tidy(text, zh, name) for text, zh in zip(texts, chinese, strict=True)]
            if self.personal != "keep":
                masked = [mask_personal(text) for text in tidied]
                kinds = [(*old, *new) if new else old for old, (_, new) in zip(kinds, masked, strict=True)]
                tidied = [text for text, _ in masked]
            changed[name] = tidied
        reasons = [
            self._reason(*row)
            for row in zip(
                changed["instruction"], changed["input"], changed["output"], chinese, kinds, strict=True
            )
        ]
        details = [",".join(dict.fromkeys(kind)) if kind else "" for kind in kinds]
        return self._outcome(table, columns, changed, reasons, details)

    def _outcome(
        self,
        table: pa.Table,
        before: dict[str, list[str]],
        after: dict[str, list[str]],
        reasons: list[str | None],
        details: list[str],
    ) -> Outcome:
        edited = np.zeros(len(table), bool)
        for name, texts in after.items():
            edited |= np.fromiter(
                (old != new for old, new in zip(before[name], texts, strict=True)), bool, len(texts)
            )
        # A row that is dropped for what it holds keeps its text, so that people can see why; personal data
        # aside.
        good = np.fromiter(
            (reason is None or reason == "personal-data" for reason in reasons), bool, len(table)
        )
        for name, texts in after.items():
            shown = [
                new if keep else old
                for old, new, keep in zip(before[name], texts, good.tolist(), strict=True)
            ]
            if shown != before[name]:
                table = replace_column(table, name, shown)
        masked = np.array([bool(detail) for detail in details], bool)
        table = add_events(table, np.flatnonzero(edited & good & ~masked), self.step, "normalised")
        at = np.flatnonzero(masked & good)
        table = add_events(table, at, self.step, "masked", [details[row] for row in at])
        kept, rejected = divide(table, self.step, reasons, details)
        return Outcome(kept, rejected)

    def _tidy(self, text: str, chinese: bool, name: str) -> str:
        if not text:
            return text
        if self.simplify and chinese:
            text = simplify(text)
        if self.boilerplate == "strip" and name in ("output", "worse"):
            text = strip_boilerplate(text)
        return normalise(text, chinese=chinese) if self.normalise else text

    def _reason(
        self, instruction: str, given: str, output: str, chinese: bool, personal: tuple[str, ...]
    ) -> str | None:
        question = len(instruction) + len(given)
        if question < self.min_question:
            return "question-too-short"
        if question > self.max_question:
            return "question-too-long"
        if len(output) < self.min_output:
            return "answer-too-short"
        if len(output) > self.max_output:
            return "answer-too-long"
        if personal and self.personal == "drop":
            return "personal-data"
        if self.language:
            share = chinese_share(output)
            if share < _LEAST_CHINESE if chinese else share > _MOST_CHINESE:
                return "other-language"
        if self.refusals == "drop" and len(output) <= self.refusal_chars:
            return "only-a-refusal" if detect_refusal(output, prompt=instruction).kind == "refusal" else None
        return None

"""The items a model found hardest, with its own words."""

from __future__ import annotations

from dataclasses import dataclass

from plumbline.errors import PlumblineError
from plumbline.measure.records import Record
from plumbline.measure.run import Run
from plumbline.measure.summary import by_item
from plumbline.suites import load_suite
from plumbline.suites.items import AnyItem, Choice, Open

_MOST = 8
_LONGEST_REPLY = 600
_LONGEST_TEXT = 4000  # characters of a question or option, so that a page stays a page


@dataclass(frozen=True)
class HardItem:
    """One item, what would have been better, and what the model said."""

    id: str
    group: str
    question: str
    options: tuple[str, ...]
    answer: int | None
    reason: str | None
    expected: str | None
    right: int
    shown: int
    replies: tuple[tuple[str, str], ...]  # (outcome, text)


def hardest_items(run: Run, method: str) -> list[HardItem]:
    """Return the items that were wrong most often under `method`, hard margins first.

    The items' texts come from the suite; where it is not at hand any more or was changed since, the list is
    empty.
    """
    identity = run.manifest["identity"]
    try:
        suite = load_suite(run.manifest["suite"]["reference"])
    except PlumblineError:
        return []
    suite = suite if identity["limit"] is None else suite.first(identity["limit"])
    if suite.hash != identity["suite"]:
        return []
    items = {item.id: item for item in suite}
    records = [r for r in run.records if r["variant"] == run.wording and r["correct"] is not None]
    judged = by_item(record for record in records if record["method"] == method)
    said = by_item(record for record in records if record["method"] == "generate")
    ranked = sorted(
        judged, key=lambda item: (_right(judged[item]) / len(judged[item]), _margin(judged[item]), item)
    )
    wrong = [item for item in ranked if _right(judged[item]) < len(judged[item]) and item in items]
    return [_hard(items[item], judged[item], said.get(item, [])) for item in wrong[:_MOST]]


def _right(records: list[Record]) -> int:
    return sum(bool(record["correct"]) for record in records)


def _margin(records: list[Record]) -> float:
    """How far the better option fell behind the chosen one, where there are scores."""
    margins = [
        record["scores"][record["answer"]] - max(record["scores"])
        for record in records
        if record["scores"] and record["answer"] is not None
    ]
    return sum(margins) / len(margins) if margins else 0.0


def _hard(item: AnyItem, judged: list[Record], said: list[Record]) -> HardItem:
    replies = {
        (record["outcome"], _clipped(record["reply"], _LONGEST_REPLY)): None
        for record in said
        if record["reply"]
    }
    choice = item if isinstance(item, Choice) else None
    prompt = item.prompt if isinstance(item, Open) else judged[0]["prompt"]
    return HardItem(
        id=item.id,
        group=item.group,
        question=_clipped(choice.question if choice else prompt, _LONGEST_TEXT),
        options=tuple(_clipped(option, _LONGEST_TEXT) for option in choice.options) if choice else (),
        answer=choice.answer if choice else None,
        reason=choice.reason if choice else None,
        expected=item.expected if isinstance(item, Open) else None,
        right=_right(judged),
        shown=len(judged),
        replies=tuple(replies),
    )


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"

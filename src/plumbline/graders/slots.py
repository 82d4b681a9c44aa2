"""Read the place kept for the answer: `【答案】: A <eoa>`, "Answer: (B)", `最终答案：回复2`."""

from __future__ import annotations

import re

from plumbline.graders.mentions import ANY, FIRST
from plumbline.graders.verdicts import Event, read

SEVERAL = rf"{ANY}(?:\s*(?:[、,和与及&+]|\band\b|以及)?\s*{ANY})+"
"""Several labels joined as one answer (`A、C`, "A and C")."""

_SLOT = re.compile(
    r"【(?:最终|正确|参考)?(?:答案|选择|结论)】(?:\s*:)?(?:是|为|选)?|"
    r"(?:^|\n|。)\s*(?:最终|正确|我的|最佳)?(?:答案|选择|结论|答)\s*[:\-]选?|"
    r"最终的?(?:答案|选择|结论)(?:是|为|:)|"
    r"(?:^|\n|\. )\s*(?:(?:my|the) )?(?:final |correct |best )?(?:answer|choice|verdict)\s*(?:is)?\s*[:\-]|"
    r"\bfinal answer(?: is|:)"
)
_END = re.compile(r"<eoa>|\n|。|;")


def read_slot(text: str, options: int) -> Event | None:
    """Read the last answer slot of a marked reply.

    Args:
        text: The reply, marked.
        options: How many options were shown.

    Returns:
        What the slot says; `unparsed` where it lists the options or where slots disagree and the last is not
        called final; None without a slot that says anything.
    """
    said: list[tuple[Event, bool]] = []
    for found in _SLOT.finditer(text):
        rest = text[found.end() :].lstrip(" \n")
        end = _END.search(rest)
        event = _content(rest[: end.start() if end else None].strip(), found.start(), options)
        if event:
            said.append((event, "最终" in found.group() or "final" in found.group()))
    if not said:
        return None
    last, called_final = said[-1]
    if len({(event.outcome, event.position) for event, _ in said}) > 1 and not called_final:
        return Event("unparsed", None, "conflict", "verdict", last.at, False)
    return last


def _content(content: str, at: int, options: int) -> Event | None:
    mentions = set(re.findall(ANY, content))
    events = list(read(content, at, options))
    opens = re.match(rf"[\"“(\[ ]*({ANY})", content)
    if opens is None:
        ranked = sorted(events, key=lambda event: event.weight == "quality")
        return ranked[0] if ranked else None
    if len(mentions) == 1:
        return Event("choice", ord(opens.group(1)) - FIRST, "answer-slot", "verdict", at, True)
    several = re.match(rf"[\"“(\[ ]*({SEVERAL})", content)
    if several and len(set(re.findall(ANY, several.group()))) > 1:
        return Event("both", None, "several-chosen", "verdict", at, True)
    told = [event for event in events if event.weight == "verdict"]
    if len({(event.outcome, event.position) for event in told}) == 1:
        return told[0]
    return Event("unparsed", None, "slot-lists-options", "verdict", at, False)

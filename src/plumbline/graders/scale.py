"""Read an option by its own words: 同意 / 不同意, "very much like me", a sentence quoted whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plumbline.graders.mentions import clean
from plumbline.graders.verdicts import Event

_LONGEST_POINT = 24
"""A scale point is a few words; longer options are sentences and must be quoted whole."""

# "不太同意" holds the words of 同意 and means another point of the scale: such a match decides nothing.
_CHANGED_BEFORE = re.compile(
    r"(?:不|没|未|非|无|很|太|极|挺|更|较|比较|非常|有点|有些|完全|十分|部分|基本|略|稍|既|"
    r"\b(?:not|very|strongly|somewhat|slightly|rather|quite|mostly|completely|partly|neither|nor|fully|totally|never|"
    r"much|a little|un|dis)|n't)[\s\-]*(?:能|会|想|是|太|怎么|to|really|do)?\s*$"
)
_CHANGED_AFTER = re.compile(
    r"^\s*(?:不|吗|与否|也不|或|还是|(?:的做法|的行为|这种做法)?是?(?:不|错|违)|"
    r"(?:or|strongly|somewhat|slightly|partly|in part|to some|is wrong|is not|isn't)\b)"
)


def read_option_text(text: str, options: Sequence[str], *, whole: bool) -> Event | None:
    """Find the one option whose words the reply uses.

    Args:
        text: A cleaned reply.
        options: The texts as shown.
        whole: Whether the reply must be the option and nothing else.

    Returns:
        The choice, or None where no option or several are named, or the words around one change its sense.
    """
    points = [plain(option) for option in options]
    if not points or len(set(points)) != len(points) or not all(points):
        return None
    if whole:
        given = plain(text)
        return _event(points.index(given)) if given in points else None
    if any(len(point) > _LONGEST_POINT for point in points):
        return None
    text = text.lower()
    found = _occurrences(text, points)
    if len({position for position, _, _ in found}) != 1:
        return None
    if any(
        _CHANGED_BEFORE.search(text[:start]) or _CHANGED_AFTER.match(text[end:]) for _, start, end in found
    ):
        return None
    position, start, end = found[0]
    if len(points[position]) < 2 or points[position] in ("yes", "no"):
        # 是 and "no" are in every other sentence: they answer only as the first word.
        return _event(position) if start == 0 and re.match(r"\W|$", text[end:]) else None
    return _event(position)


def plain(text: str) -> str:
    """Take the marks off both ends, for comparing texts."""
    return re.sub(r"^[\W_]+|[\W_]+$", "", clean(text)).lower()


def _occurrences(text: str, points: list[str]) -> list[tuple[int, int, int]]:
    """Find `(position, start, end)` of every option's words, the longest first where they overlap."""
    by_length = sorted(points, key=len, reverse=True)
    parts = [rf"\b{re.escape(point)}\b" if point.isascii() else re.escape(point) for point in by_length]
    found = re.finditer("|".join(parts), text)
    return [(points.index(one.group()), one.start(), one.end()) for one in found]


def _event(position: int) -> Event:
    return Event("choice", position, "option-text", "verdict", 0, False)

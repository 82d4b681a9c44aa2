"""Read what models reply: plain text with wrappings, JSON among other words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_FENCE = re.compile(r"\A\s*```[a-zA-Z]*\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_LABEL = re.compile(
    r"\A\s*(?:[#*【\[]*\s*(?:改写后的?|新的?|重写的?|给定的?)?(?:指令|问题|题目|提问|回答|答案|译文)\s*[#*】\]]*\s*[:：]\s*)",
    re.IGNORECASE,
)
_QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』", "‘": "’"}


def plain_text(reply: str) -> str | None:
    """Return a reply's text without code fence, label and quotes around it; None when nothing is left."""
    fenced = _FENCE.match(reply)
    text = (fenced.group(1) if fenced else reply).strip()
    text = _LABEL.sub("", text).strip()
    if len(text) > 1 and _QUOTES.get(text[0]) == text[-1] and _wrapped(text):
        text = text[1:-1].strip()
    return text or None


def _wrapped(text: str) -> bool:
    """Tell whether the first quotation mark is closed by the last one, and no other comes between."""
    opening, closing = text[0], text[-1]
    return text.count(opening) == (2 if opening == closing else 1) and text.count(closing) <= 2


def json_object(reply: str) -> dict[str, Any] | None:
    """Return the first JSON object in a reply; None when there is no whole one."""
    found = _first_json(reply, "{")
    return found if isinstance(found, dict) else None


def json_list(reply: str) -> list[Any] | None:
    """Return the first JSON array in a reply; None when there is no whole one."""
    found = _first_json(reply, "[")
    return found if isinstance(found, list) else None


def _first_json(reply: str, opening: str) -> Any:
    decoder = json.JSONDecoder(strict=False)
    at = reply.find(opening)
    while at >= 0:
        try:
            return decoder.raw_decode(reply, at)[0]
        except (json.JSONDecodeError, RecursionError):
            at = reply.find(opening, at + 1)
    return None


def with_texts(*names: str) -> Callable[[str], dict[str, Any] | None]:
    """Return a reader of JSON objects that hold a non-empty text under each of `names`."""

    def read(reply: str) -> dict[str, Any] | None:
        found = json_object(reply)
        if found is None or not all(
            isinstance(found.get(name), str) and found[name].strip() for name in names
        ):
            return None
        return found

    return read


def with_score(low: float, high: float) -> Callable[[str], dict[str, Any] | None]:
    """Return a reader of JSON objects whose `score` lies within bounds; `reason` is made a text."""

    def read(reply: str) -> dict[str, Any] | None:
        found = json_object(reply)
        try:
            score = float(found["score"]) if found else None
        except (KeyError, TypeError, ValueError):
            return None
        if found is None or score is None or not low <= score <= high:
            return None
        return found | {"score": score, "reason": str(found.get("reason") or "")}

    return read

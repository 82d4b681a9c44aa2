"""Read the JSON object out of what a judge printed, mending what judges commonly get wrong.

Only the form is mended (fences, text around, quotes, commas, what a length limit cut off); a score is never
guessed.
"""

from __future__ import annotations

import json
import re
from typing import Any

from plumbline.graders.judge.rubric import CRITERIA, LEAST, LETTERS, MOST

_FENCE = re.compile(r"```(?:json)?\s*(.*?)(?:```|\Z)", re.DOTALL | re.IGNORECASE)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_BARE_KEY = re.compile(r"([{,]\s*)([A-Za-z_]\w*)\s*:")
_SINGLE_QUOTED = re.compile(r"(?<=[{,:\s])'([^'\n]*)'(?=\s*[,:}])")
# Typographic forms that Chinese models print for JSON's own marks.
_MARKS = str.maketrans({"“": '"', "”": '"', "：": ":", "，": ",", "｛": "{", "｝": "}"})
_THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


def read_object(text: str) -> dict[str, Any] | None:
    """Return the last JSON object in a text that can be read, as it is or mended; None where there is none.

    Args:
        text: What the judge printed.
    """
    plain = _THINKING.sub("", text)
    sources = [match.group(1) for match in _FENCE.finditer(plain)] + [plain]
    for source in sources:
        for candidate in reversed(_objects(source)):
            for mended in (candidate, _mend(candidate), _mend(candidate.translate(_MARKS))):
                found = _parse(mended)
                if found is not None:
                    return found
    return None


def _objects(text: str) -> list[str]:
    """Return the outermost {...} spans, one that never closes included."""
    marked = text.replace("｛", "{").replace("｝", "}")
    spans, start, depth, quoted, escaped = [], 0, 0, False, False
    for place, mark in enumerate(marked):
        if quoted:
            quoted = escaped or mark != '"'
            escaped = mark == "\\" and not escaped
        elif mark == '"' and depth:
            quoted = True
        elif mark == "{":
            start = place if depth == 0 else start
            depth += 1
        elif mark == "}" and depth:
            depth -= 1
            if depth == 0:
                spans.append(text[start : place + 1])
    if depth:
        spans.append(text[start:])
    return spans


def _mend(text: str) -> str:
    mended = _SINGLE_QUOTED.sub(r'"\1"', text)
    mended = _BARE_KEY.sub(r'\1"\2":', mended)
    return _TRAILING_COMMA.sub(r"\1", _close(mended))


def _close(text: str) -> str:
    """Close what a cut left open; an entry that was cut in the middle is dropped."""
    depth, quoted, escaped, last_whole = 0, False, False, 0
    for place, mark in enumerate(text):
        if quoted:
            quoted = escaped or mark != '"'
            escaped = mark == "\\" and not escaped
        elif mark == '"':
            quoted = True
        elif mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        elif mark == "," and depth == 1:
            last_whole = place
    if depth <= 0 and not quoted:
        return text
    return (text[:last_whole] if last_whole else "{") + "}"


def _parse(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text, strict=False)
    except (json.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_scores(found: dict[str, Any]) -> dict[str, int] | None:
    """Return `overall` and every criterion that was scored; None without a sound overall score.

    A criterion outside 1 to 10 makes the whole judgement unsound.
    """
    scores: dict[str, int] = {}
    for name in (*(one.id for one in CRITERIA), "overall"):
        if name not in found:
            continue
        score = _whole(found[name])
        if score is None:
            return None
        scores[name] = score
    return scores if "overall" in scores else None


def _whole(value: Any) -> int | None:
    """Read 7, 7.0, "7" or "7/10"."""
    if isinstance(value, bool):
        return None
    match = re.fullmatch(r"\s*(\d{1,2})(?:\.0+)?\s*(?:/\s*10|分)?\s*", str(value))
    number = int(match.group(1)) if match else 0
    return number if LEAST <= number <= MOST else None


def read_letter(found: dict[str, Any]) -> str | None:
    """Return A, B or C."""
    letter = str(found.get("grade", "")).strip().upper()
    return letter if letter in LETTERS else None


def read_better(found: dict[str, Any]) -> str | None:
    """Return `1`, `2` or `tie`."""
    better = str(found.get("better", "")).strip().lower()
    match = re.fullmatch(r"(?:answer|回答)?\s*\[?([12])\]?", better)
    if match:
        return match.group(1)
    return "tie" if better in ("tie", "平", "平局", "equal", "0") else None

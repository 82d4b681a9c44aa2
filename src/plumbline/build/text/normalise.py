"""Make text tidy without changing what it says: Unicode, width, spaces, punctuation, boilerplate."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from plumbline.errors import MissingExtra

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
# Control and format characters, except tab and newline; soft hyphens, zero-width marks, byte order marks.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)
_NEWLINES = re.compile(r"\r\n?|\u2028|\u2029|\x85")
_WIDE = re.compile(r"[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_SPACES = re.compile(r" {2,}|\t+")
_LINE_END_SPACE = re.compile(r"[ \t]+\n")
_MANY_LINES = re.compile(r"\n{3,}")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}，。！？；：、]) (?=[{_HAN}，。！？；：、])")
_HALF_AFTER_HAN = re.compile(rf"(?<=[{_HAN}])([,!?;:])(?=[{_HAN}\s]|$)")
_DOT_AFTER_HAN = re.compile(rf"(?<=[{_HAN}])\.(?=\s|$|[{_HAN}])")
_DOTS = re.compile(r"。{3,}|\.{4,}|…{3,}")
_REPEATED = re.compile(r"([！？，；：])\1+")
_FULL = {",": "，", "!": "！", "?": "？", ";": "；", ":": "："}
# Two looks decide whether any of the above can apply; clean text, the usual case, costs these looks only.
# Each starts with one set of characters, which is what `re` finds fast.
_SUSPECT = re.compile(
    _INVISIBLE.pattern[:-1]
    + r"\t\u2028\u2029\u00a0\u2000-\u200a\u202f\u205f\u3000\uff10-\uff19\uff21-\uff3a\uff41-\uff5a,!?;:.]"
)
_SUSPECT_RUN = re.compile(
    r"[ \n。…！？，；：](?:(?<= )[ \n]|(?<=\n)\n\n|(?<=。)。。|(?<=…)……|(?<=[！？，；：])[！？，；：]|"
    + rf"(?<=[{_HAN}，。！？；：、] )(?=[{_HAN}，。！？；：、]))"
)
_OPENINGS = re.compile(
    r"\A(?:(?:好的|当然可以|当然|没问题|可以的)[，,!！。]\s*)?"
    r"(?:作为(?:一个|一名|一款)?(?:AI|人工智能|大型?)?(?:语言)?(?:模型|助手)[^，。]{0,12}[，,]\s*)"
    r"|\A(?:好的|当然可以|当然|没问题)[，,!！。]\s*(?=(?:以下|下面|这里)是)"
)
_CLOSINGS = re.compile(
    r"\s*(?:希望(?:这|以上|我的)?[^。！\n]{0,16}(?:有所?帮助|帮到(?:你|您))|如(?:果你|果您|您|有)[^。！\n]{0,20}(?:问题|需要|疑问)[^。！\n]{0,16}"
    r"(?:告诉我|联系我|问我|提问|随时[^。！\n]{0,8}))[。！!.]?\s*\Z"
)
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_HAN_RUN = re.compile(rf"[{_HAN}]+")
_WORD = re.compile(r"[A-Za-z]+")


def normalise(text: str, *, chinese: bool = True) -> str:
    """Return `text` tidied: NFC, no invisible characters, plain letters and digits, single spaces, and in
    Chinese text Chinese punctuation. Idempotent.

    Args:
        text: Any text.
        chinese: Apply the rules that are right in Chinese text only.
    """
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    edges = text[:1] + text[-1:]
    if not (_SUSPECT.search(text) or _SUSPECT_RUN.search(text) or edges.strip() != edges):
        return text
    # One rule can make room for another (a space that falls away brings two signs together): until nothing
    # moves.
    for _ in range(8):
        tidied = _tidy(text, chinese)
        if tidied == text:
            break
        text = tidied
    return text


def _tidy(text: str, chinese: bool) -> str:
    text = _NEWLINES.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _WIDE.sub(lambda found: chr(ord(found.group()) - 0xFEE0), text)
    text = _SPACES.sub(" ", _ODD_SPACE.sub(" ", text))
    text = _MANY_LINES.sub("\n\n", _LINE_END_SPACE.sub("\n", text))
    if chinese:
        text = _HALF_AFTER_HAN.sub(lambda found: _FULL[found.group(1)], text)
        text = _DOT_AFTER_HAN.sub("。", text)
        text = _REPEATED.sub(r"\1", _DOTS.sub("……", text))
        text = _BETWEEN_HAN.sub("", text)
    return unicodedata.normalize("NFC", text).strip()


def strip_boilerplate(text: str) -> str:
    """Take off what assistants say around an answer; the text stays if nothing would be left."""
    stripped = _CLOSINGS.sub("", _OPENINGS.sub("", text))
    return stripped if stripped.strip() else text


def chinese_share(text: str) -> float:
    """Return the share of Chinese characters among them and Latin words, fenced code aside; 1 without any."""
    # Code is written in Latin letters in every language; it says nothing about the language of an answer.
    part = (_FENCED.sub("", text) if "```" in text else text)[:2_000]
    characters = len("".join(_HAN_RUN.findall(part)))
    words = len(_WORD.findall(part))
    return characters / (characters + words) if characters + words else 1.0


@lru_cache(maxsize=1)
def _converter() -> Any:
    try:
        import opencc  # type: ignore[import-not-found, unused-ignore]
    except ModuleNotFoundError as error:
        raise MissingExtra("opencc", "chinese") from error
    return opencc.OpenCC("t2s")


def simplify(text: str) -> str:
    """Convert traditional characters to simplified ones, phrases considered (OpenCC).

    Raises:
        MissingExtra: OpenCC is not installed.
    """
    simplified: str = _converter().convert(text)
    return simplified

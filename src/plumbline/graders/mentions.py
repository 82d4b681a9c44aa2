"""See where a reply names the options it was shown: `[回复1]`, "the second response", `选项 B`, a quoted text.

Every mention becomes one private-use character, so that the rules which read verdicts know positions only,
never how they were named: what holds for one labelling then holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

FIRST = 0xE000
"""The character of position 0 (start of Unicode's private-use area)."""

LIMIT = 10
"""The most options a question may have."""

ANY = f"[{chr(FIRST)}-{chr(FIRST + LIMIT - 1)}]"
"""A character class that matches any mention."""

_LETTERS = "ABCDEFGHIJ"
_CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NOUNS_ZH = "回复|回答|答复|回应|选项|答案|方案|选择"
_NOUNS_EN = "response|reply|answer|option|choice|statement|completion"
_QUOTED = 6
"""Options at least this long are recognised as quotations; shorter ones are words that occur anyway."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"<\|[^|<>\n]{1,30}\|>|</?s>|<pad>|<unk>")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`+|~~|^\s{0,3}#{1,6}\s+|^\s{0,3}>\s?", re.MULTILINE)
_BOXED = re.compile(r"\\boxed\{\s*(?:\\text\{)?([^{}]{1,40})\}+\$?")

# `A` in a Chinese sentence is a label unless the next character makes another word of it (A股, B站, C罗).
_NOT_AFTER = r"(?![A-Za-z0-9_'’%+\-]|[股站国型级类轮罗座超角面])"
_NOT_BEFORE = r"(?<![A-Za-z0-9_'’\-])(?<!维生素)(?<!维他命)"
# An English capital "A" or "I" is a word of its own; as a label it is followed by a mark or by one of these.
_AFTER_LETTER = (
    r"(?=\s*(?:$|[^\sA-Za-z])|\s+(?:is|was|isn't|are|were|would|will|has|have|had|does|doesn't|can|may|might|should|"
    r"seems?|appears?|looks?|feels?|because|since|as|and|or|nor|but|over|than|rather|instead|wins?|"
    r"gives?|offers?|provides?|shows?|also|best|both|to|with|while|whereas|despite|for)\b)"
)


@dataclass(frozen=True)
class Naming:
    """How positions are named: by a word and a number, by a letter, or by words of their own."""

    kind: str
    pattern: re.Pattern[str]
    closed: bool
    """Whether a mark such as `:` after a label at the start is a list or heading, not a choice."""


def clean(reply: str) -> str:
    """Take off what is no part of the answer: thoughts, control tokens, emphasis, full-width forms."""
    text = reply.translate(_FULL_WIDTH).replace("\r\n", "\n").replace("\r", "\n")
    # A model that was cut in its thoughts has not answered; one whose opening tag was in the prompt has.
    text = re.split(r"</think(?:ing)?>", text, flags=re.IGNORECASE)[-1]
    text = _THOUGHT.sub("", text)
    text = _BOXED.sub(r"【答案】\1。", text)
    text = _EMPHASIS.sub("", _CONTROL.sub("", text))
    return "".join(char for char in text if not FIRST <= ord(char) <= 0xF8FF).strip()


def mark(text: str, labels: Sequence[str], options: Sequence[str]) -> str:
    """Put one character for every mention of a position.

    Args:
        text: A cleaned reply.
        labels: How positions are named, in the order shown; 1 to 10.
        options: The texts shown, in the same order; may be empty.

    Returns:
        The text with `chr(FIRST + position)` for every mention, in lower case.
    """
    naming = naming_of(tuple(labels))
    text = _without_echo(text, labels)
    for position in sorted(range(min(len(options), len(labels))), key=lambda at: -len(options[at])):
        quoted = clean(options[position])
        if len(quoted) >= _QUOTED and sum(quoted == clean(other) for other in options) == 1:
            text = text.replace(quoted, chr(FIRST + position))
    text = naming.pattern.sub(lambda found: _symbol(found, len(labels)), text)
    if naming.kind != "literal":
        text = _relative(text, len(labels))
    # A label followed by its own text, or named twice ("选项 B（B）"), is one mention.
    text = re.sub(rf"({ANY})[ .:、,\"“”'()\[\]]*(?:\1[)\]\"”]*)+", r"\1", text)
    return text.lower()


@lru_cache(maxsize=64)
def naming_of(labels: tuple[str, ...]) -> Naming:
    """Find out how these labels name positions and build the pattern that sees them."""
    bare = [re.sub(r"[\[\]【】()<>{}\s.:]", "", label.translate(_FULL_WIDTH)) for label in labels]
    n = len(labels)
    if bare == list(_LETTERS[:n]):
        return Naming("letter", re.compile("|".join((_named(n, ""), _letter(n)))), False)
    if all(re.fullmatch(rf"\D*{at + 1}", label) for at, label in enumerate(bare)):
        stem = re.sub(r"\d+$", "", bare[0])
        # Bare digits are numbers of list points more often than labels: only an answer slot may hold them.
        slot = rf"(?:(?<=选)|(?<=选择)|(?<=答案)|(?<=】)|(?<=[:是为])|(?<=is)|(?<=\A))\s*{_bracketed(_digits(n))}"
        slot += r"(?![\d.%、]|\s*[个点条项种年月日]|\s*\))(?=\s*(?:$|[^\w\s]|[一-鿿]))"
        return Naming("number", re.compile("|".join((_named(n, stem or "回复"), slot))), True)
    pattern = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    by_label = {label.lower(): at for at, label in enumerate(labels)}
    literal = re.compile(rf"(?:{pattern})", re.IGNORECASE)
    _LITERAL[literal.pattern] = by_label
    return Naming("literal", literal, False)


_LITERAL: dict[str, dict[str, int]] = {}
"""Positions by label, for labels that are words of their own; filled beside the cached patterns."""


def _named(n: int, stem: str) -> str:
    """Match a noun with its number, or an ordinal: `回复一`, `[Response 2]`, `第二个回答`, "the second one".

    With lettered labels (`stem` empty) the noun takes a letter only: there, `选项①` is a statement of the question.
    """
    upper, lower = _LETTERS[:n], _LETTERS[:n].lower()
    letter = rf"[{upper}{lower}](?![A-Za-z0-9])"
    chinese, english = letter, letter
    if stem:
        chinese = (
            rf"(?:{_digits(n)}(?![\d.%])|[{_CIRCLED[:n]}]|{letter}|"
            rf"[{_CHINESE[:n]}](?!个|些|种|样|致|定|般|方面))"
        )
        english = rf"(?:{_digits(n)}(?![\d%]|\.\d)|(?i:{'|'.join(_CARDINALS[:n])})\b|{letter})"
    nouns = "|".join(filter(None, (re.escape(stem), _NOUNS_ZH)))
    opening, closing = r"\s*(?:[\[(\"“]\s*)?", r"(?:\s*[\])\"”])?"
    named = (
        rf"(?:{nouns}){opening}[#号]?{chinese}{closing}",
        rf"\b(?i:{_NOUNS_EN}){opening}(?i:#|number\s+|no\.\s*)?{english}{closing}",
    )
    ordinals = "|".join(_ORDINALS[:n])
    return "|".join(
        (
            rf"[\[【(]?\s*(?:{'|'.join(named)})\s*[\]】)]?",
            rf"第\s*(?:{_digits(n)}|[{_CHINESE[:n]}])\s*(?:个|项|种|条|份|则)"
            rf"(?:(?:{_NOUNS_ZH})|(?=\s*(?:$|[更最比较是好要优,。]))|(?=\s*[\"”]))",
            rf"\b(?i:(?:the\s+)?(?:{ordinals})\s+(?:{_NOUNS_EN}|one)\b|"
            rf"the\s+(?:{ordinals})(?=\s+is\b|\s*[.,]?\s*$))",
        )
    )


def _letter(n: int) -> str:
    """Match a capital letter that stands alone, `A项`, `(a)`."""
    upper, lower = _LETTERS[:n], _LETTERS[:n].lower()
    return "|".join(
        (
            rf"[\[(【]\s*[{upper}{lower}]\s*[\])】]",
            rf"{_NOT_BEFORE}[{upper}]\s*(?:选项|答案|项|\.(?=\s)(?=\s*[一-鿿]))",
            rf"{_NOT_BEFORE}[{upper}]{_NOT_AFTER}{_AFTER_LETTER}",
            rf"(?<=[选择])\s*[{lower}]{_NOT_AFTER}",
            rf"(?:(?<=answer is)|(?<=answer:)|(?<=Answer:))\s*[{upper}{lower}]{_NOT_AFTER}",
            rf"\A[{lower}](?=\s*[.)。:]?\s*(?:$|\n))",
        )
    )


def _digits(n: int) -> str:
    return f"[1-{n}]" if n < 10 else "(?:10|[1-9])"


def _bracketed(inner: str) -> str:
    return rf"(?:[\[(【]\s*{inner}\s*[\])】]|{inner})"


def _symbol(found: re.Match[str], n: int) -> str:
    """Turn one mention into its character, keeping the blanks before it."""
    text = found.group()
    by_label = _LITERAL.get(found.re.pattern)
    if by_label is not None:
        return chr(FIRST + by_label[text.lower()])
    lead = text[: len(text) - len(text.lstrip())]
    return lead + chr(FIRST + _position(text, n))


def _position(text: str, n: int) -> int:
    number = re.search(r"\d+", text)
    if number:
        return int(number.group()) - 1
    for signs in (_CHINESE, _CIRCLED):
        for at in range(n):
            if signs[at] in text:
                return at
    words = re.findall(r"[A-Za-z]+", text)
    for word in reversed(words):
        for names in (_CARDINALS, _ORDINALS):
            # "the second one": the ordinal decides, not the noun "one" after it.
            if word.lower() in names[:n] and not (
                word.lower() == "one" and len(words) > 1 and _has_ordinal(words)
            ):
                return names.index(word.lower())
        if len(word) == 1 and word.upper() in _LETTERS[:n]:
            return _LETTERS.index(word.upper())
    raise AssertionError(f"no position in {text!r}")  # every alternative of the pattern holds one


def _has_ordinal(words: list[str]) -> bool:
    return any(word.lower() in _ORDINALS for word in words)


def _relative(text: str, n: int) -> str:
    """Resolve 前者 / 后者, the former / the latter: by what was named just before, else by the order shown."""
    if n != 2:
        return text

    def resolve(found: re.Match[str]) -> str:
        before = re.split(r"[。!?\n]", text[: found.start()])
        named = [ord(char) - FIRST for char in "".join(before[-2:]) if re.match(ANY, char)]
        order = list(dict.fromkeys(reversed(named[-2:])))[::-1]
        first, second = order if len(order) == 2 else (0, 1)
        return chr(FIRST + (first if found.group().lower() in ("前者", "the former") else second))

    return re.sub(r"前者|后者|\bthe former\b|\bthe latter\b", resolve, text, flags=re.IGNORECASE)


def _without_echo(text: str, labels: Sequence[str]) -> str:
    """Drop the prompt's own lines: a reply that repeats what it was shown has not judged it."""
    for label in labels:
        name = re.escape(label.strip("[]【】"))
        text = re.sub(
            rf"[\[【]{name}[\]】]\s*:.*?[\[【](?:{name}\s*结束|End of {name})[\]】]",
            "",
            text,
            flags=re.DOTALL,
        )
    return text

"""See where a reply names the options shown: `[回复1]`, "the second response", `选项 B`, their own text.

Every mention becomes one private-use character, so that the rules which read verdicts know positions only,
never how they were named: what holds for one labelling then holds for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

FIRST = 0xE000
"""The character of position 0 (start of Unicode's private-use area)."""

LIMIT = 10
"""The most options a question may have."""

RANGE = f"{chr(FIRST)}-{chr(FIRST + LIMIT - 1)}"
"""All mentions, for use inside a character class."""

ANY = f"[{RANGE}]"
"""A character class that matches any mention."""

_LETTERS = "ABCDEFGHIJ"
_CHINESE = "一二三四五六七八九十"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_CARDINALS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NOUNS_ZH = "回复|回答|答复|回应|选项|答案|方案"
_NOUNS_EN = "response|reply|answer|option|choice|statement|completion"
_QUOTED = 6
"""Options at least this long are recognised as quotations; shorter ones are words that occur anyway."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_THOUGHT = re.compile(r"<think(?:ing)?>.*", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"<\|[^|<>\n]{1,30}\|>|</?s>|<pad>|<unk>")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`+|~~|^\s{0,3}#{1,6}\s+|^\s{0,3}>\s?", re.MULTILINE)
_BOXED = re.compile(r"\\boxed\{\s*(?:\\text\{)?([^{}]{1,40})\}+\$?")

# `A` in a Chinese sentence is a label unless its neighbours make another word of it (A股, B站, 维生素C).
_LETTER_BEFORE = r"(?<![A-Za-z0-9_'’\-])(?<!维生素)(?<!维他命)(?<![Pp]lan )"
_LETTER_AFTER = r"(?![A-Za-z0-9_'’%+\-股站国型级类轮罗座超角面])"
# In English "A" and "I" are words of their own; a label is followed by a mark or by one of these.
_LETTER_THEN = r"""(?=\s*(?:$|[^\sA-Za-z])|\s+(?:
    is|was|isn't|would|will|has|had|does|doesn't|can|may|might|should|seems?|appears?|looks?|feels?|because|since|as|
    and|or|nor|but|over|than|rather|instead|wins?|gives?|offers?|provides?|shows?|also|best|both|to|with|while|
    whereas|despite|for)\b)"""


@dataclass(frozen=True)
class Naming:
    """How positions are named.

    Attributes:
        kind: By a letter, by a word and a number, or by words of their own.
        pattern: Matches a mention.
        position: Reads the position out of what the pattern matched.
    """

    kind: Literal["letter", "number", "literal"]
    pattern: re.Pattern[str]
    position: Callable[[str], int]


def clean(reply: str) -> str:
    """Take off what is no part of the answer: thoughts, control tokens, emphasis, full-width forms."""
    text = reply.translate(_FULL_WIDTH).replace("\r\n", "\n").replace("\r", "\n")
    # Chat templates may have written the opening tag already; a model cut off in thought has not answered.
    text = re.split(r"</think(?:ing)?>", text, flags=re.IGNORECASE)[-1]
    text = _THOUGHT.sub("", text)
    text = _BOXED.sub(r"【答案】\1。", text)
    text = _EMPHASIS.sub("", _CONTROL.sub("", text))
    return "".join(char for char in text if not 0xE000 <= ord(char) <= 0xF8FF).strip()


def mark(text: str, labels: Sequence[str], options: Sequence[str]) -> str:
    """Put one character for every mention of a position.

    Args:
        text: A cleaned reply.
        labels: How positions are named, in the order shown; 1 to 10.
        options: The texts shown, in the same order; may be empty.

    Returns:
        The text in lower case, with `chr(FIRST + position)` for every mention.
    """
    naming = naming_of(tuple(labels))
    text = _without_echo(text, labels)
    quotes = [clean(option) for option in options[: len(labels)]]
    for position in sorted(range(len(quotes)), key=lambda at: -len(quotes[at])):
        if len(quotes[position]) >= _QUOTED and quotes.count(quotes[position]) == 1:
            text = text.replace(quotes[position], chr(FIRST + position))
    if naming.kind == "letter":
        text = _part_runs(text, len(labels))
    text = naming.pattern.sub(lambda found: _symbol(found.group(), naming), text)
    if len(labels) == 2:
        text = _relative(text)
    # A label with its own text, or a position named twice ("选项 B（B）"), is one mention.
    text = re.sub(rf"({ANY})[ .:、,\"“”'()\[\]]*(?:\1[)\]\"”]*)+", r"\1", text)
    return text.lower()


@lru_cache(maxsize=64)
def naming_of(labels: tuple[str, ...]) -> Naming:
    """Find out how these labels name positions and build the pattern that sees them."""
    bare = [re.sub(r"[\[\]【】()<>{}\s.:]", "", label.translate(_FULL_WIDTH)) for label in labels]
    n = len(labels)
    if bare == list(_LETTERS[:n]):
        return Naming("letter", re.compile(f"{_named(n, '')}|{_letter(n)}"), _read_position)
    if all(re.fullmatch(rf"\D*{at + 1}", label) for at, label in enumerate(bare)):
        stem = re.sub(r"\d+$", "", bare[0]) or "回复"
        return Naming("number", re.compile(f"{_named(n, stem)}|{_number(n)}"), _read_position)
    by_label = {label.lower(): at for at, label in enumerate(labels)}
    longest_first = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    pattern = re.compile(longest_first, re.IGNORECASE)
    return Naming("literal", pattern, lambda text: by_label[text.lower()])


def _named(n: int, stem: str) -> str:
    """Match a noun with its number, or an ordinal: `回复一`, `[Response 2]`, `第二个回答`, "the second one".

    With lettered labels (`stem` empty) the noun takes a letter only: there, `选项①` is a statement
    of the question.
    """
    letter = rf"[{_LETTERS[:n]}{_LETTERS[:n].lower()}](?![A-Za-z0-9])"
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
            rf"(?:[\[【(]\s*)?(?:{'|'.join(named)})(?:\s*[\]】)])?",
            rf"第\s*(?:{_digits(n)}|[{_CHINESE[:n]}])\s*(?:个|项|种|条|份|则)"
            rf"(?:(?:{_NOUNS_ZH})|(?=\s*(?:$|[更最比较是好要优,。\"”])))",
            rf"\b(?i:(?:the\s+)?(?:{ordinals})\s+(?:{_NOUNS_EN}|one)\b|"
            rf"the\s+(?:{ordinals})(?=\s+is\b|\s*[.,]?\s*$))",
        )
    )


def _letter(n: int) -> str:
    """Match a lone capital, `A项`, `(a)`, and a small letter where only an answer can stand."""
    upper, lower = _LETTERS[:n], _LETTERS[:n].lower()
    then = re.sub(r"\n\s+", "", _LETTER_THEN)
    return "|".join(
        (
            rf"[\[(【]\s*[{upper}{lower}]\s*[\])】]",
            rf"{_LETTER_BEFORE}[{upper}]\s*(?:选项|答案|项)",
            rf"{_LETTER_BEFORE}[{upper}]{_LETTER_AFTER}{then}",
            rf"(?<=[选择])\s*[{lower}]{_LETTER_AFTER}",
            rf"(?:(?<=[Aa]nswer is)|(?<=[Aa]nswer:))\s*[{upper}{lower}]{_LETTER_AFTER}",
            rf"\A[{lower}](?=\s*[.)。:]?\s*(?:$|\n))",
        )
    )


def _number(n: int) -> str:
    """Match a bare digit where only an answer can stand; elsewhere digits number the points of a list."""
    before = r"(?:(?<=选)|(?<=选择)|(?<=答案)|(?<=】)|(?<=[:是为])|(?<=answer is)|(?<=\A))"
    digit = _digits(n)
    return (
        rf"{before}\s*(?:[\[(【]\s*{digit}\s*[\])】]|{digit})"
        r"(?![\d.%、]*\d|[%、)]|\.\s*\S|\s*[个点条项种年月日])(?=\s*(?:$|[^\w\s]|[一-鿿]))"
    )


def _digits(n: int) -> str:
    return f"[1-{n}]" if n < 10 else "(?:10|[1-9])"


def _symbol(text: str, naming: Naming) -> str:
    """Turn one mention into its character, keeping the blanks before it."""
    lead = text[: len(text) - len(text.lstrip())]
    return lead + chr(FIRST + naming.position(text))


def _read_position(text: str) -> int:
    number = re.search(r"\d+", text)
    if number:
        return int(number.group()) - 1
    for char in text:
        for signs in (_CHINESE, _CIRCLED):
            if char in signs:
                return signs.index(char)
    words = [word.lower() for word in re.findall(r"[A-Za-z]+", text)]
    # "the second one": the ordinal decides before the noun "one" is taken for a number.
    for names in (_ORDINALS, _CARDINALS):
        for word in words:
            if word in names:
                return names.index(word)
    return _LETTERS.lower().index(next(word for word in reversed(words) if len(word) == 1))


def _relative(text: str) -> str:
    """Resolve 前者 / 后者, the former / the latter: by what was just named, else by the order shown."""

    def resolve(found: re.Match[str]) -> str:
        before = "".join(re.split(r"[。!?\n]", text[: found.start()])[-2:])
        named = list(dict.fromkeys(re.findall(ANY, before)[-2:]))
        first, second = named if len(named) == 2 else (chr(FIRST), chr(FIRST + 1))
        return first if found.group().lower() in ("前者", "the former") else second

    return re.sub(r"前者|后者|\bthe former\b|\bthe latter\b", resolve, text, flags=re.IGNORECASE)


def _part_runs(text: str, n: int) -> str:
    """Part letters that were written together as a multiple answer (`答案：ABD`)."""

    def part(found: re.Match[str]) -> str:
        letters = found.group()
        return "、".join(letters) if list(letters) == sorted(set(letters)) else letters

    cue = r"(?:(?<=[选择:】是为])|(?<=[:是为】] )|\A)"
    return re.sub(rf"{cue}[{_LETTERS[:n]}]{{2,}}(?![A-Za-z])", part, text)


def _without_echo(text: str, labels: Sequence[str]) -> str:
    """Drop the prompt's own lines: a reply that repeats what it was shown has not judged it."""
    for label in labels:
        name = re.escape(label.strip("[]【】"))
        opening, ending = rf"[\[【]{name}[\]】]\s*:", rf"[\[【](?:{name}\s*结束|End of {name})[\]】]"
        text = re.sub(rf"{opening}.*?{ending}", "", text, flags=re.DOTALL)
    return text

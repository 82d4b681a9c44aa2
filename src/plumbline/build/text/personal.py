"""Personal data in text: identity, phone and bank card numbers, mail and street addresses, account names."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"


class Kind(NamedTuple):
    """A kind of personal data: what it is called when masked, how it looks, and whether a match is real."""

    name: str
    mask: str
    pattern: re.Pattern[str]
    genuine: Callable[[str], bool]


def _always(found: str) -> bool:
    return True


def _is_identity_number(found: str) -> bool:
    """Check the last character of a Chinese identity number (GB 11643)."""
    digits = found.upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == digits[17]


def _is_card_number(found: str) -> bool:
    """Check the last digit of a bank card number (Luhn)."""
    digits = [int(digit) for digit in found if digit.isdigit()]
    if not 15 <= len(digits) <= 19:
        return False
    doubled = [digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(digit // 10 + digit % 10 for digit in doubled)) % 10 == 0


# Tried in this order: an identity number would otherwise be half a bank card.
KINDS: tuple[Kind, ...] = (
    Kind(
        "identity-number", "[身份证号]",
        re.compile(
            r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])",
            re.ASCII,
        ),
        _is_identity_number,
    ),
    Kind(
        "phone", "[电话号码]",
        re.compile(
            r"(?<![\d.])(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?![\d.]\d|\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)",
            re.ASCII,
        ),
        _always,
    ),
    Kind(
        "bank-card", "[银行卡号]",
        re.compile(r"(?<![\d.])\d(?:[ -]?\d){14,18}(?![\d.]\d|\d)", re.ASCII), _is_card_number,
    ),
    Kind(
        "mail", "[邮箱]",
        re.compile(
            r"(?<![\w.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+", re.ASCII
        ),
        _always,
    ),
    Kind(
        "account", "[账号]",
        re.compile(r"(?i)(?:(?<=微信号)|(?<=微信)|(?<=QQ号)|(?<=QQ))[是为]?[:：]?\s?[A-Za-z0-9_-]{5,20}(?![A-Za-z0-9_-])"),
        lambda found: any(sign.isdigit() for sign in found),
    ),
    Kind(
        "address", "[住址]",
        re.compile(
            r"(?:[\u4e00-\u9fff]{2,8}(?:省|自治区))?(?:[\u4e00-\u9fff]{2,7}市)?(?:[\u4e00-\u9fff]{1,7}[区县])?"
            r"[\u4e00-\u9fff]{1,10}(?:路|街|巷|弄|胡同|大道|小区|花园|新村)\s?\d{1,5}\s?(?:号|弄|幢|栋|号楼)"
            r"(?:\s?\d{1,4}\s?(?:号楼|幢|栋|单元|室|号|层|楼))*"
        ),
        _always,
    ),
)  # fmt: skip
_HINT = re.compile(r"\d{5}|@|\d\s?(?:号|弄|幢|栋)|微信|QQ|qq", re.ASCII)


def find_personal(text: str) -> list[tuple[str, str]]:
    """List the kinds of personal data found and the text each was found in."""
    if not _HINT.search(text):
        return []
    found: list[tuple[str, str]] = []
    for kind in KINDS:
        for match in kind.pattern.finditer(text):
            if kind.genuine(match.group()):
                found.append((kind.name, match.group()))
        text = kind.pattern.sub(lambda match, kind=kind: _masked(match, kind), text)  # type: ignore[misc]
    return found


def mask_personal(text: str) -> tuple[str, tuple[str, ...]]:
    """Replace personal data by what kind it is.

    Returns:
        The text, and the kinds replaced (the data itself is kept nowhere).
    """
    if not _HINT.search(text):
        return text, ()
    kinds: list[str] = []
    for kind in KINDS:
        masked = kind.pattern.sub(lambda match, kind=kind: _masked(match, kind), text)  # type: ignore[misc]
        if masked != text:
            kinds.append(kind.name)
            text = masked
    return text, tuple(kinds)


def _masked(match: re.Match[str], kind: Kind) -> str:
    return kind.mask if kind.genuine(match.group()) else match.group()

"""Licences of rows against the licence of the whole: which rows may not be handed on under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Trouble = Literal["unlicensed", "non-commercial", "no-derivatives", "share-alike"]

_UNLICENSED = ("", "unknown", "none", "unlicensed", "proprietary")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Rows of a licence that does not go with the whole's."""

    licence: str
    rows: int
    trouble: Trouble


def is_licensed(licence: str) -> bool:
    """Tell whether a row may be published at all."""
    return licence.strip().lower() not in _UNLICENSED


def conflicts(rows: dict[str, int], whole: str | None) -> list[Conflict]:
    """List the licences among the rows that forbid what the whole's licence would allow.

    A reading of licence names, not legal advice: unlicensed rows; non-commercial rows in a whole that allows
    trade; no-derivatives rows, as every row here was worked on; share-alike rows in a whole under other
    terms.

    Args:
        rows: Rows by licence.
        whole: Licence of the data set.
    """
    found = []
    for licence, count in sorted(rows.items()):
        trouble = _trouble(licence, whole or "")
        if trouble:
            found.append(Conflict(licence, count, trouble))
    return found


def _trouble(licence: str, whole: str) -> Trouble | None:
    own, other = _terms(licence), _terms(whole)
    if not is_licensed(licence):
        return "unlicensed"
    if "nd" in own:
        return "no-derivatives"
    if "nc" in own and "nc" not in other:
        return "non-commercial"
    if ("sa" in own or "gpl" in own) and licence.strip().lower() != whole.strip().lower():
        return "share-alike"
    return None


def _terms(licence: str) -> set[str]:
    name = licence.lower()
    found = set(name.replace("_", "-").replace(" ", "-").split("-"))
    if "noncommercial" in found or "non" in found:
        found.add("nc")
    if "gpl" in name:
        found.add("gpl")
    if "odbl" in name or "sharealike" in found:
        found.add("sa")
    return found

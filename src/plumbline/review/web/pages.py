"""Rendering: templates, and showing text of others so that it cannot pretend to be something else."""

from __future__ import annotations

import hashlib
import time
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from plumbline.language import current_language, use_language
from plumbline.review.protocol import Words
from plumbline.review.web import words
from plumbline.review.web.visit import Visit, set_visitor

STATIC = Path(__file__).parent / "static"
_KEPT = {"\n", "\t"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
# Joiners that scripts and emoji need are format characters too, and harmless.
_JOINERS = {"\u200c", "\u200d"}


def visible(text: object) -> Markup:
    """Escape text of others and show what is invisible in it.

    Bidirectional controls, zero-width characters, tags and controls are shown as their code point, so that
    text cannot be turned round or hide a message; line breaks and tabs stay.
    """
    parts: list[str] = []
    for character in str(text).replace("\r\n", "\n"):
        if (
            unicodedata.category(character) in _HIDDEN
            and character not in _KEPT
            and character not in _JOINERS
        ):
            parts.append(f'<span class="hidden-character">U+{ord(character):04X}</span>')
        else:
            parts.append(str(escape(character)))
    return Markup("".join(parts))


def render(visit: Visit, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page in the visitor's language."""
    with use_language(visit.language):
        html = (
            environment()
            .get_template(template)
            .render(visit=visit, csrf=visit.csrf, language=visit.language, **values)
        )
    response = HTMLResponse(html, status_code=status)
    set_visitor(visit, response)
    return response


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates with their filters."""
    # Escaping is on for every template, whatever its name.
    environment = Environment(
        loader=PackageLoader("plumbline.review.web"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True,         lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(w=words, static=_static, letters="ABCDEF", now=time.time)
    environment.filters.update(
        visible=visible, say=_say, when=_when, percent=_percent, number=_number, span=_span
    )
    return environment


@lru_cache(maxsize=8)
def _static(name: str) -> str:
    # The hash in the address lets browsers keep the file for good.
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def _say(text: Words) -> str:
    return text.in_language(current_language())


def _when(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC") if seconds else "–"


def _percent(share: float | None) -> str:
    return "–" if share is None or share != share else f"{100 * share:.1f}%"


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None or value != value else f"{value:.{digits}f}".replace("-", "−")


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.1f} min"

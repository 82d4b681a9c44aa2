"""One self-contained page: a template of ours, its style inlined, text in one language, no script."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from plumbline.files import atomic_write
from plumbline.language import Language, use_language

_TEMPLATES = Path(__file__).parent / "templates"


@lru_cache
def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Model output is untrusted: everything is escaped unless it is markup we made (charts).
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def write_page(path: str | Path, template: str, language: Language, **context: Any) -> Path:
    """Render a template that extends `base.html.j2` and write it atomically.

    Args:
        path: The HTML file.
        template: Name within `report/templates`.
        language: Language of the page; messages called while it renders speak it.
        **context: What the template shows. `m` should hold its messages.
    """
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8")
    with use_language(language):
        text = _environment().get_template(template).render(language=language, style=style, **context)
    with atomic_write(path) as handle:
        handle.write(text)
    return Path(path)

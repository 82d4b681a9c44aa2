"""The results as one file that needs no server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plumbline.files import atomic_write
from plumbline.language import current_language
from plumbline.review.web.pages import STATIC, environment


def write_results(results: dict[str, Any], path: Path) -> None:
    """Write `results` as a page with its style inside, in the language in force."""
    css = (STATIC / "review.css").read_text("utf-8")
    html = (
        environment()
        .get_template("results_file.html")
        .render(results=results, css=css, language=current_language())
    )
    with atomic_write(path) as handle:
        handle.write(html)

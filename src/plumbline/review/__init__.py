"""People: blind evaluation and data review in the browser.

Nothing heavy is imported until a database is opened or the pages are served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from plumbline.errors import MissingExtra

if TYPE_CHECKING:
    from plumbline.review.database import Database
    from plumbline.review.projects import create_project, find_project, list_projects
    from plumbline.review.protocol import Protocol, load_protocol, protocol_ids
    from plumbline.review.results import progress, review_results
    from plumbline.review.serve import Listening

__all__ = [
    "Database",
    "Listening",
    "Protocol",
    "create_project",
    "find_project",
    "list_projects",
    "load_protocol",
    "open_database",
    "progress",
    "protocol_ids",
    "review_results",
]

_HOMES = {
    "Database": "database",
    "Listening": "serve",
    "Protocol": "protocol",
    "create_project": "projects",
    "find_project": "projects",
    "list_projects": "projects",
    "load_protocol": "protocol",
    "progress": "results",
    "protocol_ids": "protocol",
    "review_results": "results",
}


def open_database(url: str = "sqlite:///review.db") -> Database:
    """Open the review database at `url`, made and migrated as needed.

    Raises:
        MissingExtra: The review extra is not installed.
        InputError: Nothing answers there, or its schema is newer than this program.
    """
    try:
        from plumbline.review.database import Database
    except ImportError as error:
        raise MissingExtra(error.name or "sqlmodel", "review") from error
    return Database(url)


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name in _HOMES:
        return getattr(import_module(f"plumbline.review.{_HOMES[name]}"), name)
    raise AttributeError(name)

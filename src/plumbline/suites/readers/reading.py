"""What a reader fills: items, and the rows it left out with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from plumbline.errors import InputError, place
from plumbline.language import Language
from plumbline.suites.items import AnyItem
from plumbline.suites.suite import Dropped, Kind, parse_item


class Reading:
    """Collects the items of a published set; a row that is no item is kept as dropped, never lost.

    Args:
        suite: Id of the suite, which starts the ids of its items.
        kind: Kind of the items.
        language: Language of the items.
    """

    def __init__(self, suite: str, kind: Kind, language: Language) -> None:
        self.suite, self.kind, self.language = suite, kind, language
        self.items: list[AnyItem] = []
        self.dropped: list[Dropped] = []

    def add(self, path: Path, number: int, name: str, /, **fields: Any) -> None:
        """Add one row as an item, or as dropped where it does not make one.

        Args:
            path: The file.
            number: Line or row of the file.
            name: What tells the item apart within the suite.
            fields: The item's fields without id, kind and language.
        """
        values = {"id": f"{self.suite}-{name}", "language": self.language, **fields}
        try:
            self.items.append(parse_item(values, self.kind, path, number))
        except InputError as error:
            self.drop(path, number, error.what)

    def drop(self, path: Path, number: int, reason: str) -> None:
        """Leave a row out, saying why."""
        lines = path.suffix in (".jsonl", "")
        where = place(path.name, line=number) if lines else place(path.name, row=number)
        self.dropped.append(Dropped(where, reason))

"""Class and values as a language model names them: what it is shown, and how its reply is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from plumbline.build.replies import json_object
from plumbline.frameworks import load_framework

CLASSES = ("person", "social", "nation")
MOST_VALUES = 3


class Labels(NamedTuple):
    """What a row is about: its class, and references of its values, the nearest first."""

    category: str
    values: tuple[str, ...]


def listed_values(framework: str) -> str:
    """Return the framework's values, an id and a name a line, as a prompt shows them."""
    return "\n".join(f"{value.id}（{value.name.zh}）" for value in load_framework(framework).values)


def with_labels(framework: str) -> Callable[[str], Labels | None]:
    """Return a reader of replies that name a class and at least one value of the framework."""
    loaded = load_framework(framework)
    known = {value.id: f"{loaded.id}/{value.id}" for value in loaded.values}

    def read(reply: str) -> Labels | None:
        found: dict[str, Any] = json_object(reply) or {}
        category, names = found.get("category"), found.get("values")
        if category not in CLASSES or not isinstance(names, list):
            return None
        values = [known[name] for name in dict.fromkeys(map(str, names)) if name in known]
        return Labels(category, tuple(values[:MOST_VALUES])) if values else None

    return read

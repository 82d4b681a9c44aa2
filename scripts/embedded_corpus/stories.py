"""Small stories and scenes from skeletons in the bracket grammar."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from embedded_corpus.chat import chat
from embedded_corpus.grammar import expand


@dataclass(frozen=True)
class Stories:
    """Skeletons, and what their slots may hold."""

    skeletons: tuple[str, ...]
    slots: dict[str, list[str]]


def load_stories(path: Path) -> Stories:
    """Read `name = a、b、c` slot lines first, then skeletons parted by blank lines; `Q:`/`A:` ones are chats."""
    head, _, rest = path.read_text("utf-8").strip().partition("\n\n")
    slots = {}
    for line in head.split("\n"):
        name, _, values = line.partition(" = ")
        slots[name] = values.split("、")
    return Stories(tuple(rest.strip().split("\n\n")), slots)


def story(stories: Stories, rng: Random) -> str:
    """One story, or one chat where the skeleton has the lines of a dialogue."""
    text = expand(rng.choice(stories.skeletons), stories.slots, rng)
    if not text.startswith("Q:"):
        return text
    turns = [line[2:].strip() for line in text.split("\n")]
    return chat(*turns)

"""A bracket grammar: `[今天|昨天]` picks one, brackets nest, `{甲}` is filled once per text and stays the same."""

from collections.abc import Mapping, Sequence
from random import Random

_OPEN, _BAR, _CLOSE = "[", "|", "]"


def expand(template: str, slots: Mapping[str, Sequence[str]], rng: Random) -> str:
    """One text from `template`. Slots that share their first character never take the same value.

    Args:
        template: text with `[a|b]` choices and `{slot}` names.
        slots: what each slot may be. A name such as `人2` draws from `人`, other than what `人` took.
        rng: source of chance.

    Raises:
        ValueError: a bracket is not closed, or a slot is unknown.
    """
    text, place = _branch(template, 0, rng)
    if place != len(template):
        raise ValueError(f"unbalanced brackets in: {template[:60]}")
    taken: dict[str, str] = {}
    pieces = text.split("{")
    out = [pieces[0]]
    for piece in pieces[1:]:
        name, _, rest = piece.partition("}")
        if name not in taken:
            used = set(taken.values())
            taken[name] = rng.choice([value for value in slots[name.rstrip("23")] if value not in used])
        out.append(taken[name] + rest)
    return "".join(out)


def _branch(template: str, place: int, rng: Random) -> tuple[str, int]:
    """Expand from `place` until the bracket that holds us closes; return the text and where it closed."""
    out: list[str] = []
    while place < len(template) and template[place] not in _BAR + _CLOSE:
        if template[place] != _OPEN:
            out.append(template[place])
            place += 1
            continue
        options: list[str] = []
        while template[place] != _CLOSE:
            option, place = _branch(template, place + 1, rng)
            options.append(option)
            if place >= len(template):
                raise ValueError(f"a bracket is not closed in: {template[:60]}")
        out.append(rng.choice(options))
        place += 1
    return "".join(out), place

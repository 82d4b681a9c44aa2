"""Prompts as data: one YAML file a step, which users can replace in part or whole."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from pydantic import RootModel

from plumbline.build import messages as m
from plumbline.documents import load_document
from plumbline.errors import InputError

_OURS = Path(__file__).parent / "prompts"
_SLOT = re.compile(r"\{([a-z_]+)\}")


class _Texts(RootModel[dict[str, str]]):
    pass


@lru_cache(maxsize=32)
def load_prompts(step: str, replaced: Path | None = None) -> dict[str, str]:
    """Return a step's prompts by name; those in `replaced` stand in for ours.

    Raises:
        InputError: The file has a prompt the step does not know, or one that uses an unknown variable.
    """
    ours = load_document(_OURS / f"{step}.yaml", _Texts).root
    if replaced is None:
        return ours
    theirs = load_document(replaced, _Texts).root
    for name, text in theirs.items():
        if name not in ours:
            raise InputError(
                m.NO_PROMPT(name=name), where=str(replaced), mend=m.CHOOSE(names=", ".join(ours))
            )
        known = set(_SLOT.findall(ours[name]))
        for slot in _SLOT.findall(text):
            if slot not in known:
                mend = m.KNOWN_FIELDS(names=", ".join(sorted(known)))
                raise InputError(m.PROMPT_FIELD(name=slot), where=f"{replaced}, {name}", mend=mend)
    return ours | theirs


def fill(template: str, **values: str) -> str:
    """Put values into a prompt's `{slots}`; braces within the values stay as they are."""
    return _SLOT.sub(lambda found: values.get(found.group(1), found.group()), template)

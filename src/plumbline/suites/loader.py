"""Find a suite by id (ours or published) or by path."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

from plumbline.errors import InputError
from plumbline.language import Message
from plumbline.suites.catalogue import catalogue, load_published
from plumbline.suites.suite import Suite, read_suite

_DATA = Path(__file__).parent / "data"
_UNKNOWN = Message("没有名为 `{reference}` 的题集", "there is no suite `{reference}`")
_CHOOSE = Message(
    "运行 plumbline suites 查看全部，或给出题集文件夹的路径",
    "run plumbline suites to see them all, or give the path of a suite folder",
)
_DID_YOU_MEAN = Message("是否想写 `{name}`？", "did you mean `{name}`?")


def list_suites() -> list[str]:
    """Return the ids of our own suites, which come with the package."""
    return sorted(path.parent.name for path in _DATA.glob("*/suite.yaml"))


def load_suite(reference: str | Path) -> Suite:
    """Load a suite: one of ours by id, a published one by its catalogue id, or a folder or YAML file by path.

    Raises:
        InputError: No such suite, a published set that was not fetched, or a file that cannot be used.
    """
    name = str(reference)
    if name in list_suites():
        return read_suite(_DATA / name)
    if name in catalogue():
        return load_published(name)
    if Path(name).exists():
        return replace(read_suite(name), reference=name)
    near = difflib.get_close_matches(name, [*list_suites(), *catalogue()], n=1)
    raise InputError(_UNKNOWN(reference=name), mend=_DID_YOU_MEAN(name=near[0]) if near else _CHOOSE())

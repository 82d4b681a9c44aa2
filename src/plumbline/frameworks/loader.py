"""Find a framework by id or by path."""

from __future__ import annotations

import difflib
from functools import lru_cache
from pathlib import Path

from plumbline.documents import load_document
from plumbline.errors import InputError
from plumbline.frameworks.framework import Framework
from plumbline.language import Message

_DATA = Path(__file__).parent / "data"
# In the order people should meet them.
_BUILT_IN = (
    "core-socialist-values",
    "cvalues-safety",
    "cvalues-responsibility",
    "vad",
    "schwartz",
    "moral-foundations",
)
_UNKNOWN = Message("没有名为 `{reference}` 的价值框架", "there is no value framework `{reference}`")
_CHOOSE = Message("可用：{names}，或给出 YAML 文件的路径", "use one of {names}, or the path of a YAML file")
_DID_YOU_MEAN = Message("是否想写 `{name}`？", "did you mean `{name}`?")
_NOT_A_REFERENCE = Message(
    "`{reference}` 不是“框架/价值”的写法", "`{reference}` is not written as framework/value"
)
_EXAMPLE = Message("例如 core-socialist-values/integrity", "for instance core-socialist-values/integrity")


def list_frameworks() -> list[str]:
    """Return the ids of the frameworks that come with the package."""
    return list(_BUILT_IN)


def load_framework(reference: str | Path) -> Framework:
    """Load a framework by id (`core-socialist-values`) or from a YAML file by path.

    Raises:
        InputError: No such framework, or a file that does not satisfy the schema.
    """
    name = str(reference)
    if name in _BUILT_IN:
        return _load_built_in(name)
    if name.endswith((".yaml", ".yml")) or Path(name).exists():
        return load_document(name, Framework)
    near = difflib.get_close_matches(name, _BUILT_IN, n=1)
    mend = _DID_YOU_MEAN(name=near[0]) if near else _CHOOSE(names=", ".join(_BUILT_IN))
    raise InputError(_UNKNOWN(reference=name), mend=mend)


def split_value(reference: str) -> tuple[str, str]:
    """Split `core-socialist-values/integrity` into framework and value.

    Raises:
        InputError: It is not written that way.
    """
    framework, slash, value = reference.rpartition("/")
    if not slash or not framework or not value:
        raise InputError(_NOT_A_REFERENCE(reference=reference), mend=_EXAMPLE())
    return framework, value


@lru_cache
def _load_built_in(name: str) -> Framework:
    return load_document(_DATA / f"{name}.yaml", Framework)

"""Small suites for tests."""

from __future__ import annotations

from collections.abc import Sequence

from plumbline.frameworks import Text
from plumbline.suites import Choice, Manifest, Suite
from plumbline.suites.items import AnyItem
from plumbline.suites.suite import Kind


def manifest(kind: Kind = "choice", **fields) -> Manifest:
    return Manifest(
        id="sample",
        title=Text(zh="样", en="sample"),
        kind=kind,
        licence="Apache-2.0",
        authored="people",
        authorship=Text(zh="测试", en="tests"),
        **fields,
    )


def suite_of(items: Sequence[AnyItem], kind: Kind = "choice") -> Suite:
    return Suite(manifest(kind), tuple(items))


def choice(name: str, question: str, options: Sequence[str], answer: int = 0, **fields) -> Choice:
    return Choice(id=name, question=question, options=tuple(options), answer=answer, **fields)

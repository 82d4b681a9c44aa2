"""Which test items stand in training data: found before training, printed beside every number they touch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from plumbline.build.steps.decontaminate import item_texts
from plumbline.build.text.overlap import build_index, find_contained, find_equal
from plumbline.suites import Suite, list_suites, load_suite
from plumbline.tune.data import read_texts


@dataclass(frozen=True)
class Overlap:
    """One item that training data holds, whole or nearly.

    Attributes:
        suite, item: Their ids.
        where: File and row of the data.
        share: Share of the item's character shingles found there.
    """

    suite: str
    item: str
    where: str
    share: float

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def find_overlap(
    paths: Sequence[str],
    suites: Sequence[str | Suite] | None = None,
    others: Sequence[tuple[str, str, str]] = (),
) -> list[Overlap]:
    """Look for the items of suites in data, by the rule of the build step `decontaminate`.

    Args:
        paths: Data set folders or files.
        suites: Ids, paths or suites; all our own by default.
        others: Further texts to look for, as name of their set, id and text.

    Returns:
        One entry an item and row, the closest text of the item counted.
    """
    loaded = [
        one if isinstance(one, Suite) else load_suite(one)
        for one in (list_suites() if suites is None else suites)
    ]
    known = [(suite.id, item.id, text) for suite in loaded for item in suite for text in item_texts(item)]
    known += others
    rows = list(read_texts(paths))
    if not known or not rows:
        return []
    index = build_index([text for _, _, text in known])
    found: dict[tuple[str, str, str], float] = {}
    hits = [*find_contained(index, ["\n".join(texts) for _, texts in rows])]
    sides = [(where, text) for where, texts in rows for text in texts]
    equal = find_equal(index, [text for _, text in sides])
    for where, hit in [(rows[h.row][0], h) for h in hits] + [(sides[h.row][0], h) for h in equal]:
        suite, item, _ = known[hit.known]
        key = (suite, item, where)
        found[key] = max(found.get(key, 0.0), hit.share)
    return [Overlap(*key, share) for key, share in sorted(found.items())]

"""Readers: the files of a published set become items. One small file for each set.

A reader takes a `Reading` and the paths of the set's files in the order of the catalogue, and calls `add` or
`drop` once for every row.
"""

from __future__ import annotations

from collections.abc import Callable

from plumbline.suites.readers import cmoraleval, cvalues, safetybench, valueconsistency, valuecsv, xstest
from plumbline.suites.readers.reading import Reading

READERS: dict[str, Callable[..., None]] = {
    "cvalues-prompts": cvalues.read_prompts,
    "cvalues-pairs": cvalues.read_pairs,
    "cmoraleval": cmoraleval.read,
    "safetybench": safetybench.read_test,
    "safetybench-dev": safetybench.read_development,
    "valuecsv-questions": valuecsv.read_questions,
    "xstest": xstest.read,
    "valueconsistency": valueconsistency.read_questions,
    "pvq": valueconsistency.read_portraits,
}

__all__ = ["READERS", "Reading"]

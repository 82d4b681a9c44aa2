"""Keep the answer-only baselines of our own suites beside their items; run it after items change."""

from __future__ import annotations

from plumbline.suites import list_suites, load_suite
from plumbline.suites.baseline import _SHIPPED, compute_baseline, write_baseline
from plumbline.suites.items import Choice

for name in list_suites():
    suite = load_suite(name)
    choices = [item for item in suite if isinstance(item, Choice)]
    if choices:
        baseline = compute_baseline(choices)
        write_baseline(_SHIPPED / name / "baseline.json", suite.hash, baseline)
        print(name, baseline)

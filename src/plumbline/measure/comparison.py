"""Compare runs of one suite: paired tests, Holm within a family, the smallest difference they could see."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from plumbline.errors import RunError
from plumbline.language import Message
from plumbline.measure.records import METHODS, Record
from plumbline.measure.run import Key, Run, key_of
from plumbline.stats import (
    Interval,
    McNemar,
    holm,
    item_outcomes,
    mcnemar_test,
    minimum_detectable_difference,
    minimum_detectable_share,
    paired_cluster_bootstrap,
)

Verdict = Literal["better", "worse", "no evidence"]
ALPHA = 0.05

_TWO_RUNS = Message("至少需要两次运行", "at least two runs are needed")
_GIVE_MORE = Message("再给出一个运行文件夹", "give another run folder")
_OTHER_SUITE = Message(
    "题集不同：{first} 用的是 `{a}`，{second} 用的是 `{b}`",
    "the suites differ: {first} used `{a}`, {second} used `{b}`",
)
_CHANGED_SUITE = Message(
    "题集 `{suite}` 在 {first} 与 {second} 之间内容有改动",
    "the items of suite `{suite}` changed between {first} and {second}",
)
_SAME_SUITE = Message("用同一题集重新测量其中一个", "measure one of them again on the same suite")
_NOTHING_SHARED = Message("{first} 与 {second} 没有共同的记录", "{first} and {second} share no record")
_SAME_WAY = Message(
    "用相同的方式和说法重新测量其中一个", "measure one of them again by the same methods and wordings"
)
_NO_RIGHT = Message(
    "题集 `{suite}` 没有对错，无从比较好坏",
    "nothing in suite `{suite}` is right or wrong, so there is no better or worse",
)
_REPORT = Message("用 plumbline report 把几次运行并排来看", "see the runs side by side with plumbline report")


@dataclass(frozen=True)
class Change:
    """What one quantity did between two runs.

    Attributes:
        method, group: What was compared; group "" is the whole suite.
        items: Shared items it stands on.
        before, after: The two means.
        difference: After less before, interval clustered by item.
        p_value, p_adjusted: Paired cluster bootstrap; adjusted by Holm over the groups of the method.
        mcnemar: Exact test on items right in every order; None where nothing is right or wrong.
        cohens_h: Effect size of the change of a share.
        detectable: Smallest change these items find with probability .8.
        verdict: `better`, `worse` or `no evidence`.
    """

    method: str
    group: str
    items: int
    before: float
    after: float
    difference: Interval
    p_value: float
    p_adjusted: float
    mcnemar: McNemar | None
    cohens_h: float
    detectable: float
    verdict: Verdict


@dataclass(frozen=True)
class Comparison:
    """Two runs of one suite.

    Attributes:
        before, after: Names of the models.
        suite: Id of the suite.
        changes: One a method and group, whole suite first.
        only_before, only_after: Items that only one run holds, which nothing above counts.
    """

    before: str
    after: str
    suite: str
    changes: tuple[Change, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        from plumbline.measure.notebook import comparison_html

        return comparison_html(self)


def compare(*runs: Run, resamples: int = 10_000, seed: int = 0) -> list[Comparison]:
    """Compare every later run with the first, item by item.

    Only records both runs hold are compared; the items only one has are named.

    Args:
        runs: Two or more; the first is the baseline.
        resamples: Of the bootstrap.
        seed: Equal seeds give equal results.

    Raises:
        RunError: Fewer than two runs, different suites, nothing shared, or a suite without right answers.
    """
    if len(runs) < 2:
        raise RunError(_TWO_RUNS(), mend=_GIVE_MORE())
    return [_compare_two(runs[0], other, resamples, seed) for other in runs[1:]]


def refuse_other_suite(first: Run, second: Run) -> None:
    """Raise when two runs did not see the same items.

    Raises:
        RunError: Says which suites, or that the items changed.
    """
    a, b = first.manifest, second.manifest
    names = {"first": first.path, "second": second.path}
    if a["suite"]["id"] != b["suite"]["id"]:
        what = _OTHER_SUITE(a=a["suite"]["id"], b=b["suite"]["id"], **names)
        raise RunError(what, mend=_SAME_SUITE())
    whole = a["identity"]["limit"] is None and b["identity"]["limit"] is None
    if whole and a["identity"]["suite"] != b["identity"]["suite"]:
        raise RunError(_CHANGED_SUITE(suite=a["suite"]["id"], **names), mend=_SAME_SUITE())


def _compare_two(first: Run, second: Run, resamples: int, seed: int) -> Comparison:
    refuse_other_suite(first, second)
    before, after = _judged(first), _judged(second)
    shared = [key for key in before if key in after]
    if first.records and second.records and not before and not after:
        raise RunError(_NO_RIGHT(suite=first.manifest["suite"]["id"]), mend=_REPORT())
    if not shared:
        raise RunError(_NOTHING_SHARED(first=first.path, second=second.path), mend=_SAME_WAY())
    _refuse_changed_prompts(first, second, [(before[key], after[key]) for key in shared])
    changes: list[Change] = []
    for method in METHODS:
        keys = [key for key in shared if key[1] == method]
        if keys:
            changes += _changes(method, [(before[key], after[key]) for key in keys], resamples, seed)
    items = [{record["item_id"]: None for record in run.records} for run in (first, second)]
    return Comparison(
        before=first.name,
        after=second.name,
        suite=first.manifest["suite"]["id"],
        changes=tuple(changes),
        only_before=tuple(item for item in items[0] if item not in items[1]),
        only_after=tuple(item for item in items[1] if item not in items[0]),
    )


def _refuse_changed_prompts(first: Run, second: Run, pairs: Sequence[tuple[Record, Record]]) -> None:
    """Runs of part of a suite cannot be told apart by its hash; what was asked can."""
    same_words = first.manifest["identity"]["template"] == second.manifest["identity"]["template"]
    if same_words and any(one["prompt"] != other["prompt"] for one, other in pairs):
        what = _CHANGED_SUITE(suite=first.manifest["suite"]["id"], first=first.path, second=second.path)
        raise RunError(what, mend=_SAME_SUITE())


def _judged(run: Run) -> dict[Key, Record]:
    return {
        key_of(record): record
        for record in run.records
        if record["variant"] == run.wording
        and (record["correct"] is not None or record["answer"] is not None)
    }


def _changes(method: str, pairs: Sequence[tuple[Record, Record]], resamples: int, seed: int) -> list[Change]:
    groups: dict[str, list[tuple[Record, Record]]] = {"": list(pairs)}
    for pair in pairs:
        if pair[0]["group"]:
            groups.setdefault(pair[0]["group"], []).append(pair)
    family = len(groups) - 1
    found = [
        _change(method, name, members, resamples, seed, family if name else 1)
        for name, members in groups.items()
    ]
    # The suite as a whole is one question; its groups are a family of their own.
    adjusted = [found[0].p_value, *holm([change.p_value for change in found[1:]])]
    return [_with_verdict(change, float(p)) for change, p in zip(found, adjusted, strict=True)]


def _change(
    method: str, group: str, pairs: Sequence[tuple[Record, Record]], resamples: int, seed: int, family: int
) -> Change:
    items = [first["item_id"] for first, _ in pairs]
    before = np.array([float(bool(first["correct"])) for first, _ in pairs])
    after = np.array([float(bool(second["correct"])) for _, second in pairs])
    paired = paired_cluster_bootstrap(before, after, items, resamples=resamples, seed=seed)
    exact = mcnemar_test(item_outcomes(before, items).right, item_outcomes(after, items).right)
    return Change(
        method=method,
        group=group,
        items=paired.clusters,
        before=paired.before,
        after=paired.after,
        difference=paired.difference,
        p_value=paired.p_value,
        p_adjusted=math.nan,
        mcnemar=exact,
        cohens_h=paired.cohens_h,
        detectable=_detectable(paired.cluster_sd, paired.clusters, exact, family),
        verdict="no evidence",
    )


def _detectable(cluster_sd: float, items: int, exact: McNemar, family: int) -> float:
    """Smallest change found with probability .8 at the spread that was seen.

    Where hardly anything changed, the spread seen says nothing of what a real change would look like; the
    exact test's own limit stands in.
    """
    if items < 2:
        return math.nan
    discordance = (exact.lost + exact.gained) / items
    least = minimum_detectable_share(discordance, items, alpha=ALPHA, family=max(family, 1))
    if cluster_sd <= 0:
        return least
    return max(minimum_detectable_difference(cluster_sd, items, alpha=ALPHA, family=max(family, 1)), 0.0)


def _with_verdict(change: Change, p_adjusted: float) -> Change:
    verdict: Verdict = "no evidence"
    if p_adjusted < ALPHA:
        verdict = "better" if change.difference.estimate > 0 else "worse"
    return replace(change, p_adjusted=p_adjusted, verdict=verdict)

"""From paired scores to findings: difference, interval, p adjusted within its family, one verdict."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

from plumbline.stats import (
    Interval,
    holm,
    minimum_detectable_difference,
    minimum_detectable_share,
    paired_cluster_bootstrap,
)

Family = Literal["aim", "side", "steady", "leaning", "seen", "group"]
FAMILIES: tuple[Family, ...] = ("aim", "side", "steady", "leaning", "seen", "group")
Better = Literal["higher", "lower", "neither"]
Verdict = Literal["better", "worse", "changed", "no evidence"]
ALPHA = 0.05


@dataclass(frozen=True)
class Paired:
    """One quantity's scores of two models on the same rows.

    Attributes:
        name: What is measured: `accuracy`, `answers-harmless`, `perplexity` ... (see `messages.QUANTITIES`).
        family: What it is measured for: what was aimed at (`aim`), side effects (`side`), consistency
            (`steady`), where the model leans (`leaning`), values an evaluator sees in replies (`seen`), or a
            single group of a suite (`group`).
        better: Which way is better; `neither` where no way is.
        unit: `share`, or `nats` (per character).
        suite, method: Where it comes from; empty where that does not apply.
        part: The value, language or group it speaks of; empty for all.
        before, after: Scores `[n]`.
        clusters: Item of each row `[n]`.
    """

    name: str
    family: Family
    better: Better
    unit: Literal["share", "nats"]
    suite: str
    method: str
    part: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    clusters: tuple[str, ...]

    @property
    def holm(self) -> tuple[str, ...]:
        """What it is corrected with: the groups of each suite and way of asking are a family of their own."""
        return (self.family, self.suite, self.method) if self.family == "group" else (self.family,)

    def without(self, items: set[str]) -> Paired:
        """Return the scores without those of some items."""
        kept = [n for n, item in enumerate(self.clusters) if item not in items]
        before, after, clusters = (
            tuple(values[n] for n in kept) for values in (self.before, self.after, self.clusters)
        )
        return replace(self, before=before, after=after, clusters=clusters)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Finding:
    """What one quantity did.

    Attributes:
        name, family, better, unit, suite, method, part: See `Paired`.
        items: Items it stands on.
        before, after: The two means.
        difference: After less before, interval clustered by item.
        p_value, p_adjusted: Paired cluster bootstrap; adjusted by Holm within the family.
        detectable: Smallest change these items find with probability .8 at the first step of Holm.
        verdict: `better`, `worse`, `changed` (where no way is better) or `no evidence`.
        contaminated: Items of the suite that training data hold.
        clean: The finding on the other items, where there are contaminated ones.
    """

    name: str
    family: Family
    better: Better
    unit: str
    suite: str
    method: str
    part: str
    items: int
    before: float
    after: float
    difference: Interval
    p_value: float
    p_adjusted: float
    detectable: float
    verdict: Verdict
    contaminated: int = 0
    clean: Finding | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def find(
    quantities: Sequence[Paired],
    contaminated: dict[str, set[str]] | None = None,
    *,
    resamples: int = 10_000,
    seed: int = 0,
) -> list[Finding]:
    """Test every quantity and give each its verdict.

    Holm's correction runs within a family of quantities: what was aimed at, side effects, consistency,
    leanings, values seen, and the groups of each suite and way of asking.

    Args:
        quantities: Aligned scores; those without a row are left out.
        contaminated: Suite id -> ids of items that training data hold.
        resamples: Of the bootstrap.
        seed: Equal seeds give equal results.
    """
    usable = [one for one in quantities if one.before]
    whole = _tested(usable, resamples, seed)
    if not contaminated:
        return whole
    touched = [n for n, one in enumerate(usable) if contaminated.get(one.suite, set()) & set(one.clusters)]
    # The clean part is a check of its own: its family is that of the whole, with touched quantities replaced.
    cleaned = [one.without(contaminated[one.suite]) if n in touched else one for n, one in enumerate(usable)]
    clean = _tested([one for one in cleaned if one.before], resamples, seed)
    by_key = {_key(one): one for one in clean}
    return [
        replace(
            finding,
            contaminated=len(contaminated[one.suite] & set(one.clusters)),
            clean=by_key.get(_key(finding)),
        )
        if n in touched
        else finding
        for n, (one, finding) in enumerate(zip(usable, whole, strict=True))
    ]


def _key(one: Paired | Finding) -> tuple[str, ...]:
    return (one.family, one.name, one.suite, one.method, one.part)


def _tested(quantities: Sequence[Paired], resamples: int, seed: int) -> list[Finding]:
    families: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for n, one in enumerate(quantities):
        families[one.holm].append(n)
    found = [_test(one, len(families[one.holm]), resamples, seed) for one in quantities]
    for members in families.values():
        adjusted = holm([found[n].p_value for n in members])
        for n, p in zip(members, adjusted, strict=True):
            found[n] = _judged(found[n], float(p))
    return found


def _test(one: Paired, family: int, resamples: int, seed: int) -> Finding:
    before, after = np.array(one.before), np.array(one.after)
    paired = paired_cluster_bootstrap(before, after, one.clusters, resamples=resamples, seed=seed)
    detectable = math.nan
    if paired.clusters >= 2:
        detectable = minimum_detectable_difference(
            paired.cluster_sd, paired.clusters, alpha=ALPHA, family=family
        )
        if paired.cluster_sd <= 0 and one.unit == "share":
            detectable = minimum_detectable_share(0.0, paired.clusters, alpha=ALPHA, family=family)
    return Finding(
        name=one.name,
        family=one.family,
        better=one.better,
        unit=one.unit,
        suite=one.suite,
        method=one.method,
        part=one.part,
        items=paired.clusters,
        before=paired.before,
        after=paired.after,
        difference=paired.difference,
        p_value=paired.p_value,
        p_adjusted=math.nan,
        detectable=detectable,
        verdict="no evidence",
    )


def _judged(finding: Finding, p_adjusted: float) -> Finding:
    verdict: Verdict = "no evidence"
    if p_adjusted < ALPHA:
        risen = finding.difference.estimate > 0
        wanted = finding.better == "higher"
        verdict = "changed" if finding.better == "neither" else "better" if risen == wanted else "worse"
    return replace(finding, p_adjusted=p_adjusted, verdict=verdict)

"""The page of a value profile: verdict, heat map, dot plots, differences that hold, the words behind them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from plumbline.files import write_json
from plumbline.language import Language, current_language, use_language
from plumbline.measure.profile import Difference, Profile
from plumbline.measure.profile_reasons import Reason
from plumbline.report import profile_messages as m
from plumbline.report.charts import Point, dot_plot, heat_map
from plumbline.report.page import write_page
from plumbline.stats import Interval

_SHOWN_DIFFERENCES = 40


def write_profile(
    profiles: Profile | Sequence[Profile], path: str | Path, *, language: Language = "en"
) -> Path:
    """Write one self-contained page about the profile by one evaluator, or by several one after the other.

    Args:
        profiles: One profile, or one an evaluator.
        path: The HTML file, or a `.json` file for the numbers alone.
        language: `zh` or `en`.
    """
    several = [profiles] if isinstance(profiles, Profile) else list(profiles)
    target = Path(path)
    if target.suffix == ".json":
        data = [one.to_json() for one in several]
        write_json(target, data[0] if len(data) == 1 else data)
        return target
    with use_language(language):
        models = several[0].models
        few = m.TITLE(models=" / ".join(models))
        return write_page(
            target,
            "profile.html.j2",
            language,
            page=m,
            title=few if len(models) < 4 else m.TITLE_MANY(n=len(models)),
            sections=[_Section(one) for one in several],
            share=share,
            points=points,
            with_interval=with_interval,
        )


class _Section:
    """What the page shows of one profile, in the language in force."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        framework = profile.framework
        self.framework = framework
        self.names = {value: framework.value(value).name() for value in profile.values}
        self.level_names = {level.id: level.title() for level in framework.levels}
        self.lead = m.LEAD(
            framework=framework.title(),
            evaluator=profile.evaluator["name"],
            source=profile.questions["source"] or "–",
        )
        self.holding = sorted(
            (one for one in profile.differences if one.significant),
            key=lambda one: (one.p_holm, -abs(one.difference.estimate)),
        )
        self.shown = self.holding[:_SHOWN_DIFFERENCES]
        self.verdicts = self._verdicts()
        self.notes = self._notes()
        self.heat = self._heat()
        self.dots = self._dots()
        self.level_dots = self._level_dots()
        self.scores = _quality(profile)

    def _verdicts(self) -> list[str]:
        questions, models = self.profile.questions, self.profile.models
        if len(models) == 1:
            return [m.VERDICT_ONE(common=questions["common"])]
        texts = [
            m.VERDICT_QUESTIONS(
                models=len(models),
                common=questions["common"],
                asked=questions["asked"],
                left=questions["left_out"],
            )
        ]
        tests, n = len(self.profile.differences), len(self.holding)
        if not n:
            return [*texts, m.VERDICT_NONE(tests=tests)]
        texts.append(m.VERDICT_DIFFERENCES(tests=tests, n=n, share=share(n / tests)))
        return [*texts, self._largest(max(self.holding, key=lambda one: abs(one.difference.estimate)))]

    def _largest(self, one: Difference) -> str:
        gap = one.difference
        ends = sorted((abs(gap.low), abs(gap.high)))
        return m.VERDICT_LARGEST(
            value=self.names[one.value],
            first=one.first,
            second=one.second,
            direction=(m.HIGHER if gap.estimate > 0 else m.LOWER)(),
            points=f"{100 * abs(gap.estimate):.1f}",
            low=f"{100 * ends[0]:.1f}",
            high=f"{100 * ends[1]:.1f}",
        )

    def _notes(self) -> list[str]:
        domain = self.profile.domain
        drift = f"{sum(domain.drift.values()) / len(domain.drift):.2f}"
        here, home = share(domain.overlap), share(domain.overlap_at_home)
        card = self.profile.evaluator["card"]
        notes = [m.DEMO()] if card.get("demonstration") else []
        also = card.get("also", {})
        if also.get("used") and also.get("authored") == "machine":
            notes.append(m.ALSO(n=also["rows"], rows=card["data"]["rows"], data=card["data"]["name"]))
        if domain.doubtful:
            comma = "、" if current_language() == "zh" else ", "
            notes.append(m.DOUBTFUL(values=comma.join(self.names[value] for value in domain.doubtful)))
        if not domain.far:
            return [*notes, m.NEAR(here=here, drift=drift)]
        signs = [m.SIGN_DRIFT(drift=drift)]
        if domain.strange is not None:
            signs.insert(0, m.SIGN_STRANGE(share=share(domain.strange), here=here, home=home))
        return [*notes, m.FAR(signs=("；" if current_language() == "zh" else "; ").join(signs))]

    def _heat(self) -> Markup:
        rows = [
            [self.profile.cell(model, value).mean.estimate for value in self.profile.values]
            for model in self.profile.models
        ]
        drawn = heat_map(list(self.profile.models), list(self.names.values()), rows, title=m.HEAT_CAPTION())
        # On a phone it scrolls sideways rather than shrink until nothing can be read.
        return Markup(str(drawn).replace('style="max-width', 'style="min-width:44rem;max-width', 1))

    def _dots(self) -> Markup | None:
        shown = [
            Point(
                self._marked(one.value), one.model, one.adjusted.estimate, one.adjusted.low, one.adjusted.high
            )
            for one in self.profile.cells
            if one.known
        ]
        return dot_plot(shown, title=m.ADJUSTED_CAPTION(), axis=m.AXIS_ADJUSTED()) if shown else None

    def _marked(self, value: str) -> str:
        return f"{self.names[value]}°" if value in self.profile.domain.doubtful else self.names[value]

    def _level_dots(self) -> Markup | None:
        shown = [
            Point(self.level_names[one.level], one.model, one.mean.estimate, one.mean.low, one.mean.high)
            for one in self.profile.levels
        ]
        return dot_plot(shown, title=m.LEVELS_CAPTION(), axis=m.AXIS_MEAN()) if shown else None

    def reasons_of(self, value: str) -> list[Reason]:
        """Return the reasons of one value."""
        return [one for one in self.profile.reasons if one.value == value]

    def grams(self, reason: Reason) -> str:
        """Write the strongest n-grams of a reason with their parts."""
        return m.REASON_GRAMS(grams=" · ".join(f"「{gram}」{part:+.2f}" for gram, part in reason.grams))


def _quality(profile: Profile) -> dict[str, Any] | None:
    """Return the scores on unseen labelled texts, whichever way they were held out."""
    kept = profile.evaluator["card"].get("quality", {})
    found: dict[str, Any] | None = kept.get("cross_fitted") or kept.get("validation")
    return json.loads(json.dumps(found)) if found else None


def share(value: float | None) -> str:
    """Write a share as a percentage; a dash where there is none."""
    return f"{100 * value:.1f}%" if value is not None and math.isfinite(value) else "–"


def points(interval: Interval) -> str:
    """Write a difference in points with its interval."""
    return f"{100 * interval.estimate:+.1f} [{100 * interval.low:+.1f}, {100 * interval.high:+.1f}]"


def with_interval(interval: Interval, known: bool = True) -> Markup:
    """Write an estimate with its interval in small print."""
    if not known:
        return Markup('<span class="muted">{}</span>').format(m.UNKNOWN())
    low, high = f"{100 * interval.low:.1f}", f"{100 * interval.high:.1f}"
    return Markup('{} <span class="interval">{}–{}</span>').format(share(interval.estimate), low, high)

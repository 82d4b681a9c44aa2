"""`translate`: English rows into Chinese, localised, checked by back-translation and by a judge."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from plumbline.build.replies import with_score, with_texts
from plumbline.build.sample import Event, Rejected, Sample
from plumbline.build.step import Context, Estimate, Load
from plumbline.build.steps.model_step import Failed, Made, ModelStep, turned_down, with_events
from plumbline.build.text.chrf import chrf
from plumbline.build.text.lexicon import Lexicon, learn_lexicon
from plumbline.files import sha256_file
from plumbline.rows import read_rows


class Translate(ModelStep):
    """Translate the rows that are in English; others pass.

    The original goes on beside its translation (language `en`), or is set aside with `keep_original: false`.
    What was localised is listed in the history. `worse` answers are translated too.
    """

    step: Literal["translate"] = "translate"
    localise: bool = Field(
        default=True, description="replace foreign names, laws and customs where that changes nothing"
    )
    min_chrf: float = Field(
        default=35.0, ge=0, le=100, description="likeness of back-translation and original (chrF)"
    )
    min_score: float = Field(default=4.0, ge=1, le=5, description="what the judge must give, 1 to 5")
    judge_model: str | None = Field(
        default=None, description="model that judges; the translating one by default"
    )
    parallel: str | None = Field(
        default=None,
        description="file with columns `zh` and `en` to learn a lexicon from, for one more check without a "
        "model",
    )
    min_lexicon: float = Field(
        default=0.0, description="nats per word the translation must help to predict the original"
    )
    keep_original: bool = Field(default=True, description="let the English row go on as well")

    @property
    def models(self) -> tuple[str, ...]:
        """The models asked."""
        return tuple(dict.fromkeys((self.model, self.judge_model or self.model)))

    def identity(self) -> dict[str, Any]:
        """Return the fields without paths."""
        return self.model_dump(mode="json", exclude={"prompts", "parallel"})

    def depends(self, context: Context) -> Any:
        """Return prompts, framework and the parallel file."""
        known = sha256_file(context.path(self.parallel)) if self.parallel else None
        return [super().depends(context), known]

    async def work(self, sample: Sample, context: Context) -> Made:
        """Translate one sample."""
        if sample.language != "en":
            return Made(kept=[sample])
        child = replace(sample, id=f"{sample.id}.zh", language="zh", parents=(sample.id,), history=())
        made = Made()
        if self.keep_original:
            made.kept.append(sample)
        else:
            made.rejected.append(Rejected(sample, "original-of-a-translation", child.id))
        result = await self._translated(sample, child, context)
        (made.rejected if isinstance(result, Rejected) else made.kept).append(result)  # type: ignore[arg-type]
        return made

    async def _translated(self, sample: Sample, child: Sample, context: Context) -> Sample | Rejected:
        names = (
            "instruction",
            "output",
            *(("input",) if sample.input else ()),
            *(("worse",) if sample.worse else ()),
        )
        original = {name: getattr(sample, name) for name in names}
        got = await self.ask(context, "translate", with_texts(*names), row=_dump(original))
        if isinstance(got, Failed):
            return turned_down(child, got, self.step, self.model)
        translated = {name: got.value[name].strip() for name in names}
        child = replace(
            child, **translated, history=(got.event(self.step, "translated", "en → zh", self.model),)
        )
        back = await self.ask(context, "back", with_texts(*names), row=_dump(translated))
        if isinstance(back, Failed):
            return turned_down(child, back, self.step, self.model)
        alike = min(chrf(back.value[name], original[name]) for name in ("instruction", "output"))
        child = replace(child, scores={**child.scores, "chrf": round(alike, 2)})
        child = with_events(child, back.event(self.step, "translated back", f"chrF {alike:.1f}", self.model))
        if alike < self.min_chrf:
            return Rejected(child, "unlike-back-translation", f"{alike:.1f}: {back.value['output']}")
        if self.parallel:
            helps = _lexicon(context.path(self.parallel)).score(child.output, sample.output)
            child = replace(child, scores={**child.scores, "lexicon": round(helps, 4)})
            if helps < self.min_lexicon:
                return Rejected(child, "poor-translation", f"lexicon {helps:.3f}")
        judged = await self._judged(sample, child, context)
        if isinstance(judged, Rejected) or not self.localise:
            return judged
        return await self._localised(judged, context)

    async def _judged(self, sample: Sample, child: Sample, context: Context) -> Sample | Rejected:
        texts = (f"{one.question}\n{one.output}" for one in (sample, child))
        original, translated = texts
        judge = self.judge_model or self.model
        got = await self.ask(
            context, "judge", with_score(1, 5), model=judge, original=original, translated=translated
        )
        if isinstance(got, Failed):
            return turned_down(child, got, self.step, judge)
        score, reason = got.value["score"], got.value["reason"]
        child = replace(child, scores={**child.scores, "translation": score})
        child = with_events(child, got.event(self.step, "judged", f"{score:g}: {reason}", judge))
        return child if score >= self.min_score else Rejected(child, "poor-translation", reason)

    async def _localised(self, child: Sample, context: Context) -> Sample | Rejected:
        row = _dump({"instruction": child.instruction, "output": child.output})
        got = await self.ask(context, "localise", with_texts("instruction", "output"), row=row)
        if isinstance(got, Failed):
            return turned_down(child, got, self.step, self.model)
        listed = got.value.get("changes")
        changes = [str(change) for change in listed] if isinstance(listed, list) else []
        texts = {name: str(got.value[name]).strip() for name in ("instruction", "output")}
        # A text that changed without saying so cannot be reviewed; the plain translation stays.
        if not changes:
            return with_events(child, Event(self.step, "nothing to localise", "", self.model, got.reply.key))
        event = got.event(self.step, "localised", "; ".join(changes), self.model)
        return with_events(replace(child, **texts), event)  # type: ignore[arg-type]

    def estimate(self, load: Load) -> Estimate:
        """Three calls a row, four with localising; about a fifth is turned down."""
        row = load.question + load.answer
        calls = (4 if self.localise else 3) * load.rows
        read = load.rows * (calls / max(load.rows, 1) * 120 + 5 * row)
        written = load.rows * (3 if self.localise else 2) * row + 40 * load.rows
        return Estimate(load.rows * (1.8 if self.keep_original else 0.8), self.model, calls, read, written)


def _dump(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


@lru_cache(maxsize=2)
def _lexicon(path: Path) -> Lexicon:
    return learn_lexicon([(str(row.values["zh"]), str(row.values["en"])) for row in read_rows(path)])

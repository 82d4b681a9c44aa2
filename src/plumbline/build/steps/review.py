"""`review`: put rows in a queue for people, and take their decisions in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

import pyarrow as pa
from pydantic import Field

from plumbline.build import messages as m
from plumbline.build.sample import Event, Rejected, Sample, rejected_table, to_samples, to_table
from plumbline.build.step import Context, Outcome, Step
from plumbline.build.steps.balance import chance
from plumbline.errors import InputError, place
from plumbline.files import sha256_file
from plumbline.rows import read_rows

_EDITABLE = ("instruction", "input", "output", "categorization")


class Review(Step):
    """Queue rows for review; rows with a decision are taken, changed or rejected by it.

    After the build the queue is in `review.jsonl`, ready for `plumbline review`. A file of decisions has one
    row per
    sample: `id`, `decision` (accept, edit, reject), and as fits `reason`, `edited`, `categorization`,
        `reviewer`.
    """

    step: Literal["review"] = "review"
    share: float = Field(
        default=1.0, ge=0, le=1, description="share of the rows that people see, chosen at random"
    )
    sources: tuple[str, ...] = Field(default=(), description="only rows of these sources; all by default")
    decisions: str | None = Field(default=None, description="file of decisions, from the recipe's folder")
    undecided: Literal["keep", "hold back"] = Field(
        default="keep", description="what becomes of queued rows nobody has decided yet"
    )

    def identity(self) -> dict[str, Any]:
        """Return the fields without the path of the decisions."""
        return self.model_dump(mode="json", exclude={"decisions"})

    def depends(self, context: Context) -> Any:
        """Return the hash of the decisions."""
        return sha256_file(context.path(self.decisions)) if self.decisions else None

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Apply decisions and mark what waits for one."""
        decided = self._decisions(context)
        samples = to_samples(table)
        numbers = chance(context.seed, [sample.id for sample in samples])
        kept: list[Sample] = []
        rejected: list[Rejected] = []
        for sample, number in zip(samples, numbers.tolist(), strict=True):
            wanted = number < self.share * 2.0**64 and (not self.sources or sample.source in self.sources)
            if sample.id in decided:
                result = _decide(sample, decided[sample.id])
            elif not wanted:
                result = sample
            elif self.undecided == "keep":
                result = replace(sample, review="queued")
            else:
                result = Rejected(replace(sample, review="queued"), "awaiting-review")
            (rejected if isinstance(result, Rejected) else kept).append(result)  # type: ignore[arg-type]
        return Outcome(to_table(kept), rejected_table(rejected, self.step))

    def agreement(self, context: Context) -> dict[str, float] | None:
        """Return how many decided rows several reviewers saw, and on what share of them they agreed."""
        seen = [row for row in self._decisions(context).values() if int(row.get("reviewers") or 1) > 1]
        if not seen:
            return None
        return {"several": len(seen), "share": sum(bool(row.get("unanimous")) for row in seen) / len(seen)}

    def _decisions(self, context: Context) -> dict[str, dict[str, Any]]:
        if not self.decisions:
            return {}
        path = context.path(self.decisions)
        found: dict[str, dict[str, Any]] = {}
        for row in read_rows(path):
            decision = row.values.get("decision")
            if not row.values.get("id") or decision not in ("accept", "edit", "reject"):
                where = place(path, line=row.number, field="decision")
                raise InputError(m.BAD_DECISION(), where=where, mend=m.MEND_DECISION())
            found[str(row.values["id"])] = row.values
        return found


def _decide(sample: Sample, row: dict[str, Any]) -> Sample | Rejected:
    who = str(row.get("reviewer") or "")
    if row["decision"] == "reject":
        event = Event("review", "rejected", who)
        return Rejected(
            replace(sample, review="rejected", history=(*sample.history, event)),
            "reviewer-rejected",
            str(row.get("reason") or ""),
        )
    edited = row.get("edited") if isinstance(row.get("edited"), dict) else {}
    changes = {name: str(edited[name]) for name in _EDITABLE if edited and edited.get(name) is not None}
    if row.get("categorization"):
        changes["categorization"] = str(row["categorization"])
    changes = {name: text for name, text in changes.items() if text != getattr(sample, name)}
    state = "edited" if changes else "accepted"
    story = [who, *(f"{name}: {getattr(sample, name)} → {text}" for name, text in changes.items())]
    event = Event("review", state, "; ".join(part for part in story if part))
    return replace(sample, review=state, history=(*sample.history, event), **changes)  # type: ignore[arg-type]

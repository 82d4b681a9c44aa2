"""`pairs`: rows with a better and a worse answer become training rows and preference rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pyarrow as pa
from pydantic import Field

from plumbline.build.sample import Event, Rejected, Sample, rejected_table, to_samples, to_table
from plumbline.build.step import Context, Estimate, Load, Outcome, Step
from plumbline.build.text.near import similarities


class Pairs(Step):
    """Check better against worse, and split a pair into what training needs.

    A preference row is marked so (`use`): its better answer need not be good enough to be imitated, and
    exports for supervised training leave it out.

    CValues-Comparison grades replies in three (a refusal with good advice, a refusal, a risky reply); `load`
    turns them into the scores `grade` and `worse_grade` (`grades`), and a pair whose better reply is not
    graded better is turned down here.
    """

    step: Literal["pairs"] = "pairs"
    make: Literal["preference", "sft", "both"] = Field(
        default="both", description="preference rows, rows with the better answer only, or both"
    )
    most_alike: float = Field(
        default=0.9, gt=0, le=1, description="similarity from which two answers teach nothing"
    )
    min_grade: float | None = Field(
        default=None, description="grade the better answer must have for an sft row"
    )

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Work on one shard."""
        kept: list[Sample] = []
        rejected: list[Rejected] = []
        samples = to_samples(table)
        for sample in samples:
            fault = self._fault(sample)
            if fault is not None:
                rejected.append(Rejected(sample, *fault))
                continue
            if self.make != "sft":
                kept.append(replace(sample, use="preference"))
            if self.make == "sft" or (self.make == "both" and self._good_enough(sample)):
                event = Event(self.step, "better answer taken", "")
                name = sample.id if self.make == "sft" else f"{sample.id}.sft"
                parents = sample.parents if self.make == "sft" else (sample.id,)
                kept.append(
                    replace(sample, id=name, worse="", parents=parents, history=(*sample.history, event))
                )
        made = len(kept) + len(rejected) - len(samples)
        return Outcome(to_table(kept), rejected_table(rejected, self.step), made)

    def _good_enough(self, sample: Sample) -> bool:
        return self.min_grade is None or sample.scores.get("grade", self.min_grade) >= self.min_grade

    def _fault(self, sample: Sample) -> tuple[str, str] | None:
        if not sample.worse:
            return "no-worse-answer", ""
        better, worse = sample.scores.get("grade"), sample.scores.get("worse_grade")
        if better is not None and worse is not None and better <= worse:
            return "grades-contradict", f"{better:g} ≤ {worse:g}"
        like = similarities([sample.output, sample.worse], self.most_alike)
        if like or sample.output == sample.worse:
            return "alike-answers", f"{like[1][0][1]:.2f}" if like else "1.00"
        if self.make == "sft" and not self._good_enough(sample):
            return "low-score", f"grade {sample.scores['grade']:g}"
        return None

    def estimate(self, load: Load) -> Estimate:
        """Both kinds of rows double a pair."""
        return Estimate(load.rows * (2 if self.make == "both" else 1))

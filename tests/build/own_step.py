"""A step as a user would write it."""

from __future__ import annotations

from plumbline.build.sample import Sample
from plumbline.build.step import Context, Step


class NoQuestions(Step):
    """Turn down instructions that hold a mark."""

    step: str = "no-questions"
    mark: str = "？"

    def judge(self, sample: Sample, context: Context) -> str | None:
        """Judge one sample."""
        return "holds-the-mark" if self.mark in sample.instruction else None

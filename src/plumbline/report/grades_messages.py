"""What pages say of grades by people and judges."""

from __future__ import annotations

from plumbline.language import Message

COLUMN_MODEL = Message("模型", "model")
GRADED = Message("人和评判模型的评分", "Grades by people and judges")
GRADED_TEXT = Message(
    "均分与按题目聚类的 95% 区间。评判模型拒绝、读不出或失败的不算分。",
    "Means with 95% intervals clustered by item. What a judge refused, or that could not be read, is no score.",
)
COLUMN_GRADED_BY = Message("谁评的", "graded by")
COLUMN_CRITERION = Message("标准", "criterion")
COLUMN_MEAN = Message("均分", "mean")
COLUMN_GRADES = Message("条数", "grades")
COLUMN_UNUSED = Message("未计", "not used")
PEOPLE = Message("人", "people")
SCALE_TEN = Message("1–10 分", "1 to 10")
SCALE_LETTERS = Message("A/B/C（3/2/1）", "A/B/C (3/2/1)")

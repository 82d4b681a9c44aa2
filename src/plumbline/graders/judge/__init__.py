"""Judges: language models that grade answers by a rubric, held to people's grades."""

from plumbline.graders.judge.agreement import (
    JudgeAgreement,
    against_people,
    agreement_of_judges,
    corrected_mean,
)
from plumbline.graders.judge.judge import Case, Grade, judge_answers
from plumbline.graders.judge.pairs import PairCase, Preference, judge_pairs, position_bias
from plumbline.graders.judge.rubric import CRITERIA, Criterion, Scale

__all__ = [
    "CRITERIA",
    "Case",
    "Criterion",
    "Grade",
    "JudgeAgreement",
    "PairCase",
    "Preference",
    "Scale",
    "against_people",
    "agreement_of_judges",
    "corrected_mean",
    "judge_answers",
    "judge_pairs",
    "position_bias",
]

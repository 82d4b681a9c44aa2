"""Do judges agree with each other and with people, and what would people have said of all answers?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from plumbline.errors import InputError
from plumbline.graders.judge.judge import Grade
from plumbline.language import Message
from plumbline.stats import (
    Interval,
    RectifiedMean,
    cohen_kappa_interval,
    krippendorff_alpha_interval,
    rectified_mean,
)

_FEW_PEOPLE = Message(
    "人工评分与评审评分重合的只有 {n} 条，至少要 {least} 条",
    "people and judge graded only {n} answers in common; at least {least} are needed",
)
_MORE_PEOPLE = Message("请人再评一些随机抽取的回答", "let people grade some more answers, drawn at random")
_LEAST = 3


@dataclass(frozen=True)
class JudgeAgreement:
    """A judge against people on the answers both graded.

    Attributes:
        alpha: Krippendorff's alpha on the ordinal scale.
        kappa: Cohen's kappa with quadratic weights.
        bias: Mean of judge less people.
    """

    judge: str
    answers: int
    alpha: Interval
    kappa: Interval
    bias: float


def agreement_of_judges(grades: Sequence[Grade]) -> Interval:
    """Krippendorff's alpha (ordinal) among judges over the answers they graded; nan with one judge."""
    judges = list(dict.fromkeys(grade.judge for grade in grades))
    cases = list(dict.fromkeys(grade.case for grade in grades))
    table = np.full((len(judges), len(cases)), np.nan)
    for grade in grades:
        if grade.score is not None:
            table[judges.index(grade.judge), cases.index(grade.case)] = grade.score
    if (np.isfinite(table).sum(axis=0) >= 2).sum() < _LEAST:
        return Interval(np.nan, np.nan, np.nan)
    return krippendorff_alpha_interval(table, "ordinal")


def against_people(grades: Sequence[Grade], people: Mapping[str, float]) -> list[JudgeAgreement]:
    """Hold each judge to people's scores on the same scale.

    Args:
        grades: Of one or several judges.
        people: Score by case id; a mean of several people is welcome.

    Raises:
        InputError: A judge and the people have fewer than three answers in common.
    """
    found = []
    for judge in dict.fromkeys(grade.judge for grade in grades):
        _, judged, human = _both([grade for grade in grades if grade.judge == judge], people)
        rounded = np.round(human)
        found.append(
            JudgeAgreement(
                judge=judge,
                answers=len(judged),
                alpha=krippendorff_alpha_interval(np.stack([judged, human]), "ordinal"),
                kappa=cohen_kappa_interval(judged, rounded, "quadratic"),
                bias=float((judged - human).mean()),
            )
        )
    return found


def corrected_mean(
    grades: Sequence[Grade], people: Mapping[str, float], *, bounds: tuple[float, float] = (1.0, 10.0)
) -> RectifiedMean:
    """Estimate people's mean score over **all** answers from one judge's grades and a small sample of
    people's.

    See `plumbline.stats.rectified_mean`; the sample must have been drawn at random. Answers the judge did
    not grade are left out, those that people graded as well.

    Args:
        grades: Of one judge.
        people: Score by case id, on the same scale.
        bounds: Least and greatest score of the scale.

    Raises:
        InputError: Fewer than three answers in common.
    """
    common, judged, human = _both(grades, people)
    rest = [grade for grade in grades if grade.score is not None and grade.case not in common]
    if len(rest) < 2:
        raise InputError(_FEW_PEOPLE(n=len(rest), least=2), mend=_MORE_PEOPLE())
    return rectified_mean(
        human,
        judged,
        np.array([float(grade.score or 0) for grade in rest]),
        clusters=np.array(common),
        rest_clusters=np.array([grade.case for grade in rest]),
        bounds=bounds,
    )


def _both(
    grades: Sequence[Grade], people: Mapping[str, float]
) -> tuple[list[str], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return ids, judge's and people's scores of the answers both graded."""
    both = [
        (grade.case, float(grade.score))
        for grade in grades
        if grade.score is not None and grade.case in people
    ]
    if len(both) < _LEAST:
        raise InputError(_FEW_PEOPLE(n=len(both), least=_LEAST), mend=_MORE_PEOPLE())
    names = [name for name, _ in both]
    return names, np.array([score for _, score in both]), np.array([float(people[name]) for name in names])

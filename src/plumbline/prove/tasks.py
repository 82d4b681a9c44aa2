"""General benchmarks (CMMLU, C-Eval ...) through lm-evaluation-harness, as paired scores by question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from plumbline.errors import InputError, MissingExtra
from plumbline.models import Model
from plumbline.prove import messages as m
from plumbline.prove.findings import Paired

_METRICS = ("acc", "exact_match", "acc_norm")


@dataclass(frozen=True)
class Asked:
    """One question of a task: its text, by which it is found in training data, and the score."""

    text: str
    score: float


TaskScores = dict[str, dict[str, Asked]]


def task_scores(model: Model, tasks: Sequence[str], *, limit: int | None = None) -> TaskScores:
    """Run tasks of lm-eval on a local model.

    Args:
        model: A model that runs here.
        tasks: Names of tasks or groups, or paths of task files (YAML) of one's own.
        limit: Only the first questions of each.

    Returns:
        Task (a group's tasks one by one) -> question -> what was asked and how it was scored.

    Raises:
        MissingExtra: lm-eval is not installed.
        InputError: The model does not run here, a task is not known, or it gives no score by question.
    """
    if not tasks:
        return {}
    try:
        import lm_eval
        from lm_eval.models.huggingface import HFLM
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "lm_eval", "lm-eval") from error
    network, tokenizer = getattr(model, "model", None), getattr(model, "tokenizer", None)
    if network is None:
        raise InputError(m.NOT_LOCAL(), where=model.reference, mend=m.TAKE_LOCAL())
    try:
        answered = lm_eval.simple_evaluate(
            HFLM(pretrained=network, tokenizer=tokenizer), tasks=list(tasks), limit=limit, bootstrap_iters=0
        )
    except (KeyError, ValueError, FileNotFoundError) as error:
        detail = str(error).strip("'").splitlines()[0]
        raise InputError(m.NO_TASK(detail=detail), where=", ".join(tasks), mend=m.OTHER_NAME()) from error
    samples: dict[str, list[dict[str, Any]]] = answered["samples"]
    return {
        task: {str(one["doc_id"]): Asked(_text(one), _score(task, one)) for one in rows}
        for task, rows in samples.items()
    }


def task_quantities(before: TaskScores, after: TaskScores) -> Iterator[Paired]:
    """Pair the scores of two models, task by task."""
    for task, first in before.items():
        shared = [question for question in first if question in after.get(task, {})]
        yield Paired(
            name="task",
            family="side",
            better="higher",
            unit="share",
            suite=task,
            method="lm-eval",
            part="",
            before=tuple(first[question].score for question in shared),
            after=tuple(after[task][question].score for question in shared),
            clusters=tuple(shared),
        )


def _text(sample: dict[str, Any]) -> str:
    """Return the longest text of a question's row: the question, or the passage it is about."""
    return max((text for text in sample["doc"].values() if isinstance(text, str)), key=len, default="")


def _score(task: str, sample: dict[str, Any]) -> float:
    for metric in _METRICS:
        if isinstance(sample.get(metric), int | float | bool):
            return float(sample[metric])
    raise InputError(m.NO_SCORE(), where=task, mend=m.OTHER_TASK())

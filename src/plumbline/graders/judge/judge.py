"""Ask judges to grade answers; grades, refusals, errors and what cannot be read are kept apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from plumbline.graders.judge.rubric import LETTERS, Scale, again_prompt, grading_prompt
from plumbline.graders.judge.structured import read_letter, read_object, read_scores
from plumbline.graders.refusal import detect_refusal
from plumbline.language import Language
from plumbline.models import Generation, Model, load_model
from plumbline.models.model import Answer, ChatMessage, Prompt

Outcome = Literal["graded", "refused", "unparsed", "error"]
SETTINGS = Generation(max_tokens=512, temperature=0.0)
"""Greedy, and long enough for seven scores and a line of reasons."""


@dataclass(frozen=True)
class Case:
    """One answer to be judged.

    Attributes:
        id: Of the item (or of item and model).
        rubric: What a good and a poor answer to this question would show.
    """

    id: str
    question: str
    answer: str
    rubric: tuple[str, str] | None = None
    language: Language = "zh"


@dataclass(frozen=True)
class Grade:
    """What one judge said of one answer.

    Attributes:
        score: 1 to 10, or of letters A 3, B 2, C 1; None unless graded.
        scores: By criterion, `overall` included; empty for letters.
        attempts: How often the judge was asked.
        reply: Its last words, as they were.
    """

    case: str
    judge: str
    outcome: Outcome
    score: int | None = None
    letter: str | None = None
    scores: dict[str, int] = field(default_factory=dict)
    reason: str = ""
    attempts: int = 1
    reply: str = ""


def judge_answers(
    cases: Sequence[Case],
    judges: str | Model | Sequence[str | Model],
    *,
    scale: Scale = "ten",
    log_dir: Path | None = None,
) -> list[Grade]:
    """Let each judge grade each answer, asking once more where its words cannot be read.

    Args:
        cases: The answers.
        judges: Models or their references, for instance `openai/NAME` (any service with that interface
            through `OPENAI_BASE_URL`); retry, cache and logs are Inspect's.
        scale: `ten` or `letters`.
        log_dir: Where Inspect's logs go.

    Returns:
        One grade for each judge and case, judge by judge.
    """
    grades: list[Grade] = []
    for judge in as_models(judges):
        prompts = [
            Prompt(
                case.id, _user(grading_prompt(case.question, case.answer, scale, case.language, case.rubric))
            )
            for case in cases
        ]
        languages = [case.language for case in cases]
        asked = ask(judge, prompts, _reader(scale), scale, languages, log_dir)
        grades += [
            _grade(case, judge.reference, reply, scale) for case, reply in zip(cases, asked, strict=True)
        ]
    return grades


@dataclass(frozen=True)
class Reply:
    """A judge's words and what could be read in them."""

    outcome: Outcome
    found: Any
    reason: str
    attempts: int
    text: str


Reader = Callable[[dict[str, Any]], Any]


def ask(
    judge: Model,
    prompts: Sequence[Prompt],
    reader: Reader,
    scale: Scale | Literal["pair"],
    languages: Sequence[Language],
    log_dir: Path | None = None,
) -> list[Reply]:
    """Ask a judge every prompt, and once again, with its reply shown, where that cannot be read."""
    answers = _generate(judge, prompts, log_dir)
    replies = [_read(answer, reader, 1) for answer in answers]
    unread = [k for k, reply in enumerate(replies) if reply.outcome == "unparsed"]
    if unread:
        again = [
            Prompt(
                f"{prompts[k].id}#2",
                (
                    *prompts[k].messages,
                    ChatMessage(role="assistant", content=replies[k].text or "…"),
                    ChatMessage(role="user", content=again_prompt(scale, languages[k])),
                ),
            )
            for k in unread
        ]
        for k, answer in zip(unread, _generate(judge, again, log_dir), strict=True):
            replies[k] = _read(answer, reader, 2)
    return replies


def as_models(judges: str | Model | Sequence[str | Model]) -> list[Model]:
    """Load the judges named by reference."""
    several: Any = judges if isinstance(judges, list | tuple) else [judges]
    return [load_model(one) if isinstance(one, str) else one for one in several]


def _generate(judge: Model, prompts: Sequence[Prompt], log_dir: Path | None) -> list[Answer]:
    found: list[Answer] = [Answer(None, "error")] * len(prompts)
    with TemporaryDirectory() as nowhere:
        # Without a folder of its own Inspect would leave its logs in the current one.
        for place, answer in judge.generate(prompts, SETTINGS, log_dir=log_dir or Path(nowhere)):
            found[place] = answer
    return found


def _read(answer: Answer, reader: Reader, attempts: int) -> Reply:
    if answer.text is None:
        return Reply("error", None, answer.error or "", attempts, "")
    if answer.stop_reason == "content_filter":
        return Reply("refused", None, "", attempts, answer.text)
    found = read_object(answer.text)
    value = reader(found) if found is not None else None
    if found is not None and value is not None:
        return Reply("graded", value, str(found.get("reason", "")), attempts, answer.text)
    refused = detect_refusal(answer.text).kind == "refusal" if answer.text else False
    return Reply("refused" if refused else "unparsed", None, "", attempts, answer.text)


def _reader(scale: Scale) -> Reader:
    return read_scores if scale == "ten" else read_letter


def _grade(case: Case, judge: str, reply: Reply, scale: Scale) -> Grade:
    if reply.outcome != "graded":
        return Grade(
            case.id, judge, reply.outcome, reason=reply.reason, attempts=reply.attempts, reply=reply.text
        )
    if scale == "letters":
        score, letter, scores = len(LETTERS) - LETTERS.index(reply.found), reply.found, {}
    else:
        score, letter, scores = reply.found["overall"], None, reply.found
    return Grade(case.id, judge, "graded", score, letter, scores, reply.reason, reply.attempts, reply.text)


def _user(text: str) -> tuple[ChatMessage, ...]:
    return (ChatMessage(role="user", content=text),)

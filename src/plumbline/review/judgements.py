"""The judgements of a project that count, loaded once for everything that is worked out from them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from plumbline.review.answers import Answer
from plumbline.review.protocol import Question
from plumbline.review.tables import Project


class Given(NamedTuple):
    """One answer that counts; a tuple, as there may be millions. Equal answers are one object."""

    item: int
    reviewer: int
    answer: Answer
    order: tuple[int, ...]
    """Which reply stood at each place."""
    seconds: float


@dataclass(slots=True)
class Judged:
    """Answers of reviewers, and the decisions that replace them where a coordinator settled."""

    answers: list[Given] = field(default_factory=list)
    settled: dict[int, Answer] = field(default_factory=dict)
    models: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """Models by item, in the order the answers speak of."""
    refs: dict[int, str] = field(default_factory=dict)
    origins: dict[int, dict[str, str]] = field(default_factory=dict)

    def values(self, question: Question) -> Iterator[tuple[Any, int, Any]]:
        """Yield (unit, reviewer, value) of one question; a unit is an item, or one of its replies."""
        for given in self.answers:
            value = given.answer.get(question.id)
            if value is None:
                continue
            if question.each:
                yield from (((given.item, reply), given.reviewer, one) for reply, one in value.items())
            else:
                yield given.item, given.reviewer, value

    def effective(self) -> Iterator[Given]:
        """Yield the answers that make scores: the settlement where there is one, else everybody's."""
        done: set[int] = set()
        for given in self.answers:
            decided = self.settled.get(given.item)
            if decided is None:
                yield given
            elif given.item not in done:
                done.add(given.item)
                yield Given(given.item, 0, decided, given.order, 0.0)


def load_judged(session: Session, project: Project) -> Judged:
    """Load every judgement that counts: undone, skipped, late, gold and repeated ones do not."""
    connection, project_id = session.connection(), {"project": project.id}
    judged = Judged()
    # Among a million judgements there are few different texts: each is parsed once.
    parsed: dict[str, Any] = {}
    orders: dict[str, tuple[int, ...]] = {}
    answers = connection.execute(
        text(
            "SELECT mine.item_id, mine.account_id, judgement.answer, mine.sides, judgement.seconds "
            "FROM assignment AS mine JOIN judgement ON judgement.id = mine.judgement_id "
            "WHERE mine.project_id = :project AND mine.state = 'done' AND mine.purpose = 'normal'"
        ),
        project_id,
    )
    for item, reviewer, answer, sides, seconds in answers:
        if answer not in parsed:
            parsed[answer] = json.loads(answer)
        if sides not in orders:
            orders[sides] = tuple(json.loads(sides))
        judged.answers.append(Given(item, reviewer, parsed[answer], orders[sides], seconds or 0.0))
    judged.answers.sort(key=itemgetter(0, 1))  # by item and reviewer
    settled = connection.execute(
        text("SELECT item_id, answer FROM settlement WHERE project_id = :project ORDER BY id"), project_id
    )
    judged.settled = {item: json.loads(answer) for item, answer in settled}
    wanted = {given.item for given in judged.answers}
    for item, ref, body in connection.execute(
        text("SELECT id, ref, body FROM item WHERE project_id = :project AND gold IS NULL"), project_id
    ):
        if item in wanted:
            content = json.loads(body)
            judged.refs[item] = ref
            judged.models[item] = tuple(reply["model"] for reply in content.get("replies", []))
            judged.origins[item] = {
                "item_id": content.get("item_id", ref), "presentation_id": content.get("presentation_id", "")
            }  # fmt: skip
    return judged

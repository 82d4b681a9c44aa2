"""Label Studio's JSON: tasks to import there, annotations to bring back.

Replies stand in a random order that is worked out from the project's seed, and models are not named, so that
labelling there is blind as well.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from plumbline.review.protocol import (
    PICK_NONE,
    PICK_TIE,
    Checks,
    Choice,
    Edit,
    Pick,
    Protocol,
    Question,
    Scale,
)


def task(protocol: Protocol, seed: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return one item as a Label Studio task, with its judgements as annotations."""
    models = list(entry.get("replies", {}))
    order = _order(seed, entry["ref"], len(models))
    data: dict[str, Any] = {"ref": entry["ref"]}
    if "sample" in entry:
        data |= {f"sample_{name}": str(value) for name, value in entry["sample"].items()}
    else:
        data["prompt"] = entry["prompt"]
        data |= {
            f"reply_{place}": entry["replies"][models[reply]] for place, reply in enumerate(order, start=1)
        }
    places = {models[reply]: place for place, reply in enumerate(order, start=1)}
    annotations = [
        {
            "completed_by": {"email": one["reviewer"]},
            "lead_time": one["seconds"],
            "result": list(_results(protocol, one["answer"], places)),
        }
        for one in entry["judgements"]
        if one["purpose"] == "normal"
    ]
    return {"data": data, "annotations": annotations}


def config(protocol: Protocol, tasks: list[dict[str, Any]]) -> str:
    """Return the labelling interface for these tasks as Label Studio's XML."""
    fields = list(tasks[0]["data"]) if tasks else []
    lines = ["<View>"]
    for field in fields:
        if field != "ref":
            lines.append(f"  <Text name={quoteattr(field)} value={quoteattr('$' + field)}/>")
    to_name = next((field for field in fields if field != "ref"), "prompt")
    replies = sum(field.startswith("reply_") for field in fields)
    for question in protocol.questions:
        for name in _names(question, replies):
            lines.append(f"  <Header value={quoteattr(question.label.en)}/>")
            lines += [f"  {line}" for line in _control(question, name, to_name, replies)]
    return "\n".join([*lines, "</View>", ""])


def judged_there(
    protocol: Protocol, seed: str, task: dict[str, Any], models: list[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (reviewer, plain answer) of each annotation of a task; cancelled ones are left out."""
    order = _order(seed, str(task.get("data", {}).get("ref")), len(models))
    at = {str(place): models[reply] for place, reply in enumerate(order, start=1)}
    for one in task.get("annotations", ()):
        who = one.get("completed_by")
        reviewer = who.get("email") or who.get("id") if isinstance(who, dict) else who
        answer: dict[str, Any] = {}
        for result in one.get("result", ()):
            name, _, place = str(result.get("from_name")).partition("__")
            question = next((q for q in protocol.questions if q.id == name), None)
            if question is None:
                continue
            value = _value(question, result.get("value", {}), at)
            if isinstance(question, Edit):
                answer.setdefault(name, {})[place] = {"after": value}
            elif question.each:
                answer.setdefault(name, {})[at[place]] = value
            else:
                answer[name] = value
        if answer and not one.get("was_cancelled"):
            yield str(reviewer), answer


def _order(seed: str, ref: str, count: int) -> list[int]:
    order = list(range(count))
    random.Random(f"{seed}/label-studio/{ref}").shuffle(order)
    return order


def _results(protocol: Protocol, answer: dict[str, Any], places: dict[str, int]) -> Iterator[dict[str, Any]]:
    to_name = "prompt" if places else "sample_instruction"
    for question in protocol.questions:
        value = answer.get(question.id)
        if value is None:
            continue
        if isinstance(question, Edit):
            for field, change in value.items():
                content = {"text": [change["after"]]}
                yield {
                    "from_name": f"{question.id}__{field}",
                    "to_name": to_name,
                    "type": "textarea",
                    "value": content,
                }
            continue
        each = value.items() if question.each else [(None, value)]
        for model, one in each:
            name = f"{question.id}__{places[model]}" if model is not None else question.id
            kind, content = _content(question, one, places)
            yield {"from_name": name, "to_name": to_name, "type": kind, "value": content}


def _content(question: Question, value: Any, places: dict[str, int]) -> tuple[str, dict[str, Any]]:
    if isinstance(question, Scale):
        return "rating", {"rating": value}
    if isinstance(question, Pick):
        return "choices", {"choices": [f"reply {places[value]}" if value in places else value]}
    if isinstance(question, Choice | Checks):
        return "choices", {"choices": value if isinstance(value, list) else [value]}
    return "textarea", {"text": [value]}


def _value(question: Question, value: dict[str, Any], at: dict[str, str]) -> Any:
    if isinstance(question, Scale):
        return value["rating"]
    if isinstance(question, Checks):
        return value["choices"]
    if isinstance(question, Pick):
        chosen = str(value["choices"][0])
        return at.get(chosen.removeprefix("reply "), chosen)
    return value["choices"][0] if isinstance(question, Choice) else "\n".join(value["text"])


def _names(question: Question, replies: int) -> list[str]:
    """The controls of one question: one, or one a reply, or one a field that can be edited."""
    if isinstance(question, Edit):
        return [f"{question.id}__{field}" for field in question.fields]
    return [f"{question.id}__{place}" for place in range(1, replies + 1)] if question.each else [question.id]


def _control(question: Question, name: str, to_name: str, replies: int) -> list[str]:
    attributes = f"name={quoteattr(name)} toName={quoteattr(to_name)}"
    if isinstance(question, Scale):
        return [f'<Rating {attributes} maxRating="{question.high}"/>']
    if isinstance(question, Choice | Checks | Pick):
        if isinstance(question, Pick):
            values = [f"reply {place}" for place in range(1, replies + 1)]
            values += [PICK_TIE] * question.tie + [PICK_NONE] * question.none
        else:
            values = [option.value for option in question.options]
        kind = "multiple" if isinstance(question, Checks) else "single"
        options = [f"  <Choice value={quoteattr(value)}/>" for value in values]
        return [f'<Choices {attributes} choice="{kind}">', *options, "</Choices>"]
    if isinstance(question, Edit):
        attributes += f" value={quoteattr('$sample_' + name.partition('__')[2])}"
    return [f'<TextArea {attributes} rows="4"/>']

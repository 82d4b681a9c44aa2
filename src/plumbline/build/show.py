"""Tell a row's whole story in plain text."""

from __future__ import annotations

from collections.abc import Iterator

from plumbline.build import messages as m
from plumbline.build.calls import CallStore
from plumbline.build.dataset import DataSet
from plumbline.build.engine import CALLS
from plumbline.build.sample import Rejected, Sample
from plumbline.errors import InputError


def story(data: DataSet, sample_id: str, *, depth: int = 0) -> str:
    """Return everything known of a sample: texts, scores, every event with prompt and raw reply, its parents'
    story.

    Args:
        data: A finished data set.
        sample_id: Of a kept or rejected sample.
        depth: Generations already told; indents.

    Raises:
        InputError: There is no such sample.
    """
    found, step = data.find(sample_id)
    sample = found.sample if isinstance(found, Rejected) else found
    lines = [f"# {sample.id}", *_texts(sample), *_facts(sample)]
    if isinstance(found, Rejected):
        lines.append(
            m.STORY_REJECTED(step=step, reason=m.reason(found.reason), detail=found.detail or m.NONE())
        )
    lines += ["", f"## {m.STORY_HISTORY()}", *_history(data, sample)]
    text = "\n".join(f"{'  ' * depth}{line}" for line in lines)
    for parent in sample.parents:
        try:
            text += "\n\n" + story(data, parent, depth=depth + 1)
        except InputError:
            # A parent that was taken up into its child (a translated row) is told by the child's history.
            continue
    return text


def _texts(sample: Sample) -> Iterator[str]:
    sides = (
        (m.STORY_INSTRUCTION, sample.instruction),
        (m.STORY_INPUT, sample.input),
        (m.STORY_OUTPUT, sample.output),
        (m.STORY_WORSE, sample.worse),
    )
    for label, text in sides:
        if text:
            yield f"[{label()}] {text}"


def _facts(sample: Sample) -> Iterator[str]:
    none = m.NONE()
    yield m.STORY_ABOUT(
        source=sample.source or none,
        categorization=sample.categorization or none,
        tongue=sample.language,
        licence=sample.licence or none,
    )
    if sample.values:
        yield m.STORY_VALUES(values=", ".join(sample.values))
    if sample.scores:
        yield m.STORY_SCORES(scores=", ".join(f"{name} {value:.4g}" for name, value in sample.scores.items()))
    if sample.parents:
        yield m.STORY_PARENTS(parents=", ".join(sample.parents))
    yield m.STORY_REVIEW(state=sample.review or none)


def _history(data: DataSet, sample: Sample) -> Iterator[str]:
    keys = [event.prompt for event in sample.history if event.prompt]
    calls = {}
    if keys and (data.folder / CALLS).is_file():
        store = CallStore(data.folder / CALLS)
        calls = store.show(keys)
        store.close()
    for number, event in enumerate(sample.history, start=1):
        model = f" [{event.model}]" if event.model else ""
        yield f"{number}. {event.step}: {event.action}{model} {event.detail}".rstrip()
        call = calls.get(event.prompt)
        if call:
            for message in call["messages"]:
                yield f"   {m.STORY_PROMPT()} ({message['role']}): {message['content']}"
            yield f"   {m.STORY_REPLY()} ({call['stop']}): {call['reply']}"

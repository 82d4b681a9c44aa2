"""What all steps that ask a language model have in common."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any, Generic, TypeVar

import pyarrow as pa
from pydantic import Field

from plumbline.build.calls import Call, Reply
from plumbline.build.prompts import fill, load_prompts
from plumbline.build.sample import Event, Rejected, Sample, rejected_table, to_samples, to_table
from plumbline.build.step import Context, Outcome, Step
from plumbline.frameworks import load_framework, split_value
from plumbline.graders.refusal import detect_refusal
from plumbline.models.model import ChatMessage, Generation

Value = TypeVar("Value")
_REASONS = {"length": "cut-reply", "content_filter": "refused-reply", "refused": "refused-reply"}
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Got(Generic[Value]):
    """A reply that could be read: what it says, and the call it came from."""

    value: Value
    reply: Reply

    def event(self, step: str, action: str, detail: str, model: str) -> Event:
        """Return the event that this reply makes in a sample's history."""
        return Event(step, action, detail, model, self.reply.key)


@dataclass(frozen=True, slots=True)
class Failed:
    """No usable reply after all tries: why, and the last raw reply."""

    reason: str
    raw: str
    key: str


@dataclass
class Made:
    """What became of one sample: rows that go on and rows turned down; the sample itself is among them."""

    kept: list[Sample] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)


class ModelStep(Step):
    """A step that asks a model about every sample, many samples at once."""

    model: str = Field(
        description="reference of the model: provider/name through Inspect, `hf/PATH` or `embedded`"
    )
    temperature: float = Field(default=0.7, ge=0, description="of sampling")
    max_tokens: int = Field(default=1_024, ge=1, description="longest reply")
    tries: int = Field(
        default=3, ge=1, description="times a malformed, cut or refused reply is asked for again"
    )
    prompts: str | None = Field(
        default=None, description="YAML with prompts instead of ours, from the recipe's folder"
    )

    @property
    def models(self) -> tuple[str, ...]:
        """The models asked."""
        return (self.model,)

    def identity(self) -> dict[str, Any]:
        """Return the fields without the prompts' path."""
        return self.model_dump(mode="json", exclude={"prompts"})

    def depends(self, context: Context) -> Any:
        """Return the prompts and the framework."""
        framework = load_framework(context.framework).model_dump(mode="json")
        return {"prompts": self._prompts(context), "framework": framework}

    def apply(self, table: pa.Table, context: Context) -> Outcome:
        """Work on one shard: all its samples at once, within the limit of calls under way."""
        samples = to_samples(table)
        results = self.work_on(samples, context)
        kept = [one for result in results for one in result.kept]
        rejected = [one for result in results for one in result.rejected]
        made = len(kept) + len(rejected) - len(samples)
        return Outcome(to_table(kept), rejected_table(rejected, self.step), made)

    def work_on(self, samples: Sequence[Sample], context: Context) -> list[Made]:
        """Return what becomes of each sample, in order."""
        assert context.asker is not None, "a step that asks a model needs context.asker"
        return context.asker.each(samples, lambda sample: self.work(sample, context))

    async def work(self, sample: Sample, context: Context) -> Made:
        """Return what becomes of one sample."""
        raise NotImplementedError

    async def ask(
        self,
        context: Context,
        prompt: str,
        read: Callable[[str], Value | None],
        *,
        model: str | None = None,
        refusal: bool = False,
        **values: str,
    ) -> Got[Value] | Failed:
        """Ask until a reply can be read, at most `tries` times.

        Args:
            context: Of the build.
            prompt: Name of the prompt.
            read: Makes something of a reply, or None when it is malformed.
            model: Another model than the step's own.
            refusal: Take a refusal for an answer.
            values: What the prompt's slots are filled with.
        """
        assert context.asker is not None
        text = fill(self._prompts(context)[prompt], **values)
        messages: tuple[ChatMessage, ...] = ({"role": "user", "content": text},)
        settings = Generation(self.max_tokens, self.temperature, context.seed)
        failed = Failed("malformed-reply", "", "")
        for attempt in range(self.tries):
            reply = await context.asker.ask(Call(model or self.model, messages, settings, attempt))
            reason = _REASONS.get(reply.stop)
            if reason is None and not refusal and detect_refusal(reply.text).kind == "refusal":
                reason = "refused-reply"
            if reason is None:
                value = read(reply.text)
                if value is not None:
                    return Got(value, reply)
            failed = Failed(reason or "malformed-reply", reply.text[:_SHOWN], reply.key)
        return failed

    def _prompts(self, context: Context) -> dict[str, str]:
        return load_prompts(self.step, context.path(self.prompts) if self.prompts else None)

    def chance(self, sample: Sample, context: Context) -> random.Random:
        """Return a source of chance that depends on seed and sample only."""
        digest = blake2b(f"{context.seed}/{self.step}/{sample.id}".encode(), digest_size=8).digest()
        return random.Random(int.from_bytes(digest, "big"))


def turned_down(sample: Sample, failed: Failed, step: str, model: str) -> Rejected:
    """Return a sample as rejected for lack of a usable reply, the raw reply kept."""
    event = Event(step, "failed", failed.reason, model, failed.key)
    return Rejected(with_events(sample, event), failed.reason, failed.raw)


def with_events(sample: Sample, *events: Event) -> Sample:
    """Return the sample with more events in its history."""
    return replace(sample, history=(*sample.history, *events))


def value_text(values: Sequence[str], context: Context) -> str:
    """Name and define, in Chinese, the values a sample is about; without any, name the framework's."""
    told = []
    for reference in values:
        framework, name = split_value(reference)
        value = load_framework(framework).value(name)
        told.append(f"{value.name.zh}：{value.definition.zh}")
    if not told:
        framework_itself = load_framework(context.framework)
        told = ["、".join(value.name.zh for value in framework_itself.values)]
    return "\n".join(told)

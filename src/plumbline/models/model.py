"""What every model offers, whatever is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypedDict

if TYPE_CHECKING:
    from plumbline.likelihood import Scorer

StopReason = Literal["stop", "length", "content_filter", "recorded", "error"]


class ChatMessage(TypedDict):
    """One turn of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Prompt:
    """One request: an id of the caller's choosing, the conversation so far, and what it was made from.

    `origin` lets recorded answers be matched by item; a live model never sees it.
    """

    id: str
    messages: tuple[ChatMessage, ...]
    origin: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back. `text` is None when nothing did, and `error` says why."""

    text: str | None
    stop_reason: StopReason = "stop"
    input_tokens: int | None = None
    output_tokens: int | None = None
    error: str | None = None


@dataclass(frozen=True)
class Generation:
    """How to generate. Temperature 0 is greedy, the default of every measurement.

    Attributes:
        max_tokens: Longest reply, in the model's tokens.
        temperature: 0 for greedy decoding.
        seed: Seed of sampling, where the model takes one.
    """

    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0


class Model(Protocol):
    """Something that answers. To add a kind, implement this and return it from `load_model`.

    Example:
        >>> class Echo:
        ...     reference = "echo"
        ...     def describe(self): return {"kind": "echo"}
        ...     def generate(self, prompts, settings, *, log_dir=None):
        ...         for position, prompt in enumerate(prompts):
        ...             yield position, Answer(prompt.messages[-1]["content"])
        ...     def scorer(self): return None
    """

    reference: str

    def describe(self) -> dict[str, Any]:
        """Return what identifies the model (for the manifest): name, hashes, dtype, device ..., no secret."""
        ...

    def generate(
        self, prompts: Sequence[Prompt], settings: Generation, *, log_dir: Path | None = None
    ) -> Iterator[tuple[int, Answer]]:
        """Yield (position in `prompts`, answer) as answers come in, in any order, each position once."""
        ...

    def scorer(self) -> Scorer | None:
        """Return the log-likelihood kernel over this model, or None when it gives no likelihoods."""
        ...

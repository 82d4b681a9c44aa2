"""Model references: one string that says which model, and how to reach it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from plumbline.errors import InputError
from plumbline.language import Message

_EMPTY = Message("没有给出模型", "no model was named")
_NO_KIND = Message("模型 `{reference}` 没有写明种类", "model `{reference}` does not say of which kind it is")
_ONE_EMBEDDED = Message(
    "没有模型 `{reference}`：内置模型只有一个", "there is no model `{reference}`: only one is built in"
)
_WRITE_EMBEDDED = Message("写成 embedded", "write embedded")
_EXAMPLES = Message(
    "例如 embedded、hf/PATH、answers/FILE、openai/NAME、vllm/NAME",
    "write for instance embedded, hf/PATH, answers/FILE, openai/NAME or vllm/NAME",
)


@dataclass(frozen=True)
class Reference:
    """`kind/target?option=value`: `embedded`, `hf/PATH`, `answers/FILE?reply=ChatGPT`, `openai/NAME`.

    Everything but `embedded`, `hf` and `answers` is a provider of Inspect.
    """

    kind: str
    target: str
    options: dict[str, str]

    def __str__(self) -> str:
        """Write the reference back, without options."""
        return f"{self.kind}/{self.target}" if self.target else self.kind


def parse_reference(text: str) -> Reference:
    """Parse a model reference.

    Raises:
        InputError: It is empty or names no kind.
    """
    if not text.strip():
        raise InputError(_EMPTY(), mend=_EXAMPLES())
    body, _, query = text.strip().partition("?")
    kind, slash, target = body.partition("/")
    if kind != "embedded" and not (slash and target):
        raise InputError(_NO_KIND(reference=text), mend=_EXAMPLES())
    if kind == "embedded" and slash:
        raise InputError(_ONE_EMBEDDED(reference=text), mend=_WRITE_EMBEDDED())
    return Reference(kind, target, dict(parse_qsl(query, keep_blank_values=True)))

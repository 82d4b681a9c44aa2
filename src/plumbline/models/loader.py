"""From a reference string to a model."""

from __future__ import annotations

from pathlib import Path

from plumbline.errors import InputError
from plumbline.language import Message
from plumbline.models.model import Model
from plumbline.models.reference import parse_reference

_NO_OPTIONS = Message(
    "`{kind}` 不接受问号后的选项（{names}）", "`{kind}` takes no options behind a question mark ({names})"
)
_USE_ARGUMENTS = Message(
    "改用命令行选项，如 --dtype、--device", "use the command's own options, such as --dtype and --device"
)

EMBEDDED_WEIGHTS = Path(__file__).parent / "embedded" / "weights"


def load_model(
    reference: str,
    *,
    dtype: str = "float32",
    device: str | None = None,
    trust_remote_code: bool = False,
    revision: str | None = None,
    batch_size: int = 32,
) -> Model:
    """Load the model a reference names.

    Args:
        reference: `embedded` (the tiny demonstration model), `hf/PATH` (a folder or hub name, through torch),
            `answers/FILE?reply=COLUMN` (recorded replies) or a provider of Inspect (`openai/...`,
            `vllm/...`).
        dtype: Of local models: `float32`, `bfloat16`, `float16` or `auto` (as stored).
        device: Of local models: `cpu`, `cuda`, `cuda:1`, `mps`; the first accelerator by default.
        trust_remote_code: Run code that comes with a local model. Never on unless asked for.
        revision: Of a hub model.
        batch_size: Prompts a local model generates for at once.

    Raises:
        InputError: The reference cannot be parsed or points to nothing.
        MissingExtra: torch or Inspect is needed and not installed.
    """
    parsed = parse_reference(reference)
    if parsed.kind != "answers" and parsed.options:
        what = _NO_OPTIONS(kind=parsed.kind, names=", ".join(parsed.options))
        raise InputError(what, where=reference, mend=_USE_ARGUMENTS())
    if parsed.kind in ("embedded", "hf"):
        from plumbline.models.local import LocalModel

        path = str(EMBEDDED_WEIGHTS) if parsed.kind == "embedded" else parsed.target
        return LocalModel(
            path,
            reference=reference,
            dtype=dtype,
            device=device,
            trust_remote_code=trust_remote_code,
            revision=revision,
            batch_size=batch_size,
        )
    if parsed.kind == "answers":
        from plumbline.models.answers import RecordedAnswers

        return RecordedAnswers(parsed)
    from plumbline.models.api import ApiModel

    return ApiModel(reference)

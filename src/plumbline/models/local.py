"""Models that run here: a transformers folder, generating in length-sorted batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plumbline.errors import InputError, MissingExtra
from plumbline.files import sha256_file, sha256_json
from plumbline.language import Message
from plumbline.models.model import Answer, ChatMessage, Generation, Prompt

if TYPE_CHECKING:
    from plumbline.likelihood import Scorer

_NO_MODEL = Message("找不到或无法读取模型（{detail}）", "the model cannot be found or read ({detail})")
_CHECK_MODEL = Message(
    "给出含 config.json、权重和分词器的文件夹", "give a folder with config.json, weights and tokenizer"
)
_UNSAFE = Message("只有 pickle 格式的权重", "the weights are in pickle format only")
_CONVERT = Message("先转换成 safetensors", "convert them to safetensors first")


class LocalModel:
    """A causal language model run by torch in this process.

    The chat template is applied when the tokenizer has one; otherwise the turns are joined by newlines.

    Args:
        path: A folder, or a name on the hub (which transformers downloads unless HF_HUB_OFFLINE is set).
        reference: How the user named it.
        dtype: `float32`, `bfloat16`, `float16` or `auto`.
        device: Torch device; the first accelerator by default.
        trust_remote_code: Run code that comes with the model.
        revision: Of a hub model.
        batch_size: Prompts generated for at once.

    Raises:
        InputError: There is no usable model at `path`.
        MissingExtra: torch or transformers is not installed.
    """

    def __init__(
        self,
        path: str,
        *,
        reference: str,
        dtype: str = "float32",
        device: str | None = None,
        trust_remote_code: bool = False,
        revision: str | None = None,
        batch_size: int = 32,
    ) -> None:
        try:
            import torch  # noqa: F401
            from transformers.utils import logging as transformers_logging

            from plumbline.likelihood import load_scorer
        except ModuleNotFoundError as error:
            raise MissingExtra(error.name or "torch", "local") from error
        # One bar a measurement is enough; that of the weights would stand in the way of ours.
        transformers_logging.disable_progress_bar()
        self.reference, self.path, self.batch_size = reference, path, batch_size
        folder = Path(path)
        if folder.is_dir() and not list(folder.glob("*.safetensors")) and list(folder.glob("*.bin")):
            raise InputError(_UNSAFE(), where=path, mend=_CONVERT())
        try:
            self._scorer = load_scorer(
                path, dtype=dtype, device=device, trust_remote_code=trust_remote_code, revision=revision
            )
        except (OSError, ValueError, KeyError) as error:
            detail = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
            raise InputError(_NO_MODEL(detail=detail), where=reference, mend=_CHECK_MODEL()) from error
        self.model, self.tokenizer = self._scorer.model, self._scorer.tokenizer
        self.revision = revision

    def scorer(self) -> Scorer:
        """Return the exact log-likelihood kernel over the same weights."""
        return self._scorer

    @cached_property
    def _hashes(self) -> dict[str, str]:
        folder = Path(self.path)
        if not folder.is_dir():
            return {}
        names = sorted(
            p for pattern in ("*.safetensors", "config.json", "tokenizer.json") for p in folder.glob(pattern)
        )
        return {file.name: sha256_file(file) for file in names}

    def describe(self) -> dict[str, Any]:
        """Return name, file hashes, dtype, device and what of the chat template is in force."""
        template = getattr(self.tokenizer, "chat_template", None)
        return {
            "kind": "local",
            "reference": self.reference,
            "architecture": type(self.model).__name__,
            "parameters": sum(p.numel() for p in self.model.parameters()),
            "dtype": str(self.model.dtype).removeprefix("torch."),
            "device": str(self.model.device),
            "revision": self.revision,
            "files": self._hashes,
            "chat_template": sha256_json(template) if template else None,
        }

    def render(self, messages: Sequence[ChatMessage]) -> str:
        """Write a conversation as the text the model continues."""
        if getattr(self.tokenizer, "chat_template", None):
            return str(
                self.tokenizer.apply_chat_template(list(messages), tokenize=False, add_generation_prompt=True)
            )
        return "\n".join(message["content"] for message in messages) + "\n"

    def generate(
        self, prompts: Sequence[Prompt], settings: Generation, *, log_dir: Path | None = None
    ) -> Iterator[tuple[int, Answer]]:
        """Yield answers batch by batch, longest prompts first, so that memory runs out at once or never."""
        encoded = [self._encode(prompt) for prompt in prompts]
        order = sorted(range(len(prompts)), key=lambda i: -len(encoded[i]))
        for start in range(0, len(order), self.batch_size):
            batch = order[start : start + self.batch_size]
            yield from zip(batch, self._generate_batch([encoded[i] for i in batch], settings), strict=True)

    def _encode(self, prompt: Prompt) -> list[int]:
        # The template already holds the special tokens; without one the tokenizer adds its own.
        templated = bool(getattr(self.tokenizer, "chat_template", None))
        ids = self.tokenizer(self.render(prompt.messages), add_special_tokens=not templated)["input_ids"]
        return list(ids)

    def _generate_batch(self, encoded: list[list[int]], settings: Generation) -> list[Answer]:
        import torch

        end = _end_ids(self.model, self.tokenizer)
        pad = self.tokenizer.pad_token_id
        pad = pad if pad is not None else (end[0] if end else 0)
        room = _context_limit(self.model) - settings.max_tokens
        encoded = [ids[-room:] if 0 < room < len(ids) else ids for ids in encoded]
        width = max(map(len, encoded))
        inputs = torch.tensor([[pad] * (width - len(ids)) + ids for ids in encoded])  # (B, T), padded left
        mask = torch.tensor([[0] * (width - len(ids)) + [1] * len(ids) for ids in encoded])  # (B, T)
        sampling = (
            {"do_sample": True, "temperature": settings.temperature}
            if settings.temperature
            else {"do_sample": False}
        )
        torch.manual_seed(settings.seed)
        with torch.inference_mode():
            output = self.model.generate(
                inputs.to(self.model.device),
                attention_mask=mask.to(self.model.device),
                max_new_tokens=settings.max_tokens,
                pad_token_id=pad,
                eos_token_id=end or None,
                **sampling,
            )  # (B, T + new)
        return [
            self._answer(new, len(ids), end)
            for new, ids in zip(output[:, width:].tolist(), encoded, strict=True)
        ]

    def _answer(self, new: list[int], prompt_tokens: int, end: list[int]) -> Answer:
        # Everything behind the first end token is padding and counts neither as text nor as usage.
        stop = next((i for i, token in enumerate(new) if token in end), None)
        kept = new if stop is None else new[:stop]
        text = self.tokenizer.decode(kept, skip_special_tokens=True).strip()
        used = len(kept) + (stop is not None)
        return Answer(text, "length" if stop is None else "stop", prompt_tokens, used)


def _end_ids(model: Any, tokenizer: Any) -> list[int]:
    configured = model.generation_config.eos_token_id
    ids = configured if isinstance(configured, list) else [configured]
    return [int(i) for i in dict.fromkeys([*ids, tokenizer.eos_token_id]) if i is not None]


def _context_limit(model: Any) -> int:
    return int(getattr(model.config.get_text_config(), "max_position_embeddings", None) or 1 << 30)

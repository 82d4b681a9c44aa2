"""Who answers calls: any provider through Inspect, or a model that runs here."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from plumbline.build import messages as m
from plumbline.build.asking import Provider, Unreachable
from plumbline.build.calls import Call, Reply, Stop
from plumbline.errors import MissingExtra, ModelError
from plumbline.models import Prompt, load_model, parse_reference

_ATTEMPT_SECONDS = 300
_MARKUP = re.compile(r"\[/?[a-z ]+\]")
# Replies of a provider that say something about the prompt, not about the provider's health.
_ABOUT_THE_PROMPT = (400, 413, 422)
_WRONG_KEY = (401, 403, 404)


def provider_for(model: str, concurrency: int) -> Provider:
    """Return what answers for a model reference (`openai/…`, `vllm/…`, `embedded`, `hf/PATH`)."""
    if parse_reference(model).kind in ("embedded", "hf", "answers"):
        return LocalProvider(model)
    return InspectProvider(model, concurrency)


class InspectProvider:
    """A model behind a provider of Inspect.

    Retries are ours (`Asker`), because they must respect the budget and end in a pause, so Inspect's are off.

    Raises:
        MissingExtra: Inspect or the provider's package is not installed.
        ModelError: There is no such provider, or its key is missing.
    """

    def __init__(self, model: str, concurrency: int) -> None:
        try:
            from inspect_ai._util.error import PrerequisiteError
            from inspect_ai.model import GenerateConfig, get_model
        except ModuleNotFoundError as error:
            raise MissingExtra("inspect-ai", "api") from error
        self.model = model
        config = GenerateConfig(max_connections=concurrency, max_retries=0, attempt_timeout=_ATTEMPT_SECONDS)
        try:
            self._model = get_model(model, config=config, memoize=False)
        except (PrerequisiteError, ValueError, ModuleNotFoundError) as error:
            # Inspect marks its messages up for a terminal.
            detail = " ".join(_MARKUP.sub("", str(getattr(error, "message", error))).split())
            raise ModelError(m.UNUSABLE_MODEL(model=model, detail=detail), mend=m.CHECK_MODEL()) from error

    async def ask(self, call: Call) -> Reply:
        """Ask once."""
        from inspect_ai.model import GenerateConfig

        config = GenerateConfig(
            max_tokens=call.settings.max_tokens,
            temperature=call.settings.temperature,
            seed=call.settings.seed + call.attempt,
            max_retries=0,
        )
        try:
            output = await self._model.generate(_turns(call), config=config)
        except Exception as error:  # Providers raise what their libraries raise.
            return _failed(call, error)
        if output.error:
            return Reply(call.key, str(output.error), "refused")
        stop: Stop = "stop"
        if output.stop_reason in ("max_tokens", "model_length"):
            stop = "length"
        elif output.stop_reason == "content_filter":
            stop = "content_filter"
        usage = output.usage
        read, written = (usage.input_tokens, usage.output_tokens) if usage else (0, 0)
        return Reply(call.key, output.completion, stop, read, written)


def _turns(call: Call) -> list[Any]:
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser

    kinds = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}
    return [kinds[message["role"]](content=message["content"]) for message in call.messages]


def _failed(call: Call, error: Exception) -> Reply:
    """Sort an error: about this prompt (a kind of reply), about the key (stop), or passing (try again)."""
    last = getattr(error, "last_attempt", None)
    if last is not None and last.exception() is not None:
        error = last.exception()
    status = getattr(error, "status_code", None)
    detail = f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    if status in _ABOUT_THE_PROMPT:
        return Reply(call.key, detail, "refused")
    if status in _WRONG_KEY or isinstance(error, TypeError | AttributeError | KeyError):
        raise ModelError(m.UNUSABLE_MODEL(model=call.model, detail=detail), mend=m.CHECK_MODEL()) from error
    raise Unreachable(detail) from error


class LocalProvider:
    """A model that runs in this process, one call after another in a thread of its own."""

    def __init__(self, model: str) -> None:
        self._model = load_model(model)
        self._thread = ThreadPoolExecutor(1)

    async def ask(self, call: Call) -> Reply:
        """Generate one reply."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._generate, call)

    def _generate(self, call: Call) -> Reply:
        prompt = Prompt(call.key, call.messages)
        [(_, answer)] = list(self._model.generate([prompt], call.settings))
        if answer.text is None:
            return Reply(call.key, answer.error or "", "refused")
        stop: Stop = "length" if answer.stop_reason == "length" else "stop"
        return Reply(call.key, answer.text, stop, answer.input_tokens or 0, answer.output_tokens or 0)

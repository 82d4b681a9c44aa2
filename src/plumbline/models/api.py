"""Models behind an interface (OpenAI-compatible services, vLLM and others), asked through Inspect.

Inspect brings retry with back-off, a cache on disk, logs and their viewer. It is used here and in
`measure/inspect_registry.py`, nowhere else.
"""

from __future__ import annotations

import asyncio
import os
import queue
import re
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from plumbline.errors import MissingExtra, ModelError
from plumbline.language import Message
from plumbline.models.model import Answer, Generation, Prompt, StopReason

_STOP_REASONS: dict[str, StopReason] = {
    "stop": "stop",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "content_filter",
}
_UNUSABLE = Message("不能使用模型 {model}（{detail}）", "model {model} cannot be used ({detail})")
_CHECK_NAME = Message(
    "检查“服务商/模型名”的写法，以及该服务商要求的密钥环境变量",
    "check provider/model and the environment variable the provider wants for its key",
)
_STOPPED = Message("Inspect 中断了提问（{detail}）", "Inspect stopped asking ({detail})")
_RUN_AGAIN = Message("重新运行同一条命令即可继续", "run the same command again to go on")


class ApiModel:
    """A model reached through a provider of Inspect.

    Args:
        reference: `provider/model`, for instance `openai/gpt-...` or `vllm/Qwen/Qwen3-8B`. Keys come from the
            environment variables of the provider and go nowhere else.
        max_connections: Requests under way at once.
        max_retries: Attempts at one request before it is recorded as an error.
        attempt_timeout: Seconds one attempt may take.

    Raises:
        MissingExtra: Inspect or the provider's package is not installed.
        ModelError: There is no such provider, or its key is missing.
    """

    def __init__(
        self,
        reference: str,
        *,
        max_connections: int = 16,
        max_retries: int = 6,
        attempt_timeout: int = 180,
    ) -> None:
        try:
            from inspect_ai._util.error import PrerequisiteError
            from inspect_ai.model import GenerateConfig, get_model
        except ModuleNotFoundError as error:
            raise MissingExtra("inspect-ai", "api") from error
        self.reference = reference
        config = GenerateConfig(
            max_connections=max_connections, max_retries=max_retries, attempt_timeout=attempt_timeout
        )
        # Services that resemble OpenAI's speak its chat protocol; few speak the newer one.
        compatible = reference.startswith("openai/") and "OPENAI_BASE_URL" in os.environ
        arguments: dict[str, Any] = {"responses_api": False} if compatible else {}
        try:
            self._model = get_model(reference, config=config, memoize=False, **arguments)
        except (PrerequisiteError, ValueError, ModuleNotFoundError) as error:
            detail = _plain(str(getattr(error, "message", error)))
            raise ModelError(_UNUSABLE(model=reference, detail=detail), mend=_CHECK_NAME()) from error
        self._max_connections = max_connections

    def describe(self) -> dict[str, Any]:
        """Return provider and name. An address may hold a secret and is left out."""
        return {"kind": "api", "provider": self.reference.partition("/")[0], "model": self._model.name}

    def scorer(self) -> None:
        """Return None: likelihoods come from our own kernel only (see DESIGN: what we stand on)."""
        return None

    def generate(
        self, prompts: Sequence[Prompt], settings: Generation, *, log_dir: Path | None = None
    ) -> Iterator[tuple[int, Answer]]:
        """Yield answers as they come in; closing the iterator cancels what is under way."""
        results: queue.Queue[tuple[int, Answer] | BaseException | None] = queue.Queue()
        asking = _Asking(self._model, prompts, settings, log_dir, self._max_connections, results)
        thread = threading.Thread(target=asking.run, daemon=True)
        thread.start()
        try:
            while (result := results.get()) is not None:
                if isinstance(result, BaseException):
                    raise ModelError(
                        _STOPPED(detail=result), where=self.reference, mend=_RUN_AGAIN()
                    ) from result
                yield result
        finally:
            asking.cancel()
            thread.join(timeout=10)


class _Asking:
    """One evaluation of Inspect in a thread of its own, handing over each answer as soon as it is there."""

    def __init__(
        self,
        model: Any,
        prompts: Sequence[Prompt],
        settings: Generation,
        log_dir: Path | None,
        connections: int,
        results: queue.Queue[tuple[int, Answer] | BaseException | None],
    ) -> None:
        self.model, self.prompts, self.settings = model, prompts, settings
        self.log_dir, self.connections, self.results = log_dir, connections, results
        self.loop: asyncio.AbstractEventLoop | None = None
        self.task: asyncio.Task[None] | None = None

    def run(self) -> None:
        """Ask everything; runs in the thread."""
        try:
            asyncio.run(self._ask_all())
        except asyncio.CancelledError:
            pass
        except Exception as error:
            self.results.put(error)
        finally:
            self.results.put(None)

    def cancel(self) -> None:
        """Stop asking; safe from another thread and after the end."""
        if self.loop is not None and self.task is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self.task.cancel)

    async def _ask_all(self) -> None:
        from inspect_ai import Task, eval_async
        from inspect_ai.dataset import MemoryDataset, Sample

        self.loop, self.task = asyncio.get_running_loop(), asyncio.current_task()
        samples = [
            Sample(id=prompt.id, input=_messages(prompt), metadata={"position": position})
            for position, prompt in enumerate(self.prompts)
        ]
        task = Task(dataset=MemoryDataset(samples), solver=self._solver(), name="plumbline-measure")
        # Without a place for logs Inspect would leave them in the current folder.
        with tempfile.TemporaryDirectory() as unwanted:
            await eval_async(
                task,
                model=self.model,
                log_dir=str(self.log_dir or unwanted),
                log_samples=self.log_dir is not None,
                fail_on_error=False,
                max_samples=self.connections,
                score=False,
            )

    def _solver(self) -> Any:
        from inspect_ai.model import CachePolicy
        from inspect_ai.solver import Generate, TaskState, solver

        # Greedy replies are kept, so that asking again costs nothing; samples must stay samples.
        cache = CachePolicy(expiry=None) if self.settings.temperature == 0 else False

        @solver(name="plumbline_ask")
        def ask() -> Any:
            async def solve(state: TaskState, generate: Generate) -> TaskState:
                position = int(state.metadata["position"])
                try:
                    state = await generate(
                        state,
                        cache=cache,
                        max_tokens=self.settings.max_tokens,
                        temperature=self.settings.temperature,
                        seed=self.settings.seed,
                    )
                except Exception as error:
                    text = f"{type(error).__name__}: {error}"
                    self.results.put((position, Answer(None, "error", error=text)))
                    raise
                self.results.put((position, _answer(state.output)))
                return state

            return solve

        return ask()


def _plain(text: str) -> str:
    """Take Inspect's colour marks and its own "ERROR:" off a message."""
    bare = re.sub(r"\[/?(?:bold|blue|red|yellow|italic)\]", "", text)
    return " ".join(bare.split()).removeprefix("ERROR: ")


def _messages(prompt: Prompt) -> list[Any]:
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser

    kinds = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}
    return [kinds[message["role"]](content=message["content"]) for message in prompt.messages]


def _answer(output: Any) -> Answer:
    if output.error:
        return Answer(None, "error", error=str(output.error))
    usage = output.usage
    return Answer(
        output.completion.strip(),
        _STOP_REASONS.get(output.stop_reason, "stop"),
        usage.input_tokens if usage else None,
        usage.output_tokens if usage else None,
    )

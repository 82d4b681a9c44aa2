"""A provider of Inspect for models that run here: batches by length, exact usage, true stop reasons."""

from __future__ import annotations

import asyncio
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from plumbline.models.loader import load_model
from plumbline.models.model import Answer, Generation, Prompt

_MAX_TOKENS = 512


class LocalProvider(ModelAPI):
    """Collects the requests that are waiting, generates for them in one batch, and hands each its answer.

    Nothing polls: the first request wakes the worker, which yields once so that all requests that are ready
    join the batch. Requests with different settings are batched apart.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008  (the signature Inspect asks for)
        batch_size: int = 32,
        **model_args: Any,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self.model = load_model(model_name, batch_size=batch_size, **model_args)
        self.batch_size = batch_size
        self._waiting: list[tuple[Prompt, Generation, asyncio.Future[Answer]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """Answer one request as part of a batch."""
        settings = Generation(
            max_tokens=config.max_tokens or _MAX_TOKENS,
            temperature=config.temperature or 0.0,
            seed=config.seed or 0,
        )
        turns: Any = tuple({"role": message.role, "content": message.text} for message in input)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((Prompt(id="", messages=turns), settings, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return self._output(await future)

    async def _work(self) -> None:
        while self._waiting:
            await asyncio.sleep(0)
            settings = self._waiting[0][1]
            batch = [one for one in self._waiting if one[1] == settings]
            self._waiting = [one for one in self._waiting if one[1] != settings]
            try:
                answers = await asyncio.to_thread(self._answer, [prompt for prompt, _, _ in batch], settings)
            except Exception as error:
                for _, _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, _, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    def _answer(self, prompts: list[Prompt], settings: Generation) -> list[Answer]:
        return [
            answer for _, answer in sorted(self.model.generate(prompts, settings), key=lambda pair: pair[0])
        ]

    def _output(self, answer: Answer) -> ModelOutput:
        used_in, used_out = answer.input_tokens or 0, answer.output_tokens or 0
        message = ChatMessageAssistant(content=answer.text or "", model=self.model_name, source="generate")
        reason: Any = "max_tokens" if answer.stop_reason == "length" else "stop"
        return ModelOutput(
            model=self.model_name,
            choices=[ChatCompletionChoice(message=message, stop_reason=reason)],
            usage=ModelUsage(input_tokens=used_in, output_tokens=used_out, total_tokens=used_in + used_out),
        )

    def max_connections(self) -> int:
        """As many requests under way as a few batches hold, so that a batch is always full."""
        return 4 * self.batch_size

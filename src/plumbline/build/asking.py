"""Asking language models: stored replies first, then the budget, then the provider, with retries."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, TypeVar

from plumbline.build import messages as m
from plumbline.build.calls import Call, CallStore, Reply
from plumbline.errors import InputError, PlumblineError, RunError

Item = TypeVar("Item")
Result = TypeVar("Result")

_TRIES = 6
_LONGEST_WAIT = 60.0
# Chinese takes about one token a character with common tokenizers, and never more than its bytes.
_TOKENS_PER_CHAR = 1.2


class ModelPrice(Protocol):
    """Price per million tokens."""

    @property
    def input(self) -> float:
        """Of what the model reads."""
        ...

    @property
    def output(self) -> float:
        """Of what it writes."""
        ...


class Provider(Protocol):
    """What actually asks: `plumbline.build.providers` has one over Inspect and one for local models."""

    async def ask(self, call: Call) -> Reply:
        """Ask once.

        Raises:
            Unreachable: The provider did not answer; asking again later may help.
        """
        ...


class Unreachable(Exception):
    """A provider did not answer this time (connection, timeout, 429, 5xx)."""


@dataclass
class Budget:
    """What may be spent, over the whole life of a data set.

    Attributes:
        max_cost: In the currency of `prices`.
        max_calls: Calls that may be made.
        prices: Price per million tokens by model.
    """

    max_cost: float | None = None
    max_calls: int | None = None
    prices: Mapping[str, ModelPrice] = field(default_factory=dict)
    calls: int = 0
    cost: float = 0.0
    held: float = 0.0

    def price(self, model: str, read: float, written: float) -> float:
        """Return what tokens cost; 0 for a model without a price."""
        price = self.prices.get(model)
        return (price.input * read + price.output * written) / 1e6 if price else 0.0

    def hold(self, call: Call) -> float:
        """Set aside what a call may cost at most.

        Raises:
            RunError: That would go beyond the budget; nothing is asked.
            InputError: A cost limit is set and the model has no price.
        """
        if self.max_cost is not None and call.model not in self.prices:
            raise InputError(m.NO_PRICE(model=call.model), mend=m.GIVE_PRICE(model=call.model))
        chars = sum(len(message["content"]) for message in call.messages)
        most = self.price(call.model, chars * _TOKENS_PER_CHAR, call.settings.max_tokens)
        if self.max_calls is not None and self.calls + 1 > self.max_calls:
            raise RunError(m.CALLS_SPENT(limit=self.max_calls), mend=m.RAISE_CALLS())
        if self.max_cost is not None and self.cost + self.held + most > self.max_cost:
            raise RunError(m.COST_SPENT(cost=f"{self.cost:.4f}", limit=self.max_cost), mend=m.RAISE_COST())
        self.calls += 1
        self.held += most
        return most

    def settle(self, held: float, call: Call, reply: Reply | None) -> None:
        """Replace what was set aside by what was spent; a call that got no reply costs nothing."""
        self.held -= held
        if reply is None:
            self.calls -= 1
        else:
            self.cost += self.price(call.model, reply.input_tokens, reply.output_tokens)


class Asker:
    """Answers calls from the store or from a provider, many at once, within the budget.

    It has a thread with an event loop of its own, so that connections outlive a shard.

    Args:
        path: The call store; opened when first needed.
        budget: What may be spent.
        concurrency: Calls under way at once.
        providers: Providers by model reference, instead of those found by reference.
        first_wait: Seconds before the first retry; doubled each time.
    """

    def __init__(
        self,
        path: Path,
        budget: Budget | None = None,
        concurrency: int = 16,
        *,
        providers: Mapping[str, Provider] | None = None,
        first_wait: float = 1.0,
    ) -> None:
        self.path, self.budget = path, budget or Budget()
        self.concurrency, self.first_wait = concurrency, first_wait
        self._providers: dict[str, Provider] = dict(providers or {})
        self._store: CallStore | None = None
        self._under_way: dict[str, asyncio.Task[Reply]] = {}
        self._stopped: Exception | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Asker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
        if self._store is not None:
            self._store.close()

    @property
    def store(self) -> CallStore:
        """The call store, opened."""
        if self._store is None:
            self._store = CallStore(self.path)
            for model, (calls, read, written) in self._store.spent().items():
                self.budget.calls += calls
                self.budget.cost += self.budget.price(model, read, written)
        return self._store

    def each(self, items: Sequence[Item], work: Callable[[Item], Awaitable[Result]]) -> list[Result]:
        """Do `work` for every item, many at once, and return the results in order.

        When one fails for good, those under way end (and are stored) before its error is raised.
        """
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(self._each(items, work), self._loop).result()

    async def _each(self, items: Sequence[Item], work: Callable[[Item], Awaitable[Result]]) -> list[Result]:
        # Twice as many items as calls: some wait for a call while others are between two.
        gate = asyncio.Semaphore(2 * self.concurrency)
        self._calls = asyncio.Semaphore(self.concurrency)

        async def one(item: Item) -> Result:
            async with gate:
                if self._stopped is not None:
                    raise self._stopped
                return await work(item)

        results = await asyncio.gather(*(one(item) for item in items), return_exceptions=True)
        done: list[Result] = []
        for result in results:
            if isinstance(result, BaseException):
                raise self._stopped or result
            done.append(result)
        return done

    async def ask(self, call: Call) -> Reply:
        """Return the reply to a call; an equal call under way is waited for, not made again.

        Raises:
            RunError: The budget is used up, or the provider does not answer. Nothing that came back is lost.
        """
        stored = self.store.find(call.key)
        if stored is not None:
            return stored
        running = self._under_way.get(call.key)
        if running is None:
            running = asyncio.ensure_future(self._ask_provider(call))
            self._under_way[call.key] = running
            running.add_done_callback(lambda _: self._under_way.pop(call.key, None))
        return await asyncio.shield(running)

    async def _ask_provider(self, call: Call) -> Reply:
        async with self._calls:
            if self._stopped is not None:
                raise self._stopped
            try:
                held = self.budget.hold(call)
            except (RunError, InputError) as error:
                self._stopped = error
                raise
            reply: Reply | None = None
            try:
                reply = await self._with_retries(call)
                self.store.keep(call, reply)
            except PlumblineError as error:
                # What a person must mend (a wrong key, a dead provider) will not get better by asking on.
                self._stopped = error
                raise
            finally:
                self.budget.settle(held, call, reply)
            return reply

    async def _with_retries(self, call: Call) -> Reply:
        provider = self._provider(call.model)
        wait = self.first_wait
        for attempt in range(_TRIES):
            try:
                return await provider.ask(call)
            except Unreachable as error:
                if attempt == _TRIES - 1 or self._stopped is not None:
                    raise RunError(
                        m.PROVIDER_DOWN(model=call.model, detail=error), mend=m.RUN_AGAIN()
                    ) from error
            # Jitter keeps many waiting calls from coming back together.
            await asyncio.sleep(min(wait, _LONGEST_WAIT) * random.uniform(0.5, 1.0))
            wait *= 2
        raise AssertionError("unreachable")

    def _provider(self, model: str) -> Provider:
        if model not in self._providers:
            from plumbline.build.providers import provider_for

            self._providers[model] = provider_for(model, self.concurrency)
        return self._providers[model]

    def spent(self) -> dict[str, Any]:
        """Return calls, tokens and cost by model, for the manifest; nothing is opened for that."""
        if self._store is None and not self.path.exists():
            return {}
        return {
            model: {
                "calls": calls,
                "input_tokens": read,
                "output_tokens": written,
                "cost": round(self.budget.price(model, read, written), 6),
            }
            for model, (calls, read, written) in self.store.spent().items()
        }

"""Asking: the store, retries, the budget, pauses, against a real HTTP server on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from plumbline.build.asking import Asker, Budget
from plumbline.build.calls import Call, CallStore
from plumbline.build.recipe import Price
from plumbline.build.step import Context, run_step
from plumbline.build.steps import Judge
from plumbline.errors import InputError, RunError
from plumbline.models.model import Generation
from tests.build.conftest import MODEL, SECRET
from tests.build.factories import sample
from tests.servers.openai_server import OpenAIServer

GOOD = '{"score": 9, "reason": "具体"}'


@pytest.fixture
def server(loopback: OpenAIServer) -> OpenAIServer:
    loopback.reply = lambda messages: GOOD
    return loopback


def call(text: str, **settings: Any) -> Call:
    return Call(MODEL, ({"role": "user", "content": text},), Generation(max_tokens=50, **settings))


def ask(asker: Asker, texts: list[str]) -> list[str]:
    async def one(text: str) -> str:
        return (await asker.ask(call(text))).text

    return asker.each(texts, one)


def test_replies_are_kept_and_not_asked_for_again(server: OpenAIServer, tmp_path: Path) -> None:
    for _ in range(2):
        with Asker(tmp_path / "calls") as asker:
            assert ask(asker, ["一", "二", "一"]) == [GOOD] * 3
    assert len(server.requests) == 2


def test_passing_faults_are_ridden_out(server: OpenAIServer, tmp_path: Path) -> None:
    server.faults.extend(["429", "500", "cut", "429"])
    with Asker(tmp_path / "calls", concurrency=2, first_wait=0.01) as asker:
        assert ask(asker, ["一", "二", "三"]) == [GOOD] * 3
    assert len(server.requests) == 7


def test_a_dead_provider_pauses_and_what_came_back_is_kept(server: OpenAIServer, tmp_path: Path) -> None:
    with Asker(tmp_path / "calls", first_wait=0.01) as asker:
        ask(asker, ["一"])
    server.down = True
    with (
        Asker(tmp_path / "calls", first_wait=0.001) as asker,
        pytest.raises(RunError, match="does not answer"),
    ):
        ask(asker, ["一", "二"])
    server.down = False
    asked = len(server.requests)
    with Asker(tmp_path / "calls") as asker:
        assert ask(asker, ["一", "二"]) == [GOOD] * 2
    assert len(server.requests) == asked + 1


def test_no_call_goes_beyond_the_number_allowed(server: OpenAIServer, tmp_path: Path) -> None:
    with (
        Asker(tmp_path / "calls", Budget(max_calls=3)) as asker,
        pytest.raises(RunError, match="limit of 3 calls"),
    ):
        ask(asker, list("一二三四五六"))
    assert len(server.requests) == 3
    with Asker(tmp_path / "calls", Budget(max_calls=6)) as asker:
        ask(asker, list("一二三四五六"))
    assert len(server.requests) == 6


def test_no_call_is_made_that_could_pass_the_cost_limit(server: OpenAIServer, tmp_path: Path) -> None:
    prices = {MODEL: Price(input=1.0, output=100.0)}
    budget = Budget(max_cost=0.02, prices=prices)
    with Asker(tmp_path / "calls", budget) as asker, pytest.raises(RunError, match="max-cost"):
        ask(asker, [str(number) for number in range(50)])
    assert 0 < budget.cost <= 0.02
    assert len(server.requests) < 50


def test_a_cost_limit_without_a_price_is_refused(server: OpenAIServer, tmp_path: Path) -> None:
    with Asker(tmp_path / "calls", Budget(max_cost=1)) as asker, pytest.raises(InputError, match="no price"):
        ask(asker, ["一"])
    assert server.requests == []


def test_malformed_refused_and_cut_replies_are_asked_for_again_then_rejected_with_the_reply(
    server: OpenAIServer, tmp_path: Path
) -> None:
    server.faults.extend(["empty", "refusal"])
    step = Judge(model=MODEL, tries=3)
    with Asker(tmp_path / "calls") as asker:
        [kept], _ = run_step(step, [sample(1)], Context(asker=asker))
    assert kept.scores == {"quality": 9.0}
    server.reply = lambda messages: "我觉得不错，给九分。"
    with Asker(tmp_path / "calls") as asker:
        _, [rejected] = run_step(step, [sample(2)], Context(asker=asker))
    assert (rejected.reason, rejected.detail) == ("malformed-reply", "我觉得不错，给九分。")
    server.reply = lambda messages: GOOD + "啊" * 2000
    with Asker(tmp_path / "calls") as asker:
        _, [rejected] = run_step(step, [sample(3)], Context(asker=asker))
    assert rejected.reason == "cut-reply"


def test_prompt_and_raw_reply_can_be_looked_up(server: OpenAIServer, tmp_path: Path) -> None:
    with Asker(tmp_path / "calls") as asker:
        [kept], _ = run_step(Judge(model=MODEL), [sample(1)], Context(asker=asker))
    store = CallStore(tmp_path / "calls")
    [found] = store.show([kept.history[-1].prompt]).values()
    assert kept.instruction in found["messages"][0]["content"]
    assert found["reply"] == GOOD
    store.close()


def test_the_key_of_a_provider_is_written_nowhere(server: OpenAIServer, tmp_path: Path) -> None:
    with Asker(tmp_path / "calls") as asker:
        ask(asker, ["一"])
    assert all(SECRET.encode() not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())

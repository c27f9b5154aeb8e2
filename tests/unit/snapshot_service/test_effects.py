"""Effects of vendors' messages: repeated while it helps, shown while they wait, several at the same time."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.metrics import Meters
from services.snapshot_service.integrations.effects import Effects, side_by_side


class OpenGate:
    """Lets everything through, and counts doubts."""

    def __init__(self) -> None:
        self.doubts = 0

    async def require(self) -> None:
        pass

    def doubt(self) -> None:
        self.doubts += 1


def failing(times: int, error: Exception) -> Callable[[], Awaitable[str]]:
    left = [error] * times

    async def do() -> str:
        if left:
            raise left.pop()
        return "done"

    return do


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


async def test_what_may_pass_is_repeated_and_its_step_is_timed() -> None:
    gate, meters = OpenGate(), Meters()
    effects = Effects(gate, 0.001, meters)
    assert await effects.done("read", failing(2, KafkaUnavailable("away"))) == "done"
    assert await effects.done("read", failing(1, ClickHouseError(None, "NETWORK", ""))) == "done"
    assert (effects.waits_for, gate.doubts) == (None, 1)
    shown = meters.render().decode()
    assert "crosslook_webhook_retries_total 3.0" in shown
    assert 'crosslook_webhook_step_seconds_count{step="read"} 2.0' in shown


async def test_what_cannot_pass_stops_the_service() -> None:
    effects = Effects(OpenGate(), 0.001, Meters())
    with pytest.raises(StopService):
        await effects.done("store", failing(1, ClickHouseError(516, "AUTHENTICATION_FAILED", "")))
    assert effects.failure == "the store answered AUTHENTICATION_FAILED (516)"


async def test_the_work_waits_while_any_of_its_effects_does() -> None:
    effects = Effects(OpenGate(), 0.001, Meters())
    away = {"a": True, "b": True}

    def effect(name: str) -> Callable[[], Awaitable[None]]:
        async def do() -> None:
            if away[name]:
                raise KafkaUnavailable(name)

        return do

    both = asyncio.create_task(side_by_side(effects.done("a", effect("a")), effects.done("b", effect("b"))))
    await until(lambda: effects.waits_for == "KafkaUnavailable: a")
    away["a"] = False
    await until(lambda: effects.waits_for == "KafkaUnavailable: b")
    away["b"] = False
    async with asyncio.timeout(60):
        await both
    assert effects.waits_for is None


async def test_an_effect_that_fails_ends_those_beside_it() -> None:
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def fails() -> None:
        raise StopService("no")

    with pytest.raises(StopService):
        await side_by_side(endless(), fails())
    assert ended.is_set()

"""Batches of messages: their ends, what is collected meanwhile, and what becomes of the source."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from services.snapshot_service.integrations.message_batches import MessageBatches, work_on

LONG = 3_600.0
"""A linger that no test waits for."""


class Source:
    """Gives what it is handed, and shows how much of it was taken."""

    def __init__(self, *messages: str) -> None:
        self._messages: asyncio.Queue[str | Exception | None] = asyncio.Queue()
        self.taken = 0
        self.closed = False
        for message in messages:
            self.hand(message)

    def hand(self, message: str | Exception | None) -> None:
        """One more message; None ends the source, an exception is raised."""
        self._messages.put_nowait(message)

    async def messages(self) -> AsyncIterator[str]:
        try:
            while (message := await self._messages.get()) is not None:
                if isinstance(message, Exception):
                    raise message
                self.taken += 1
                yield message
        finally:
            self.closed = True


def batches(most: int = 100, most_bytes: int = 100, linger: float = LONG) -> MessageBatches[str]:
    return MessageBatches(most, most_bytes, linger, len)


async def settled(source: Source, taken: int) -> None:
    async with asyncio.timeout(60):
        while source.taken < taken:
            await asyncio.sleep(0)
    for _ in range(10):  # whoever could take more would
        await asyncio.sleep(0)


async def test_a_batch_ends_with_its_number_its_bytes_or_the_source() -> None:
    source = Source("a", "b", "c" * 7, "d", "e")
    source.hand(None)
    assert [batch async for batch in batches(2, 8).of(source.messages())] == [["a", "b"], ["c" * 7, "d"], ["e"]]
    large = Source("a" * 50, "b")
    large.hand(None)
    assert [batch async for batch in batches(2, 8).of(large.messages())] == [["a" * 50], ["b"]]
    empty = Source()
    empty.hand(None)
    assert [batch async for batch in batches().of(empty.messages())] == []


async def test_a_batch_that_is_not_full_ends_some_time_after_its_first_message() -> None:
    source = Source("a", "b")
    found = batches(linger=0.01).of(source.messages())
    async with asyncio.timeout(60):
        assert await anext(found) == ["a", "b"]
        source.hand("c")
        assert await anext(found) == ["c"]
    await found.aclose()


async def test_the_next_batch_is_collected_meanwhile_and_no_more_than_it() -> None:
    source = Source(*"abcdefghij")
    found = batches(3).of(source.messages())
    assert await anext(found) == ["a", "b", "c"]
    await settled(source, 7)
    assert source.taken == 7  # three that wait, and one that waits for room
    assert await anext(found) == ["d", "e", "f"]
    assert await anext(found) == ["g", "h", "i"]
    await found.aclose()


async def test_closing_the_batches_ends_the_source() -> None:
    source = Source("a")
    found = batches(1).of(source.messages())
    assert await anext(found) == ["a"]
    await found.aclose()
    await settled(source, 1)
    assert source.closed


async def test_what_the_source_raises_comes_behind_its_messages() -> None:
    source = Source("a")
    source.hand(ValueError("broken"))
    found = batches().of(source.messages())
    assert await anext(found) == ["a"]
    with pytest.raises(ValueError, match="broken"):
        await anext(found)


class Work:
    """Work that ends when it is told to; `running` shows what has begun and not ended."""

    def __init__(self) -> None:
        self.running: dict[str, asyncio.Future[None]] = {}

    async def on(self, batch: list[str]) -> None:
        (name,) = batch
        self.running[name] = asyncio.get_running_loop().create_future()
        try:
            await self.running[name]
        finally:
            del self.running[name]


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)


async def test_so_many_batches_are_worked_on_at_a_time_and_all_of_them_in_the_end() -> None:
    source, work = Source("a", "b", "c"), Work()
    source.hand(None)
    working = asyncio.create_task(work_on(batches(1).of(source.messages()), work.on, 2))
    await until(lambda: set(work.running) == {"a", "b"})
    work.running["b"].set_result(None)
    await until(lambda: set(work.running) == {"a", "c"})
    for name in ("a", "c"):
        work.running[name].set_result(None)
    async with asyncio.timeout(60):
        await working
    assert work.running == {}


async def test_work_that_fails_ends_the_other_work_and_the_source() -> None:
    source, work = Source("a", "b"), Work()
    working = asyncio.create_task(work_on(batches(1).of(source.messages()), work.on, 3))
    await until(lambda: set(work.running) == {"a", "b"})
    work.running["a"].set_exception(ValueError("broken"))
    async with asyncio.timeout(60):
        with pytest.raises(ValueError, match="broken"):
            await working
    assert (work.running, source.closed) == ({}, True)

"""Collects messages into batches while those before are being worked on."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Generic, TypeVar

from services.snapshot_service.integrations.effects import side_by_side

T = TypeVar("T")


class MessageBatches(Generic[T]):
    """A batch ends with `most` messages or with the message that makes it `most_bytes` long, and at the latest
    `linger_seconds` after its first message arrived. `size`: the bytes of a message.

    So much is collected at most while nobody takes a batch; the source waits then.
    """

    def __init__(self, most: int, most_bytes: int, linger_seconds: float, size: Callable[[T], int]) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._linger_seconds = linger_seconds
        self._size = size
        self._waiting: list[T] = []
        self._bytes = 0
        self._began = 0.0
        self._arrived = asyncio.Event()
        self._taken = asyncio.Event()

    async def of(self, source: AsyncIterable[T]) -> AsyncGenerator[list[T], None]:
        """The batches of a source until it ends; what it raises is raised behind the messages before. Closing the
        generator ends the reading of the source."""
        collecting = asyncio.create_task(self._collect(source))
        collecting.add_done_callback(lambda _: self._arrived.set())
        try:
            while batch := await self._next(collecting):
                yield batch
            await collecting
        finally:
            collecting.cancel()
            with suppress(asyncio.CancelledError):
                await collecting

    @property
    def _full(self) -> bool:
        return len(self._waiting) >= self._most or self._bytes >= self._most_bytes

    async def _collect(self, source: AsyncIterable[T]) -> None:
        clock = asyncio.get_running_loop().time
        async for message in source:
            while self._full:
                self._taken.clear()
                await self._taken.wait()
            if not self._waiting:
                self._began = clock()
                self._arrived.set()
            self._waiting.append(message)
            self._bytes += self._size(message)
            if self._full:
                self._arrived.set()

    async def _next(self, collecting: "asyncio.Task[None]") -> list[T]:
        """The messages that wait, once they are a batch; empty where the source has ended."""
        while not self._waiting and not collecting.done():
            await self._change()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self._began + self._linger_seconds):
                while not self._full and not collecting.done():
                    await self._change()
        batch, self._waiting, self._bytes = self._waiting, [], 0
        self._taken.set()
        return batch

    async def _change(self) -> None:
        self._arrived.clear()
        await self._arrived.wait()


async def work_on(
    batches: AsyncGenerator[list[T], None], work: Callable[[list[T]], Awaitable[None]], at_once: int
) -> None:
    """Work on each batch, on so many at a time, until there are no more. The first exception, of `work` or of the
    batches, ends everything else and is raised."""
    taking = asyncio.Lock()

    async def turn() -> None:
        while True:
            async with taking:
                batch = await anext(batches, None)
            if batch is None:
                return
            await work(batch)

    async with aclosing(batches):
        await side_by_side(*(turn() for _ in range(at_once)))

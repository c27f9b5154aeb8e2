"""Stores and views of one fresh log, in memory or on Kafka."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.log_store.memory import ElectedMemoryLog, MemoryLog, MemoryTopic, SlottedMemoryLog
from crosslook.platform.log_store.protocol import ElectedStore, LogStore, LogView, SlottedLog, SlotWriter
from crosslook.platform.log_store.slots import KafkaSlottedLog
from crosslook.platform.settings import KafkaSettings

L = TypeVar("L", bound=LogView)


class Logs:
    """Starts stores and views of one log, and stops them all."""

    def __init__(
        self,
        store: Callable[[], LogStore],
        elected: Callable[[str], ElectedStore],
        slotted: Callable[[], SlottedLog],
        view: Callable[[], LogView],
    ) -> None:
        self._store = store
        self._elected = elected
        self._slotted = slotted
        self._view = view
        self._started: list[LogView] = []
        self._writers: list[SlotWriter] = []

    async def store(self) -> LogStore:
        """An exclusive store."""
        return await self._start(self._store())

    async def elected(self, address: str) -> ElectedStore:
        """The store of a replica at this address."""
        return await self._start(self._elected(address))

    async def writing(self, address: str) -> ElectedStore:
        """The store of a replica, once it is the writer."""
        store = await self.elected(address)
        await until(lambda: store.writes)
        return store

    async def slotted(self) -> SlottedLog:
        """A log of which slots can be taken."""
        return await self._start(self._slotted())

    def unstarted(self) -> SlottedLog:
        """A log of which slots cannot be taken yet."""
        return self._slotted()

    async def slot(self, log: SlottedLog, slot: int) -> SlotWriter:
        """The writer of a slot."""
        writer = await log.take(slot)
        self._writers.append(writer)
        return writer

    async def view(self) -> LogView:
        """A reader."""
        return await self._start(self._view())

    async def stop(self) -> None:
        """Stop everything."""
        for writer in self._writers:
            await writer.close()
        for log in self._started:
            await log.stop()

    async def _start(self, log: L) -> L:
        await log.start()
        self._started.append(log)
        return log


def in_memory() -> Logs:
    """A log in memory."""
    topic = MemoryTopic("test")
    return Logs(
        lambda: MemoryLog(topic),
        lambda address: ElectedMemoryLog(topic, address),
        lambda: SlottedMemoryLog(topic),
        lambda: MemoryLog(topic, writer=False),
    )


def on_kafka(topic: str, kafka: KafkaSettings) -> Logs:
    """A log on a topic that exists."""
    return Logs(
        lambda: KafkaLogStore(topic, kafka),
        lambda address: KafkaElectedStore(topic, kafka, address),
        lambda: KafkaSlottedLog(topic, kafka),
        lambda: KafkaLogView(topic, kafka),
    )


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = 180) -> None:
    """Wait until a condition holds; TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while True:
            holds = condition()
            if holds if isinstance(holds, bool) else await holds:
                return
            await asyncio.sleep(0.01)

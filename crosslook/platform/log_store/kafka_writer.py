"""The writing half of the log store on Kafka: the transactional producer of one take-over, which a later one fences."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerFenced

from crosslook.contracts.topics import COMPACTED_MESSAGE_MAX
from crosslook.platform.kafka import client_options, disregard_failures, stop_producer
from crosslook.platform.log_store.fold import Fold
from crosslook.platform.log_store.messages import written_headers
from crosslook.platform.log_store.protocol import (
    BARRIER_KEY,
    WRITER_KEY,
    LogEntry,
    LogUnavailable,
    LogUnreadable,
    LogView,
    Repair,
    WriterFenced,
    WriteUnconfirmed,
)
from crosslook.platform.logging import get_logger
from crosslook.platform.settings import KafkaSettings

_LOG = get_logger(__name__)
_FINISH_SECONDS = 2
_START_REQUESTS = 4  # take so long at most: a Kafka that has just begun first makes the log of its transactions
_LOOK_SECONDS = 0.2
_FATE_SECONDS = 5
_Message = tuple[str, bytes | None, list[tuple[str, bytes]]]
"""Key, value, headers."""


@dataclass(slots=True)
class _Sent:
    """An append under way; `offset` of its last message once the broker has all, which is before its commit is sent."""

    offset: int | None = None


class LogWriter:
    """Writes a log through a reader's own picture of it, `view` and its `fold`, which every write waits for.

    Opening it bumps the epoch of its `transactional_id`, which is made of the topic and `place`: whatever an earlier
    writer of that place sends from then on is refused, and a transaction that it left open is aborted.
    """

    def __init__(
        self,
        view: LogView,
        fold: Fold,
        settings: KafkaSettings,
        *,
        client_id: str,
        timeout_seconds: float,
        place: str = "writer",
    ) -> None:
        self._view = view
        self._fold = fold
        self._settings = settings
        self._topic = settings.name_of(view.topic)
        self._place = place
        self._client_id = client_id
        self._timeout_seconds = timeout_seconds
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()
        self._pending: asyncio.Task[int] | None = None
        self._unsure = True
        self._fenced = False

    @property
    def fenced(self) -> bool:
        """Whether this writer can never write again."""
        return self._fenced

    async def open(self, address: str | None = None) -> None:
        """Take over from any other writer and read to a barrier of our own; `address` is announced in its place.

        Raises LogUnavailable, or WriterFenced when yet another writer was quicker; close it then, too.
        """
        producer = AIOKafkaProducer(
            **client_options(self._settings, self._client_id),
            transactional_id=self._settings.name_of(f"{self._view.topic}-{self._place}"),
            acks="all",
            max_request_size=COMPACTED_MESSAGE_MAX,
            request_timeout_ms=int(self._timeout_seconds * 1000),
        )
        self._producer = producer
        try:
            # The client itself asks without end where no broker hands out places for writers.
            async with asyncio.timeout(_START_REQUESTS * self._timeout_seconds):
                await producer.start()
        except (KafkaError, TimeoutError) as error:
            raise LogUnavailable(f"{self._view.topic}: cannot take over as writer ({type(error).__name__})") from error
        async with self._lock:
            if address is None:
                await self._find_the_end()
            else:
                await self._append((WRITER_KEY, address.encode(), []))

    async def close(self) -> None:
        """Finish the write under way, if that takes no longer than two seconds, and disconnect. Safe to call twice."""
        producer, self._producer = self._producer, None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FINISH_SECONDS), self._lock:
                pass  # writes that wait for their turn find the producer gone
        pending, self._pending = self._pending, None
        while pending is not None and not pending.done():
            # Cancelled once it would still wait for the broker, to abort its transaction.
            pending.cancel()
            await asyncio.wait([pending], timeout=0.1)
        if producer is not None:
            await stop_producer(producer)

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> LogEntry | None:
        """As LogStore.put: 1. know the end of the log, 2. check that all of it can be read, and the version, 3. append
        in a transaction, 4. read it."""
        async with self._lock:
            if self._unsure:
                await self._find_the_end()
            if (failure := self._fold.failure) is not None:
                raise LogUnreadable(f"{self._view.topic}: {failure}")
            await self._append((key, value, self._fold.headers(key, expected_version)))
            return self._fold.get(key)

    async def put_all(self, changes: Mapping[str, bytes | None]) -> None:
        """As SlotWriter.put_all."""
        async with self._lock:
            if self._unsure:
                await self._find_the_end()
            if changes:
                await self._append(*((key, value, self._fold.brief_headers(key)) for key, value in changes.items()))

    async def repair(self, repair: Repair) -> None:
        """As ExclusiveStore.repair."""
        async with self._lock:
            if self._unsure:
                await self._find_the_end()
            found = self._fold.unreadable.get(repair.key)
            if found is not None and found.offset == repair.offset:
                await self._append((repair.key, repair.value, written_headers(repair.version, repair.history)))

    async def _find_the_end(self) -> None:
        try:
            await self._append((BARRIER_KEY, None, []))
        except WriteUnconfirmed as error:  # of a barrier, which changes nothing
            raise LogUnavailable(str(error)) from error

    async def _append(self, *messages: _Message) -> None:
        producer = self._producer
        if producer is None or self._fenced:
            raise WriterFenced(f"{self._view.topic}: this writer has lost its place")
        self._require_reader()
        self._unsure = True  # until the reader has passed it: whatever raises below leaves its fate unknown
        sent = _Sent()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._settle()
                self._pending = asyncio.create_task(self._transact(producer, sent, messages))
                self._pending.add_done_callback(_look_at)
                await self._end(self._pending)
                await self._view.reach(self._pending.result() + 1)
        except (KafkaError, AssertionError, TimeoutError, LogUnavailable) as error:
            await self._explain(producer, sent, error)
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if caller is None or caller.cancelling():
                raise
            raise WriteUnconfirmed(f"{self._view.topic}: the writer was closed under a write") from None
        self._unsure = False

    async def _settle(self) -> None:
        """Wait for the end of a transaction that nobody waited for; its fate is found by the barrier that follows."""
        if self._pending is not None:
            await self._end(self._pending)
            self._pending = None

    async def _end(self, pending: asyncio.Task[int]) -> None:
        """Wait for the end of a transaction. It goes on when nobody waits any more: a client torn out of a transaction
        could never begin another one. Raises LogUnavailable as soon as the reader finds that the broker is away, which
        is before the transaction would be given up."""
        while not (await asyncio.wait([pending], timeout=_LOOK_SECONDS))[0]:
            self._require_reader()

    def _require_reader(self) -> None:
        """Raises LogUnavailable while the reader does not work; what the log holds is no reason: a barrier is written
        all the same."""
        if self._view.failure not in (None, self._fold.failure):
            raise LogUnavailable(f"{self._view.topic}: {self._view.failure}")

    async def _transact(self, producer: AIOKafkaProducer, sent: _Sent, messages: Sequence[_Message]) -> int:
        async with producer.transaction():
            sending: list[asyncio.Future[Any]] = []
            for key, value, headers in messages:
                sending.append(await producer.send(self._topic, value=value, key=key.encode(), headers=headers))
                sending[-1].add_done_callback(_look_at)
            last = (await asyncio.gather(*sending))[-1]
            sent.offset = int(last.offset)
            self._fold.expect(sent.offset)
        return sent.offset

    async def _explain(self, producer: AIOKafkaProducer, sent: _Sent, error: Exception) -> None:
        """Returns when the failed append was applied all the same. Raises WriterFenced when it certainly was not and
        this writer is dead, WriteUnconfirmed when its fate is unknown."""
        # The client asserts its own state: what it cannot leave any more, only a new one can.
        dead = isinstance(error, ProducerFenced | AssertionError) or producer._txn_manager.is_fatal_error()
        name = type(error).__name__
        if not dead:
            raise WriteUnconfirmed(f"{self._view.topic}: the write was not confirmed ({name})") from error
        self._fenced = True
        disregard_failures(producer)
        _LOG.warning("log_writer_fenced", topic=self._view.topic, error=name)
        if not await self._applied(sent, error):
            raise WriterFenced(f"{self._view.topic}: another writer has taken over") from error

    async def _applied(self, sent: _Sent, error: Exception) -> bool:
        """Whether an append was committed before the take-over that fenced this writer. A reader passes its offset only
        once that is decided. Raises WriteUnconfirmed where it is not decided in time."""
        if sent.offset is None:
            return False
        try:
            async with asyncio.timeout(_FATE_SECONDS):
                await self._view.reach(sent.offset + 1)
        except (TimeoutError, LogUnavailable):
            raise WriteUnconfirmed(f"{self._view.topic}: the fate of a write is unknown") from error
        return self._fold.arrived


def _look_at(done: asyncio.Future[Any]) -> None:
    """Nobody may be waiting any more: without a look at its error the loop would log it as forgotten."""
    if not done.cancelled():
        done.exception()

"""The log store on Kafka: a view and, beside it, a transactional writer that a later one fences."""

import asyncio

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, ProducerFenced

from crosslook.contracts.topics import COMPACTED_MESSAGE_MAX
from crosslook.platform.kafka import client_options, stop_producer
from crosslook.platform.kafka_log_view import SIGN_OF_LIFE_SECONDS, KafkaLogView
from crosslook.platform.log import get_logger
from crosslook.platform.logstore import BARRIER_KEY, Entry, LogUnavailable, WriterFenced, encode_history
from crosslook.platform.settings import KafkaSettings

__all__ = ["KafkaLogStore", "KafkaLogView"]

_LOG = get_logger(__name__)
REQUEST_TIMEOUT_SECONDS = 15.0


class KafkaLogStore(KafkaLogView):
    """The LogStore: at most one process can write, because taking over bumps the epoch of the `transactional_id`."""

    def __init__(
        self,
        topic: str,
        settings: KafkaSettings,
        *,
        client_id: str = "crosslook",
        sign_of_life_seconds: float = SIGN_OF_LIFE_SECONDS,
        request_timeout_seconds: float = REQUEST_TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(topic, settings, client_id=client_id, sign_of_life_seconds=sign_of_life_seconds)
        self._timeout_seconds = request_timeout_seconds
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()
        self._pending: asyncio.Task[int] | None = None
        self._unsure = True
        self._fenced = False

    @property
    def failure(self) -> str | None:
        """Why the store does not work: the reader's reason, or that another writer has taken over."""
        return "writer_fenced" if self._fenced else super().failure

    async def start(self) -> None:
        """Replay, take over from any other writer, and read to a barrier of our own. Raises LogUnavailable."""
        await super().start()
        producer = AIOKafkaProducer(
            **client_options(self._settings, self._client_id),
            transactional_id=f"{self._topic}-writer",
            acks="all",
            max_request_size=COMPACTED_MESSAGE_MAX,
            request_timeout_ms=int(self._timeout_seconds * 1000),
        )
        try:
            await producer.start()
        except KafkaError as error:
            await producer.stop()
            await super().stop()
            raise LogUnavailable(f"{self._topic}: cannot take over as writer ({type(error).__name__})") from error
        self._producer = producer
        async with self._lock:
            await self._find_the_end()

    async def stop(self) -> None:
        """Stop writing and reading."""
        producer, self._producer, pending, self._pending = self._producer, None, self._pending, None
        while pending is not None and not pending.done():
            # Cancelled once it would still wait for the broker, to abort its transaction.
            pending.cancel()
            await asyncio.wait([pending], timeout=0.1)
        if producer is not None:
            await stop_producer(producer)
        await super().stop()

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> Entry | None:
        """As LogStore.put: 1. know the end of the log, 2. check the version, 3. append in a transaction, 4. read it."""
        async with self._lock:
            if self._unsure:
                await self._find_the_end()
            before = self._fold.check(key, expected_version)
            version = before.version + 1 if before else 1
            history = encode_history(before.successor_history()) if before else ""
            await self._append(key, value, [("version", str(version).encode()), ("history", history.encode())])
            return self._fold.get(key)

    async def _find_the_end(self) -> None:
        await self._append(BARRIER_KEY, None, [])
        self._unsure = False

    async def _append(self, key: str, value: bytes | None, headers: list[tuple[str, bytes]]) -> None:
        producer = self._producer
        if producer is None or self._fenced:
            raise WriterFenced(f"{self._topic}: this writer has lost its place")
        if self._failure is not None:
            raise LogUnavailable(f"{self._topic}: {self._failure}")
        self._unsure = True  # until the reader has passed it: whatever raises below leaves its fate unknown
        try:
            async with asyncio.timeout(self._timeout_seconds):
                await self._settle()
                self._pending = asyncio.create_task(self._transact(producer, key, value, headers))
                self._pending.add_done_callback(_look_at)
                # Shielded: a client torn out of a transaction could never begin another one.
                offset = await asyncio.shield(self._pending)
                await self._wait_until(offset + 1)
        except (ProducerFenced, AssertionError) as error:
            # The client asserts its own state: what it cannot leave any more, only a new process can.
            self._fenced = True
            _LOG.error("log_writer_fenced", topic=self._topic, error=type(error).__name__)
            raise WriterFenced(f"{self._topic}: another writer has taken over") from error
        except (KafkaError, TimeoutError) as error:
            raise LogUnavailable(f"{self._topic}: the write was not confirmed ({type(error).__name__})") from error
        self._unsure = False

    async def _settle(self) -> None:
        """Wait for the end of a transaction that nobody waited for; its fate is found by the barrier that follows."""
        pending = self._pending
        if pending is not None:
            await asyncio.wait([pending])
            self._pending = None
            if isinstance(error := pending.exception(), ProducerFenced | AssertionError):
                raise error

    async def _transact(
        self, producer: AIOKafkaProducer, key: str, value: bytes | None, headers: list[tuple[str, bytes]]
    ) -> int:
        async with producer.transaction():
            sent = await producer.send_and_wait(self._topic, value=value, key=key.encode(), headers=headers)
        return int(sent.offset)


def _look_at(transaction: asyncio.Task[int]) -> None:
    """Nobody may be waiting any more: without a look at its error the loop would log it as forgotten."""
    if not transaction.cancelled():
        transaction.exception()

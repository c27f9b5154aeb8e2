"""The log store on Kafka: a `read_committed` reader of partition 0 and a transactional, fenced writer."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError, ProducerFenced

from crosslook.platform.kafka import client_options
from crosslook.platform.log import get_logger
from crosslook.platform.logstore import (
    BARRIER_KEY,
    Change,
    Entry,
    Fold,
    LogUnavailable,
    WriterFenced,
    encode_history,
)
from crosslook.platform.settings import KafkaSettings

_LOG = get_logger(__name__)
_POLL_MS = 250
_RETRY_SECONDS = 1.0
REQUEST_TIMEOUT_SECONDS = 15.0


class KafkaLogView:
    """A LogView of partition 0 of a compacted topic. Position is the consumer's, which also passes transaction
    markers; a gate on "last record's offset + 1" would wait for ever behind one."""

    def __init__(self, topic: str, settings: KafkaSettings, *, client_id: str = "crosslook") -> None:
        self._topic = topic
        self._settings = settings
        self._client_id = client_id
        self._partition = TopicPartition(topic, 0)
        self._fold = Fold()
        self._consumer: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._moved = asyncio.Condition()
        self._failure: str | None = None
        self._complete = False

    @property
    def topic(self) -> str:
        """Which log."""
        return self._topic

    @property
    def ready(self) -> bool:
        """Whether the first replay is complete and the reader works."""
        return self._complete and self.failure is None

    @property
    def failure(self) -> str | None:
        """Why the reader stands still; None while it works."""
        return self._failure

    @property
    def position(self) -> int:
        """The next offset to read."""
        return self._fold.position

    def get(self, key: str) -> Entry | None:
        """What stands under the key now."""
        return self._fold.get(key)

    def entries(self) -> Mapping[str, Entry]:
        """Everything, in the order of the last append."""
        return self._fold.entries()

    def on_change(self, callback: Callable[[Change], None]) -> None:
        """Call `callback` for each later step."""
        self._fold.on_change(callback)

    async def start(self) -> None:
        """Replay from offset 0; returns at the end of the log. Raises LogUnavailable."""
        consumer = AIOKafkaConsumer(
            **client_options(self._settings, self._client_id),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=_POLL_MS,
        )
        try:
            await consumer.start()
        except KafkaError as error:
            await consumer.stop()
            raise LogUnavailable(f"{self._topic}: cannot reach Kafka ({type(error).__name__})") from error
        self._consumer = consumer
        consumer.assign([self._partition])
        consumer.seek(self._partition, 0)
        self._task = asyncio.create_task(self._read(consumer), name=f"read {self._topic}")
        await self.catch_up(timeout_seconds=60)
        self._complete = True
        _LOG.info("log_replayed", topic=self._topic, position=self.position, keys=len(self.entries()))

    async def stop(self) -> None:
        """Stop reading."""
        task, consumer, self._task, self._consumer = self._task, self._consumer, None, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if consumer is not None:
            await consumer.stop()

    async def catch_up(self, timeout_seconds: float = 10) -> int:
        """Read to the end of the log as of this call. Raises LogUnavailable."""
        if self._consumer is None:
            raise LogUnavailable(f"{self._topic}: the reader is stopped")
        try:
            async with asyncio.timeout(timeout_seconds):
                end = (await self._consumer.end_offsets([self._partition]))[self._partition]
                await self._wait_until(end)
        except (TimeoutError, KafkaError) as error:
            raise LogUnavailable(f"{self._topic}: the end was not reached in {timeout_seconds} s") from error
        return self.position

    async def _wait_until(self, position: int) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._fold.position >= position or self._failure == "reader_stopped")
        if self._failure == "reader_stopped":
            raise LogUnavailable(f"{self._topic}: the reader has stopped")

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        """The read loop. It outlives a broker's absence: while that lasts the view says `broker_unreachable`."""
        try:
            while True:
                try:
                    await self._step(consumer)
                    self._failure = None
                except KafkaError as error:
                    self._failure = "broker_unreachable"
                    _LOG.warning("log_read_failed", topic=self._topic, error=type(error).__name__)
                    await asyncio.sleep(_RETRY_SECONDS)
        except asyncio.CancelledError:
            raise
        except Exception:
            _LOG.exception("log_reader_stopped", topic=self._topic)
        self._failure = "reader_stopped"
        async with self._moved:
            self._moved.notify_all()

    async def _step(self, consumer: AIOKafkaConsumer) -> None:
        batches = await consumer.getmany(self._partition, timeout_ms=_POLL_MS)
        for message in batches.get(self._partition, ()):
            headers = {name: raw.decode("utf-8", "replace") for name, raw in message.headers if raw is not None}
            version = headers.get("version", "0")
            key = message.key.decode("utf-8", "replace") if message.key is not None else BARRIER_KEY
            self._fold.apply(
                key,
                message.value,
                message.offset,
                int(version) if version.isdecimal() else 0,
                headers.get("history", ""),
            )
        position = await consumer.position(self._partition)
        if batches or position > self._fold.position or not self._complete:
            self._fold.position = max(self._fold.position, position)
            async with self._moved:
                self._moved.notify_all()


class KafkaLogStore(KafkaLogView):
    """The LogStore: at most one process can write, because taking over bumps the epoch of the `transactional_id`."""

    def __init__(self, topic: str, settings: KafkaSettings, *, client_id: str = "crosslook") -> None:
        super().__init__(topic, settings, client_id=client_id)
        self._producer: AIOKafkaProducer | None = None
        self._lock = asyncio.Lock()
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
            request_timeout_ms=int(REQUEST_TIMEOUT_SECONDS * 1000),
        )
        try:
            await producer.start()
        except KafkaError as error:
            raise LogUnavailable(f"{self._topic}: cannot take over as writer ({type(error).__name__})") from error
        self._producer = producer
        async with self._lock:
            await self._find_the_end()

    async def stop(self) -> None:
        """Stop writing and reading."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()
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
        self._unsure = True  # until the reader has passed it: whatever raises below leaves its fate unknown
        try:
            async with asyncio.timeout(REQUEST_TIMEOUT_SECONDS), producer.transaction():
                sent = await producer.send_and_wait(self._topic, value=value, key=key.encode(), headers=headers)
            async with asyncio.timeout(REQUEST_TIMEOUT_SECONDS):
                await self._wait_until(sent.offset + 1)
        except ProducerFenced as error:
            self._fenced = True
            _LOG.error("log_writer_fenced", topic=self._topic)
            raise WriterFenced(f"{self._topic}: another writer has taken over") from error
        except (KafkaError, TimeoutError) as error:
            raise LogUnavailable(f"{self._topic}: the write was not confirmed ({type(error).__name__})") from error
        self._unsure = False

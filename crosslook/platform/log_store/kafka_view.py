"""The reading half of the log store on Kafka: a `read_committed` reader of partition 0."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, RecordTooLargeError

from crosslook.contracts.documents import Unreadable
from crosslook.platform.kafka import RawMessage, UnreadableMessage, client_options, readable_body, stop_consumer
from crosslook.platform.kafka.decoding import unfetched
from crosslook.platform.log_store.fold import Fold
from crosslook.platform.log_store.messages import read_step
from crosslook.platform.log_store.protocol import BARRIER_KEY, LogChange, LogEntry, LogUnavailable
from crosslook.platform.log_store.report import LogReport
from crosslook.platform.logging import get_logger
from crosslook.platform.outage import Outage
from crosslook.platform.settings import KafkaSettings

_LOG = get_logger(__name__)
_POLL_MS = 250
_AT_ONCE = 500
"""Messages that are taken without a turn for other tasks: a tenth of a second of ordinary schemas."""
_RETRY_SECONDS = 1.0
_SILENCE_SECONDS = 2.0  # after that long without news the reader asks whether the broker is there at all
SIGN_OF_LIFE_SECONDS = 5.0


class KafkaLogView:
    """A LogView of partition 0 of a compacted topic. Position is the consumer's, which also passes transaction
    markers; a gate on "last record's offset + 1" would wait for ever behind one."""

    def __init__(
        self,
        topic: str,
        settings: KafkaSettings,
        *,
        client_id: str = "crosslook",
        sign_of_life_seconds: float = SIGN_OF_LIFE_SECONDS,
        poll_ms: int = _POLL_MS,
    ) -> None:
        self._topic = topic
        self._settings = settings
        self._client_id = client_id
        self._sign_of_life_seconds = sign_of_life_seconds
        self._poll_ms = poll_ms
        self._partition = TopicPartition(settings.name_of(topic), 0)
        self._fold = Fold(topic)
        self._consumer: AIOKafkaConsumer | None = None
        self._asker: AIOKafkaConsumer | None = None
        self._task: asyncio.Task[None] | None = None
        self._moved = asyncio.Condition()
        self._failure: str | None = None
        self._complete = False
        self._whole = False
        self._heard = 0.0
        self._reported = LogReport(topic)

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
        """Why the reader has stopped, or which key cannot be read; None while all is well."""
        return self._failure or self._fold.failure

    @property
    def unreadable(self) -> Mapping[str, Unreadable]:
        """Keys whose latest value cannot be read."""
        return self._fold.unreadable

    @property
    def whole(self) -> bool:
        """Whether every key could be read at some moment since the start."""
        return self._whole

    @property
    def foreign(self) -> int:
        """Messages under keys that are not ours."""
        return self._fold.foreign

    @property
    def position(self) -> int:
        """The next offset to read."""
        return self._fold.position

    def get(self, key: str) -> LogEntry | None:
        """The current state of the key."""
        return self._fold.get(key)

    def entries(self) -> Mapping[str, LogEntry]:
        """Everything, in the order of the last append."""
        return self._fold.entries()

    def on_change(self, callback: Callable[[LogChange], None]) -> None:
        """Call `callback` for each later step."""
        self._fold.on_change(callback)

    async def start(self) -> None:
        """Replay from offset 0; returns at the end of the log. Raises LogUnavailable."""
        # The end is asked for on a connection of its own: on the reader's, a broker answers it behind the fetch that
        # waits there for new messages.
        consumer, asker = self._made(), self._made()
        try:
            await consumer.start()
            await asker.start()
        except BaseException as error:
            await asyncio.gather(stop_consumer(consumer), stop_consumer(asker))
            if isinstance(error, KafkaError):
                raise LogUnavailable(f"{self._topic}: cannot reach Kafka ({type(error).__name__})") from error
            raise
        self._consumer, self._asker = consumer, asker
        consumer.assign([self._partition])
        consumer.seek(self._partition, 0)
        self._task = asyncio.create_task(self._read(consumer), name=f"read {self._topic}")
        try:
            await self.catch_up(timeout_seconds=60)
        except BaseException:
            await self.stop()
            raise
        self._complete = True
        self._look()
        _LOG.info("log_replayed", topic=self._topic, position=self.position, keys=len(self.entries()))

    async def stop(self) -> None:
        """Stop reading."""
        task, clients = self._task, [client for client in (self._consumer, self._asker) if client is not None]
        self._task = self._consumer = self._asker = None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await asyncio.gather(*map(stop_consumer, clients))

    async def catch_up(self, timeout_seconds: float = 10) -> int:
        """Read to the end of the log as of this call. Raises LogUnavailable."""
        if self._asker is None:
            raise LogUnavailable(f"{self._topic}: the reader is stopped")
        try:
            async with asyncio.timeout(timeout_seconds):
                end = (await self._asker.end_offsets([self._partition]))[self._partition]
                await self.reach(end)
        except (TimeoutError, KafkaError) as error:
            raise LogUnavailable(f"{self._topic}: the end was not reached in {timeout_seconds} s") from error
        return self.position

    async def reach(self, position: int) -> None:
        """Wait until the view includes everything below `position`. Raises LogUnavailable when the reader stops."""
        async with self._moved:
            await self._moved.wait_for(lambda: self._fold.position >= position or self._failure == "reader_stopped")
        if self._failure == "reader_stopped":
            raise LogUnavailable(f"{self._topic}: the reader has stopped")

    def _made(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            **client_options(self._settings, self._client_id),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            fetch_max_wait_ms=self._poll_ms,
            max_partition_fetch_bytes=1024 * 1024,
        )

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        """The read loop. It outlives a broker's absence: while that lasts the view says `broker_unreachable`."""
        outage = Outage("log_unreachable", topic=self._topic)
        try:
            while True:
                try:
                    await self._step(consumer)
                    await self._listen(consumer)
                    self._failure = None
                    outage.worked()
                except (KafkaError, TimeoutError) as error:
                    self._failure = "broker_unreachable"
                    outage.failed(type(error).__name__)
                    await asyncio.sleep(_RETRY_SECONDS)
        except asyncio.CancelledError:
            raise
        except Exception:
            _LOG.exception("log_reader_stopped", topic=self._topic)
        self._failure = "reader_stopped"
        async with self._moved:
            self._moved.notify_all()

    async def _messages(self, consumer: AIOKafkaConsumer) -> Sequence[RawMessage]:
        try:
            batches = await consumer.getmany(self._partition, timeout_ms=self._poll_ms, max_records=_AT_ONCE)
        except RecordTooLargeError as error:
            found = unfetched(error)
            return (found,) if found is not None else ()
        messages: Sequence[RawMessage] = batches.get(self._partition, ())
        return messages

    def _take(self, message: RawMessage) -> None:
        """What cannot be read counts as foreign where it was sent so, and is a hole where it was damaged since."""
        if isinstance(message, UnreadableMessage) and message.key is None:
            lose = self._fold.damaged if message.damaged else self._fold.skip
            lose(message.offset, message.last_offset)
            return
        headers = {name: raw.decode("utf-8", "replace") for name, raw in message.headers if raw is not None}
        key = message.key.decode("utf-8", "replace") if message.key is not None else BARRIER_KEY
        self._fold.apply(read_step(key, readable_body(message), message.offset, headers))

    def _look(self) -> None:
        self._whole = self._whole or not self._fold.unreadable
        self._reported.update(self._fold)

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        """The client waits for a lost broker without a word, so silence is asked about. Raises TimeoutError."""
        now = asyncio.get_running_loop().time()
        if self._failure is None and now - self._heard < _SILENCE_SECONDS:
            return
        async with asyncio.timeout(self._sign_of_life_seconds):
            await consumer.end_offsets([self._partition])
        self._heard = asyncio.get_running_loop().time()

    async def _step(self, consumer: AIOKafkaConsumer) -> None:
        batches = await self._messages(consumer)
        if batches:
            self._heard = asyncio.get_running_loop().time()
        for message in batches:
            self._take(message)
        if self._complete:  # before, what cannot be read may be mended further on
            self._look()
        position = await consumer.position(self._partition)
        if batches or position > self._fold.position or not self._complete:
            self._fold.position = max(self._fold.position, position)
            async with self._moved:
                self._moved.notify_all()

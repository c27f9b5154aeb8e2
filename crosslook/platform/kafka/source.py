"""A member of a consumer group that reads bytes and commits by hand.

It never deserializes: one unreadable message must not pin a partition for ever. Offsets always name the next message;
lag and readiness come from the consumer's position.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    RecordTooLargeError,
)

from crosslook.platform.errors import StopService
from crosslook.platform.kafka.client import KafkaUnavailable, client_options, stop_consumer
from crosslook.platform.kafka.decoding import unfetched
from crosslook.platform.kafka.namesakes import NameWatch
from crosslook.platform.kafka.records import UnreadableMessage
from crosslook.platform.settings import KafkaSettings

_PLACE_SECONDS = 10.0


class StartUnknown(KafkaUnavailable):
    """It is not known where partitions begin, or nothing may be read; trying again later may work. `reason`: a word."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not placed: {reason}")
        self.reason = reason


class PartitionsLost(Exception):
    """The group gave our partitions to somebody else: drop the chunk, its next owner reads it again."""


ReadStartOffsets = Callable[[Sequence[int]], Awaitable[Mapping[int, int]]]
"""Where partitions begin; those it leaves out begin where the group stands."""


class RawMessage(Protocol):
    """One message as it lies on the broker: what the client made of it, since a copy of our own would take a thirtieth
    of all the time that an event takes. Where it cannot be read it is an UnreadableMessage, which has no value."""

    @property
    def partition(self) -> int:
        """Of its topic."""

    @property
    def offset(self) -> int:
        """Its place."""

    @property
    def timestamp(self) -> int:
        """The broker's append time, milliseconds since the epoch."""

    @property
    def key(self) -> bytes | None:
        """What it is partitioned by."""

    @property
    def value(self) -> bytes | None:
        """The body."""

    @property
    def headers(self) -> tuple[tuple[str, bytes | None], ...]:
        """Names and values as they were sent."""


def next_offset(message: RawMessage) -> int:
    """The offset behind a message, or behind all that an UnreadableMessage stands for."""
    return (message.last_offset if isinstance(message, UnreadableMessage) else message.offset) + 1


def readable_body(message: RawMessage) -> bytes | None:
    """The bytes of a message as far as they could be read."""
    return message.payload if isinstance(message, UnreadableMessage) else message.value


class RecordSource:
    """A member of a consumer group on one topic that reads bytes and commits only what its caller commits.

    A partition begins at its offset in `start_offsets`, else at the group's committed offset, else at its own
    beginning. An offset that the broker no longer has raises StopService from `read`: a silent jump would be a hole in
    tomorrow's snapshot.

    `start_offsets`: called after each assignment, before anything is read; raises StartUnknown while they are unknown.
    `instance_id`: a name of its own in the group; where another member takes it, `read` raises StopService.
    `max_poll_seconds`: the group takes a member that has not read for so long for stuck.
    """

    def __init__(
        self,
        topic: str,
        group: str,
        settings: KafkaSettings,
        *,
        client_id: str = "crosslook",
        instance_id: str | None = None,
        session_seconds: float = 30,
        max_poll_seconds: float = 600,
        start_offsets: ReadStartOffsets | None = None,
    ) -> None:
        self._topic = settings.name_of(topic)
        self._start_offsets = start_offsets
        self._consumer = AIOKafkaConsumer(
            **client_options(settings, client_id),
            group_id=settings.name_of(group),
            group_instance_id=instance_id,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            session_timeout_ms=round(session_seconds * 1000),
            heartbeat_interval_ms=round(min(session_seconds / 6, 3) * 1000),
            max_poll_interval_ms=round(max_poll_seconds * 1000),
            fetch_max_wait_ms=250,
            # What is fetched ahead counts against the memory of a worker, several times while it is read.
            max_partition_fetch_bytes=1024 * 1024,
            fetch_max_bytes=8 * 1024 * 1024,
        )
        self._names = NameWatch(self._consumer, settings.name_of(group), instance_id, settings)
        self._generation = 0
        self._paused = False
        self._unstarted: set[TopicPartition] = set()

    @property
    def generation(self) -> int:
        """Grows with every assignment: a chunk read under an older one must not be committed."""
        return self._generation

    @property
    def assigned(self) -> tuple[int, ...]:
        """The partitions this member owns now."""
        return tuple(sorted(tp.partition for tp in self._consumer.assignment()))

    async def start(self) -> None:
        """Join the group. Raises KafkaUnavailable, StopService."""
        self._consumer.subscribe([self._topic], listener=_Assignment(self._names.before_joining, self._assign))
        try:
            await self._consumer.start()
        except KafkaError as error:
            try:
                await self._names.look(error)
            finally:
                await stop_consumer(self._consumer)
            raise KafkaUnavailable(type(error).__name__) from error

    async def stop(self) -> None:
        """Leave the group; commits nothing."""
        await stop_consumer(self._consumer)

    async def read(self, timeout_ms: int, max_messages: int) -> dict[int, list[RawMessage]]:
        """The next messages by partition, unreadable ones at their positions among them; empty when none came in
        time, and while paused. Takes no more memory than `KafkaSettings.unpacked_max_bytes` allows, a few times. Raises
        KafkaUnavailable, StopService."""
        self._names.require_ours()
        unknown = await self._try_to_start()
        try:
            batches = await self._consumer.getmany(timeout_ms=timeout_ms, max_records=max_messages)
        except NoOffsetForPartitionError:
            # The client looked before the beginning was sought for a group that never committed.
            self._end_of_read()
            batches = {}
        except (IllegalStateError, KafkaError) as error:
            self._end_of_read()
            if isinstance(error, RecordTooLargeError) and (found := unfetched(error)) is not None:
                return {found.partition: [found]}
            if isinstance(error, OffsetOutOfRangeError):
                raise StopService(f"{self._topic}: committed offsets are no longer on the broker ({error})") from error
            await self._names.look(error)
            raise KafkaUnavailable(type(error).__name__) from error
        if unknown is not None and not batches:
            raise unknown
        return {tp.partition: messages for tp, messages in batches.items()}

    def pause(self) -> None:
        """Back-pressure: from here on `read` gives nothing, not even of partitions that the group gives us meanwhile,
        and drops what was fetched ahead. Keep reading: a member that does not read loses its partitions.
        """
        self._paused = True
        self._consumer.pause(*self._consumer.assignment())

    def resume(self) -> None:
        """Read again, from where it was paused."""
        self._paused = False
        self._consumer.resume(*(self._consumer.paused() - self._unstarted))

    async def position(self, partition: int) -> int:
        """The next offset that `read` will give for the partition. Raises KafkaUnavailable when it is not ours now."""
        try:
            return int(await self._consumer.position(TopicPartition(self._topic, partition)))
        except (IllegalStateError, KafkaError) as error:
            raise KafkaUnavailable(type(error).__name__) from error

    async def commit(self, offsets: Mapping[int, int], metadata: Mapping[int, str] | None = None) -> None:
        """Commit next offsets, and beside them what `metadata` says of the partition. Raises PartitionsLost when the
        group moved on, KafkaUnavailable otherwise."""
        metadata = metadata or {}
        try:
            await self._consumer.commit(
                {TopicPartition(self._topic, p): (offset, metadata.get(p, "")) for p, offset in offsets.items()}
            )
        except (CommitFailedError, IllegalStateError) as error:
            raise PartitionsLost(str(error)) from error
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error

    def start_again(self) -> None:
        """Have every partition of ours begin as after an assignment: what was read and not committed is read again."""
        self._generation += 1
        self._unstarted = set(self._consumer.assignment())
        self._consumer.pause(*self._unstarted)

    async def _assign(self, assigned: Sequence[TopicPartition]) -> None:
        self._generation += 1
        self._names.joined()
        # Nothing is read before it is known from where; and a position takes an answer of the broker.
        self._consumer.pause(*assigned)
        self._unstarted = set(assigned)

    async def _try_to_start(self) -> KafkaUnavailable | None:
        """Have partitions begin that do not yet; why it cannot be, which must not keep the others from being read."""
        try:
            if self._unstarted:
                await self._start_at()
        except KafkaUnavailable as error:
            return error
        return None

    async def _start_at(self) -> None:
        """Raises KafkaUnavailable."""
        generation, waiting = self._generation, sorted(self._unstarted)
        offsets = await self._start_offsets([tp.partition for tp in waiting]) if self._start_offsets is not None else {}
        try:
            for partition in waiting:
                begin = offsets.get(partition.partition)
                if begin is None:
                    begin = await self._default_offset(partition)
                if generation != self._generation:
                    return  # assigned anew meanwhile
                self._consumer.seek(partition, begin)
                self._unstarted.discard(partition)
                if not self._paused:
                    self._consumer.resume(partition)
        except (IllegalStateError, KafkaError, TimeoutError) as error:
            raise KafkaUnavailable(type(error).__name__) from error

    async def _default_offset(self, partition: TopicPartition) -> int:
        async with asyncio.timeout(_PLACE_SECONDS):  # the client itself waits for a lost broker without an end
            committed = await self._consumer.committed(partition)
            if committed is not None:
                return int(committed)
            return int((await self._consumer.beginning_offsets([partition]))[partition])

    def _end_of_read(self) -> None:
        # aiokafka takes a read that raised for one that never ended, and us for busy for ever, however long we hang.
        subscription = self._consumer._subscription
        subscription._fetch_count = 0
        with subscription.fetch_context():
            pass


class _Assignment(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    def __init__(
        self, prepare: Callable[[], Awaitable[None]], assign: Callable[[Sequence[TopicPartition]], Awaitable[None]]
    ) -> None:
        self._prepare = prepare
        self._assign = assign

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Nothing is kept between assignments, so there is nothing to hand over."""
        await self._prepare()

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        await self._assign(assigned)

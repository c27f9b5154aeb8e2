"""A member of a consumer group that reads bytes and commits by hand.

It never deserializes: one unreadable message must not pin a partition for ever. Offsets always name the next message;
lag and readiness come from the consumer's position.
"""

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


class PartitionsLost(Exception):
    """The group gave our partitions to somebody else: drop the chunk, its next owner reads it again."""


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


def body_of(message: RawMessage) -> bytes | None:
    """The bytes of a message as far as they could be read."""
    return message.payload if isinstance(message, UnreadableMessage) else message.value


class RecordSource:
    """A member of a consumer group on one topic that reads bytes and commits only what it is told.

    A group that never committed starts at the beginning of each partition. A committed offset that the broker no longer
    has raises StopService from `read`: a silent jump would be a hole in tomorrow's snapshot.

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
    ) -> None:
        self._topic = topic
        self._consumer = AIOKafkaConsumer(
            **client_options(settings, client_id),
            group_id=group,
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
        self._names = NameWatch(self._consumer, group, instance_id, settings)
        self._generation = 0
        self._paused = False
        self._unplaced: set[TopicPartition] = set()

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
        """The next messages by partition, what cannot be read in its place among them; empty when none came in time,
        and while paused. Takes no more memory than `KafkaSettings.unpacked_max_bytes` allows, a few times. Raises
        KafkaUnavailable, StopService."""
        self._names.require_ours()
        try:
            batches = await self._consumer.getmany(timeout_ms=timeout_ms, max_records=max_messages)
        except NoOffsetForPartitionError:
            # The client looked before the beginning was sought for a group that never committed, or that seek failed.
            self._end_of_read()
            await self._place()
            return {}
        except (IllegalStateError, KafkaError) as error:
            self._end_of_read()
            if isinstance(error, RecordTooLargeError) and (found := unfetched(error)) is not None:
                return {found.partition: [found]}
            if isinstance(error, OffsetOutOfRangeError):
                raise StopService(f"{self._topic}: committed offsets are no longer on the broker ({error})") from error
            await self._names.look(error)
            raise KafkaUnavailable(type(error).__name__) from error
        return {tp.partition: messages for tp, messages in batches.items()}

    def pause(self) -> None:
        """Back-pressure: from here on `read` gives nothing, not even of partitions that the group gives us meanwhile,
        and drops what was fetched ahead. Reading goes on nevertheless: who does not read loses its place in the group.
        """
        self._paused = True
        self._consumer.pause(*self._consumer.assignment())

    def resume(self) -> None:
        """Read again, from where it was paused."""
        self._paused = False
        self._consumer.resume(*self._consumer.paused())

    async def position(self, partition: int) -> int:
        """The next offset that `read` will give for the partition. Raises KafkaUnavailable when it is not ours now."""
        try:
            return int(await self._consumer.position(TopicPartition(self._topic, partition)))
        except (IllegalStateError, KafkaError) as error:
            raise KafkaUnavailable(type(error).__name__) from error

    async def commit(self, offsets: Mapping[int, int]) -> None:
        """Commit next offsets. Raises PartitionsLost when the group moved on, KafkaUnavailable otherwise."""
        try:
            await self._consumer.commit({TopicPartition(self._topic, p): offset for p, offset in offsets.items()})
        except (CommitFailedError, IllegalStateError) as error:
            raise PartitionsLost(str(error)) from error
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error

    async def _assign(self, assigned: Sequence[TopicPartition]) -> None:
        self._generation += 1
        self._names.joined()
        if self._paused:  # nothing is fetched yet: that takes a position, and a position an answer of the broker
            self._consumer.pause(*assigned)
        self._unplaced = set(assigned)
        await self._place()

    async def _place(self) -> None:
        """Have partitions that the group never committed begin where they do. Raises KafkaUnavailable."""
        try:
            for partition in sorted(self._unplaced):
                if await self._consumer.committed(partition) is None:
                    first = await self._consumer.beginning_offsets([partition])
                    if partition in self._unplaced:  # nobody else has placed it, and begun to read, meanwhile
                        self._consumer.seek(partition, first[partition])
                self._unplaced.discard(partition)
        except (IllegalStateError, KafkaError) as error:
            raise KafkaUnavailable(type(error).__name__) from error

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

"""Reads the offsets of a topic and the commits of a group, without joining the group."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from crosslook.contracts.identity import KafkaIdentity
from crosslook.platform.kafka.client import KafkaUnavailable, client_options, stop_consumer
from crosslook.platform.kafka.identity import identity_of
from crosslook.platform.settings import KafkaSettings


class GroupCommit(NamedTuple):
    """A group's committed offset, the next one to read, and what was written beside it."""

    offset: int
    metadata: str


class OffsetReader:
    """Asks for end offsets of a topic and for a group's committed offsets, without being a member of the group."""

    def __init__(self, topic: str, group: str, settings: KafkaSettings) -> None:
        self._topic = settings.name_of(topic)
        self._group = settings.name_of(group)
        self._settings = settings
        self._consumer = AIOKafkaConsumer(
            **client_options(settings, "crosslook-offsets"), enable_auto_commit=False, isolation_level="read_committed"
        )
        self._admin = AIOKafkaAdminClient(**client_options(settings, "crosslook-offsets"))

    async def start(self) -> None:
        """Connect. Raises KafkaUnavailable."""
        try:
            await self._consumer.start()
            await self._admin.start()
        except BaseException as error:
            await self.stop()
            if isinstance(error, KafkaError):
                raise KafkaUnavailable(type(error).__name__) from error
            raise

    async def stop(self) -> None:
        """Disconnect."""
        await stop_consumer(self._consumer)
        await self._admin.close()

    async def end_offsets(self) -> dict[int, int]:
        """The next offset to be written, by partition (of committed transactions). Raises KafkaUnavailable."""
        return await self._offsets(self._consumer.end_offsets)

    async def beginning_offsets(self) -> dict[int, int]:
        """The first offset still kept, by partition. Raises KafkaUnavailable."""
        return await self._offsets(self._consumer.beginning_offsets)

    async def committed(self) -> dict[int, int]:
        """The group's committed next offsets; partitions it never committed are absent. Raises KafkaUnavailable."""
        return {partition: commit.offset for partition, commit in (await self.commits()).items()}

    async def commits(self) -> dict[int, GroupCommit]:
        """The group's commits; partitions it never committed are absent. Raises KafkaUnavailable."""
        try:
            offsets = await self._admin.list_consumer_group_offsets(self._group)
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error
        return {
            tp.partition: GroupCommit(meta.offset, meta.metadata or "")
            for tp, meta in offsets.items()
            if tp.topic == self._topic and meta.offset >= 0
        }

    async def identity(self, topics: Sequence[str]) -> KafkaIdentity:
        """Which Kafka this is, and which topics these are. Raises KafkaUnavailable, also where one does not exist."""
        return await identity_of(self._admin, topics, self._settings)

    async def _offsets(
        self, ask: Callable[[list[TopicPartition]], Awaitable[Mapping[TopicPartition, int]]]
    ) -> dict[int, int]:
        try:
            (described,) = await self._admin.describe_topics([self._topic])
            partitions = sorted(partition["partition"] for partition in described["partitions"])
            if not partitions:  # never "no events": a refresh would wait for nothing and cover nothing
                raise KafkaUnavailable(f"{self._topic}: the broker tells no partitions")
            found = await ask([TopicPartition(self._topic, partition) for partition in partitions])
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error
        return {tp.partition: offset for tp, offset in found.items()}

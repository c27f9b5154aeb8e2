"""Kafka behind narrow classes: topics from data, a publisher that has been acknowledged, a source that commits by hand.

`RecordSource` gives bytes and never deserializes: one unreadable message must not pin a partition for ever. Offsets
always name the next message; lag and readiness come from the consumer's position.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    NoOffsetForPartitionError,
    OffsetOutOfRangeError,
    TopicAlreadyExistsError,
    for_code,
)

from crosslook.contracts.topics import RECORDS, TOPICS, Topic
from crosslook.platform.errors import StopService
from crosslook.platform.settings import KafkaSettings

_MAX_REQUEST_BYTES = 2 * 1024 * 1024
_STOP_SECONDS = 5


class KafkaUnavailable(Exception):
    """Kafka did not take or give what was asked; trying again later may work."""


class PartitionsLost(Exception):
    """The group gave our partitions to somebody else: drop the chunk, its next owner reads it again."""


def client_options(settings: KafkaSettings, client_id: str) -> dict[str, Any]:
    """What every client is made with."""
    options: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers,
        "client_id": client_id,
        "security_protocol": settings.security_protocol,
    }
    if settings.security_protocol.endswith("SSL"):
        options["ssl_context"] = ssl.create_default_context(cafile=settings.ssl_cafile)
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = settings.sasl_password.get_secret_value()
    return options


@dataclass(frozen=True, slots=True)
class TopicReport:
    """What `ensure_topics` found: `created` now or before; `problem` says what is wrong with it, "" if nothing."""

    name: str
    created: bool
    partitions: int
    problem: str = ""


async def ensure_topics(settings: KafkaSettings, topics: Sequence[Topic] = TOPICS) -> list[TopicReport]:
    """Create what is missing and check what is there. Never alters an existing topic. Raises KafkaUnavailable."""
    return await _with_admin(settings, lambda admin: _ensure(admin, settings, topics))


async def check_topics(settings: KafkaSettings, topics: Sequence[Topic]) -> None:
    """Raises StopService when a topic is missing or kept the wrong way, KafkaUnavailable when Kafka does not answer."""
    reports = await _with_admin(settings, lambda admin: _inspect(admin, topics))
    wrong = [f"{report.name}: {report.problem}" for report in reports if report.problem]
    if wrong:
        raise StopService("; ".join(wrong))


async def _with_admin(
    settings: KafkaSettings, work: Callable[[AIOKafkaAdminClient], Awaitable[list[TopicReport]]]
) -> list[TopicReport]:
    admin = AIOKafkaAdminClient(**client_options(settings, "crosslook-topics"))
    try:
        await admin.start()
        return await work(admin)
    except (KafkaError, OSError) as error:
        raise KafkaUnavailable(f"{settings.bootstrap_servers}: {type(error).__name__}") from error
    finally:
        await admin.close()


async def _ensure(admin: AIOKafkaAdminClient, settings: KafkaSettings, topics: Sequence[Topic]) -> list[TopicReport]:
    existing = set(await admin.list_topics())
    missing = [topic for topic in topics if topic.name not in existing]
    if missing:
        new = [
            NewTopic(
                topic.name,
                settings.records_partitions if topic is RECORDS else topic.partitions,
                settings.replication_factor,
                topic_configs=topic.config,
            )
            for topic in missing
        ]
        response = await admin.create_topics(new)
        for name, code, *detail in response.topic_errors:
            if code and for_code(code) is not TopicAlreadyExistsError:
                raise KafkaUnavailable(f"{name} was not created: {for_code(code).__name__} {detail}")
    created = {topic.name for topic in missing}
    reports = await _inspect(admin, topics)
    return [TopicReport(r.name, r.name in created, r.partitions, r.problem) for r in reports]


async def _inspect(admin: AIOKafkaAdminClient, topics: Sequence[Topic]) -> list[TopicReport]:
    described = {one["topic"]: one for one in await admin.describe_topics([topic.name for topic in topics])}
    kept = await _cleanup_policies(admin, [t.name for t in topics if described.get(t.name, {}).get("partitions")])
    return [_report(topic, described.get(topic.name, {}).get("partitions") or [], kept) for topic in topics]


def _report(topic: Topic, partitions: Sequence[Any], kept: Mapping[str, str]) -> TopicReport:
    count = len(partitions)
    if not count:
        return TopicReport(topic.name, False, 0, "does not exist; create it with `crosslook topics`")
    policy = kept.get(topic.name, "")
    if policy != topic.cleanup:
        return TopicReport(topic.name, False, count, f"cleanup.policy is {policy!r}, it must be {topic.cleanup!r}")
    if topic is not RECORDS and count != topic.partitions:
        return TopicReport(topic.name, False, count, f"has {count} partitions, it must have {topic.partitions}")
    return TopicReport(topic.name, False, count)


async def _cleanup_policies(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, str]:
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    policies: dict[str, str] = {}
    for response in await admin.describe_configs(resources):
        for _, _, _, name, entries in response.resources:
            policies[name] = next((entry[1] for entry in entries if entry[0] == "cleanup.policy"), "")
    return policies


async def stop_producer(producer: AIOKafkaProducer) -> None:
    """Flush and disconnect, or give up what is queued when the broker does not take it in time.

    An idempotent producer never gives a message up by itself, and aiokafka's stop waits for its queue without a
    deadline: a service whose broker is away would never end.
    """
    try:
        async with asyncio.timeout(_STOP_SECONDS):
            await producer.stop()
    except TimeoutError:
        await producer._sender.close()
        await producer.client.close()


class Publisher:
    """Appends messages and answers when the broker has acknowledged them (idempotent, acks=all).

    `delivery_seconds`: how long the broker may take for one call.
    """

    def __init__(self, settings: KafkaSettings, *, client_id: str = "crosslook", delivery_seconds: float = 15) -> None:
        self._settings = settings
        self._client_id = client_id
        self._delivery_seconds = delivery_seconds
        self._producer: AIOKafkaProducer | None = None

    async def start(self) -> None:
        """Connect. Raises KafkaUnavailable."""
        producer = AIOKafkaProducer(
            **client_options(self._settings, self._client_id),
            enable_idempotence=True,
            acks="all",
            compression_type="lz4",
            linger_ms=2,
            max_request_size=_MAX_REQUEST_BYTES,
            request_timeout_ms=15_000,
        )
        try:
            await producer.start()
        except KafkaError as error:
            await producer.stop()
            raise KafkaUnavailable(type(error).__name__) from error
        self._producer = producer

    async def stop(self) -> None:
        """Flush and disconnect. Safe to call twice, and before the start."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_producer(producer)

    async def publish(
        self, topic: str, messages: Sequence[tuple[bytes, bytes | None, Sequence[tuple[str, bytes]]]]
    ) -> list[tuple[int, int]]:
        """Append (key, value, headers) messages; answers their (partition, offset) once all are acknowledged.

        Raises KafkaUnavailable when any of them is not in time: some may be in the log all the same, or come to be, so
        the caller's retry must be harmless.
        """
        producer = self._producer
        if producer is None:
            raise KafkaUnavailable("the publisher is stopped")
        pending: list[asyncio.Future[Any]] = []
        try:
            async with asyncio.timeout(self._delivery_seconds):
                for key, value, headers in messages:
                    pending.append(await producer.send(topic, value=value, key=key, headers=list(headers)))
                if pending:
                    await asyncio.wait(pending)
            return [(one.partition, one.offset) for one in [future.result() for future in pending]]
        except (KafkaError, TimeoutError) as error:
            for future in pending:
                future.add_done_callback(_look_at)
            raise KafkaUnavailable(type(error).__name__) from error


def _look_at(future: asyncio.Future[Any]) -> None:
    """Nobody waits for this message any more: without a look at its error the loop would log it as forgotten."""
    if not future.cancelled():
        future.exception()


@dataclass(frozen=True, slots=True)
class RawMessage:
    """One message as it lies on the broker. `timestamp_ms`: the broker's append time."""

    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


class RecordSource:
    """A member of a consumer group on one topic that reads bytes and commits only what it is told.

    A group that never committed starts at the beginning of each partition. A committed offset that the broker no longer
    has raises StopService from `read`: a silent jump would be a hole in tomorrow's snapshot.
    """

    def __init__(
        self,
        topic: str,
        group: str,
        settings: KafkaSettings,
        *,
        client_id: str = "crosslook",
        instance_id: str | None = None,
    ) -> None:
        self._topic = topic
        self._consumer = AIOKafkaConsumer(
            **client_options(settings, client_id),
            group_id=group,
            group_instance_id=instance_id,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            session_timeout_ms=30_000,
            heartbeat_interval_ms=3_000,
            max_poll_interval_ms=600_000,
            fetch_max_wait_ms=250,
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        self._generation = 0

    @property
    def generation(self) -> int:
        """Grows with every assignment: a chunk read under an older one must not be committed."""
        return self._generation

    @property
    def assigned(self) -> tuple[int, ...]:
        """The partitions this member owns now."""
        return tuple(sorted(tp.partition for tp in self._consumer.assignment()))

    async def start(self) -> None:
        """Join the group. Raises KafkaUnavailable."""
        self._consumer.subscribe([self._topic], listener=_Assignment(self._assign))
        try:
            await self._consumer.start()
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error

    async def stop(self) -> None:
        """Leave the group; commits nothing."""
        await self._consumer.stop()

    async def read(self, timeout_ms: int, max_messages: int) -> dict[int, list[RawMessage]]:
        """The next messages by partition; empty when none came in time. Raises KafkaUnavailable, StopService."""
        try:
            batches = await self._consumer.getmany(timeout_ms=timeout_ms, max_records=max_messages)
        except NoOffsetForPartitionError:
            return {}  # the client looked before `_assign` had sought the beginning for a group that never committed
        except (IllegalStateError, KafkaError) as error:
            if isinstance(error, OffsetOutOfRangeError):
                raise StopService(f"{self._topic}: committed offsets are no longer on the broker ({error})") from error
            raise KafkaUnavailable(type(error).__name__) from error
        return {
            tp.partition: [
                RawMessage(tp.partition, m.offset, m.timestamp, m.key, m.value, tuple(m.headers)) for m in messages
            ]
            for tp, messages in batches.items()
        }

    def pause(self) -> None:
        """Stop fetching while still answering the group: back-pressure."""
        self._consumer.pause(*self._consumer.assignment())

    def resume(self) -> None:
        """Fetch again."""
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
        for partition in assigned:
            if await self._consumer.committed(partition) is None:
                first = await self._consumer.beginning_offsets([partition])
                self._consumer.seek(partition, first[partition])


class _Assignment(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    def __init__(self, assign: Callable[[Sequence[TopicPartition]], Awaitable[None]]) -> None:
        self._assign = assign

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Nothing is kept between assignments, so there is nothing to hand over."""

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        await self._assign(assigned)


class OffsetReader:
    """Asks for end offsets of a topic and for a group's committed offsets, without being a member of the group."""

    def __init__(self, topic: str, group: str, settings: KafkaSettings) -> None:
        self._topic = topic
        self._group = group
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
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error

    async def stop(self) -> None:
        """Disconnect."""
        await self._consumer.stop()
        await self._admin.close()

    async def end_offsets(self) -> dict[int, int]:
        """The next offset to be written, by partition (of committed transactions). Raises KafkaUnavailable."""
        return await self._offsets(self._consumer.end_offsets)

    async def beginning_offsets(self) -> dict[int, int]:
        """The first offset still kept, by partition. Raises KafkaUnavailable."""
        return await self._offsets(self._consumer.beginning_offsets)

    async def committed(self) -> dict[int, int]:
        """The group's committed next offsets; partitions it never committed are absent. Raises KafkaUnavailable."""
        try:
            offsets = await self._admin.list_consumer_group_offsets(self._group)
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error
        return {
            tp.partition: meta.offset for tp, meta in offsets.items() if tp.topic == self._topic and meta.offset >= 0
        }

    async def _offsets(
        self, ask: Callable[[list[TopicPartition]], Awaitable[Mapping[TopicPartition, int]]]
    ) -> dict[int, int]:
        try:
            (described,) = await self._admin.describe_topics([self._topic])
            partitions = sorted(one["partition"] for one in described["partitions"])
            if not partitions:  # never "no events": a refresh would wait for nothing and cover nothing
                raise KafkaUnavailable(f"{self._topic}: the broker tells no partitions")
            found = await ask([TopicPartition(self._topic, partition) for partition in partitions])
        except KafkaError as error:
            raise KafkaUnavailable(type(error).__name__) from error
        return {tp.partition: offset for tp, offset in found.items()}

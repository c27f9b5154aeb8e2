"""The Kafka adapter on a real broker: acknowledgements, commits by hand, offsets."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from crosslook.contracts.topics import Topic
from crosslook.local.ports import free_port
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import (
    KafkaUnavailable,
    OffsetReader,
    PartitionsLost,
    Publisher,
    RawMessage,
    RecordSource,
    check_topics,
    ensure_topics,
)
from crosslook.platform.settings import KafkaSettings


def fresh(cleanup: str = "delete", partitions: int = 2) -> Topic:
    name = f"test-{uuid.uuid4().hex[:8]}"
    return Topic(name, "key", "compact" if cleanup == "compact" else "delete", partitions, (), ())


@pytest.fixture
async def admin(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await client.start()
    yield client
    await client.close()


@pytest.fixture
async def topic(kafka: KafkaSettings) -> str:
    made = fresh()
    await ensure_topics(kafka, [made])
    return made.name


@pytest.fixture
async def publisher(kafka: KafkaSettings) -> AsyncIterator[Publisher]:
    made = Publisher(kafka)
    await made.start()
    yield made
    await made.stop()


class Members:
    """Members of one consumer group, all stopped at the end."""

    def __init__(self, topic: str, kafka: KafkaSettings) -> None:
        self.group = f"group-{uuid.uuid4().hex[:8]}"
        self._topic = topic
        self._kafka = kafka
        self._started: list[RecordSource] = []

    async def join(self) -> RecordSource:
        source = RecordSource(self._topic, self.group, self._kafka)
        await source.start()
        self._started.append(source)
        return source

    async def leave(self, source: RecordSource) -> None:
        self._started.remove(source)
        await source.stop()

    async def stop(self) -> None:
        for source in self._started:
            await source.stop()


@pytest.fixture
async def members(topic: str, kafka: KafkaSettings) -> AsyncIterator[Members]:
    made = Members(topic, kafka)
    yield made
    await made.stop()


async def read_until(source: RecordSource, done: Callable[[list[RawMessage]], bool]) -> list[RawMessage]:
    seen: list[RawMessage] = []
    async with asyncio.timeout(120):
        while not done(seen):
            batches = await source.read(100, 500)
            seen += [message for messages in batches.values() for message in messages]
    return seen


async def test_a_broker_that_is_not_there_is_unavailable_and_nothing_stays_open() -> None:
    nowhere = KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_port()}")
    with pytest.raises(KafkaUnavailable):
        await check_topics(nowhere, [fresh()])
    with pytest.raises(KafkaUnavailable):
        await Publisher(nowhere).start()
    with pytest.raises(KafkaUnavailable):
        await RecordSource("x", "g", nowhere).start()
    with pytest.raises(KafkaUnavailable):
        await OffsetReader("x", "g", nowhere).start()


async def test_what_is_published_is_acknowledged_with_its_place(
    publisher: Publisher, topic: str, members: Members
) -> None:
    sent = [(f"k{n}".encode(), f"v{n}".encode(), [("ce_id", b"1"), ("n", str(n).encode())]) for n in range(20)]
    places = await publisher.publish(topic, sent)
    source = await members.join()
    seen = await read_until(source, lambda seen: len(seen) == 20)
    by_place = {(message.partition, message.offset): message for message in seen}
    for (key, value, headers), place in zip(sent, places, strict=True):
        message = by_place[place]
        assert (message.key, message.value, message.headers) == (key, value, tuple(headers))
        assert message.timestamp > 1_600_000_000_000
    assert len({partition for partition, _ in places}) == 2


async def test_equal_keys_keep_their_order(publisher: Publisher, topic: str) -> None:
    places = await publisher.publish(topic, [(b"same", str(n).encode(), []) for n in range(50)])
    assert len({partition for partition, _ in places}) == 1
    assert [offset for _, offset in places] == list(range(places[0][1], places[0][1] + 50))


async def test_an_event_of_one_mebibyte_can_be_published_and_read(
    publisher: Publisher, topic: str, members: Members
) -> None:
    value = bytes(range(256)) * 4096
    await publisher.publish(topic, [(b"k", value, [])])
    (message,) = await read_until(await members.join(), bool)
    assert message.value == value


async def test_a_message_without_a_value_is_read_as_one(publisher: Publisher, topic: str, members: Members) -> None:
    await publisher.publish(topic, [(b"k", None, [])])
    (message,) = await read_until(await members.join(), bool)
    assert message.value is None


async def test_a_topic_that_does_not_exist_takes_nothing(kafka: KafkaSettings) -> None:
    impatient = Publisher(kafka, delivery_seconds=1)
    await impatient.start()
    try:
        with pytest.raises(KafkaUnavailable):
            await impatient.publish(fresh().name, [(b"k", b"v", [])])
    finally:
        await impatient.stop()
    with pytest.raises(KafkaUnavailable):
        await impatient.publish("anything", [(b"k", b"v", [])])


async def test_reading_commits_nothing_and_a_commit_is_where_the_next_member_starts(
    publisher: Publisher, topic: str, members: Members
) -> None:
    await publisher.publish(topic, [(b"same", str(n).encode(), []) for n in range(10)])
    first = await members.join()
    seen = await read_until(first, lambda seen: len(seen) == 10)
    partition = seen[0].partition
    await members.leave(first)
    second = await members.join()
    assert [m.value for m in await read_until(second, lambda seen: len(seen) == 10)] == [m.value for m in seen]
    await second.commit({partition: seen[4].offset + 1})
    await members.leave(second)
    third = await members.join()
    assert [m.value for m in await read_until(third, lambda seen: len(seen) == 5)] == [m.value for m in seen[5:]]
    assert await third.position(partition) == seen[-1].offset + 1


async def test_a_group_that_never_committed_starts_at_the_beginning_of_every_partition(
    kafka: KafkaSettings, publisher: Publisher
) -> None:
    wide = fresh(partitions=12)
    await ensure_topics(kafka, [wide])
    await publisher.publish(wide.name, [(str(n).encode(), b"v", []) for n in range(100)])
    members = Members(wide.name, kafka)
    try:
        source = await members.join()
        await read_until(source, lambda seen: len(seen) == 100)
        assert source.assigned == tuple(range(12))
    finally:
        await members.stop()


async def test_partitions_that_another_member_took_cannot_be_committed(
    publisher: Publisher, topic: str, members: Members
) -> None:
    await publisher.publish(topic, [(str(n).encode(), b"v", []) for n in range(20)])
    first = await members.join()
    seen = await read_until(first, lambda seen: len(seen) == 20)
    before = first.generation
    ends = {message.partition: message.offset + 1 for message in seen}
    joining = asyncio.create_task(members.join())
    async with asyncio.timeout(120):
        while first.generation == before or len(first.assigned) != 1:
            await first.read(50, 10)
    second = await joining
    assert first.assigned != second.assigned
    with pytest.raises(PartitionsLost):
        await first.commit(ends)
    await first.commit({partition: ends[partition] for partition in first.assigned})


async def test_offsets_that_the_broker_no_longer_has_stop_the_service(
    publisher: Publisher, topic: str, members: Members, admin: AIOKafkaAdminClient
) -> None:
    places = await publisher.publish(topic, [(b"same", b"v", []) for _ in range(10)])
    partition = places[0][0]
    first = await members.join()
    await read_until(first, lambda seen: len(seen) == 10)
    await first.commit({partition: places[2][1]})
    await members.leave(first)
    await admin.delete_records({TopicPartition(topic, partition): RecordsToDelete(before_offset=places[6][1])})
    second = await members.join()
    with pytest.raises(StopService, match="no longer on the broker"):
        await read_until(second, bool)


async def test_a_paused_source_gives_nothing_and_stays_a_member(
    publisher: Publisher, topic: str, members: Members
) -> None:
    source = await members.join()
    await read_until(source, lambda seen: len(source.assigned) == 2)
    source.pause()
    places = await publisher.publish(topic, [(b"k", b"v", [])])
    assert await source.read(600, 10) == {}
    source.resume()
    (message,) = await read_until(source, bool)
    assert (message.partition, message.offset) == places[0]


async def test_messages_of_an_aborted_transaction_are_never_seen(
    kafka: KafkaSettings, topic: str, members: Members
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap_servers, transactional_id=uuid.uuid4().hex)
    await producer.start()
    try:
        await producer.begin_transaction()
        await producer.send_and_wait(topic, b"aborted", partition=0)
        await producer.abort_transaction()
        async with producer.transaction():
            await producer.send_and_wait(topic, b"committed", partition=0)
    finally:
        await producer.stop()
    source = await members.join()
    assert [message.value for message in await read_until(source, bool)] == [b"committed"]
    async with asyncio.timeout(120):
        while await source.position(0) < 4:  # past the marker that ends the transaction
            assert await source.read(50, 10) == {}


async def test_offsets_are_told_without_joining_the_group(
    kafka: KafkaSettings, publisher: Publisher, topic: str, members: Members, admin: AIOKafkaAdminClient
) -> None:
    reader = OffsetReader(topic, members.group, kafka)
    await reader.start()
    try:
        assert await reader.end_offsets() == await reader.beginning_offsets() == {0: 0, 1: 0}
        assert await reader.committed() == {}
        places = await publisher.publish(topic, [(b"same", b"v", []) for _ in range(5)])
        partition = places[0][0]
        assert (await reader.end_offsets())[partition] == 5
        source = await members.join()
        await read_until(source, lambda seen: len(seen) == 5)
        await source.commit({partition: 3})
        assert await reader.committed() == {partition: 3}
        await admin.delete_records({TopicPartition(topic, partition): RecordsToDelete(before_offset=2)})
        assert (await reader.beginning_offsets())[partition] == 2
        assert source.assigned == (0, 1)
    finally:
        await reader.stop()


async def test_offsets_of_a_topic_that_does_not_exist_are_unavailable(kafka: KafkaSettings) -> None:
    reader = OffsetReader(fresh().name, "nobody", kafka)
    await reader.start()
    try:
        with pytest.raises(KafkaUnavailable):
            await reader.end_offsets()
    finally:
        await reader.stop()

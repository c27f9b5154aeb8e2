"""Members of a group: under one name, where who joined last has it and the other one ends, and at their beginning."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.errors import KafkaConnectionError

from crosslook.contracts.topics import Topic
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import KafkaUnavailable, Publisher, RecordSource, ensure_topics
from crosslook.platform.settings import KafkaSettings

SESSION_SECONDS = 6
PARTITIONS = 2


@pytest.fixture
async def topic(kafka: KafkaSettings) -> str:
    made = Topic(f"test-{uuid.uuid4().hex[:8]}", "key", "delete", PARTITIONS, (), ())
    await ensure_topics(kafka, [made])
    return made.name


def member(topic: str, kafka: KafkaSettings, name: str) -> RecordSource:
    return RecordSource(topic, f"group-{topic}", kafka, instance_id=name, session_seconds=SESSION_SECONDS)


@contextlib.asynccontextmanager
async def reading(source: RecordSource, seen: list[bytes | None]) -> AsyncIterator[asyncio.Task[None]]:
    """A task that reads and commits as ingest does, for as long as the block lasts; it ends by StopService alone."""

    async def read() -> None:
        await source.start()
        try:
            while True:
                with contextlib.suppress(KafkaUnavailable):
                    batches = await source.read(50, 100)
                    seen.extend(message.value for messages in batches.values() for message in messages)
                    if batches:
                        await source.commit({partition: batch[-1].offset + 1 for partition, batch in batches.items()})
        finally:
            await source.stop()

    task = asyncio.create_task(read())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until_it_reads(topic: str, kafka: KafkaSettings, seen: list[bytes | None]) -> None:
    publisher = Publisher(kafka)
    await publisher.start()
    try:
        sent = uuid.uuid4().hex.encode()
        await publisher.publish(topic, [(b"k", sent, [])])
        async with asyncio.timeout(120):
            while sent not in seen:
                await asyncio.sleep(0.02)
    finally:
        await publisher.stop()


async def test_the_older_of_two_members_with_one_name_ends_and_the_younger_one_is_left_alone(
    kafka: KafkaSettings, topic: str
) -> None:
    older, younger = member(topic, kafka, "twin"), member(topic, kafka, "twin")
    read_by_older, read_by_younger = list[bytes | None](), list[bytes | None]()
    async with reading(older, read_by_older) as ending:
        await until_it_reads(topic, kafka, read_by_older)
        async with reading(younger, read_by_younger) as staying:
            with pytest.raises(StopService, match="under our name 'twin'"):
                await asyncio.wait_for(ending, 30)
            await until_it_reads(topic, kafka, read_by_younger)
            assert (younger.generation, younger.assigned, staying.done()) == (1, (0, 1), False)


async def test_of_two_members_that_join_under_one_name_at_the_same_moment_one_stays(
    kafka: KafkaSettings, topic: str
) -> None:
    seen = list[bytes | None]()
    one, other = member(topic, kafka, "twin"), member(topic, kafka, "twin")
    async with reading(one, seen) as first, reading(other, seen) as second:
        over, staying = await asyncio.wait((first, second), timeout=30, return_when=asyncio.FIRST_COMPLETED)
        assert [type(task.exception()) for task in over] == [StopService]
        await until_it_reads(topic, kafka, seen)
        assert [task.done() for task in staying] == [False]


async def test_a_name_that_only_begins_like_another_one_is_a_name_of_its_own(kafka: KafkaSettings, topic: str) -> None:
    one, other = member(topic, kafka, "w"), member(topic, kafka, "w-1")
    async with reading(one, []) as first, reading(other, []) as second, asyncio.timeout(120):
        while len(one.assigned) != 1 or len(other.assigned) != 1:
            await asyncio.sleep(0.02)
        assert not first.done()
        assert not second.done()


@pytest.fixture
def untold(monkeypatch: pytest.MonkeyPatch) -> list[KafkaConnectionError]:
    """Failures that the next questions for the beginning of a partition end in."""
    ask, failures = AIOKafkaConsumer.beginning_offsets, [KafkaConnectionError(), KafkaConnectionError()]

    async def ask_in_vain_at_first(self: AIOKafkaConsumer, partitions: list[TopicPartition]) -> object:
        if failures:
            raise failures.pop()
        return await ask(self, partitions)

    monkeypatch.setattr(AIOKafkaConsumer, "beginning_offsets", ask_in_vain_at_first)
    return failures


async def test_a_beginning_that_the_broker_did_not_tell_is_asked_for_again(
    kafka: KafkaSettings, topic: str, untold: list[KafkaConnectionError]
) -> None:
    seen = list[bytes | None]()
    async with reading(member(topic, kafka, "first"), seen):
        await until_it_reads(topic, kafka, seen)
    assert untold == []


async def test_a_member_that_hangs_loses_its_place_also_after_a_read_that_failed(
    kafka: KafkaSettings, topic: str, untold: list[KafkaConnectionError]
) -> None:
    source = RecordSource(topic, f"group-{topic}", kafka, session_seconds=SESSION_SECONDS, max_poll_seconds=0.5)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await admin.start()
    await source.start()
    try:
        async with asyncio.timeout(120):
            while untold or not source.assigned:
                with contextlib.suppress(KafkaUnavailable):
                    await source.read(50, 1)
            while await members_of(admin, f"group-{topic}"):
                await asyncio.sleep(0.05)
    finally:
        await source.stop()
        await admin.close()


async def test_a_member_that_leaves_while_the_group_is_shared_out_again_comes_back(
    kafka: KafkaSettings, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave, left = GroupCoordinator._maybe_leave_group, asyncio.Event()

    async def leave_during_a_rebalance(self: GroupCoordinator) -> None:
        """As where its last heartbeat said that another member came, and the answer to its farewell takes long."""
        self.request_rejoin()
        left.set()
        await asyncio.Event().wait()

    source = RecordSource(topic, f"group-{topic}", kafka, session_seconds=SESSION_SECONDS, max_poll_seconds=0.5)
    await source.start()
    try:
        monkeypatch.setattr(GroupCoordinator, "_maybe_leave_group", leave_during_a_rebalance)
        async with asyncio.timeout(60):
            await left.wait()
            monkeypatch.setattr(GroupCoordinator, "_maybe_leave_group", leave)
            generation = source.generation
            while source.generation == generation:
                with contextlib.suppress(KafkaUnavailable):
                    await source.read(50, 1)
        assert len(source.assigned) == PARTITIONS
    finally:
        await source.stop()


async def members_of(admin: AIOKafkaAdminClient, group: str) -> int:
    (answer,) = await admin.describe_consumer_groups([group])
    return len(answer.groups[0][5])

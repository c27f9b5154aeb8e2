"""What a log store on Kafka does when the broker hangs, goes away and comes back, and when its writer was asleep."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from aiokafka.errors import ProducerFenced

from crosslook.local.ports import free_port
from crosslook.platform.kafka import Publisher
from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.kafka import KafkaLogStore, KafkaLogView
from crosslook.platform.log_store.protocol import LogStore, LogUnavailable, NotTheWriter, WriterFenced, WriteUnconfirmed
from crosslook.platform.settings import KafkaSettings
from tests.helpers.log_faults import Kafka, Pair
from tests.helpers.processes import stop, wait_for

MIB = 1024 * 1024


@pytest.fixture(scope="module")
async def broker(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Kafka]:
    made = Kafka(tmp_path_factory.mktemp("broker"))
    await made.start()
    yield made
    made.stop()


@pytest.fixture
async def pair(broker: Kafka) -> AsyncIterator[Pair]:
    made = Pair(await broker.new_topic(), broker.settings)
    await made.store.start()
    await made.view.start()
    yield made
    await made.store.stop()
    await made.view.stop()


@pytest.fixture
async def replica(broker: Kafka) -> AsyncIterator[KafkaElectedStore]:
    """An elected store on a topic of its own, which writes."""
    topic = await broker.new_topic()
    made = KafkaElectedStore(topic, broker.settings, "http://a", sign_of_life_seconds=1, request_timeout_seconds=3)
    await made.start()
    await until(lambda: made.writes)
    yield made
    await made.stop()


async def until(condition: Callable[[], bool], seconds: float = 180) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def put_once_possible(store: LogStore, key: str, value: bytes) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(LogUnavailable, NotTheWriter):
                await store.put(key, value)
                return
            await asyncio.sleep(0.1)


async def test_the_end_of_a_log_is_asked_for_while_the_reader_waits_for_messages(broker: Kafka) -> None:
    view = KafkaLogView(await broker.new_topic(), broker.settings, poll_ms=3_600_000)
    try:
        await view.start()
        for _ in range(5):
            await view.catch_up()
    finally:
        await view.stop()


async def test_a_broker_that_hangs_fails_writes_in_time_and_is_used_again_when_it_wakes(
    broker: Kafka, pair: Pair, replica: KafkaElectedStore
) -> None:
    await pair.store.put("a", b"1")
    await replica.put("a", b"1")
    await pair.view.catch_up()
    broker.signal(signal.SIGSTOP)
    try:
        with pytest.raises(LogUnavailable):
            await pair.store.put("a", b"2")
        await until(lambda: pair.view.failure == pair.store.failure == replica.failure == "broker_unreachable")
        assert not any(log.ready for log in (pair.view, pair.store, replica))
        for store in (pair.store, replica):  # and these at once
            with pytest.raises(LogUnavailable):
                await store.put("a", b"3")
        entry = pair.view.get("a")  # what was known is still there to read
        assert entry is not None
        assert entry.value == b"1"
    finally:
        broker.signal(signal.SIGCONT)
    await until(lambda: pair.view.ready and pair.store.ready and replica.ready)
    await put_once_possible(replica, "a", b"4")
    await put_once_possible(pair.store, "a", b"4")
    entry = pair.store.get("a")
    assert entry is not None
    assert entry.value == b"4"
    assert entry.version >= 2  # a write that was not confirmed happened or not
    await pair.view.catch_up()
    assert pair.view.get("a") == entry


async def test_a_write_is_given_up_once_the_broker_is_known_to_be_away_and_the_store_can_be_stopped(
    broker: Kafka,
) -> None:
    topic = await broker.new_topic()
    patient = KafkaLogStore(topic, broker.settings, sign_of_life_seconds=1, request_timeout_seconds=600)
    await patient.start()
    await patient.put("a", b"1")
    broker.stop()
    try:
        async with asyncio.timeout(60):
            with pytest.raises(WriteUnconfirmed):
                await patient.put("a", b"2")
            await patient.stop()
    finally:
        await broker.start()


async def test_readers_and_the_writer_outlive_a_restart_of_the_broker(
    broker: Kafka, pair: Pair, replica: KafkaElectedStore
) -> None:
    await pair.store.put("a", b"1")
    await pair.view.catch_up()
    broker.stop()
    await until(lambda: pair.view.failure == "broker_unreachable")
    with pytest.raises(LogUnavailable):
        await pair.view.catch_up(timeout_seconds=0.5)
    await broker.start()
    await until(lambda: pair.view.ready and pair.store.ready and replica.ready)
    await put_once_possible(replica, "a", b"1")
    await put_once_possible(pair.store, "a", b"2")
    await pair.view.catch_up()
    entry = pair.view.get("a")
    assert entry is not None
    assert (entry.value, entry.version) == (b"2", 2)


async def test_a_store_ends_while_its_write_looks_for_a_broker_that_is_away(broker: Kafka, pair: Pair) -> None:
    await pair.store.put("a", b"1")
    broker.stop()
    try:
        with pytest.raises(LogUnavailable):
            await pair.store.put("a", b"2")
        async with asyncio.timeout(60):
            await pair.store.stop()
    finally:
        await broker.start()


async def test_a_caller_that_gives_up_leaves_a_store_that_goes_on(pair: Pair) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await pair.store.put("a", b"1")
    entry = await pair.store.put("a", b"2")
    assert entry is not None
    assert entry.value == b"2"


async def test_a_store_without_a_broker_says_so_and_leaves_nothing_open() -> None:
    nowhere = KafkaSettings(bootstrap_servers=f"127.0.0.1:{free_port()}")
    for log in (KafkaLogStore("x", nowhere), KafkaLogView("x", nowhere)):
        with pytest.raises(LogUnavailable):
            await log.start()
        await log.stop()
        await log.stop()
        with pytest.raises(LogUnavailable):
            await log.catch_up()


async def test_a_broker_that_hands_out_no_place_for_writers_is_an_error_and_not_waited_for_without_end(
    tmp_path: Path,
) -> None:
    alone = Kafka(tmp_path, "transaction.state.log.replication.factor=2\n")  # there is one broker
    await alone.start()
    try:
        store = KafkaLogStore(await alone.new_topic(), alone.settings, request_timeout_seconds=0.5)
        publisher = Publisher(alone.settings)
        async with asyncio.timeout(60):
            with pytest.raises(LogUnavailable, match="cannot take over as writer"):
                await store.start()
            await publisher.start()  # which needs none
            await publisher.stop()
            with pytest.raises(WriterFenced):
                await store.put("a", b"1")
    finally:
        alone.stop()


async def test_a_stopped_store_can_be_stopped_again_and_writes_no_more(pair: Pair) -> None:
    await pair.store.stop()
    await pair.store.stop()
    with pytest.raises(WriterFenced):
        await pair.store.put("a", b"1")


@pytest.mark.parametrize("committed", [True, False])
async def test_a_writer_that_is_fenced_while_it_commits_finds_out_whether_its_write_was_applied(
    broker: Kafka, replica: KafkaElectedStore, committed: bool
) -> None:
    await replica.put("a", b"1")
    other = KafkaLogStore(replica.topic, broker.settings)
    assert replica._writer is not None
    producer = replica._writer._producer
    assert producer is not None
    commit = producer.commit_transaction

    async def commit_and_be_fenced() -> None:
        if committed:
            await commit()
            await other.start()
            raise ProducerFenced
        await other.start()
        await commit()

    producer.commit_transaction = commit_and_be_fenced
    try:
        if committed:
            entry = await replica.put("a", b"2", expected_version=1)
            assert entry is not None
            assert (entry.value, entry.version) == (b"2", 2)
        else:
            with pytest.raises(NotTheWriter):
                await replica.put("a", b"2", expected_version=1)
        await other.put("a", b"3", expected_version=2 if committed else 1)
    finally:
        await other.stop()


async def test_a_definition_of_five_mebibytes_fits(pair: Pair) -> None:
    large = os.urandom(5 * MIB)
    entry = await pair.store.put("a", large)
    assert entry is not None
    assert entry.value == large
    await pair.view.catch_up()
    assert pair.view.get("a") == entry


_SLEEPER = """
import asyncio, sys
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.log_store.protocol import WriterFenced
from crosslook.platform.settings import KafkaSettings

async def main():
    store = KafkaLogStore(sys.argv[1], KafkaSettings(bootstrap_servers=sys.argv[2]))
    await store.start()
    await store.put("a", b"before")
    print("written", flush=True)
    while True:
        try:
            await store.put("a", b"zombie")
        except WriterFenced:
            print("fenced", store.failure, flush=True)
            return
        await asyncio.sleep(0.01)

asyncio.run(main())
"""


async def test_a_writer_that_slept_through_a_take_over_cannot_write_any_more(broker: Kafka, tmp_path: Path) -> None:
    topic = await broker.new_topic()
    told = tmp_path / "told"
    with told.open("wb") as output:
        sleeper = subprocess.Popen(
            [sys.executable, "-c", _SLEEPER, topic, broker.settings.bootstrap_servers], stdout=output, stderr=output
        )
    try:
        wait_for(lambda: "written" in told.read_text(), what="the first write")
        sleeper.send_signal(signal.SIGSTOP)
        store = KafkaLogStore(topic, broker.settings)
        await store.start()
        entry = await store.put("a", b"after the take-over")
        assert entry is not None
        sleeper.send_signal(signal.SIGCONT)
        assert await asyncio.to_thread(sleeper.wait, 30) == 0
        assert "fenced writer_fenced" in told.read_text()
        await store.catch_up()
        assert store.get("a") == entry
        await store.stop()
    finally:
        if sleeper.poll() is None:
            sleeper.send_signal(signal.SIGCONT)
        stop(sleeper)

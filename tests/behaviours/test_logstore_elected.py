"""One exam for the elected log stores, in memory and on a real Kafka: replicas elect one writer, and all read."""

import asyncio

import pytest

from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.protocol import ElectedStore, NotTheWriter, VersionMismatch
from crosslook.platform.settings import KafkaSettings
from tests.behaviours.logs import Logs, until

A, B, C = "http://a:1", "http://b:2", "http://c:3"


def address(store: ElectedStore) -> str | None:
    return store.writer.address if store.writer is not None else None


async def put_when_writer(store: ElectedStore, key: str, value: bytes) -> None:
    async def written() -> bool:
        try:
            await store.put(key, value)
        except NotTheWriter:
            return False
        return True

    await until(written)


async def test_a_lone_replica_is_elected_and_writes_like_any_store(logs: Logs) -> None:
    store = await logs.writing(A)
    first = await store.put("a", b"1", expected_version=0)
    second = await store.put("a", b"2", expected_version=1)
    assert first is not None
    assert second is not None
    assert (second.value, second.version, second.history) == (b"2", 2, ((1, first.offset),))
    with pytest.raises(VersionMismatch):
        await store.put("a", b"3", expected_version=1)
    assert not store.has_peers


async def test_a_replica_that_is_not_elected_is_ready_reads_and_writes_nothing(logs: Logs) -> None:
    writer = await logs.writing(A)
    await writer.put("a", b"1")
    reader = await logs.elected(B)
    assert reader.ready
    await until(lambda: writer.has_peers)
    for _ in range(2):
        with pytest.raises(NotTheWriter):
            await reader.put("a", b"2")
    await writer.put("a", b"3", expected_version=1)
    await reader.catch_up()
    assert reader.get("a") == writer.get("a")
    assert reader.ready
    assert reader.failure is None


async def test_every_replica_knows_where_the_writer_is(logs: Logs) -> None:
    writer = await logs.writing(A)
    reader = await logs.elected(B)
    await reader.catch_up()
    assert reader.writer == writer.writer
    assert address(reader) == A


async def test_the_announcement_of_a_writer_is_no_entry_and_no_change(logs: Logs) -> None:
    view = await logs.view()
    seen: list[object] = []
    view.on_change(seen.append)
    await logs.writing(A)
    await view.catch_up()
    assert (list(view.entries()), seen) == ([], [])


async def test_a_replica_that_joins_takes_nothing_from_the_writer(logs: Logs) -> None:
    writer = await logs.writing(A)
    term = writer.writer
    others = [await logs.elected(name) for name in (B, C)]
    for number in range(20):
        await writer.put("a", str(number).encode(), expected_version=number)
    await until(lambda: all(other.has_peers for other in others))
    await writer.put("a", b"last", expected_version=20)
    assert writer.writer == term
    assert not any(other.writes for other in others)


async def test_another_replica_takes_over_at_once_where_the_writer_resigns(logs: Logs) -> None:
    first, second = await logs.writing(A), await logs.elected(B)
    await first.put("a", b"1")
    await until(lambda: first.has_peers)
    await first.resign()
    with pytest.raises(NotTheWriter):
        await first.put("a", b"late")
    await until(lambda: second.writes)
    await second.put("a", b"2", expected_version=1)
    await first.catch_up()
    assert first.get("a") == second.get("a")
    assert address(first) == B
    assert first.ready


async def test_everybody_who_asked_is_told_of_a_change_of_role(logs: Logs) -> None:
    first, second = await logs.writing(A), await logs.elected(B)
    told: dict[str, list[bool]] = {"one": [], "two": []}
    for heard in told.values():
        second.on_role(heard.append)
    await until(lambda: first.has_peers)
    await first.resign()
    await until(lambda: second.writes)
    assert told == {"one": [False, True], "two": [False, True]}


async def test_a_writer_that_stops_leaves_the_log_to_another_replica(logs: Logs) -> None:
    first, second = await logs.writing(A), await logs.elected(B)
    await first.stop()
    await until(lambda: second.writes)
    await second.put("a", b"1")


async def test_a_replica_alone_resigns_and_another_one_may_come_later(logs: Logs) -> None:
    first = await logs.writing(A)
    await first.put("a", b"1")
    await first.resign()
    second = await logs.writing(B)
    await second.put("a", b"2", expected_version=1)
    assert address(second) == B


async def test_a_writer_that_was_fenced_writes_nothing_reads_on_and_is_elected_again(logs: Logs) -> None:
    replica = await logs.writing(A)
    await replica.put("a", b"1")
    other = await logs.store()
    await other.put("a", b"2", expected_version=1)
    with pytest.raises(NotTheWriter):
        await replica.put("a", b"zombie")
    assert replica.failure is None
    assert replica.ready
    await replica.catch_up()
    assert replica.get("a") == other.get("a")
    await put_when_writer(replica, "a", b"3")
    entry = replica.get("a")
    assert entry is not None
    assert (entry.value, entry.version) == (b"3", 3)


async def test_a_replica_that_starts_at_the_address_of_the_last_writer_writes_without_an_election(logs: Logs) -> None:
    first = await logs.writing(A)
    await first.put("a", b"1")
    await first.resign()
    second = await logs.elected(A)
    await second.put("a", b"2", expected_version=1)


async def test_a_writer_that_was_taken_over_is_not_elected_for_the_term_of_the_next(
    kafka: KafkaSettings, log_topic: str
) -> None:
    # Of two members with one term the group takes the one whose name comes last.
    former, latter = (KafkaElectedStore(log_topic, kafka, A, client_id=name) for name in ("z", "a"))
    try:
        await former.start()
        await until(lambda: former.writes)
        await latter.start()  # at the address of the writer: takes over at once, which the former has read
        await until(lambda: latter.has_peers and former.writes != latter.writes)
        assert latter.writes
        await latter.put("a", b"1")
    finally:
        await former.stop()
        await latter.stop()


async def test_writes_at_all_replicas_while_the_writer_changes_are_applied_once_or_refused(logs: Logs) -> None:
    stores = [await logs.writing(A), await logs.elected(B), await logs.elected(C)]
    applied: list[bytes] = []

    async def load(number: int) -> None:
        for turn in range(60):
            value = f"{number}-{turn}".encode()
            store = stores[(number + turn) % len(stores)]
            try:
                await store.put(value.decode(), value, expected_version=0)
            except NotTheWriter:
                await until(lambda: any(other.writes for other in stores))
            else:
                applied.append(value)

    async def change() -> None:
        await until(lambda: len(applied) > 5)
        await stores[0].resign()

    await asyncio.gather(change(), *(load(number) for number in range(3)))
    await until(lambda: stores[1].writes or stores[2].writes)
    view = await logs.view()
    await view.catch_up()
    assert sorted(entry.value for entry in view.entries().values()) == sorted(applied)
    assert {entry.version for entry in view.entries().values()} == {1}

"""One exam for logs in slots, in memory and on a real Kafka: many processes write one log, each slot has one writer."""

import asyncio

import pytest

from crosslook.platform.log_store.protocol import LogUnavailable, WriterFenced
from tests.behaviours.logs import Logs


async def test_a_slot_cannot_be_taken_before_the_log_is_read(logs: Logs) -> None:
    with pytest.raises(LogUnavailable):
        await logs.unstarted().take(0)


async def test_what_was_written_can_be_read_at_once_and_by_everybody(logs: Logs) -> None:
    log, other = await logs.slotted(), await logs.slotted()
    writer = await logs.slot(log, 0)
    await writer.put_all({"a": b"1", "b": b"2"})
    await writer.put_all({"a": b"3", "b": None})
    await other.catch_up()
    for view in (log, other):
        entry = view.get("a")
        assert entry is not None
        assert (entry.value, entry.version, entry.history) == (b"3", 2, ())
        assert view.get("b") is None


async def test_nothing_to_write_is_written(logs: Logs) -> None:
    log = await logs.slotted()
    writer = await logs.slot(log, 0)
    position = log.position
    await writer.put_all({})
    assert await log.catch_up() == position


async def test_the_writers_of_different_slots_write_at_the_same_time(logs: Logs) -> None:
    log, other = await logs.slotted(), await logs.slotted()
    first, second = await logs.slot(log, 0), await logs.slot(other, 1)
    for number in range(20):
        await asyncio.gather(
            first.put_all({"first": str(number).encode(), f"first/{number}": b""}),
            second.put_all({"second": str(number).encode(), f"second/{number}": b""}),
        )
    for view in (log, other):
        await view.catch_up()
        assert {key: entry.version for key, entry in view.entries().items() if "/" not in key} == {
            "first": 20,
            "second": 20,
        }
        assert len(view.entries()) == 42


async def test_who_takes_a_slot_reads_what_was_written_in_it_and_nothing_is_written_there_any_more(logs: Logs) -> None:
    log, other = await logs.slotted(), await logs.slotted()
    before = await logs.slot(log, 0)
    await before.put_all({"a": b"1"})
    after = await logs.slot(other, 0)
    entry = other.get("a")
    assert entry is not None
    assert entry.value == b"1"
    for _ in range(2):
        with pytest.raises(WriterFenced):
            await before.put_all({"a": b"late", "b": b"late"})
    await after.put_all({"a": b"2"})
    await log.catch_up()
    assert {key: entry.value for key, entry in log.entries().items()} == {"a": b"2"}
    again = await logs.slot(log, 0)
    await again.put_all({"a": b"3"})
    with pytest.raises(WriterFenced):
        await after.put_all({"a": b"late"})


async def test_a_writer_that_was_closed_writes_nothing(logs: Logs) -> None:
    log = await logs.slotted()
    writer = await logs.slot(log, 0)
    await writer.close()
    await writer.close()
    with pytest.raises(WriterFenced):
        await writer.put_all({"a": b"1"})
    await log.catch_up()
    assert log.get("a") is None


async def test_the_writer_of_the_whole_log_keeps_its_place(logs: Logs) -> None:
    store, log = await logs.store(), await logs.slotted()
    writer = await logs.slot(log, 0)
    await store.put("a", b"1")
    await writer.put_all({"b": b"2"})
    await store.catch_up()
    assert list(store.entries()) == ["a", "b"]

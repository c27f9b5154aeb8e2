"""One exam for every log store: in memory and on a real Kafka."""

import asyncio

import pytest

from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from crosslook.platform.log_store.protocol import LogChange, VersionMismatch, WriterFenced
from tests.behaviours.logs import Logs


async def test_a_write_can_be_read_back_at_once(logs: Logs) -> None:
    store = await logs.store()
    entry = await store.put("a", b"1")
    assert entry is not None
    assert (entry.value, entry.version) == (b"1", 1)
    assert store.get("a") == entry
    assert store.position > entry.offset


async def test_versions_count_the_writes_of_a_key(logs: Logs) -> None:
    store = await logs.store()
    for number in (1, 2, 3):
        entry = await store.put("a", str(number).encode(), expected_version=number - 1)
        assert entry is not None
        assert entry.version == number
    other = await store.put("b", b"x")
    assert other is not None
    assert other.version == 1


async def test_a_wrong_expected_version_writes_nothing(logs: Logs) -> None:
    store = await logs.store()
    await store.put("a", b"1")
    with pytest.raises(VersionMismatch) as caught:
        await store.put("a", b"2", expected_version=0)
    assert caught.value.current == 1
    with pytest.raises(VersionMismatch):
        await store.put("missing", b"2", expected_version=3)
    entry = store.get("a")
    assert entry is not None
    assert entry.value == b"1"


async def test_removing_a_key_forgets_it_and_its_versions(logs: Logs) -> None:
    store = await logs.store()
    await store.put("a", b"1")
    assert await store.put("a", None, expected_version=1) is None
    assert store.get("a") is None
    again = await store.put("a", b"2", expected_version=0)
    assert again is not None
    assert (again.version, again.history) == (1, ())


async def test_a_reader_sees_what_the_writer_wrote_in_the_order_of_the_last_append(logs: Logs) -> None:
    store = await logs.store()
    view = await logs.view()
    for key in ("a", "b", "c", "a"):
        await store.put(key, key.encode())
    await view.catch_up()
    assert list(view.entries()) == ["b", "c", "a"]
    assert view.get("a") == store.get("a")


async def test_a_reader_that_starts_later_replays_everything(logs: Logs) -> None:
    store = await logs.store()
    await store.put("a", b"1")
    await store.put("b", b"1")
    await store.put("b", None)
    late = await logs.view()
    assert late.ready
    assert list(late.entries()) == ["a"]
    assert late.position == store.position


async def test_changes_are_called_back_in_log_order(logs: Logs) -> None:
    store = await logs.store()
    view = await logs.view()
    seen: list[LogChange] = []
    view.on_change(seen.append)
    await store.put("a", b"1")
    await store.put("a", None)
    await view.catch_up()
    assert [(change.key, change.entry is None) for change in seen] == [("a", False), ("a", True)]
    assert seen[0].offset < seen[1].offset


async def test_what_stood_at_a_position_is_known_also_to_a_reader_that_starts_later(logs: Logs) -> None:
    store = await logs.store()
    before = store.position
    await store.put("a", b"1")
    cut = store.position
    await store.put("a", b"2")
    await store.put("a", b"3")
    late = await logs.view()
    entry = late.get("a")
    assert entry is not None
    assert entry.version_at(before) is None
    assert entry.version_at(cut) == 1
    assert entry.version_at(late.position) == 3


async def test_catch_up_passes_the_marker_that_ends_the_log(logs: Logs) -> None:
    store = await logs.store()
    view = await logs.view()
    await store.put("a", b"1")
    assert await view.catch_up() == store.position
    assert await view.catch_up() == store.position


async def test_a_writer_that_was_taken_over_can_never_write_again(logs: Logs) -> None:
    first = await logs.store()
    await first.put("a", b"1")
    second = await logs.store()
    await second.put("a", b"2", expected_version=1)
    for _ in range(2):
        with pytest.raises(WriterFenced):
            await first.put("a", b"zombie")
    assert first.failure == "writer_fenced"
    assert not first.ready
    entry = second.get("a")
    assert entry is not None
    assert entry.value == b"2"


async def test_a_new_writer_knows_everything_the_former_one_wrote(logs: Logs) -> None:
    first = await logs.store()
    for number in range(20):
        await first.put(f"k{number}", b"x")
    second = await logs.store()
    assert len(second.entries()) == 20
    assert second.position >= first.position


async def test_concurrent_writers_of_one_process_never_share_a_version(logs: Logs) -> None:
    store = await logs.store()
    results = await asyncio.gather(
        *(store.put("a", str(number).encode(), expected_version=0) for number in range(5)), return_exceptions=True
    )
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert sum(isinstance(result, VersionMismatch) for result in results) == 4


async def test_history_keeps_the_first_and_the_latest_versions(logs: Logs) -> None:
    store = await logs.store()
    entry = await store.put("a", b"0")
    assert entry is not None
    first = entry.offset
    for number in range(40):
        entry = await store.put("a", str(number).encode())
    assert entry is not None
    assert len(entry.history) == 32
    assert entry.history[0] == (1, first)
    assert entry.history[-1][0] == 40


async def test_compaction_in_memory_changes_nothing_a_new_reader_sees() -> None:
    topic = MemoryTopic("test")
    store = MemoryLog(topic)
    await store.start()
    for value in (b"1", b"2"):
        await store.put("a", value)
    await store.put("b", b"1")
    await store.put("b", None)
    topic.compact()
    late = MemoryLog(topic, writer=False)
    await late.start()
    assert dict(late.entries()) == dict(store.entries())
    assert late.position == store.position

"""The fold of a log whose messages are not all readable: what stands under a key, what stops, what heals it."""

import pytest
import structlog.testing

from crosslook.contracts.topics import SNAPSHOTS
from crosslook.platform.log_store.fold import Fold
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from crosslook.platform.log_store.protocol import LogChange, LogUnreadable
from crosslook.platform.log_store.report import LogReport, export
from crosslook.platform.metrics import Meters
from crosslook.platform.process import lost
from tests.unit.contracts.test_documents import MANIFEST, RUN

KEY, GOOD = MANIFEST.key, MANIFEST.encode()
NEWER = {"version": "2", "format": "2", "written_by": "0.2.0"}


async def reader(topic: MemoryTopic, *, writer: bool = False) -> MemoryLog:
    log = MemoryLog(topic, writer=writer)
    await log.start()
    return log


@pytest.fixture
def topic() -> MemoryTopic:
    return MemoryTopic(SNAPSHOTS.name)


async def test_an_unreadable_value_leaves_the_last_readable_one_and_calls_nobody(topic: MemoryTopic) -> None:
    view = await reader(topic)
    seen: list[LogChange] = []
    view.on_change(seen.append)
    topic.append(KEY, GOOD)
    offset = topic.append(KEY, b"{")
    entry = view.get(KEY)
    assert entry is not None
    assert (entry.value, len(seen), seen[0].document) == (GOOD, 1, MANIFEST)
    assert view.failure == f"{KEY} at offset {offset} cannot be read: it is not JSON"
    assert not view.ready
    assert view.whole
    assert lost(view) is None  # the process goes on
    late = await reader(topic)
    assert late.whole is False
    assert late.failure == view.failure


async def test_a_newer_format_is_refused_even_where_it_could_be_read(topic: MemoryTopic) -> None:
    view = await reader(topic)
    topic.append(KEY, GOOD, NEWER)
    assert view.get(KEY) is None
    assert "it has format 2" in (view.failure or "")
    assert "release 0.2.0 can read it" in (view.failure or "")


async def test_nothing_is_written_while_a_key_cannot_be_read(topic: MemoryTopic) -> None:
    store = await reader(topic, writer=True)
    topic.append(KEY, b"{")
    end = topic.end
    with pytest.raises(LogUnreadable, match=rf"{SNAPSHOTS.name}: {KEY} at offset"):
        await store.put(RUN.key, RUN.encode())
    assert topic.end == end


@pytest.mark.parametrize("repair", [GOOD, None])
async def test_a_later_message_of_the_same_key_heals_it(topic: MemoryTopic, repair: bytes | None) -> None:
    store = await reader(topic, writer=True)
    topic.append(KEY, GOOD, {"version": "3", "history": "1:0,2:2"})
    damaged = topic.append(KEY, b"{", {"version": "4"})
    topic.append(RUN.key, b"{")
    topic.append(KEY, repair)
    topic.append(RUN.key, RUN.encode())
    assert (store.failure, store.unreadable) == (None, {})
    entry = store.get(KEY)
    if repair is None:
        assert entry is None
    else:
        assert entry is not None
        assert (entry.version, entry.history) == (5, ((4, damaged),))
    await store.put(RUN.key, RUN.encode(), expected_version=2)


async def test_a_removal_is_told_also_where_nothing_readable_stood(topic: MemoryTopic) -> None:
    view = await reader(topic)
    seen: list[LogChange] = []
    view.on_change(seen.append)
    topic.append(KEY, b"{")
    topic.append(KEY, None)
    assert [(change.key, change.entry) for change in seen] == [(KEY, None)]


async def test_foreign_messages_are_skipped_and_control_keys_kept(topic: MemoryTopic) -> None:
    view = await reader(topic)
    for key in ("a", "�", "", "other/x"):
        topic.append(key, b"x", {"version": "9" * 5_000})
    topic.append("~later", b"x")
    topic.append("~barrier", None)
    assert (view.foreign, view.failure) == (4, None)
    assert list(view.entries()) == ["~later"]


async def test_metrics_count_unreadable_keys_and_foreign_messages(topic: MemoryTopic) -> None:
    meters, view = Meters(), await reader(topic)
    export(meters, view)
    topic.append(KEY, b"{")
    topic.append("x", b"{")
    text = meters.render().decode()
    assert f'crosslook_log_unreadable{{topic="{SNAPSHOTS.name}"}} 1.0' in text
    assert f'crosslook_log_foreign{{topic="{SNAPSHOTS.name}"}} 1.0' in text
    topic.append(KEY, GOOD)
    assert f'crosslook_log_unreadable{{topic="{SNAPSHOTS.name}"}} 0.0' in meters.render().decode()


def test_trouble_is_logged_when_it_begins_and_when_it_ends(topic: MemoryTopic) -> None:
    fold, report = Fold(topic.name), LogReport(topic.name)
    with structlog.testing.capture_logs() as lines:
        for key in (KEY, RUN.key):
            topic.append(key, b"{")
        for _ in range(150):
            topic.append("foreign", b"x")
        for key, value in ((KEY, GOOD), (RUN.key, None)):
            topic.append(key, value)
        for step in topic.steps:
            fold.apply(step)
            report.update(fold)
    events = [(line["event"], line.get("messages")) for line in lines]
    assert events == [
        ("log_unreadable", None),
        ("foreign_messages_skipped", 1),
        ("foreign_messages_skipped", 10),
        ("foreign_messages_skipped", 100),
        ("log_readable_again", None),
    ]
    assert (lines[0]["topic"], lines[0]["key"], lines[0]["offset"]) == (topic.name, KEY, 0)

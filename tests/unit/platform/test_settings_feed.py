"""The settings of tenants as each service sees them: the same whenever it starts."""

from datetime import UTC, datetime
from typing import Any

from crosslook.contracts.tenant_settings import SETTINGS_PREFIX, SettingsEvent, TenantSettings
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from crosslook.platform.settings_feed import SettingsFeed

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def event_of(tenant: str, **settings: Any) -> bytes:
    return SettingsEvent(id="1", source="/s", time=AT, data=TenantSettings(tenant=tenant, **settings)).encode()


async def writer_and_reader() -> tuple[MemoryTopic, MemoryLog, MemoryLog]:
    topic = MemoryTopic(SCHEMAS.name)
    writer, reader = MemoryLog(topic), MemoryLog(topic, writer=False)
    await writer.start()
    await reader.start()
    return topic, writer, reader


async def late(topic: MemoryTopic) -> SettingsFeed:
    topic.compact()
    view = MemoryLog(topic, writer=False)
    await view.start()
    return SettingsFeed(view)


async def test_a_change_counts_at_once_and_a_removal_does_too() -> None:
    topic, writer, reader = await writer_and_reader()
    feed = SettingsFeed(reader)
    assert feed.settings("acme") == TenantSettings(tenant="acme")
    for timezone, language in (("Europe/Paris", "fr"), ("UTC", None)):
        await writer.put(SETTINGS_PREFIX + "acme", event_of("acme", timezone=timezone, language=language))
        for seen in (feed, await late(topic)):
            assert seen.settings("acme").timezone == timezone
            assert seen.language("acme") == language
            assert seen.language("globex") is None
    await writer.put(SETTINGS_PREFIX + "acme", None)
    assert feed.settings("acme") == TenantSettings(tenant="acme")


async def test_only_settings_that_could_never_be_read_are_lost() -> None:
    topic, writer, reader = await writer_and_reader()
    feed = SettingsFeed(reader)
    await writer.put(SETTINGS_PREFIX + "acme", event_of("acme", language="fr"))
    topic.append(SETTINGS_PREFIX + "acme", b"rubbish")
    topic.append(SETTINGS_PREFIX + "globex", event_of("acme"))
    assert (feed.lost("acme"), feed.language("acme")) == (False, "fr")
    assert feed.lost("globex")
    assert not feed.lost("initech")
    assert (await late(topic)).lost("acme")


async def test_a_damaged_batch_may_have_held_settings_of_anybody() -> None:
    topic, _, reader = await writer_and_reader()
    started_later = MemoryLog(topic, writer=False)
    for view in (reader, started_later):
        view._fold.damaged(8, 9)
    await started_later.start()
    assert not SettingsFeed(reader).lost("acme"), "it knew that there were none"
    assert SettingsFeed(started_later).lost("acme")

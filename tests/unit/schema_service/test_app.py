"""What the service says of itself: why it is not ready, and what it is configured with."""

import pytest

from crosslook.platform.log_store.memory import ElectedMemoryLog, MemoryLog, MemoryTopic
from services.schema_service.app import unready
from services.schema_service.settings import SchemaSettings


async def test_it_is_ready_when_every_log_is() -> None:
    logs = [MemoryLog("schemas"), MemoryLog("snapshots", writer=False)]
    for log in logs:
        await log.start()
    assert unready(*logs) is None


async def test_a_log_that_is_not_read_to_its_end_is_the_reason() -> None:
    first, second = MemoryLog("schemas"), MemoryLog("snapshots", writer=False)
    await first.start()
    assert unready(first, second) == "snapshots: reading, at 0"


async def test_it_is_ready_whether_or_not_it_is_the_writer() -> None:
    topic = MemoryTopic("schemas")
    first, second = ElectedMemoryLog(topic, "http://a"), ElectedMemoryLog(topic, "http://b")
    await first.start()
    await second.start()
    assert [store.writes for store in (first, second)] == [True, False]
    assert [unready(store) for store in (first, second)] == [None, None]


def test_it_keeps_its_port_when_only_its_host_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLOOK_HTTP__HOST", "0.0.0.0")  # noqa: S104  # the address is what is tested
    monkeypatch.setenv("CROSSLOOK_SCHEMAS__MAX_FIELDS", "20")
    settings = SchemaSettings()
    assert (settings.http.host, settings.http.port) == ("0.0.0.0", 8001)  # noqa: S104  # as above
    assert (settings.schemas.max_fields, settings.schemas.max_options) == (20, 500)
    assert (settings.intake.max_events, settings.intake.max_bytes) == (1000, 5 * 1024 * 1024)

"""What another worker wrote a moment ago is found, and what cannot be found out is not said to be absent."""

import pytest

from crosslook.platform.errors import Unavailable
from crosslook.platform.log_store.memory import MemoryTopic
from services.snapshot_service.api.known import known
from tests.helpers.replicas import Lagging


@pytest.fixture
async def log() -> Lagging:
    """A log whose reader has not read its last message."""
    topic = MemoryTopic("log")
    store = Lagging(topic)
    await store.start()
    topic.append("read", b"1")
    store.lags = True
    topic.append("written", b"2")
    return store


async def test_what_another_worker_wrote_is_found(log: Lagging) -> None:
    assert log.get("written") is None
    found = await known(log, lambda: log.get("written"))
    assert found is not None
    assert found.value == b"2"


async def test_what_is_there_is_found_without_asking_the_broker(log: Lagging) -> None:
    log.reachable = False
    assert await known(log, lambda: log.get("read")) is not None
    assert log.caught_up == 0


async def test_what_does_not_exist_is_looked_for_at_the_end_of_the_log(log: Lagging) -> None:
    assert await known(log, lambda: log.get("never")) is None
    assert log.caught_up == 1


async def test_where_the_end_cannot_be_reached_nothing_is_said_to_be_absent(log: Lagging) -> None:
    log.reachable = False
    with pytest.raises(Unavailable):
        await known(log, lambda: log.get("written"))

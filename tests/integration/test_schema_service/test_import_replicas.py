"""An import at two replicas on a real broker: both show how far it is while it runs, and what became of it."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from crosslook.platform.clock import FixedClock
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.integration.test_schema_service.conftest import NOW
from tests.integration.test_schema_service.test_imports import imported, listed, prepared

ROWS = 20_000
FILE = b"_id,status\n" + b"".join(b"%d,%s\n" % (number, b"open" if number else b"lost") for number in range(ROWS))


@pytest.fixture
async def own(kafka: KafkaSettings) -> KafkaSettings:
    """The broker with topics of this test's own."""
    topics = own_topics(kafka)
    await ensure_topics(topics)
    return topics


async def test_every_replica_shows_how_far_an_import_is(own: KafkaSettings, tokens: Tokens) -> None:
    clock, ports = FixedClock(NOW), (HttpSettings(port=8001), HttpSettings(port=8002))
    async with (
        running_service(own, tokens, clock, http=ports[0]) as writer,
        running_service(own, tokens, clock, http=ports[1]) as reader,
    ):
        await prepared(writer, "acme")
        seen: list[tuple[str, int, int, int]] = []

        async def shows(service: Service, rows: int) -> None:
            async with asyncio.timeout(60):
                while True:
                    for item in await listed(service, "acme"):
                        assert (item["state"], item["reason"]) == ("running", None)
                        if item["rows"] == rows:
                            seen.append((item["state"], item["rows"], item["accepted"], item["refused"]))
                            return
                    await asyncio.sleep(0.05)

        async def file() -> AsyncIterator[bytes]:
            yield FILE
            for service in (writer, reader):
                await shows(service, ROWS)
            yield b"last,open\n"

        done = await imported(writer, "acme", file())
        assert (done["rows"], done["refused"]) == (ROWS + 1, 1)
        for state, rows, accepted, refused in seen:
            assert (state, rows, refused) == ("running", ROWS, 1)
            assert 0 <= accepted < ROWS
        for service in (writer, reader):
            (item,) = await listed(service, "acme")
            assert (item["state"], item["rows"], item["accepted"]) == ("done", ROWS + 1, ROWS)

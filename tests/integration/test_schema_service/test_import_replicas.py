"""An import at two replicas on a real broker: both show how far it is while it runs, and what became of it."""

from collections.abc import AsyncIterator

import pytest

from crosslook.platform.clock import FixedClock
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.behaviours.logs import until
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

        async def shows_all(service: Service) -> bool:
            items = await listed(service, "acme")
            assert all((item["state"], item["reason"]) == ("running", None) for item in items)
            assert all(0 <= item["accepted"] < ROWS for item in items)
            return [(item["rows"], item["refused"]) for item in items] == [(ROWS, 1)]

        async def file() -> AsyncIterator[bytes]:
            yield FILE
            await until(lambda: shows_all(writer))
            await until(lambda: shows_all(reader))
            yield b"last,open\n"

        done = await imported(writer, "acme", file())
        assert (done["rows"], done["refused"]) == (ROWS + 1, 1)
        for service in (writer, reader):
            (item,) = await listed(service, "acme")
            assert (item["state"], item["rows"], item["accepted"]) == ("done", ROWS + 1, ROWS)

"""query_service as its process wires it: both topics on a real broker, rows on a real engine."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.contracts.topics import SCHEMAS, SNAPSHOTS, Topic
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import FixedClock
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import AuthSettings, ClickHouseSettings, KafkaSettings, TenantsSettings
from services.query_service.app import build
from services.query_service.settings import QueryServiceSettings
from tests.helpers.builders import schema_event, state
from tests.helpers.processes import own_topics
from tests.helpers.query_service import NOON
from tests.helpers.snapshots import PlainObject, PlainRow, create_tables, publish
from tests.unit.query_service.dataset import BOOKING, TICKET

COUNT = {"object": "ticket", "measures": ["ticket.count"]}


@pytest.fixture
def broker(kafka: KafkaSettings) -> KafkaSettings:
    return own_topics(kafka)


def _settings(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> QueryServiceSettings:
    return QueryServiceSettings(
        kafka=kafka,
        clickhouse=clickhouse.model_copy(update={"database": "query_kafka"}),
        auth=AuthSettings(mode="off"),
        tenants=TenantsSettings(open=True),
    )


async def _define(schemas: KafkaLogStore, definition: Definition) -> None:
    defined = state(definition)
    await schemas.put(str(defined.key), schema_event(defined, time=NOON).encode())


async def test_a_topic_that_is_missing_or_kept_wrong_stops_the_start(
    broker: KafkaSettings, clickhouse: ClickHouseSettings
) -> None:
    await ensure_topics(broker, [Topic(SCHEMAS.name, "tenant/object", "delete", 1, (), ())])
    app = build(_settings(broker, clickhouse), FixedClock(NOON))
    with pytest.raises(StopService, match=rf"{SCHEMAS.name}.*\n?.*{SNAPSHOTS.name}"):
        async with app.router.lifespan_context(app):
            await app.state.startup.done()


async def _until(client: httpx.AsyncClient, path: str, wanted: Callable[[Any], bool]) -> Any:
    """The catalog's part, once it is as wanted: a view reads its topic a moment after the writer."""
    async with asyncio.timeout(120):
        while not wanted(found := (await client.get("/v1/tenants/acme/catalog")).json()[path]):
            await asyncio.sleep(0.01)
    return found


def _named(snapshot: str) -> Callable[[Any], bool]:
    return lambda found: bool(found) and found["id"] == snapshot


async def test_what_is_published_on_kafka_is_in_reports_at_once(
    broker: KafkaSettings, clickhouse: ClickHouseSettings
) -> None:
    await ensure_topics(broker)
    settings = _settings(broker, clickhouse)
    store = ClickHouse(settings.clickhouse)
    schemas, snapshots = KafkaLogStore(SCHEMAS.name, broker), KafkaLogStore(SNAPSHOTS.name, broker)
    try:
        await create_tables(store)
        await schemas.start()
        await snapshots.start()
        await _define(schemas, TICKET)
        app = build(settings, FixedClock(NOON))
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://query") as client,
        ):
            await app.state.startup.done()
            assert (await client.get("/readyz")).json() == {"status": "ok"}
            assert (await client.get("/v1/tenants/acme/catalog")).json()["pending"][0]["object"] == "ticket"
            for number in (1, 2):
                tickets = PlainObject(TICKET, [PlainRow(f"t{position}") for position in range(number)])
                dataset = [PlainObject(BUILT_IN_CONTACT, []), tickets]
                await publish(store, snapshots, {"acme": dataset}, number=number)
                await _until(client, "snapshot", _named(f"s{number}"))
                answer = (await client.post("/v1/tenants/acme/query", json=COUNT)).json()
                assert (answer["rows"], answer["snapshot"]["id"]) == ([[number]], f"s{number}")
            await _define(schemas, BOOKING)
            pending = await _until(client, "pending", bool)
            assert [(object_["object"], object_["change"]) for object_ in pending] == [("booking", "created")]
    finally:
        await snapshots.stop()
        await schemas.stop()
        await store.close()

"""The three services in the test's own process on one broker and one engine, and a producer of anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
from fastapi import FastAPI

from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import SystemClock
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.log_store.elected import KafkaElectedStore
from crosslook.platform.log_store.kafka import KafkaLogView
from crosslook.platform.peer import Peer
from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.settings import (
    AuthSettings,
    ClickHouseSettings,
    KafkaSettings,
    RefreshSettings,
    SnapshotsSettings,
    TenantsSettings,
)
from services.query_service.app import build as build_query
from services.query_service.app import wire
from services.query_service.settings import QueryServiceSettings
from tests.helpers import schema_service, snapshot_service
from tests.helpers.builders import event
from tests.helpers.schema_service import Tokens

NOW = datetime.now(UTC).replace(microsecond=0)
SCHEMA = {
    "object": "ticket",
    "labels": {"singular": "Ticket", "plural": "Tickets"},
    "fields": [{"slug": "score", "type": "number", "label": "Score"}],
    "relationships": [{"slug": "requester", "label": "Requester", "target": "contact", "many": False}],
}
COUNT = {"object": "ticket", "measures": ["ticket.count"]}
YEARLY = RefreshSettings(cron="0 0 1 1 *", timezone="UTC")
TICKETS = 30


@dataclass(frozen=True, slots=True)
class Dataset:
    """Three services that run, and a producer that writes what it likes."""

    kafka: KafkaSettings
    clickhouse: ClickHouse
    query_settings: QueryServiceSettings
    schemas: schema_service.Service
    snapshots: snapshot_service.Service
    query: httpx.AsyncClient
    query_app: FastAPI

    @property
    def services(self) -> tuple[httpx.AsyncClient, ...]:
        """All three."""
        return self.schemas.http, self.snapshots.http, self.query

    async def write(self, topic: str, key: str, value: bytes | None, **headers: str) -> None:
        """Append a message to a log, as a newer release, an operator or an accident may."""
        sent = [(name, text.encode()) for name, text in headers.items()]
        await self.snapshots.publisher.publish(topic, [(key.encode(), value, sent)])

    async def stored(self, topic: str, key: str) -> bytes:
        """What stands under a key."""
        async with viewing(topic, self.kafka) as view:
            entry = view.get(key)
            assert entry is not None
            return entry.value

    async def ready(self) -> None:
        """Until all three are, and none would end itself."""
        for app in (self.schemas.app, self.snapshots.app, self.query_app):
            assert app.state.fatal() is None
        for service in self.services:
            await until_ready(service, lambda status, _: status == 200)

    async def count(self) -> int:
        """How many tickets the current snapshot has."""
        response = await self.query.post("/v1/tenants/acme/query", json=COUNT)
        assert response.status_code == 200, response.text
        return int(response.json()["rows"][0][0])

    async def send(self, first: int, last: int, **fields: Any) -> None:
        """Ticket events over Kafka."""
        for number in range(first, last):
            body = event("acme", "ticket", str(number), {"score": number, **fields}, event_id=f"e{number}", time=NOW)
            await self.snapshots.send(orjson.dumps(body), key=f"acme/ticket/{number}".encode())

    async def staged(self) -> int:
        """How many events lie in staging."""
        return int((await self.clickhouse.query("SELECT count() FROM record_log")).scalar())

    @contextlib.asynccontextmanager
    async def another_query_service(self) -> AsyncIterator[httpx.AsyncClient]:
        """A replica that starts now."""
        schemas, snapshots = (KafkaLogView(topic.name, self.kafka) for topic in (SCHEMAS, SNAPSHOTS))
        reports = KafkaElectedStore(REPORTS.name, self.kafka, "http://another")

        app = wire(self.query_settings, SystemClock(), schemas, snapshots, reports)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://query") as client,
        ):
            await app.state.startup.done()
            yield client


@contextlib.asynccontextmanager
async def viewing(topic: str, kafka: KafkaSettings) -> AsyncIterator[KafkaLogView]:
    """A view of a log, read to its end."""
    view = KafkaLogView(topic, kafka)
    await view.start()
    try:
        yield view
    finally:
        await view.stop()


async def until(condition: Callable[[], Awaitable[Any]], seconds: float = 180) -> None:
    """Wait for a condition. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def until_ready(client: httpx.AsyncClient, wanted: Callable[[int, str], bool]) -> str:
    """The reason at `/readyz`, once status and reason are as wanted; `/livez` answers all the time."""
    async with asyncio.timeout(120):
        while True:
            assert (await client.get("/livez")).status_code == 200
            response = await client.get("/readyz")
            reason: str = response.json().get("reason", "")
            if wanted(response.status_code, reason):
                return reason
            await asyncio.sleep(0.02)


async def unready(client: httpx.AsyncClient, *parts: str) -> str:
    """Until a service is not ready for a reason with these parts."""
    return await until_ready(client, lambda status, reason: status == 503 and all(part in reason for part in parts))


@contextlib.asynccontextmanager
async def running_dataset(
    folder: Path, kafka: KafkaSettings, engine: ClickHouseSettings, plans: PlansSettings | None = None
) -> AsyncIterator[Dataset]:
    """All of it, with `TICKETS` tickets of acme published. `kafka` and `engine` name topics and a database that are
    nobody else's. `plans`: by default every plan allows everything."""
    tokens = Tokens.at(folder)
    plans = plans or PlansSettings()
    await ensure_topics(kafka)
    query_settings = QueryServiceSettings(
        kafka=kafka, clickhouse=engine, auth=AuthSettings(mode="off"), tenants=TenantsSettings(open=True), plans=plans
    )
    store = ClickHouse(engine)
    no_grace = SnapshotsSettings(grace_seconds=0)
    async with (
        snapshot_service.running_service(
            kafka, engine, tokens, refresh=YEARLY, snapshots=no_grace, plans=plans
        ) as snapshots,
        schema_service.running_service(
            kafka, tokens, plans=plans, peer=Peer("snapshot_service", "", 30, http=snapshots.http)
        ) as schemas,
    ):
        app = build_query(query_settings, SystemClock())
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://query") as query,
        ):
            await app.state.startup.done()
            made = Dataset(kafka, store, query_settings, schemas, snapshots, query, app)
            await _publish_tickets(made)
            yield made
    await store.close()


async def _publish_tickets(dataset: Dataset) -> None:
    created = await dataset.schemas.ask("POST", "/v1/tenants/acme/schemas", json=SCHEMA)
    assert created.status_code == 201, created.text
    await dataset.send(0, TICKETS)
    assert (await dataset.snapshots.refreshed())["state"] == "published"
    await until(lambda: counts(dataset, TICKETS))
    await dataset.ready()


async def counts(dataset: Dataset, expected: int) -> bool:
    """Whether reports count so many tickets."""
    response = await dataset.query.post("/v1/tenants/acme/query", json=COUNT)
    return response.status_code == 200 and response.json()["rows"] == [[expected]]

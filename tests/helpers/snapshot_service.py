"""snapshot_service in the test's own process on a real broker and engine, asked over HTTP with real tokens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from crosslook.contracts.schemas import SCHEMA_CREATED, Definition, SchemaEvent, SchemaState
from crosslook.contracts.topics import RECORDS, SCHEMAS
from crosslook.platform.kafka import Publisher
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import AuthSettings, ClickHouseSettings, KafkaSettings, TenantsSettings
from services.snapshot_service.app import build
from services.snapshot_service.settings import IngestSettings, SnapshotSettings
from tests.helpers.schema_service import Tokens


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs, who may ask it, and the way in for events."""

    app: FastAPI
    http: httpx.AsyncClient
    tokens: Tokens
    publisher: Publisher

    async def ask(self, method: str, path: str, tenant: str = "*", scope: str = "ops", **more: Any) -> httpx.Response:
        """One call. `more`: what httpx takes."""
        headers = {**self.tokens.header(tenant, scope), **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    async def send(self, *values: bytes, key: bytes = b"acme/ticket/1") -> None:
        """Put events on the records topic as integrations do."""
        await self.publisher.publish(RECORDS.name, [(key, value, ()) for value in values])

    async def until(self, condition: Callable[[], Awaitable[Any]], seconds: float = 180) -> None:
        """Wait for a condition. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(0.05)

    async def refreshed(self) -> dict[str, Any]:
        """Refresh now, over HTTP, and wait for the end."""
        run: dict[str, Any] = (await self.ask("POST", "/v1/snapshots")).json()
        async with asyncio.timeout(60):
            while run["state"] not in ("published", "failed"):
                await asyncio.sleep(0.05)
                run = (await self.ask("GET", f"/v1/runs/{run['run']}")).json()
        return run


@contextlib.asynccontextmanager
async def only_schema(kafka: KafkaSettings, definition: Definition) -> AsyncIterator[None]:
    """The first version of one object of `acme` on the schemas topic. The topic's writer is us until the end."""
    store = KafkaLogStore(SCHEMAS.name, kafka)
    await store.start()
    state = SchemaState(tenant="acme", object=definition.object, version=1, definition=definition)
    created = SchemaEvent(id="1", source="/test", type=SCHEMA_CREATED, time=datetime.now(UTC), data=state)
    await store.put(f"acme/{definition.object}", created.encode())
    yield
    await store.stop()


@contextlib.asynccontextmanager
async def running_service(
    kafka: KafkaSettings, engine: ClickHouseSettings, tokens: Tokens, *, ready: bool = True, **more: Any
) -> AsyncIterator[Service]:
    """Everything started and, by default, ready. `more`: further settings; tenants are open unless they say
    otherwise."""
    trusted = AuthSettings(jwks_file=tokens.folder.key_set)
    usual = {"tenants": TenantsSettings(open=True), "ingest": IngestSettings(linger_seconds=0)}
    settings = SnapshotSettings(kafka=kafka, clickhouse=engine, auth=trusted, **{**usual, **more})
    app = build(settings)
    publisher = Publisher(kafka)
    await publisher.start()
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://snapshots") as http,
    ):
        service = Service(app, http, tokens, publisher)
        if ready:
            await service.until(lambda: _ready(service))
        yield service
    await publisher.stop()


async def _ready(service: Service) -> bool:
    return (await service.http.get("/readyz")).status_code == 200

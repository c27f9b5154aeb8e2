"""query_service on a real engine and logs in memory, asked through HTTP or directly."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from crosslook.contracts.schemas import SchemaState
from crosslook.contracts.topics import REPORTS, SCHEMAS, SNAPSHOTS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import FixedClock
from crosslook.platform.log_store.memory import ElectedMemoryLog, MemoryLog, MemoryTopic
from crosslook.platform.settings import AuthSettings, ClickHouseSettings, TenantsSettings
from services.query_service.app import wire
from services.query_service.settings import QueryServiceSettings, QuerySettings
from tests.helpers.builders import schema_event
from tests.helpers.snapshots import create_tables

NOON = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
"""Half a day after the as-of that `publish` takes unless told otherwise."""


@dataclass(frozen=True, slots=True)
class QueryStack:
    """The running service with what it reads."""

    app: FastAPI
    client: httpx.AsyncClient
    clickhouse: ClickHouse
    schemas: MemoryLog
    snapshots: MemoryLog
    reports: ElectedMemoryLog
    clock: FixedClock

    async def ask(self, report: Any, tenant: str = "acme", **options: Any) -> httpx.Response:
        """Run a report request."""
        return await self.client.post(f"/v1/tenants/{tenant}/query", json=report, **options)

    async def rows(self, report: Any) -> list[list[Any]]:
        """The rows of a report that must be answered."""
        response = await self.ask(report)
        assert response.status_code == 200, response.text
        rows: list[list[Any]] = response.json()["rows"]
        return rows

    async def define(self, state: SchemaState) -> None:
        """Publish the state of an object's schema, as schema_service does."""
        await self.schemas.put(str(state.key), schema_event(state, id=uuid.uuid4().hex, time=NOON).encode())


@asynccontextmanager
async def query_stack(
    engine: ClickHouseSettings,
    database: str,
    *,
    auth: AuthSettings | None = None,
    limits: QuerySettings | None = None,
    open_tenants: bool = True,
    reports: MemoryTopic | str = REPORTS.name,
    schemas_of: MemoryTopic | None = None,
    snapshots_of: MemoryTopic | None = None,
) -> AsyncIterator[QueryStack]:
    """The service on a database of its own; without `auth` everyone may do everything. `reports`: what was saved.
    `schemas_of`, `snapshots_of`: topics that somebody else writes."""
    settings = QueryServiceSettings(
        clickhouse=engine.model_copy(update={"database": database}),
        auth=auth or AuthSettings(mode="off"),
        tenants=TenantsSettings(open=open_tenants),
        query=limits or QuerySettings(),
    )
    clickhouse = ClickHouse(settings.clickhouse)
    schemas = MemoryLog(schemas_of or SCHEMAS.name, writer=schemas_of is None)
    snapshots = MemoryLog(snapshots_of or SNAPSHOTS.name, writer=snapshots_of is None)
    saved = ElectedMemoryLog(reports)
    clock = FixedClock(NOON)

    app = wire(settings, clock, schemas, snapshots, saved)
    transport = httpx.ASGITransport(app)
    try:
        await create_tables(clickhouse)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://query") as client,
        ):
            await app.state.startup.done()
            yield QueryStack(app, client, clickhouse, schemas, snapshots, saved, clock)
    finally:
        await clickhouse.close()

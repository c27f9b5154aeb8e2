"""A running snapshot_service with schemas that a test changes, and events that no schema takes at first."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from crosslook.contracts.ids import record_key
from crosslook.contracts.schemas import (
    FieldDef,
    FieldType,
)
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import REQUESTER, Event, definition, event, schema_event, state
from tests.helpers.schema_service import Tokens
from tests.helpers.snapshot_service import Service, running_service

NOW = datetime.now(UTC).replace(microsecond=0)
TEXT_SCORE = FieldDef(slug="score", type=FieldType.TEXT)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A running service, the schemas it knows, and its store."""

    service: Service
    schemas: KafkaLogStore
    engine: ClickHouse

    async def define(self, tenant: str, *fields: FieldDef, version: int = 1) -> None:
        """Create or change the tenant's tickets."""
        defined = state(definition(*fields, relationships=(REQUESTER,)), tenant, version=version)
        await self.schemas.put(str(defined.key), schema_event(defined, time=NOW).encode())

    async def send(self, *events: Event) -> None:
        """Put events on the records topic as integrations do."""
        for item in events:
            data = item["data"]
            key = record_key(data["tenant"], data["object"], data["record"])
            await self.service.send(orjson.dumps(item), key=key)

    async def listed(self, tenant: str, **filters: str) -> list[dict[str, Any]]:
        """What of a tenant's lies in quarantine, the newest first."""
        query = {"tenant": tenant, "page_size": "500", **filters}
        answer = await self.service.ask("GET", "/v1/quarantine", params=query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def wait_listed(self, tenant: str, count: int, **filters: str) -> list[dict[str, Any]]:
        """The same, once there are so many. Raises TimeoutError."""

        async def there() -> bool:
            return len(await self.listed(tenant, **filters)) == count

        await self.service.until(there)
        return await self.listed(tenant, **filters)

    async def move(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        """Replay or discard over HTTP."""
        answer = await self.service.ask("POST", f"/v1/quarantine/{what}", json=body)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def staged(self, tenant: str) -> list[tuple[str, datetime]]:
        """Id and time of a tenant's staged events, by id."""
        sql = "SELECT event_id, event_time FROM record_log WHERE tenant = {tenant:String} ORDER BY event_id"
        return [(row[0], row[1]) for row in (await self.engine.query(sql, {"tenant": tenant})).rows]

    async def wait_staged(self, tenant: str, count: int) -> list[tuple[str, datetime]]:
        """The same, once there are so many. Raises TimeoutError."""

        async def there() -> bool:
            return len(await self.staged(tenant)) >= count

        await self.service.until(there)
        return await self.staged(tenant)


@contextlib.asynccontextmanager
async def running_dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tokens: Tokens, **more: Any
) -> AsyncIterator[Dataset]:
    """Everything started. `more`: settings of the service."""
    await ensure_topics(kafka)
    schemas, engine = KafkaLogStore(SCHEMAS.name, kafka), ClickHouse(clickhouse)
    await schemas.start()
    async with running_service(kafka, clickhouse, tokens, **more) as service:
        yield Dataset(service, schemas, engine)
    await engine.close()
    await schemas.stop()


def wrong(tenant: str, record: str, time: datetime = NOW, score: Any = "high") -> Event:
    """An event that no schema with a number takes."""
    return event(tenant, "ticket", record, {"score": score}, event_id=f"{tenant}-{record}", time=time)

"""Records of acme as a client of snapshot_service sends them and asks for them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import orjson

from crosslook.contracts.ids import record_key
from crosslook.contracts.topics import RECORDS
from tests.helpers.builders import Event, event
from tests.helpers.snapshot_service import Service

NOW = datetime.now(UTC).replace(microsecond=0)


class Records:
    """Sends events about records, and asks where they are."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def send(self, *events: Event) -> None:
        """Send events and wait until each is staged or in quarantine."""
        before = await self._arrived()
        messages = [(record_key("acme", e["data"]["object"], e["data"]["record"]), orjson.dumps(e), ()) for e in events]
        await self.service.publisher.publish(RECORDS.name, messages)

        async def arrived() -> bool:
            return await self._arrived() >= before + len(events)

        await self.service.until(arrived)

    async def _arrived(self) -> int:
        partitions = (await self.service.ask("GET", "/v1/ingest")).json()["partitions"]
        return sum(partition["staged_offset"] for partition in partitions)

    async def of(self, record: str, name: str = "ticket", scope: str = "records:read", **more: Any) -> dict[str, Any]:
        """The answer about a record."""
        answer = await self.service.ask("GET", record_path(record, name), "acme", scope, **more)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def record_path(record: str, name: str = "ticket") -> str:
    # A client resolves dots, as it does in any path.
    return f"/v1/tenants/acme/objects/{name}/records/{quote(record, safe='').replace('.', '%2E')}"


def outcomes_by_id(found: dict[str, Any]) -> dict[str, str]:
    """The outcome of each event by its id."""
    return {shown["id"]: shown["outcome"] for shown in found["events"]}


def ticket_event(record: str, event_id: str, minutes: int = 0, kind: str = "upsert", **more: Any) -> Event:
    """An event about a ticket, so many minutes after now."""
    time = NOW - timedelta(hours=1) + timedelta(minutes=minutes)
    return event("acme", more.pop("name", "ticket"), record, event_id=event_id, time=time, kind=kind, **more)

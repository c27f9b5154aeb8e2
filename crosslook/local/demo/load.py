"""Sends the demonstration data through the real intake: half of the records over HTTP, half directly to Kafka."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import httpx
import orjson

from crosslook.contracts.events import STRUCTURED
from crosslook.contracts.ids import record_key
from crosslook.contracts.topics import RECORDS
from crosslook.local.client import Api
from crosslook.local.demo.dataset import Dataset, Event
from crosslook.local.demo.schemas import BOOKING, SEGMENT, TENANTS, TICKET
from crosslook.platform.kafka import Publisher

EVENTS_PER_BATCH = 1000
_REQUESTS_AT_ONCE = 4
_HEADERS = (("content-type", f"{STRUCTURED}; charset=UTF-8".encode()),)

ReportProgress = Callable[[int], None]
"""Told how many more events are through."""


@dataclass(slots=True)
class Loaded:
    """What the intake said. `refused`: HTTP refusals by event id with their codes; `quarantine`: events put on Kafka
    that ingest must refuse, by id with the code expected."""

    accepted: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    quarantine: dict[str, str] = field(default_factory=dict)

    def wrong_refusals(self, dataset: Dataset) -> list[dict[str, str | int]]:
        """Events that HTTP refused although they are good, or not with the code they were spoiled with, counted."""
        expected = {event["id"]: code for event, code in dataset.bad if not _by_kafka(event)}
        wrong = Counter(
            (str(expected.get(event)), str(self.refused.get(event)))
            for event in expected.keys() | self.refused.keys()
            if expected.get(event) != self.refused.get(event)
        )
        return [{"count": count, "expected": want, "found": got} for (want, got), count in wrong.items()]


async def define_objects(api: Api) -> None:
    """Make the objects of both tenants, and their own contact field, unless they are there. Raises ApiError."""
    for tenant in TENANTS:
        for definition in (TICKET, BOOKING):
            found = await api.get(f"/v1/tenants/{tenant}/schemas/{definition['object']}", missing_ok=True)
            if found is None:
                await api.send("POST", f"/v1/tenants/{tenant}/schemas", definition)
        contact = await api.get(f"/v1/tenants/{tenant}/schemas/contact")
        if all(known["slug"] != SEGMENT["slug"] for known in contact["fields"]):
            names = ("object", "labels", "description", "fields", "relationships")
            changed = {name: contact[name] for name in names if name in contact}
            changed["fields"] = [*changed["fields"], SEGMENT]
            version = {"If-Match": f'"{contact["version"]}"'}
            await api.send("PUT", f"/v1/tenants/{tenant}/schemas/contact", changed, headers=version)


async def load_dataset(dataset: Dataset, api: Api, publisher: Publisher, progress: ReportProgress) -> Loaded:
    """Send everything, good and bad, in the dataset's order; each is through once the intake has acknowledged it."""
    loaded = Loaded()
    stream = _with_bad(dataset)
    async with asyncio.TaskGroup() as group:
        group.create_task(_over_kafka([e for e, _ in stream if _by_kafka(e)], publisher, progress))
        group.create_task(_over_http([e for e, _ in stream if not _by_kafka(e)], api, loaded, progress))
    loaded.quarantine = {event["id"]: code for event, code in dataset.bad if _by_kafka(event)}
    return loaded


def _with_bad(dataset: Dataset) -> list[tuple[Event, str]]:
    """The good events with the bad ones spread evenly among them."""
    step = max(1, len(dataset.good) // max(1, len(dataset.bad)))
    bad = iter(dataset.bad)
    stream: list[tuple[Event, str]] = []
    for number, event in enumerate(dataset.good):
        stream.append((event, ""))
        if number % step == 0 and (spoiled := next(bad, None)) is not None:
            stream.append(spoiled)
    return [*stream, *bad]


def _by_kafka(event: Event) -> bool:
    """All events of one record take the same way, decided by its name, not by chance."""
    return crc32(str(event["data"].get("record", event["id"])).encode()) % 2 == 0


def _batches(events: Sequence[Event]) -> Iterator[Sequence[Event]]:
    for start in range(0, len(events), EVENTS_PER_BATCH):
        yield events[start : start + EVENTS_PER_BATCH]


async def _over_kafka(events: Sequence[Event], publisher: Publisher, progress: ReportProgress) -> None:
    for batch in _batches(events):
        messages = [(_key(event), orjson.dumps(event), _HEADERS) for event in batch]
        await publisher.publish(RECORDS.name, messages)
        progress(len(batch))


def _key(event: Event) -> bytes:
    data = event["data"]
    return record_key(data["tenant"], data["object"], data.get("record", ""))


async def _over_http(events: Sequence[Event], api: Api, loaded: Loaded, progress: ReportProgress) -> None:
    at_once = asyncio.Semaphore(_REQUESTS_AT_ONCE)

    async def send(tenant: str, batch: Sequence[Event]) -> None:
        async with at_once:
            answer: dict[str, Any] = await api.send("POST", f"/v1/tenants/{tenant}/events", list(batch))
        loaded.accepted += answer["accepted"]
        loaded.refused |= {refusal["id"]: refusal["code"] for refusal in answer["refused"]}
        progress(len(batch))

    async with asyncio.TaskGroup() as group:
        for tenant in TENANTS:
            for batch in _batches([event for event in events if event["data"]["tenant"] == tenant]):
                group.create_task(send(tenant, batch))


async def quarantined_codes(api: Api, wanted: dict[str, str]) -> dict[str, str]:
    """The codes under which ingest quarantined these events, by event id."""
    found: dict[str, str] = {}
    token: str | None = None
    while True:
        parameters = httpx.QueryParams({"page_size": 500} | ({"page_token": token} if token else {}))
        answer = await api.get(f"/v1/quarantine?{parameters}")
        found |= {item["event_id"]: item["code"] for item in answer["items"] if item["event_id"] in wanted}
        token = answer["next_page_token"]
        if token is None:
            return found

"""Kafka, killed (SIGKILL) in the middle of webhooks and started again: what was answered 202 is on the topic, and all
else was answered so that the vendor sends it again."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx
import orjson

from crosslook.contracts.topics import WEBHOOKS
from crosslook.local.demo.deliver import signed_headers
from crosslook.local.demo.vendors import PostedMessage
from crosslook.platform.kafka import OffsetReader, ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.helpers.faults import Site
from tests.helpers.faults_processes import WorkerProcess, schema_worker, until
from tests.helpers.processes import own_topics
from tests.helpers.topic_reading import ReadTopicMessage, read_messages
from tests.helpers.zendesk import zendesk_event

TENANT, SECRET = "outage", "a secret of Zendesk"
VENDORS = 8
ENOUGH = 40
"""So many messages are accepted before the broker is killed, and after it is back."""


@dataclass(slots=True)
class Posting:
    """Vendors that post one message after the other. `accepted` and `refused`: the bodies by their answers."""

    http: httpx.AsyncClient
    accepted: set[bytes] = field(default_factory=set)
    refused: dict[bytes, tuple[int, str | None]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    ends: bool = False

    async def vendor(self) -> None:
        """Post until it ends."""
        while not self.ends:
            number = next(self.numbers)
            await self.post(orjson.dumps(zendesk_event("status_changed", id_=f"event {number}", id=str(number))))

    async def post(self, body: bytes) -> None:
        """One message, signed now."""
        headers = signed_headers(PostedMessage(TENANT, "zendesk", body), SECRET, datetime.now(UTC))
        answer = await self.http.post(f"/v1/webhooks/{TENANT}/zendesk", content=body, headers=headers)
        if answer.status_code == 202:
            self.accepted.add(body)
        else:
            self.refused[body] = (answer.status_code, answer.headers.get("retry-after"))

    async def retry(self) -> None:
        """Post what was refused again, as vendors do, until it is accepted."""
        left = iter(list(self.refused))

        async def vendor() -> None:
            for body in left:
                while body not in self.accepted:
                    await self.post(body)

        async with asyncio.timeout(120):
            await asyncio.gather(*(vendor() for _ in range(VENDORS)))

    async def until_accepted(self, more: int) -> None:
        """Wait for so many more messages that are accepted."""
        before = len(self.accepted)

        async def enough() -> bool:
            return len(self.accepted) >= before + more

        await until(enough, f"{more} messages accepted")

    async def until_refused(self, count: int) -> None:
        """Wait until so many are refused."""

        async def enough() -> bool:
            return len(self.refused) >= count

        await until(enough, f"{count} messages refused", 60)


@contextlib.asynccontextmanager
async def posting(site: Site, kafka: KafkaSettings) -> AsyncIterator[tuple[Posting, WorkerProcess]]:
    """Vendors that post to schema_service in a process of its own, where Zendesk is connected."""
    service = schema_worker(kafka, site.folder / "webhook_outage.log")
    try:
        await service.ready()
        async with httpx.AsyncClient(base_url=service.url, trust_env=False, timeout=60) as http:
            body = {"kind": "zendesk", "signing_secret": SECRET}
            made = await http.put(f"/v1/tenants/{TENANT}/integrations/zendesk", json=body)
            assert made.status_code == 200, made.text
            yield Posting(http), service
    finally:
        service.kill()


async def everything(kafka: KafkaSettings) -> list[ReadTopicMessage]:
    """All that is on the topic of webhooks."""
    offsets = OffsetReader(WEBHOOKS.name, "nobody", kafka)
    await offsets.start()
    try:
        count = sum((await offsets.end_offsets()).values())
    finally:
        await offsets.stop()
    return await read_messages(kafka, WEBHOOKS.name, "", count)


async def test_webhooks_while_the_broker_is_killed(site: Site) -> None:
    kafka = own_topics(site.broker.settings)
    await ensure_topics(kafka)
    async with posting(site, kafka) as (vendors, service), asyncio.TaskGroup() as group:
        posts = [group.create_task(vendors.vendor()) for _ in range(VENDORS)]
        await vendors.until_accepted(ENOUGH)
        site.broker.kill()
        try:
            await vendors.until_refused(2 * VENDORS)
        finally:
            await site.broker.start()
        await vendors.until_accepted(ENOUGH)
        vendors.ends = True
        await asyncio.wait(posts)
        assert set(vendors.refused.values()) == {(503, "30")}
        stored = {message.value for message in await everything(kafka)}
        assert vendors.accepted - stored == set()
        await vendors.retry()
        stored = {message.value for message in await everything(kafka)}
        assert stored == vendors.accepted == vendors.accepted | set(vendors.refused)
        assert service.lives

"""Publishes events in bounded batches: some are under way while the next is made, at the pace of the tenant's rate."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import Publisher
from crosslook.platform.metrics import EVENTS_ACCEPTED, Meters
from crosslook.platform.rate_limit import RateLimit
from services.schema_service.intake import OutMessage

_BATCH_BYTES = 1024 * 1024
_UNDER_WAY_MOST = 3


@dataclass(slots=True)
class _Batch:
    messages: list[OutMessage] = field(default_factory=list)
    size: int = 0


class BatchPublication:
    """One stream of events of a tenant. `accepted` counts those that the broker has acknowledged."""

    def __init__(self, publisher: Publisher, rate: RateLimit, meters: Meters, tenant: str) -> None:
        self._publisher = publisher
        self._rate = rate
        self._tenant = tenant
        self._meters = meters
        self._most = rate.paced_most(tenant)
        self._batch = _Batch()
        self._under_way: deque[asyncio.Task[None]] = deque()
        self.accepted = 0

    def add(self, message: OutMessage) -> bool:
        """Take the next event; whether the batch is full, and has to be sent now."""
        batch = self._batch
        batch.messages.append(message)
        batch.size += len(message[1] or b"")
        return batch.size >= _BATCH_BYTES or len(batch.messages) >= self._most

    async def send(self) -> None:
        """Send the batch; waits while too many are under way. Raises KafkaUnavailable where one of them failed."""
        while len(self._under_way) >= _UNDER_WAY_MOST:
            await self._under_way.popleft()
        batch, self._batch = self._batch, _Batch()
        if batch.messages:
            await self._rate.pace(self._tenant, len(batch.messages))
            self._under_way.append(asyncio.create_task(self._publish(batch.messages)))

    async def end(self) -> None:
        """Send what is left, and wait until everything is acknowledged. Raises KafkaUnavailable."""
        await self.send()
        while self._under_way:
            await self._under_way.popleft()

    async def abandon(self) -> None:
        """Let the batches under way end, whatever becomes of them; what was not sent is dropped."""
        under_way, self._under_way = self._under_way, deque()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _publish(self, messages: list[OutMessage]) -> None:
        await self._publisher.publish(RECORDS.name, messages)
        self.accepted += len(messages)
        self._meters.add(EVENTS_ACCEPTED, len(messages))

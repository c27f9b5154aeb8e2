"""Publishes events in bounded batches: one is under way while the next is made, at the pace of the tenant's rate."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import Publisher
from crosslook.platform.metrics import EVENTS_ACCEPTED, Meters
from crosslook.platform.rate_limit import RateLimit
from services.schema_service.intake import OutMessage

_BATCH_BYTES = 1024 * 1024


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
        self._sending: asyncio.Task[None] | None = None
        self.accepted = 0

    async def add(self, message: OutMessage) -> None:
        """Take the next event; waits while the batch before is under way. Raises KafkaUnavailable."""
        self._batch.messages.append(message)
        self._batch.size += len(message[1] or b"")
        if len(self._batch.messages) >= self._most or self._batch.size >= _BATCH_BYTES:
            await self._send()

    async def end(self) -> None:
        """Wait until everything is acknowledged. Raises KafkaUnavailable."""
        await self._send()
        await self._sent()

    async def abandon(self) -> None:
        """Let the batch under way end, whatever becomes of it; what was not sent is dropped."""
        with suppress(Exception):
            await self._sent()

    async def _send(self) -> None:
        await self._sent()
        batch, self._batch = self._batch, _Batch()
        if batch.messages:
            await self._rate.pace(self._tenant, len(batch.messages))
            self._sending = asyncio.create_task(self._publish(batch.messages))

    async def _sent(self) -> None:
        sending, self._sending = self._sending, None
        if sending is not None:
            await sending

    async def _publish(self, messages: list[OutMessage]) -> None:
        await self._publisher.publish(RECORDS.name, messages)
        self.accepted += len(messages)
        self._meters.add(EVENTS_ACCEPTED, len(messages))

"""How far the agents are behind on the webhooks topic, and the wait of a refresh until they are not."""

import asyncio
import math
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Protocol

from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import (
    REFRESH_WITHOUT_WEBHOOKS,
    WEBHOOK_LAG,
    WEBHOOK_SECONDS_BEHIND,
    WEBHOOK_STUCK_SECONDS,
    Meters,
)

_LOG = get_logger(__name__)
_POLL_SECONDS = 0.1


class GroupOffsets(Protocol):
    """Offsets of the webhooks topic and of the agents' group; `OffsetReader` does. All raise KafkaUnavailable."""

    async def end_offsets(self) -> dict[int, int]:
        """The next offset to be written, by partition."""

    async def beginning_offsets(self) -> dict[int, int]:
        """The first offset still kept, by partition."""

    async def committed(self) -> dict[int, int]:
        """Behind the last message whose effects are durable, by partition."""


class WebhookLag:
    """Reads the offsets each time; remembers only since when a partition has not moved."""

    def __init__(
        self, offsets: GroupOffsets, wait_seconds: float, meters: Meters, *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._offsets = offsets
        self._wait_seconds = wait_seconds
        self._meters = meters
        self._clock = clock
        self._moved: dict[int, tuple[int, float]] = {}

    async def measure(self, newest_ms: Mapping[int, int], now_ms: int) -> None:
        """Set the gauges, also of partitions that other workers have. `newest_ms`: when the newest message arrived that
        this worker finished, by partition. Raises KafkaUnavailable."""
        waiting = await self._waiting(await self._offsets.end_offsets())
        for partition, (finished, lag) in waiting.items():
            named = str(partition)
            before = self._moved.get(partition)
            if before is None or before[0] != finished or lag == 0:
                self._moved[partition] = (finished, self._clock())
            newest = newest_ms.get(partition)
            behind = 0.0 if lag == 0 else math.nan if newest is None else max(0.0, (now_ms - newest) / 1000)
            self._meters.set(WEBHOOK_LAG, lag, partition=named)
            self._meters.set(WEBHOOK_SECONDS_BEHIND, behind, partition=named)
            self._meters.set(WEBHOOK_STUCK_SECONDS, self._clock() - self._moved[partition][1], partition=named)

    async def settle(self) -> None:
        """Wait until the effects of every message that is on the topic now are durable: whoever was answered 202 before
        finds it in the snapshot. After `webhooks.wait_seconds` it goes on without the rest, which the next refresh has.
        """
        started = self._clock()
        try:
            end = await self._offsets.end_offsets()
            while left := sum(lag for _, lag in (await self._waiting(end)).values()):
                waited = self._clock() - started
                if waited > self._wait_seconds:
                    self._meters.add(REFRESH_WITHOUT_WEBHOOKS)
                    _LOG.warning("refresh_without_webhooks", messages=left, seconds=round(waited, 1))
                    return
                await asyncio.sleep(_POLL_SECONDS)
        except KafkaUnavailable as error:  # the next step of the refresh meets the same trouble and reports it
            _LOG.warning("refresh_without_webhooks", error=str(error))

    async def _waiting(self, end: Mapping[int, int]) -> dict[int, tuple[int, int]]:
        """By partition, behind which offset the work is, and how many messages below `end` wait. What Kafka has deleted
        waits no more."""
        first, committed = await self._offsets.beginning_offsets(), await self._offsets.committed()
        finished = {p: max(first.get(p, 0), committed.get(p, 0)) for p in end}
        return {p: (at, max(0, end[p] - at)) for p, at in finished.items()}

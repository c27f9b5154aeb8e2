"""Takes pages of a vendor's own export: each item becomes a message, as if the vendor had posted it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from crosslook.contracts.problems import SHOWN_MAX, Problem
from crosslook.contracts.topics import WEBHOOKS
from crosslook.integrations.interface import HistoryItem, Integration, MessageOrigin, Unmappable
from crosslook.platform.bodies import LARGE_BYTES, aside
from crosslook.platform.clock import Clock
from crosslook.platform.errors import Conflict, Invalid
from crosslook.platform.kafka import Publisher
from crosslook.platform.rate_limit import RateLimit
from services.schema_service.intake import OutMessage
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.integrations.connections import ConnectionRegistry
from services.schema_service.integrations.vendor_messages import read_vendor_message, topic_message

_ITEMS_AT_ONCE = 25
"""After so many items other requests have their turns."""


@dataclass(frozen=True, slots=True)
class RefusedItem:
    """One refused item of a page. `index` counts the items of the page."""

    index: int
    problem: Problem


@dataclass(slots=True)
class HistoryPage:
    """A page after it was read: the messages of good items, how many were refused, and the first refusals."""

    messages: list[OutMessage] = field(default_factory=list)
    refused: int = 0
    shown: list[RefusedItem] = field(default_factory=list)

    def refuse(self, index: int, problem: Problem) -> None:
        """An item is not taken."""
        self.refused += 1
        if len(self.shown) < SHOWN_MAX:
            self.shown.append(RefusedItem(index, problem))


class HistoryIntake:
    """Appends the items of pages. What is sent again changes nothing: an item states the same facts as before."""

    def __init__(
        self,
        connections: ConnectionRegistry,
        available: AvailableIntegrations,
        publisher: Publisher,
        clock: Clock,
        rate: RateLimit,
    ) -> None:
        self._connections = connections
        self._available = available
        self._publisher = publisher
        self._clock = clock
        self._rate = rate

    async def take(self, tenant: str, name: str, page: bytes) -> HistoryPage:
        """Append a page's items; returns when the broker has acknowledged them all.

        Raises what ConnectionRegistry.get raises, Conflict `no_history` where the integration reads no export, Invalid
        for what is not a page, RateLimited (429), KafkaUnavailable: then some may have been appended all the same, and
        sending the page again is harmless.
        """
        state = self._connections.get(tenant, name).state
        integration = self._available.integration(state.kind)
        if integration is None or integration.history is None:
            raise Conflict(Problem("no_history", values={"name": state.name}))
        items = await aside(len(page) > LARGE_BYTES, lambda: _items(integration, page))
        self._rate.take(tenant, len(items))
        done, now = HistoryPage(), self._clock.now()
        for index, item in enumerate(items):
            if item.problem is not None:
                done.refuse(index, item.problem)
                continue
            read = await read_vendor_message(integration, state, {}, item.body, MessageOrigin.HISTORY, now)
            if read.problem is not None:
                done.refuse(index, read.problem)
            else:
                done.messages.append(topic_message(state, read))
            if index % _ITEMS_AT_ONCE == 0:
                await asyncio.sleep(0)
        if done.messages:
            await self._publisher.publish(WEBHOOKS.name, done.messages)
        return done


def _items(integration: Integration, page: bytes) -> Sequence[HistoryItem]:
    """Raises Invalid."""
    try:
        return integration.history(page) if integration.history is not None else ()
    except Unmappable as error:
        raise Invalid([error.problem]) from None

"""The health of a connection as a replica stores its part of it, and what all parts come to."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from crosslook.contracts.health import StoredHealth
from crosslook.integrations.interface import VendorLimit
from services.schema_service.domain.webhook_health import ConnectionHealth, combined


class CountedHealth(NamedTuple):
    """What was counted since a connection was made. Nothing of an earlier connection counts for a later one."""

    connected_at: datetime
    health: ConnectionHealth

    def followed_by(self, later: "CountedHealth") -> "CountedHealth":
        """Both, or the one of the later connection."""
        if self.connected_at != later.connected_at:
            return max(self, later, key=lambda counted: counted.connected_at)
        return CountedHealth(self.connected_at, combined([self.health, later.health]))


def read_health(stored: StoredHealth) -> CountedHealth:
    """What a document says."""
    hours = {hour: Counter(counts) for hour, counts in stored.hours.items()}
    health = ConnectionHealth(
        hours,
        dict(stored.minutes),
        stored.last_event_at,
        stored.last_refused_at,
        stored.last_failed_at,
        stored.failing_since,
        stored.near_limit_at,
    )
    return CountedHealth(stored.connected_at, health)


def total_health(parts: Iterable[CountedHealth], connected_at: datetime) -> ConnectionHealth:
    """The health of a connection that was made at an instant: all parts that are about it."""
    return combined(part.health for part in parts if part.connected_at == connected_at)


def own_part(
    stored: CountedHealth | None,
    unsaved: CountedHealth,
    others: Iterable[CountedHealth],
    limit: VendorLimit,
    now: datetime,
) -> CountedHealth:
    """What a replica stores next: what it has stored, and what it has counted since. `others`: the parts of the others,
    in whose light it judges how long messages fail and whether they are near the vendor's limit."""
    connected_at = unsaved.connected_at
    own = [part.health for part in (stored, unsaved) if part is not None and part.connected_at == connected_at]
    total = combined([*own, *(part.health for part in others if part.connected_at == connected_at)])
    part = combined(own, total.last_event_at).current(limit, now)
    if total.is_near(limit, now):
        part.near_limit_at = now
    return CountedHealth(connected_at, part)


def document_of(tenant: str, name: str, slot: int, counted: CountedHealth) -> StoredHealth:
    """A replica's part as a document."""
    health = counted.health
    return StoredHealth(
        tenant=tenant,
        name=name,
        slot=slot,
        connected_at=counted.connected_at,
        hours={hour: dict(counts) for hour, counts in health.hours.items()},
        minutes=health.minutes,
        last_event_at=health.last_event_at,
        last_refused_at=health.last_refused_at,
        last_failed_at=health.last_failed_at,
        failing_since=health.failing_since,
        near_limit_at=health.near_limit_at,
    )

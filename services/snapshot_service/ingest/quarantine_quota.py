"""How many refused events of each tenant the quarantine keeps; further ones stay on Kafka and are counted."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crosslook.contracts.records import Quarantined
from crosslook.platform.clickhouse import ClickHouse

_COUNT_AGAIN_SECONDS = 10.0
_HELD = "SELECT tenant, count() FROM quarantine WHERE tenant IN {tenants:Array(String)} GROUP BY tenant"


@dataclass(slots=True)
class Left:
    """Refused events of one sender, code and partition whose payload is not kept, by their offsets. `oldest_ms`,
    `newest_ms`: when the broker appended the first and the last, milliseconds since the epoch."""

    tenant: str
    source: str
    code: str
    topic: str
    partition: int
    offsets: list[int] = field(default_factory=list)
    oldest_ms: int = 0
    newest_ms: int = 0


@dataclass(slots=True)
class _Held:
    rows: int
    counted_at: float


class QuarantineQuota:
    """Knows about how many rows of each tenant are in quarantine. `max_rows`: how many a tenant may have there.

    Several workers count each for itself, so a tenant may exceed its limit by what they quarantine in ten seconds.
    """

    def __init__(self, clickhouse: ClickHouse, max_rows: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clickhouse = clickhouse
        self._max_rows = max_rows
        self._clock = clock
        self._held: dict[str, _Held] = {}

    async def divide(self, rows: Sequence[Quarantined]) -> tuple[list[Quarantined], list[Left]]:
        """The rows that are kept, and what is left on Kafka. Raises ClickHouseError."""
        await self._count({row.refused.tenant for row in rows})
        kept: list[Quarantined] = []
        left: dict[tuple[str, str, str, int], Left] = {}
        taken: defaultdict[str, int] = defaultdict(int)
        for row in rows:
            tenant = row.refused.tenant
            if self._held[tenant].rows + taken[tenant] < self._max_rows:
                taken[tenant] += 1
                kept.append(row)
            else:
                _leave(left, row)
        for tenant, count in taken.items():
            self._held[tenant].rows += count
        return kept, list(left.values())

    async def _count(self, tenants: set[str]) -> None:
        now = self._clock()
        fresh = {
            tenant
            for tenant in tenants
            if tenant in self._held and now - self._held[tenant].counted_at < _COUNT_AGAIN_SECONDS
        }
        if stale := sorted(tenants - fresh):
            rows = (await self._clickhouse.query(_HELD, {"tenants": stale})).rows
            counted = {tenant: int(count) for tenant, count in rows}
            self._held = {tenant: held for tenant, held in self._held.items() if tenant in fresh}
            self._held |= {tenant: _Held(counted.get(tenant, 0), now) for tenant in stale}


def _leave(left: dict[tuple[str, str, str, int], Left], row: Quarantined) -> None:
    refused, address = row.refused, row.address
    key = (refused.tenant, refused.source, refused.problem.code, address.partition)
    found = left.get(key)
    if found is None:
        found = left[key] = Left(*key[:3], address.topic, address.partition, oldest_ms=address.received_ms)
    found.offsets.append(address.offset)
    found.newest_ms = max(found.newest_ms, address.received_ms)

"""How fresh an answer is: the `snapshot` block that every answer carries (CONTRACTS 5, meaning 12)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from cachetools import LRUCache
from pydantic import BaseModel

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.positions import as_array
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.metrics import Meters
from crosslook.platform.single_flight import SingleFlight
from crosslook.platform.store_refusals import store_refusal

MAX_AGE_SECONDS = 10.0
_REMEMBERED = 10_000
_DUE_REMEMBERED = 100
_WAITING = (
    "SELECT uniqExact(partition, offset) FROM record_log WHERE tenant = {tenant:String} "
    "AND offset >= {lows:Array(Array(UInt64))}[indexOf({behind:Array(String)}, object) + 1][partition + 1]"
)
"""Each object's events count from its own watermark: `lows` begins with the snapshot's, which all have but those
`behind`."""


class SnapshotBlock(BaseModel):
    """How fresh the data of an answer are."""

    id: str
    as_of: str
    next_refresh_at: str
    zone: str
    waiting_events: int
    stale: bool


def rfc3339(moment: datetime) -> str:
    """An instant in UTC, to the millisecond where it has any."""
    utc = moment.astimezone(UTC)
    precision = "milliseconds" if utc.microsecond >= 1000 else "seconds"
    return utc.isoformat(timespec=precision).replace("+00:00", "Z")


class FreshnessGauge:
    """Reads the freshness of a snapshot for a tenant. Waiting events are counted at most every ten seconds."""

    def __init__(
        self,
        current: Callable[[], Manifest | None],
        clickhouse: ClickHouse,
        schedule: Schedule,
        clock: Clock,
        stale_seconds: float,
        meters: Meters,
    ) -> None:
        self._current = current
        self._clickhouse = clickhouse
        self._schedule = schedule
        self._clock = clock
        self._meters = meters
        self._stale_after = timedelta(seconds=stale_seconds)
        self._counted: LRUCache[tuple[str, str], tuple[float, int]] = LRUCache(_REMEMBERED)
        self._counting: SingleFlight[tuple[str, str], int] = SingleFlight()
        self._due: LRUCache[datetime, datetime] = LRUCache(_DUE_REMEMBERED)
        self._next: tuple[datetime, datetime] | None = None

    def next_refresh(self) -> datetime:
        """When the next refresh is due."""
        now = self._clock.now()
        if self._next is None or not self._next[0] <= now < self._next[1]:
            self._next = now, self._schedule.next_after(now)
        return self._next[1]

    async def read(self, tenant: str, manifest: Manifest) -> SnapshotBlock:
        """The freshness of a snapshot; stale where a refresh due since the current one is not published in time.

        Raises what `store_refusal` makes of an error of the engine, and what CatalogFeed.current raises."""
        now, current = self._clock.now(), self._current() or manifest
        stale = now - self._due_after(current.as_of) > self._stale_after
        waiting = await self._waiting(tenant, manifest)
        zone = self._schedule.zone
        return SnapshotBlock(
            id=manifest.snapshot,
            as_of=rfc3339(manifest.as_of),
            next_refresh_at=rfc3339(self.next_refresh()),
            zone=zone,
            waiting_events=waiting,
            stale=stale,
        )

    def _due_after(self, moment: datetime) -> datetime:
        # Reading the schedule costs more than an answer that is known.
        due = self._due.get(moment)
        if due is None:
            due = self._schedule.next_after(moment)
            self._due[moment] = due
        return due

    async def _waiting(self, tenant: str, manifest: Manifest) -> int:
        key = (tenant, manifest.snapshot)
        known = self._counted.get(key)
        if known is not None and monotonic() - known[0] < MAX_AGE_SECONDS:
            return known[1]
        return await self._counting.join(key, lambda: self._count(tenant, manifest))

    async def _count(self, tenant: str, manifest: Manifest) -> int:
        asked_at = monotonic()
        behind = manifest.failures_of(tenant)
        watermarks = [manifest.watermark, *(failed.watermark for failed in behind.values())]
        partitions = max((partition for watermark in watermarks for partition in watermark), default=-1) + 1
        parameters = {
            "tenant": tenant,
            "behind": list(behind),
            "lows": [as_array(watermark, partitions) for watermark in watermarks],
        }
        try:
            count = int((await self._clickhouse.query(_WAITING, parameters)).scalar())
        except ClickHouseError as error:
            raise store_refusal(error, self._meters) from error
        self._counted[tenant, manifest.snapshot] = asked_at, count
        return count

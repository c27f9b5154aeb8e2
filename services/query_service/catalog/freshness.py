"""How fresh an answer is (the `snapshot` block that every answer carries, CONTRACTS 5, meaning 12), and whether the
store has all that its snapshot names: missing entries must not look like a tenant without objects."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic

from cachetools import LRUCache
from pydantic import BaseModel

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.positions import as_array
from crosslook.contracts.topics import SNAPSHOTS
from crosslook.platform.caching import SingleFlight
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.errors import Unavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import MANIFEST_MISMATCH, Meters
from crosslook.platform.store_refusals import store_refusal

_LOG = get_logger(__name__)
ENTRIES_MISSING, KAFKA_CHANGED = "entries_missing", "kafka_identity_changed"
_LOOK_SECONDS = 30.0
_RETRY_AFTER_SECONDS = 30
_KNOWN = 1000
"""So many snapshots are remembered: those that were forgotten since are among them."""
_COUNT = "SELECT count() FROM snapshot_entries WHERE snapshot = {snapshot:String}"
_KAFKA = """
SELECT argMin(value, (-toInt64(version), at, value)) FROM crosslook_meta WHERE key = 'kafka' HAVING count() > 0
"""


class SnapshotCheck:
    """Counts the entries of each snapshot that is asked for: at the first question, every half minute, and after the
    engine was away, since what comes back may be another one. `kafka`: which Kafka the manifests are read from."""

    def __init__(self, clickhouse: ClickHouse, meters: Meters) -> None:
        self._clickhouse = clickhouse
        self._meters = meters
        self._complete: dict[str, tuple[bool, float]] = {}
        self.kafka: KafkaIdentity | None = None
        self.reason: str | None = None
        self._show(None)

    def forget(self) -> None:
        """The engine was unavailable: check everything again."""
        self._complete.clear()

    async def require(self, manifest: Manifest) -> None:
        """Raises Unavailable where entries of the snapshot are missing, and what `store_refusal` makes of an error."""
        try:
            complete = await self._is_complete(manifest)
        except ClickHouseError as error:
            raise store_refusal(error, self._meters) from error
        if not complete:
            raise Unavailable(ENTRIES_MISSING, _RETRY_AFTER_SECONDS)

    def require_no_loss(self) -> None:
        """Where there is no snapshot: raises Unavailable if there was one before its Kafka was lost."""
        if self.reason == KAFKA_CHANGED:
            raise Unavailable(KAFKA_CHANGED, _RETRY_AFTER_SECONDS)

    async def look(self, current: Manifest | None) -> None:
        """Find out whether the current snapshot can be answered from; where there is none, whether these tables are of
        another Kafka, whose manifests are lost. An engine that does not answer changes nothing."""
        try:
            if current is None:
                reason = KAFKA_CHANGED if await self._of_another_kafka() else None
            else:
                reason = None if await self._is_complete(current) else ENTRIES_MISSING
        except ClickHouseError:
            return  # the tables do not exist yet, or the engine is away, which the probe tells
        if reason != self.reason:
            _LOG.error("snapshot_unusable", reason=reason) if reason else _LOG.info("snapshot_usable")
        self._show(reason)

    async def _is_complete(self, manifest: Manifest) -> bool:
        now = asyncio.get_running_loop().time()
        complete, until = self._complete.get(manifest.snapshot, (False, 0.0))
        if now >= until:
            if len(self._complete) > _KNOWN:
                self._complete.clear()
            found = (await self._clickhouse.query(_COUNT, {"snapshot": manifest.snapshot})).scalar()
            complete = found == manifest.objects
            self._complete[manifest.snapshot] = complete, now + (_LOOK_SECONDS if complete else 0)
        return complete

    async def _of_another_kafka(self) -> bool:
        rows = (await self._clickhouse.query(_KAFKA)).rows
        if self.kafka is None or not rows:
            return False
        recorded = KafkaIdentity.model_validate_json(rows[0][0])
        ids = {identity.topics.get(SNAPSHOTS.name, "") for identity in (recorded, self.kafka)}
        return len(ids - {""}) > 1

    def _show(self, reason: str | None) -> None:
        self.reason = reason
        for known in (ENTRIES_MISSING, KAFKA_CHANGED):
            self._meters.set(MANIFEST_MISMATCH, reason == known, reason=known)


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
    """How fresh the data of an answer are. `due_at`: the first refresh that is due since the current snapshot and not
    published, null where none is; `stale` says that it is late."""

    id: str
    as_of: str
    next_refresh_at: str
    zone: str
    waiting_events: int
    stale: bool
    due_at: str | None


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
        due = self._due_after(current.as_of)
        waiting = await self._waiting(tenant, manifest)
        zone = self._schedule.zone
        return SnapshotBlock(
            id=manifest.snapshot,
            as_of=rfc3339(manifest.as_of),
            next_refresh_at=rfc3339(self.next_refresh()),
            zone=zone,
            waiting_events=waiting,
            stale=now - due > self._stale_after,
            due_at=rfc3339(due) if due <= now else None,
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

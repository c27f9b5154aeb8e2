"""Step 8 of a refresh: forget old snapshots, drop rows that none can name, clear staging behind the horizon.

It runs after a publication, while the run still holds the writer's place. A crash at any point leaves work for the next
run and nothing wrong: snapshots are forgotten on the topic first, rows go at the earliest one run later.
"""

from collections.abc import Sequence
from datetime import timedelta

from crosslook.contracts.manifests import BUILDS_A_RUN, Manifest
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock
from crosslook.platform.log import get_logger
from services.snapshot_service.domain.parts import Part
from services.snapshot_service.domain.retention import Day, consumed, in_peace, reach_of, to_forget, unnamed
from services.snapshot_service.domain.tables import RUNS_OWN
from services.snapshot_service.entries import Entries
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.publisher import Publisher
from services.snapshot_service.settings import SnapshotSettings

_LOG = get_logger(__name__)
_PARTS = """
SELECT DISTINCT substring(table, 9) AS layout, toUInt64(partition) AS build FROM system.parts
WHERE database = currentDatabase() AND active AND startsWith(table, 'records_')
"""
_WORK = """
SELECT DISTINCT toUInt64(partition) AS number FROM system.parts
WHERE database = currentDatabase() AND active AND table = 'refresh_work' AND number <= {last:UInt64}
"""
_TABLES = """
SELECT name FROM system.tables
WHERE database = currentDatabase() AND arrayExists(one -> startsWith(name, one), {starts:Array(String)})
    AND toUInt64OrZero(extract(name, '[0-9]+$')) < {beyond:UInt64}
"""
_NAMED = "SELECT DISTINCT layout, build FROM snapshot_entries WHERE snapshot IN {ids:Array(String)}"
_SNAPSHOTS = "SELECT DISTINCT snapshot FROM snapshot_entries"
_DAYS = """
SELECT day, max(last), groupArray((partition, reached)) FROM (
    SELECT toYYYYMMDD(received_at) AS day, partition, max(received_at) AS last, max(offset) AS reached
    FROM record_log WHERE toYYYYMMDD(received_at) < toYYYYMMDD({before:DateTime64(3, 'UTC')}) GROUP BY day, partition
)
GROUP BY day
"""


class Janitor:
    """Keeps what retained snapshots name, and what a refresh may still read."""

    def __init__(
        self,
        clickhouse: ClickHouse,
        entries: Entries,
        clock: Clock,
        settings: SnapshotSettings,
        failpoint: Failpoint = lambda step: None,
    ) -> None:
        self._clickhouse = clickhouse
        self._entries = entries
        self._clock = clock
        self._settings = settings
        self._failpoint = failpoint

    async def tidy(self, publisher: Publisher) -> None:
        """1. drop what dead runs left, 2. rows that no snapshot on the topic names, 3. staging that nobody reads again,
        4. forget snapshots beyond those kept, but none that is pinned.

        Raises ClickHouseError, LogUnavailable, WriterFenced; LogUnreadable before anything is dropped.
        """
        await publisher.require_readable()
        manifests = publisher.feed.manifests()
        await self._drop_leftovers(publisher.run.build)
        if in_peace(manifests, self._clock.now(), self._settings.snapshots.grace_seconds):
            await publisher.require_readable()
            await self._drop_rows(manifests)
            await self._clear_staging(manifests)
        self._failpoint("rows")
        for manifest in to_forget(manifests, self._settings.snapshots.keep, publisher.feed.pins()):
            await publisher.forget(manifest)
            _LOG.info("snapshot_forgotten", snapshot=manifest.snapshot)

    async def _drop_leftovers(self, base: int) -> None:
        """The tables and the work of this run and of those before it: they have ended."""
        run = base // BUILDS_A_RUN
        tables = {"starts": list(RUNS_OWN), "beyond": (run + 1) * BUILDS_A_RUN}
        for (name,) in (await self._clickhouse.query(_TABLES, tables)).rows:
            await self._clickhouse.command(f"DROP TABLE IF EXISTS {name}")
        for (number,) in (await self._clickhouse.query(_WORK, {"last": run})).rows:
            await self._clickhouse.command(f"ALTER TABLE refresh_work DROP PARTITION {number:d}")

    async def _drop_rows(self, manifests: Sequence[Manifest]) -> None:
        ids = [manifest.snapshot for manifest in manifests]
        named = {Part(*row) for row in (await self._clickhouse.query(_NAMED, {"ids": ids})).rows}
        parts = [Part(*row) for row in (await self._clickhouse.query(_PARTS)).rows]
        for part in unnamed(parts, named, manifests[-1]):
            await self._clickhouse.command(f"ALTER TABLE {part.table} DROP PARTITION {part.build:d}")
            _LOG.info("build_dropped", layout=part.layout, build=part.build)
        for (snapshot,) in (await self._clickhouse.query(_SNAPSHOTS)).rows:
            if snapshot not in ids:
                await self._entries.drop(snapshot)

    async def _clear_staging(self, manifests: Sequence[Manifest]) -> None:
        horizon = self._clock.now() - timedelta(days=self._settings.late_days)
        rows = await self._clickhouse.query(_DAYS, {"before": horizon})
        days = [Day(day, last, reach_of(reaches)) for day, last, reaches in rows.rows]
        watermarks = [manifest.watermark for manifest in manifests]
        watermarks += [failed.watermark for manifest in manifests for failed in manifest.failed]
        for day in consumed(days, watermarks, horizon):
            await self._clickhouse.command(f"ALTER TABLE record_log DROP PARTITION {day.partition:d}")
            _LOG.info("staging_cleared", day=day.partition)

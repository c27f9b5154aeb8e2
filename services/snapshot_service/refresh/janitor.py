"""Step 8 of a refresh: forget old snapshots, drop rows and tables that no query can name, clear staging behind the
horizon.

It runs after a publication, while the run is still the writer. A crash at any point leaves work for the next
run and nothing wrong: a snapshot expires on the topic first, its rows go a grace period later. A janitor that was
frozen and wakes up beside a later run spoils nothing of it: that run's numbers are greater, and a table is dropped only
where the engine finds it empty.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from crosslook.contracts.manifests import BUILDS_A_RUN, Manifest
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock
from crosslook.platform.logging import get_logger
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.domain.partitions import Partition
from services.snapshot_service.domain.retention import (
    Day,
    consumed,
    droppable,
    protected,
    reach_of,
    to_forget,
    unnamed,
    unused,
)
from services.snapshot_service.domain.tables import LAYOUT_TABLES, RUNS_OWN
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.refresh.entries import Entries
from services.snapshot_service.refresh.run_writer import RunWriter
from services.snapshot_service.settings import SnapshotSettings

_LOG = get_logger(__name__)
_NOT_EMPTY = 705
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
_NAMED = "SELECT layout, build, groupUniqArray(snapshot) FROM snapshot_entries GROUP BY layout, build"
_DAYS = """
SELECT day, max(last), groupArray((partition, reached)) FROM (
    SELECT toYYYYMMDD(received_at) AS day, partition, max(received_at) AS last, max(offset) AS reached
    FROM record_log WHERE toYYYYMMDD(received_at) < toYYYYMMDD({before:DateTime64(3, 'UTC')}) GROUP BY day, partition
)
GROUP BY day
"""


class Janitor:
    """Drops everything but what retained snapshots reference and what a refresh may still read."""

    def __init__(
        self,
        clickhouse: ClickHouse,
        entries: Entries,
        consistency: Consistency,
        clock: Clock,
        settings: SnapshotSettings,
        failpoint: Failpoint = lambda step: None,
    ) -> None:
        self._clickhouse = clickhouse
        self._entries = entries
        self._consistency = consistency
        self._clock = clock
        self._settings = settings
        self._failpoint = failpoint

    async def tidy(self, writer: RunWriter) -> None:
        """1. drop what dead runs left, 2. rows that neither a retained snapshot names nor one that expired within the
        grace period, and tables that are empty then, 3. staging that nobody reads again, 4. forget snapshots beyond
        those kept, but none that is pinned: their grace period begins. While a retained snapshot lacks entries nothing
        is dropped in 2 and 3: which rows it names is unknown.

        Raises ClickHouseError, LogUnavailable, WriterFenced; LogUnreadable before anything is dropped.
        """
        await writer.require_readable()
        manifests = writer.feed.manifests()
        await self._drop_leftovers(writer.run.build)
        if await self._all_known(manifests):
            await writer.require_readable()
            await self._drop_rows(writer, manifests)
            await self._clear_staging(manifests)
        self._failpoint("rows")
        for manifest in to_forget(manifests, self._settings.snapshots.keep, writer.feed.pins()):
            await writer.forget(manifest, self._clock.now())
            _LOG.info("snapshot_forgotten", snapshot=manifest.snapshot)

    async def _all_known(self, manifests: Sequence[Manifest]) -> bool:
        lacking = [manifest.snapshot for manifest in await self._consistency.incomplete(manifests)]
        if lacking:
            _LOG.error("janitor_drops_nothing", reason="entries_missing", snapshots=lacking)
        return not lacking

    async def _drop_leftovers(self, base: int) -> None:
        """The tables and the work of this run and of those before it: they have ended."""
        run = base // BUILDS_A_RUN
        tables = {"starts": list(RUNS_OWN), "beyond": (run + 1) * BUILDS_A_RUN}
        for (name,) in (await self._clickhouse.query(_TABLES, tables)).rows:
            await self._clickhouse.command(f"DROP TABLE IF EXISTS {name}")
        for (number,) in (await self._clickhouse.query(_WORK, {"last": run})).rows:
            await self._clickhouse.command(f"ALTER TABLE refresh_work DROP PARTITION {number:d}")

    async def _drop_rows(self, writer: RunWriter, manifests: Sequence[Manifest]) -> None:
        """What is kept in mind of a snapshot goes last, so that a crash leaves the rest to the next run."""
        expired, grace = writer.feed.expired(), self._settings.snapshots.grace_seconds
        kept = protected((manifest.snapshot for manifest in manifests), expired, self._clock.now(), grace)
        namers = {Partition(layout, build): frozenset(by) for layout, build, by in (await self._rows(_NAMED))}
        named = {part for part, by in namers.items() if by & kept}
        parts = [Partition(*row) for row in await self._rows(_PARTS)]
        dropped = unnamed(parts, named, manifests[-1])
        for part in dropped:
            await self._clickhouse.command(f"ALTER TABLE {part.table} DROP PARTITION {part.build:d}")
            _LOG.info("build_dropped", layout=part.layout, build=part.build)
        await self._drop_tables(set(parts) - set(dropped), named)
        written = frozenset[str]().union(*namers.values())
        for snapshot in droppable(written, kept, writer.run.build // BUILDS_A_RUN):
            await self._entries.drop(snapshot)
        for snapshot in sorted(expired.keys() - kept):
            await writer.dropped(snapshot)

    async def _drop_tables(self, left: Collection[Partition], named: Collection[Partition]) -> None:
        """A table that a later run has begun to fill is not empty: the engine looks when it drops."""
        for table in unused([name for (name,) in await self._rows(LAYOUT_TABLES)], left, named):
            try:
                await self._clickhouse.command(f"DROP TABLE IF EXISTS IF EMPTY {table}")
            except ClickHouseError as error:
                if error.code != _NOT_EMPTY:
                    raise
            else:
                _LOG.info("layout_dropped", table=table)

    async def _rows(self, sql: str) -> Sequence[Sequence[Any]]:
        return (await self._clickhouse.query(sql)).rows

    async def _clear_staging(self, manifests: Sequence[Manifest]) -> None:
        horizon = self._clock.now() - timedelta(days=self._settings.late_days)
        rows = await self._clickhouse.query(_DAYS, {"before": horizon})
        days = [Day(day, last, reach_of(reaches)) for day, last, reaches in rows.rows]
        watermarks = [manifest.watermark for manifest in manifests]
        watermarks += [failed.watermark for manifest in manifests for failed in manifest.failed_objects]
        for day in consumed(days, watermarks, horizon):
            await self._clickhouse.command(f"ALTER TABLE record_log DROP PARTITION {day.partition:d}")
            _LOG.info("staging_cleared", day=day.partition)

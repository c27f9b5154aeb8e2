"""Cheap queries about stored state: entries by snapshot, builds with too few rows, the last staged positions."""

from collections.abc import Iterable
from typing import Any

from crosslook.contracts.layouts import table_of
from crosslook.contracts.manifests import Manifest
from crosslook.platform.clickhouse import ClickHouse, QueryResult
from services.snapshot_service.domain.consistency import ShortBuild
from services.snapshot_service.domain.tables import SET_ASIDE_TABLES

_ENTRIES = "SELECT snapshot, count() FROM snapshot_entries WHERE snapshot IN {ids:Array(String)} GROUP BY snapshot"
_STORED = "SELECT snapshot, count() FROM snapshot_entries GROUP BY snapshot"
_LAST_BUILD = """
SELECT max(toUInt64(partition)) FROM system.parts
WHERE database = currentDatabase() AND active AND startsWith(table, 'records_')
"""
_SHORT = """
SELECT layout, build, named, held FROM (
    SELECT layout, build, sum(rows + deleted) AS named FROM snapshot_entries
    WHERE snapshot = {id:String} GROUP BY layout, build HAVING named > 0
) AS entries LEFT JOIN (
    SELECT substring(table, 9) AS layout, toUInt64(partition) AS build, sum(rows) AS held FROM system.parts
    WHERE database = currentDatabase() AND active AND startsWith(table, 'records_') GROUP BY layout, build
) AS parts USING (layout, build)
WHERE held < named ORDER BY layout, build
"""
_HELD = """
SELECT tenant, object, countIf(NOT deleted), countIf(deleted) FROM {table}
WHERE build = {{build:UInt64}} GROUP BY tenant, object
"""
_STAGED = "SELECT partition, max(offset) + 1 FROM record_log GROUP BY partition"
_QUARANTINED = "SELECT partition, max(offset) + 1 FROM quarantine WHERE topic = {topic:String} GROUP BY partition"


class StoreFacts:
    """Each query costs one aggregate, for any number of tenants. All raise ClickHouseError."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse

    async def entries(self, manifests: Iterable[Manifest]) -> dict[str, int]:
        """How many entries each snapshot has; those without any are absent."""
        ids = [manifest.snapshot for manifest in manifests]
        return _by_first(await self._clickhouse.query(_ENTRIES, {"ids": ids}))

    async def stored(self) -> dict[str, int]:
        """How many entries each snapshot has, of all that the store holds something of."""
        return _by_first(await self._clickhouse.query(_STORED))

    async def last_build(self) -> int:
        """The greatest build number that any table holds rows of; 0 where there are none."""
        return int((await self._clickhouse.query(_LAST_BUILD)).scalar())

    async def set_aside(self) -> dict[str, int]:
        """The staging tables that recoveries set aside, with their numbers of rows."""
        return _by_first(await self._clickhouse.query(SET_ASIDE_TABLES))

    async def short_builds(self, snapshot: str) -> list[ShortBuild]:
        """Builds that hold fewer rows than the snapshot's entries name."""
        return [ShortBuild(*row) for row in (await self._clickhouse.query(_SHORT, {"id": snapshot})).rows]

    async def held(self, build: ShortBuild) -> dict[tuple[str, str], tuple[int, int]]:
        """How many live and deleted records a build holds, by tenant and object."""
        if build.held == 0:
            return {}  # its table may be gone, too
        sql = _HELD.format(table=table_of(build.layout))
        rows = (await self._clickhouse.query(sql, {"build": build.build})).rows
        return {(tenant, name): (live, deleted) for tenant, name, live, deleted in rows}

    async def staged(self) -> dict[int, int]:
        """By partition, the position behind the last event in staging."""
        return _by_first(await self._clickhouse.query(_STAGED))

    async def quarantined(self, topic: str) -> dict[int, int]:
        """By partition of a topic, the position behind the last event in quarantine."""
        return _by_first(await self._clickhouse.query(_QUARANTINED, {"topic": topic}))


def _by_first(rows: QueryResult) -> dict[Any, int]:
    """The second column by the first."""
    return {row[0]: row[1] for row in rows.rows}

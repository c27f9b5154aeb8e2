"""The statements of one run: their numbers, the objects that each is about, their parameters, and the run's own tables.

A statement's number is the build, and with it the partition, of the rows that it writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.manifests import BUILDS_A_RUN
from crosslook.contracts.positions import Positions, as_array, lowest, partition_count
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError, QueryResult, Settings
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.decision import Rebuild
from services.snapshot_service.domain.merge_tables import runs_own
from services.snapshot_service.domain.statements import repeats_statement
from services.snapshot_service.domain.tables import repeats_name, repeats_table

_LOG = get_logger(__name__)
_MEMORY: Settings = {
    "max_bytes_before_external_sort": 1 << 29,
    "max_bytes_before_external_group_by": 1 << 29,
    "min_insert_block_size_rows": 1 << 18,
    # To prune a table by a set that names most of its rows costs more than to read it.
    "use_index_for_in_with_subqueries_max_values": 100_000,
}
"""Bounds on what a statement holds at once: an object may be larger than the engine's memory."""
_TYPES: Mapping[str, pa.DataType] = {"build": pa.uint64(), "previous_build": pa.uint64()}

NumberedObjects = Sequence[tuple[ObjectKey, int]]
"""What a statement is about: objects, each with the build of its previous rows (0 where there are none)."""


@dataclass(frozen=True, slots=True)
class Window:
    """What one run covers: positions below `high`. `base`: its first build. `expiry`, `late_days`: the horizon, as in
    `compaction.Horizon`."""

    base: int
    high: Positions
    expiry: datetime
    late_days: int


class RunStatements:
    """Numbers the statements of one run, from its first build on, and sends them within bounds of memory."""

    def __init__(self, clickhouse: ClickHouse, window: Window) -> None:
        self._clickhouse = clickhouse
        self.window = window
        self._next = window.base
        self._low: Positions | None = None

    async def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> QueryResult:
        """Read. Raises ClickHouseError."""
        return await self._clickhouse.query(sql, parameters, _MEMORY)

    async def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Write. Raises ClickHouseError."""
        await self._clickhouse.command(sql, parameters, _MEMORY)

    async def count(self, table: str) -> int:
        """How many rows a table of the run has. Raises ClickHouseError."""
        return int((await self.query("SELECT count() FROM {table:Identifier}", {"table": table})).scalar())

    async def insert(self, table: str, columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert columns, of texts unless their names are known to be numbers. Raises ClickHouseError."""
        arrays = {name: pa.array(list(values), _TYPES.get(name, pa.string())) for name, values in columns.items()}
        await self._clickhouse.insert_arrow(table, pa.table(arrays), {"async_insert": 0})

    async def number(self, statements: Sequence[NumberedObjects]) -> list[int]:
        """Give each of these statements a number, and record in `refresh_work` which objects it is about. Raises
        ClickHouseError."""
        builds = list(range(self._next, self._next + len(statements)))
        self._next += len(statements)
        rows = [(build, *entry) for build, objects in zip(builds, statements, strict=True) for entry in objects]
        columns: dict[str, list[Any]] = {
            "build": [build for build, _, _ in rows],
            "tenant": [key.tenant for _, key, _ in rows],
            "object": [key.object for _, key, _ in rows],
            "previous_build": [previous for _, _, previous in rows],
        }
        if rows:
            await self.insert("refresh_work", columns)
        return builds

    def parameters(self, build: int, first: Rebuild) -> dict[str, Any]:
        """The parameters of a statement about a group of rebuilds, of which any is the `first`
        (`domain/statements.py`)."""
        partitions = partition_count(self.window.high)
        return {
            "build": build,
            "builds": [build],
            "low": as_array(first.since, partitions),
            "high": as_array(self.window.high, partitions),
            "since_version": first.state.since_version,
            "repeats": repeats_name(self.window.base),
            "expiry": self.window.expiry,
            "late_days": self.window.late_days,
        }

    async def find_repeats(self, rebuilds: Iterable[Rebuild]) -> None:
        """Record which of the events that are new to these objects do not count. Once it was called, those that are
        added to a run have no new events. Raises ClickHouseError."""
        if self._low is None:
            self._low = lowest([rebuild.since for rebuild in rebuilds])
            await self._find_repeats(self.window.base, "cityHash64", self._low)

    async def find_repeats_anew(self) -> None:
        """Find the same repeats by another hash, into a second table. Raises ClickHouseError."""
        await self._find_repeats(self.window.base + 1, "farmHash64", self._low or {})

    async def clean(self) -> None:
        """Drop what only the run itself needed. Where the store is away it stays for the janitor: a run that has
        published must not end as failed."""
        base = self.window.base
        try:
            for name in runs_own(base):
                await self._clickhouse.command(f"DROP TABLE IF EXISTS {name}")
            await self._clickhouse.command(f"ALTER TABLE refresh_work DROP PARTITION {base // BUILDS_A_RUN:d}")
        except ClickHouseError as error:
            _LOG.warning("leftovers_stay", error=error.name, code=error.code)

    async def _find_repeats(self, number: int, hashed: str, low: Positions) -> None:
        partitions = partition_count(self.window.high)
        bounds = {name: as_array(at, partitions) for name, at in (("low", low), ("high", self.window.high))}
        await self.command(repeats_table(number))
        await self.command(repeats_statement(number, hashed, all_new=not any(low.values())), bounds)


def object_key(tenant: str, name: str) -> ObjectKey:
    """An object as the engine names it."""
    return ObjectKey(TenantId(tenant), ObjectSlug(name))

"""`snapshot_entries`: the build and rows that each object has in a snapshot."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow as pa

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.manifests import ENTRY_COLUMNS, Entry, UnreadableEntry, read_entries
from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.partitions import Partition

_TYPES = {"String": pa.string(), "UInt64": pa.uint64(), "UInt32": pa.uint32()}
_SELECT = "SELECT * FROM snapshot_entries WHERE snapshot = {id:String}"
_ONE = _SELECT + " AND tenant = {tenant:String} AND object = {object:String} LIMIT 1"
_PARTITION_ROWS = """
SELECT substring(table, 9) AS layout, toUInt64(partition) AS build, sum(rows) FROM system.parts
WHERE database = currentDatabase() AND active AND startsWith(table, 'records_') GROUP BY layout, build
"""


class StoredEntries(NamedTuple):
    """The entries of a snapshot by object, and those that this release cannot read."""

    readable: Mapping[ObjectKey, Entry]
    unreadable: Mapping[ObjectKey, UnreadableEntry]

    def all(self) -> list[Entry | UnreadableEntry]:
        """Every entry, readable or not."""
        return [*self.readable.values(), *self.unreadable.values()]


class Entries:
    """Reads and writes the entries of whole snapshots; they are never changed."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse

    async def read(self, snapshot: str) -> StoredEntries:
        """All entries of a snapshot. Raises ClickHouseError."""
        readable, unreadable = read_entries((await self._clickhouse.query(_SELECT, {"id": snapshot})).dicts())
        return StoredEntries({entry.key: entry for entry in readable}, {entry.key: entry for entry in unreadable})

    async def entry(self, snapshot: str, key: ObjectKey) -> Entry | UnreadableEntry | None:
        """One object's entry. Raises ClickHouseError."""
        rows = await self._clickhouse.query(_ONE, {"id": snapshot, "tenant": key.tenant, "object": key.object})
        readable, unreadable = read_entries(rows.dicts())
        found: list[Entry | UnreadableEntry] = [*readable, *unreadable]
        return found[0] if found else None

    async def partition_rows(self) -> dict[Partition, int]:
        """How many rows each partition holds that entries name or once named. Raises ClickHouseError."""
        rows = (await self._clickhouse.query(_PARTITION_ROWS)).rows
        return {Partition(layout, build): count for layout, build, count in rows}

    async def drop(self, snapshot: str) -> None:
        """Remove the entries of a snapshot that no manifest names any more. Raises ClickHouseError."""
        quoted = snapshot.replace("\\", "\\\\").replace("'", "\\'")
        await self._clickhouse.command(f"ALTER TABLE snapshot_entries DROP PARTITION '{quoted}'")

    async def write(self, snapshot: str, entries: Iterable[Entry | UnreadableEntry]) -> None:
        """Insert the entries of a snapshot that no manifest names yet. Raises ClickHouseError."""
        rows = [entry.as_row(snapshot) for entry in entries]
        if not rows:
            return
        columns = {name: pa.array([row[name] for row in rows], _TYPES[kind]) for name, kind in ENTRY_COLUMNS}
        settings: dict[str, str | int] = {"async_insert": 0, "insert_deduplication_token": f"entries-{snapshot}"}
        await self._clickhouse.insert_arrow("snapshot_entries", pa.table(columns), settings)

"""The staging tables: creation, inserts of chunks, and queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import pyarrow as pa

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.positions import Positions, as_array
from crosslook.contracts.records import Address, Admitted, Quarantined
from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.batching import quarantine_columns, staging_columns
from services.snapshot_service.domain.tables import POSITIONED_TABLES, service_tables, set_aside_name
from services.snapshot_service.ingest.quarantine_quota import Left

_MS = pa.timestamp("ms", tz="UTC")
_BINARY_LIST = pa.list_(pa.binary())
_TYPES: Mapping[str, pa.DataType] = {
    "kind": pa.uint8(),
    "event_time": _MS,
    "received_at": _MS,
    "sequence": pa.int64(),
    "partition": pa.uint16(),
    "offset": pa.uint64(),
    "schema_version": pa.uint32(),
    "fields": pa.binary(),
    "references": pa.binary(),
    "values": pa.binary(),
    "payload": pa.binary(),
    "key": pa.binary(),
    "external_ids": pa.list_(pa.string()),
    "offsets": pa.list_(pa.uint64()),
    "oldest": _MS,
    "newest": _MS,
    "header_names": pa.list_(pa.string()),
    "header_values": _BINARY_LIST,
}

_TOUCHED = """
SELECT DISTINCT tenant, object FROM record_log
WHERE offset >= {low:Array(UInt64)}[partition + 1] AND offset < {high:Array(UInt64)}[partition + 1]
"""
_WITHDRAW = """
DELETE FROM record_log WHERE (partition, offset) IN {places:Array(Tuple(UInt16, UInt64))}
"""


class Staging:
    """`record_log` and `quarantine`. An insert that returned is durable; a repeated one with the same token is one."""

    def __init__(self, clickhouse: ClickHouse) -> None:
        self._clickhouse = clickhouse

    async def create_tables(self) -> None:
        """Make the database and our tables where missing. Raises ClickHouseError."""
        await self._clickhouse.create_database()
        for statement in service_tables():
            await self._clickhouse.command(statement)

    async def set_aside(self, number: int, there: Collection[str]) -> None:
        """Take everything that names positions out of use, under names of this number, and begin with empty tables;
        what is `there` under its new name was taken before. Raises ClickHouseError."""
        for table in POSITIONED_TABLES:
            name = set_aside_name(number, table)
            if name not in there:
                await self._clickhouse.command(f"RENAME TABLE {table} TO {name}")
                await self.create_tables()

    async def stage(self, rows: Sequence[tuple[Admitted, Address]], token: str) -> None:
        """Insert admitted events. Raises ClickHouseError."""
        await self._insert("record_log", staging_columns(rows), token)

    async def quarantine(self, rows: Sequence[Quarantined], token: str) -> None:
        """Insert refused events. Raises ClickHouseError."""
        await self._insert("quarantine", quarantine_columns(rows), token)

    async def recode(self, rows: Sequence[tuple[str, Quarantined]]) -> None:
        """Insert refused events that were refused for another reason before, under their ids. Raises
        ClickHouseError."""
        names = [name for name, _ in rows]
        columns = quarantine_columns([row for _, row in rows]) | {"id": names}
        recoded = "".join(f"{name} {row.refused.problem.code}\n" for name, row in rows)
        await self._insert("quarantine", columns, f"recoded-{sha256(recoded.encode()).hexdigest()}")

    async def leave(self, rows: Sequence[Left], token: str) -> None:
        """Count refused events that stay on Kafka only. Raises ClickHouseError."""
        columns = {name: [getattr(row, name) for row in rows] for name in ("tenant", "source", "code", "topic")}
        columns |= {name: [getattr(row, name) for row in rows] for name in ("partition", "offsets")}
        columns |= {"oldest": [row.oldest_ms for row in rows], "newest": [row.newest_ms for row in rows]}
        await self._insert("left_on_kafka", columns, token)

    async def withdraw(self, addresses: Iterable[Address]) -> None:
        """Remove events from staging that are in quarantine now. Raises ClickHouseError."""
        places = [(address.partition, address.offset) for address in addresses]
        await self._clickhouse.command(_WITHDRAW, {"places": places}, {"lightweight_deletes_sync": 1})

    async def touched(self, low: Positions, high: Positions, partitions: int) -> frozenset[ObjectKey]:
        """Objects with events staged in [low, high)."""
        bounds = {"low": as_array(low, partitions), "high": as_array(high, partitions)}
        rows = (await self._clickhouse.query(_TOUCHED, bounds)).rows
        return frozenset(ObjectKey(TenantId(tenant), ObjectSlug(name)) for tenant, name in rows)

    async def _insert(self, table: str, columns: dict[str, list[Any]], token: str) -> None:
        arrays = {name: pa.array(values, _TYPES.get(name, pa.string())) for name, values in columns.items()}
        settings: dict[str, str | int] = {"async_insert": 0, "insert_deduplication_token": token}
        await self._clickhouse.insert_arrow(table, pa.table(arrays), settings)

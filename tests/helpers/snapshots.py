"""Plain rows published as a real snapshot: the engine's tables as snapshot_service makes them, a manifest on a log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from crosslook.contracts.failures import FailedObject
from crosslook.contracts.layouts import Layout, Role, field_column, hits_column, layout_of, links_column, refs_column
from crosslook.contracts.manifests import ENTRY_COLUMNS, Entry, Manifest
from crosslook.contracts.schemas import Definition, FieldType
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.log_store.protocol import LogStore
from services.snapshot_service.domain.tables import layout_table, service_tables

_MS = pa.timestamp("ms", tz="UTC")
_TYPES: Mapping[FieldType, pa.DataType] = {
    FieldType.NUMBER: pa.float64(),
    FieldType.CURRENCY: pa.decimal128(19, 4),
    FieldType.DATE: pa.date32(),
    FieldType.DATETIME: _MS,
    FieldType.MULTISELECT: pa.list_(pa.string()),
    FieldType.BOOLEAN: pa.bool_(),
}
UPDATED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""When a record was changed last unless a test says otherwise."""
_TEXTS = pa.list_(pa.string())
_FIXED: Mapping[str, tuple[Any, pa.DataType]] = {
    "role": (Role.WHOLE, pa.uint8()),
    "sequence": (0, pa.int64()),
    "partition": (0, pa.uint16()),
    "offset": (0, pa.uint64()),
    "source": ("/tests", pa.string()),
    "event_id": ("e", pa.string()),
    "received_at": (datetime(2026, 1, 1, tzinfo=UTC), _MS),
}


@dataclass(frozen=True, slots=True)
class PlainRow:
    """One record: wire values by field slug (absent is empty), the contacts it is associated with by relationship."""

    record: str
    values: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    deleted: bool = False
    updated_at: datetime = UPDATED_AT


@dataclass(frozen=True, slots=True)
class PlainObject:
    """An object with all its records."""

    definition: Definition
    rows: Sequence[PlainRow]
    version: int = 1


Tenants = Mapping[str, Sequence[PlainObject]]


async def create_tables(clickhouse: ClickHouse) -> None:
    """What snapshot_service makes at its start."""
    await clickhouse.create_database()
    for statement in service_tables():
        await clickhouse.command(statement)


async def publish(
    clickhouse: ClickHouse,
    log: LogStore,
    tenants: Tenants,
    *,
    number: int = 1,
    as_of: datetime = datetime(2026, 11, 23, 11, 30, tzinfo=UTC),
    watermark: Mapping[int, int] | None = None,
    failed: Sequence[FailedObject] = (),
) -> Manifest:
    """Publish snapshot `s<number>` with these rows in build `number`. Its predecessor is `s<number - 1>`."""
    entries = [
        await _build(clickhouse, tenant, object_, number) for tenant, objects in tenants.items() for object_ in objects
    ]
    manifest = Manifest(
        snapshot=f"s{number}",
        run=f"r{number}",
        sequence=number,
        build=number,
        as_of=as_of,
        published_at=as_of,
        previous=f"s{number - 1}" if number > 1 else None,
        watermark=dict(watermark or {}),
        schema_offset=0,
        objects=len(entries),
        rows=sum(entry.rows for entry in entries),
        rebuilt=len(entries),
        carried=0,
        failed_objects=tuple(failed),
    )
    if entries:
        rows = [entry.as_row(manifest.snapshot) for entry in entries]
        await clickhouse.insert_arrow("snapshot_entries", _entries(rows))
    await log.put(manifest.key, manifest.encode())
    return manifest


async def _build(clickhouse: ClickHouse, tenant: str, plain_object: PlainObject, build: int) -> Entry:
    layout = layout_of(plain_object.definition)
    await clickhouse.command(layout_table(layout))
    if plain_object.rows:
        await clickhouse.insert_arrow(layout.table, _table(layout, tenant, plain_object, build))
    live = sum(not row.deleted for row in plain_object.rows)
    return Entry(
        tenant=tenant,
        object=plain_object.definition.object,
        layout=layout.id,
        build=build,
        rows=live,
        deleted=len(plain_object.rows) - live,
        unresolved=0,
        schema_version=plain_object.version,
        definition=plain_object.definition,
    )


def _entries(rows: list[dict[str, Any]]) -> pa.Table:
    types = {"String": pa.string(), "UInt64": pa.uint64(), "UInt32": pa.uint32()}
    return pa.table({name: pa.array([row[name] for row in rows], types[kind]) for name, kind in ENTRY_COLUMNS})


def _table(layout: Layout, tenant: str, plain_object: PlainObject, build: int) -> pa.Table:
    rows, count = plain_object.rows, len(plain_object.rows)
    columns = {name: pa.array([value] * count, kind) for name, (value, kind) in _FIXED.items()}
    columns["named"] = pa.array([[]] * count, _TEXTS)
    columns["build"] = pa.array([build] * count, pa.uint64())
    columns["tenant"] = pa.array([tenant] * count, pa.string())
    columns["object"] = pa.array([plain_object.definition.object] * count, pa.string())
    columns["record"] = pa.array([row.record for row in rows], pa.string())
    columns["event_time"] = pa.array([row.updated_at for row in rows], _MS)
    columns["deleted"] = pa.array([row.deleted for row in rows], pa.bool_())
    for slug, kind in layout.fields:
        values = [engine_value(kind, row.values.get(slug)) for row in rows]
        columns[field_column(slug)] = pa.array(values, _TYPES.get(kind, pa.string()))
    for slug, _ in layout.relationships:
        links = [list(row.links.get(slug, ())) for row in rows]
        columns[links_column(slug)] = columns[hits_column(slug)] = pa.array(links, _TEXTS)
        columns[refs_column(slug)] = pa.array([[f"id:{link}" for link in item] for item in links], _TEXTS)
    if layout.contact:
        columns["external_ids"] = pa.array([[] for _ in rows], _TEXTS)
    return pa.table({name: columns[name] for name, _ in layout.columns})


def engine_value(kind: FieldType, value: Any) -> Any:
    """A wire value as the engine stores it."""
    match kind:
        case FieldType.MULTISELECT:
            return value or []
        case _ if value is None:
            return None
        case FieldType.NUMBER:
            return value + 0.0  # as intake does: the engine would keep minus zero apart
        case FieldType.CURRENCY:
            return Decimal(value)
        case FieldType.DATE:
            return date.fromisoformat(value)
        case FieldType.DATETIME:
            return datetime.fromisoformat(value).astimezone(UTC)
        case _:
            return value

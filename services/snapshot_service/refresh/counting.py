"""What a build holds, counted on the engine once it is written."""

from collections.abc import Mapping
from typing import NamedTuple

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.layouts import Layout
from crosslook.platform.clickhouse import ClickHouse, Settings
from services.snapshot_service.domain.statements import shared_count_statement
from services.snapshot_service.domain.verification import counts_statement

MEMORY: Settings = {
    "max_bytes_before_external_sort": 1 << 29,
    "max_bytes_before_external_group_by": 1 << 29,
    "min_insert_block_size_rows": 1 << 18,
    # To prune a table by a set that names most of its rows costs more than to read it.
    "use_index_for_in_with_subqueries_max_values": 100_000,
}
"""Bounds on what a statement holds at once: an object may be larger than the engine's memory."""


class Counts(NamedTuple):
    """What a build holds of one object, in the order of `counts_statement`."""

    rows: int = 0
    deleted: int = 0
    distinct: int = 0
    unresolved: int = 0
    patches: int = 0
    waiting: int = 0
    ignored: int = 0
    pieces: int = 0


async def counts_of(clickhouse: ClickHouse, layout: Layout, build: int) -> Mapping[ObjectKey, Counts]:
    """By object; one without rows is absent. Raises ClickHouseError."""
    counted = await clickhouse.query(counts_statement(layout), {"build": build}, MEMORY)
    return {object_key(tenant, name): Counts(*counts) for tenant, name, *counts in counted.rows}


async def shared_of(clickhouse: ClickHouse, contacts: Layout, build: int) -> Mapping[str, int]:
    """By tenant, how many references several of its contacts have. Raises ClickHouseError."""
    rows = (await clickhouse.query(shared_count_statement(contacts), {"build": build}, MEMORY)).rows
    return {tenant: count for tenant, count in rows}  # noqa: C416  # rows are sequences of anything, dict wants pairs


def object_key(tenant: str, name: str) -> ObjectKey:
    """An object as the engine names it."""
    return ObjectKey(TenantId(tenant), ObjectSlug(name))

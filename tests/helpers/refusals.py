"""Faults of single objects on the real engine: it refuses their rows, or some of their values."""

import contextlib
from collections.abc import AsyncIterator, Collection

from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import Layout
from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.tables import layout_table

VIOLATED = "build: VIOLATED_CONSTRAINT (469)"
"""What a refresh says of an object whose rows were refused."""


@contextlib.asynccontextmanager
async def refusing(
    clickhouse: ClickHouse, layouts: Collection[Layout], keys: Collection[ObjectKey]
) -> AsyncIterator[None]:
    """The engine refuses every row of these objects in the layouts' tables."""
    names = ", ".join(f"'{key}'" for key in sorted(keys)) or "''"
    async with constrained(clickhouse, layouts, f"concat(tenant, '/', object) NOT IN ({names})"):
        yield


@contextlib.asynccontextmanager
async def constrained(clickhouse: ClickHouse, layouts: Collection[Layout], condition: str) -> AsyncIterator[None]:
    """The engine refuses rows that do not meet a condition."""
    for layout in layouts:
        await clickhouse.command(layout_table(layout))
        await clickhouse.command(f"ALTER TABLE {layout.table} ADD CONSTRAINT met CHECK {condition}")
    try:
        yield
    finally:
        for layout in layouts:
            await clickhouse.command(f"ALTER TABLE {layout.table} DROP CONSTRAINT met")

"""Compares the columns of our tables on the engine with those that this release expects."""

from collections.abc import Mapping, Sequence

from crosslook.contracts.layouts import Layout
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.errors import StartBlocked
from crosslook.platform.metrics import TABLE_MISMATCH, Meters
from services.snapshot_service.domain.table_columns import Columns, differences
from services.snapshot_service.domain.tables import SERVICE_COLUMNS

_COLUMNS = """
SELECT table, groupArray((name, type)) FROM system.columns
WHERE database = currentDatabase() AND table IN {tables:Array(String)} GROUP BY table
"""


class TablesDiffer(StartBlocked):
    """Tables of the service have other columns than this release expects: it must not read or write them."""


class TableCheck:
    """The comparison at the start. The metric counts the tables that differ."""

    def __init__(self, clickhouse: ClickHouse, meters: Meters) -> None:
        self._clickhouse = clickhouse
        self._meters = meters
        meters.set(TABLE_MISMATCH, 0)

    async def require(self) -> None:
        """Raises TablesDiffer, ClickHouseError."""
        found = differences(SERVICE_COLUMNS, await columns_of(self._clickhouse, list(SERVICE_COLUMNS)))
        self._meters.set(TABLE_MISMATCH, len(found))
        if found:
            raise TablesDiffer(f"table_mismatch: {'; '.join(f'{table}: {text}' for table, text in found.items())}")


async def columns_of(clickhouse: ClickHouse, tables: Sequence[str]) -> Mapping[str, Columns]:
    """The columns of those of these tables that are there. Raises ClickHouseError."""
    rows = (await clickhouse.query(_COLUMNS, {"tables": list(tables)})).rows
    return {table: [(name, kind) for name, kind in columns] for table, columns in rows}


async def mismatched(clickhouse: ClickHouse, layouts: Mapping[str, Layout]) -> dict[str, str]:
    """What is wrong with the tables of layouts, by the id that rows are recorded under. Raises ClickHouseError."""
    expected = {layout.table: layout.columns for layout in layouts.values()}
    found = differences(expected, await columns_of(clickhouse, list(expected)))
    return {name: f"{layout.table}: {found[layout.table]}" for name, layout in layouts.items() if layout.table in found}

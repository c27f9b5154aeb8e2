"""Brings the service's own tables to the columns that this release expects."""

from collections.abc import Sequence

from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.logging import get_logger
from services.snapshot_service.consistency.meta import Meta
from services.snapshot_service.consistency.table_check import TablesDiffer
from services.snapshot_service.domain.migrations import MIGRATIONS, Migration, NewerTables, due_migrations

_LOG = get_logger(__name__)


class TableMigration:
    """Runs the migrations that the database lacks, at the start and before anything else is read or written."""

    def __init__(self, clickhouse: ClickHouse, meta: Meta, known: Sequence[Migration] = MIGRATIONS) -> None:
        self._clickhouse = clickhouse
        self._meta = meta
        self._known = known

    async def migrate(self) -> None:
        """Run them in order: 1. the statements of one, 2. record its number. A crash at any point leaves the rest to
        the next start, which repeats the statements of the one that is not recorded.

        Raises TablesDiffer where a newer release has migrated the tables, ClickHouseError.
        """
        state = await self._meta.read()
        try:
            due = due_migrations(state.migrated, self._known)
        except NewerTables as error:
            raise TablesDiffer(f"tables_newer: {error}") from None
        for migration in due:
            for statement in migration.statements:
                await self._clickhouse.command(statement, settings={"mutations_sync": 1})
            state = await self._meta.write(state, migrated=migration.number)
            _LOG.info("tables_migrated", migration=migration.number, name=migration.name)

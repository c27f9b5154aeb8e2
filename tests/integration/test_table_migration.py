"""The service's own tables are migrated at the start, on a real engine. The migrations are made up: they bring back
columns that a test has dropped."""

from collections.abc import AsyncIterator

import pytest

from crosslook.platform.clickhouse import ClickHouse, Settings
from crosslook.platform.clickhouse_parameters import ParameterValues
from crosslook.platform.clock import FixedClock
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.consistency.meta import Meta
from services.snapshot_service.consistency.table_check import TableCheck, TablesDiffer
from services.snapshot_service.consistency.table_migration import TableMigration
from services.snapshot_service.domain.migrations import Migration
from services.snapshot_service.ingest.staging import Staging
from tests.helpers.refresher import NOW

KNOWN = (
    Migration(1, "events have fields", ("ALTER TABLE record_log ADD COLUMN IF NOT EXISTS fields String",)),
    Migration(
        2,
        "refused events have keys",
        (
            "ALTER TABLE quarantine ADD COLUMN IF NOT EXISTS key String",
            "ALTER TABLE quarantine UPDATE key = concat(tenant, '/', object) WHERE key = ''",
        ),
    ),
)
STATEMENTS = 3
OLDER = ("record_log DROP COLUMN fields", "quarantine DROP COLUMN key")
COUNT = "SELECT count(), countIf(key = 'acme/ticket') FROM quarantine"


class Killed(Exception):
    """The process ends here."""


class Engine(ClickHouse):
    """The engine, and a process that uses it: the process ends after so many statements; `run` are those that ran."""

    left = 1_000
    run: tuple[str, ...] = ()

    def restart(self, statements: int = 1_000) -> None:
        """Another process."""
        self.left, self.run = statements, ()

    async def command(
        self, sql: str, parameters: ParameterValues | None = None, settings: Settings | None = None
    ) -> None:
        """As the engine's own. Raises Killed."""
        if len(self.run) == self.left:
            raise Killed
        await super().command(sql, parameters, settings)
        self.run += (sql,)


@pytest.fixture
async def engine(clickhouse: ClickHouseSettings) -> AsyncIterator[Engine]:
    """A database with the tables of an older release, and two refused events."""
    engine = Engine(clickhouse.model_copy(update={"database": "table_migration"}))
    await Staging(engine).create_tables()
    for change in OLDER:
        await engine.command(f"ALTER TABLE {change}", settings={"mutations_sync": 1})
    await engine.command(
        "INSERT INTO quarantine (id, tenant, object) VALUES ('1', 'acme', 'ticket'), ('2', 'acme', 'x')"
    )
    engine.restart()
    yield engine
    engine.restart()
    await engine.command("DROP DATABASE table_migration")
    await engine.close()


async def started(engine: Engine, known: tuple[Migration, ...] = KNOWN) -> None:
    """The steps of a start that are about columns."""
    await TableMigration(engine, Meta(engine, FixedClock(NOW)), known).migrate()
    await TableCheck(engine, Meters()).require()


@pytest.mark.parametrize("statements", range(STATEMENTS))
async def test_a_migration_that_is_cut_anywhere_is_completed_by_the_next_start(engine: Engine, statements: int) -> None:
    engine.restart(statements)
    with pytest.raises(Killed):
        await started(engine)
    engine.restart()
    await started(engine)
    assert (await engine.query(COUNT)).rows == [(2, 1)]
    assert (await Meta(engine, FixedClock(NOW)).read()).migrated == 2
    engine.restart()
    await started(engine)
    assert engine.run == (), "what is recorded is not repeated"


async def test_a_crash_before_the_number_is_recorded_repeats_statements_that_have_run(engine: Engine) -> None:
    for migration in KNOWN:
        for statement in migration.statements:
            await engine.command(statement, settings={"mutations_sync": 1})
    engine.restart()
    await started(engine)
    assert len(engine.run) == STATEMENTS
    assert (await engine.query(COUNT)).rows == [(2, 1)]


async def test_a_start_without_a_migration_for_the_difference_says_which_columns_differ(engine: Engine) -> None:
    with pytest.raises(TablesDiffer, match="quarantine: lacks column key String"):
        await started(engine, KNOWN[:1])
    await started(engine)


async def test_a_start_on_tables_that_a_newer_release_has_migrated_says_so_and_changes_nothing(engine: Engine) -> None:
    await started(engine)
    engine.restart()
    with pytest.raises(TablesDiffer, match="tables_newer: migration 2 was made by a newer release; this one knows 1"):
        await started(engine, KNOWN[:1])
    assert engine.run == ()

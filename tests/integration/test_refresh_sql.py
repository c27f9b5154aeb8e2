"""Every statement of whole refreshes on a real engine, in order, with the parameters that it uses: a change of the
refresh's code shows here what it asks of the engine. tests/unit/snapshot_service/golden has the statements by case.

`GOLDEN=write` writes the files anew (tests/helpers/golden.py)."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from crosslook.platform.clickhouse import ClickHouse, QueryResult
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.builders import Event, event
from tests.helpers.golden import assert_golden
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline
from tests.helpers.refresher import tickets
from tests.helpers.sql_layout import laid_out

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
HORIZON_DAYS = 40
NIGHTS = ("first_refresh", "refresh_with_patches_and_new_links", "after_a_horizon")
DATABASE = "refresh_sql"


class Recorded:
    """What the engine is asked about one database, one text each: services of other tests may still run here."""

    def __init__(self, patch: pytest.MonkeyPatch, database: str) -> None:
        self.statements: list[str] = []
        self._database = database
        query, command, insert = ClickHouse.query, ClickHouse.command, ClickHouse.insert_arrow

        async def queried(
            engine: ClickHouse, sql: str, parameters: Any = None, *more: Any, **named: Any
        ) -> QueryResult:
            self._add(engine, sql, parameters)
            return await query(engine, sql, parameters, *more, **named)

        async def commanded(engine: ClickHouse, sql: str, parameters: Any = None, *more: Any) -> None:
            self._add(engine, sql, parameters)
            await command(engine, sql, parameters, *more)

        async def inserted(engine: ClickHouse, table: str, block: pa.Table, *more: Any) -> None:
            if engine.database == self._database:
                self.statements.append(f"INSERT INTO {table}\n{_rows(block)}")
            await insert(engine, table, block, *more)

        patch.setattr(ClickHouse, "query", queried)
        patch.setattr(ClickHouse, "command", commanded)
        patch.setattr(ClickHouse, "insert_arrow", inserted)

    def _add(self, engine: ClickHouse, sql: str, parameters: Mapping[str, Any] | None) -> None:
        if engine.database != self._database:
            return
        used = {name: value for name, value in (parameters or {}).items() if f"{{{name}:" in sql}
        values = "".join(f"\n-- {name} = {value}" for name, value in sorted(used.items()))
        self.statements.append(laid_out(sql) + values)


def _rows(block: pa.Table) -> str:
    return "\n".join(f"-- {row}" for row in block.to_pylist())


@pytest.fixture(scope="module")
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    async with memory_pipeline(clickhouse.model_copy(update={"database": DATABASE}), NOW) as running:
        yield running


def _night(number: int) -> list[Event]:
    """Of the first night tickets of two tenants, one with a contact and a patch that waits for its record; of the
    second a patch, a deletion, and the contact that a ticket names that has no events; of the third nothing, but a
    horizon has passed."""
    at = NOW + timedelta(days=number)
    ada, bob = ({"requester": [{"email": f"{name}@x.example"}]} for name in ("ada", "bob"))
    nights = (
        [
            event("acme", "contact", "ada", {"email": "ada@x.example"}, event_id="a", time=at),
            event("acme", "ticket", "1", {"amount": "1"}, event_id="b", time=at, relationships=ada),
            event("acme", "ticket", "2", {"amount": "2"}, event_id="c", time=at),
            event("acme", "ticket", "3", {"amount": "3"}, event_id="d", time=at, kind="patch"),
            event("globex", "ticket", "1", {"amount": "4"}, event_id="e", time=at, relationships=bob),
        ],
        [
            event("acme", "ticket", "1", {"amount": "5"}, event_id="f", time=at, kind="patch"),
            event("acme", "ticket", "2", event_id="g", time=at, kind="delete"),
            event("globex", "contact", "bob", {"email": "bob@x.example"}, event_id="h", time=at),
        ],
    )
    return nights[number] if number < len(nights) else []


async def test_runs_ask_the_engine_what_they_asked_before(
    pipeline: MemoryPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tenant in ("acme", "globex"):
        await pipeline.define(tenant, tickets())
    await pipeline.context.consistency.check(pipeline.feed.current())  # the database gets its identity, which is random
    for number, name in enumerate(NIGHTS):
        pipeline.clock.at = NOW + timedelta(days=number if name != "after_a_horizon" else HORIZON_DAYS)
        await pipeline.send(_night(number))
        with monkeypatch.context() as patch:
            recorded = Recorded(patch, DATABASE)
            run = await pipeline.refresh()
        assert (run.state, run.reason, pipeline.manifest.failed_objects) == ("published", None, ())
        assert_golden(GOLDEN / f"{name}.sql", "\n\n".join([*recorded.statements, ""]))

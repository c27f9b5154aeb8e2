"""What the janitor drops when refreshes come often and schemas change often, on a real engine."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from crosslook.contracts.layouts import layout_of
from crosslook.contracts.schemas import Definition
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.refresh import janitor as janitor_module
from tests.helpers.builders import definition, event, fields
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline
from tests.helpers.refresher import NOW

KEPT, GRACE = 2, timedelta(minutes=15)


@pytest.fixture
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    engine = clickhouse.model_copy(update={"database": "janitor_layouts"})
    async with memory_pipeline(
        engine, NOW, snapshots={"keep": KEPT, "grace_seconds": GRACE.total_seconds()}
    ) as running:
        yield running
        await running.context.clickhouse.command("DROP DATABASE janitor_layouts")


def _object(name: str, field: str = "status") -> Definition:
    return definition(*fields(**{field: "text"}), name=name)


async def _touch(pipeline: MemoryPipeline, name: str, number: int, field: str = "status") -> None:
    await pipeline.send([event("acme", name, "1", {field: "x"}, event_id=str(number), time=NOW, sequence=number)])


async def _parts(pipeline: MemoryPipeline) -> int:
    sql = (
        "SELECT uniqExact(table, partition) FROM system.parts WHERE active AND database = currentDatabase() "
        "AND startsWith(table, 'records_')"
    )
    return int((await pipeline.context.clickhouse.query(sql)).scalar())


async def _tables(pipeline: MemoryPipeline) -> set[str]:
    sql = "SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'records_')"
    return {name for (name,) in (await pipeline.context.clickhouse.query(sql)).rows}


async def test_old_builds_go_though_refreshes_come_more_often_than_the_grace_period(pipeline: MemoryPipeline) -> None:
    await pipeline.define("acme", _object("ticket"))
    held = []
    for number in range(12):
        await _touch(pipeline, "ticket", number)
        assert (await pipeline.refresh()).state == "published"
        held.append(await _parts(pipeline))
        pipeline.clock.at += timedelta(minutes=5)
    # Three that expired within the last quarter of an hour, beside those that are kept; the last one goes in a run.
    assert held == [1, 2, 3, 4, 5, *[5] * 7]
    assert len(pipeline.feed.expired()) == 3


async def test_rows_outlive_their_snapshot_by_the_grace_period_whoever_runs_the_next_refresh(
    pipeline: MemoryPipeline,
) -> None:
    await pipeline.define("acme", _object("ticket"))
    for number in range(KEPT + 1):
        await _touch(pipeline, "ticket", number)
        await pipeline.refresh()
    assert (len(pipeline.feed.manifests()), await _parts(pipeline)) == (KEPT, KEPT + 1)
    pipeline.clock.at += GRACE - timedelta(seconds=1)
    await pipeline.refresh()
    assert await _parts(pipeline) == KEPT + 1
    pipeline.clock.at += timedelta(seconds=1)
    await pipeline.refresh()
    assert await _parts(pipeline) == KEPT


async def test_tables_of_layouts_that_no_snapshot_names_go(pipeline: MemoryPipeline) -> None:
    names = [f"obj_{number}" for number in range(20)]
    await pipeline.define("acme", _object("ticket"))
    await _touch(pipeline, "ticket", 0)
    await pipeline.refresh()
    lasting = await _tables(pipeline)
    for number, name in enumerate(names):
        await pipeline.define("acme", _object(name, name))
        await _touch(pipeline, name, number + 1, name)
    await pipeline.refresh()
    assert len(await _tables(pipeline)) == len(lasting) + len(names)
    for name in names:
        await pipeline.drop("acme", name)
    for _ in range(KEPT):
        await pipeline.refresh()
    assert len(await _tables(pipeline)) == len(lasting) + len(names), "a query may still read them"
    pipeline.clock.at += GRACE
    await pipeline.refresh()
    assert await _tables(pipeline) == lasting
    await pipeline.define("acme", _object("again", names[0]))
    await pipeline.refresh()
    assert await _tables(pipeline) == lasting | {layout_of(_object("again", names[0])).table}


async def test_a_janitor_that_wakes_up_late_drops_no_table_that_a_later_run_has_filled(
    pipeline: MemoryPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pipeline.define("acme", _object("ticket"))
    await _touch(pipeline, "ticket", 0)
    await pipeline.refresh()
    with monkeypatch.context() as patch:
        # It saw the tables and the snapshots as they were before the object was made.
        patch.setattr(janitor_module, "unused", lambda tables, left, named: tables)
        await _touch(pipeline, "ticket", 1)
        await pipeline.refresh()
    assert list(await pipeline.rows("acme", "ticket")) == ["1"]


async def test_the_table_of_an_object_without_records_is_made_again_where_it_is_gone(pipeline: MemoryPipeline) -> None:
    await pipeline.define("acme", _object("ticket"))
    await pipeline.refresh()
    table = layout_of(_object("ticket")).table
    await pipeline.context.clickhouse.command(f"DROP TABLE {table}")
    await pipeline.refresh()
    assert table in await _tables(pipeline)
    assert await pipeline.rows("acme", "ticket") == {}

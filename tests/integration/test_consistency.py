"""A refresh never takes for nothing there what its manifest names and the store does not hold: on a real engine."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.layouts import table_of
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.consistency.meta import Meta
from services.snapshot_service.domain.consistency import MismatchReason
from tests.helpers.builders import event, object_key
from tests.helpers.memory_pipeline import MemoryPipeline, StagedNext, memory_pipeline
from tests.helpers.refresher import NOW, tickets

TENANT = "acme"
_DATABASES = iter(range(1000))


@pytest.fixture
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    """Three tickets published, in a database of the test's own."""
    engine = clickhouse.model_copy(update={"database": f"consistency_{next(_DATABASES)}"})
    kept: dict[str, Any] = {"keep": 2, "grace_seconds": 0}
    async with memory_pipeline(engine, NOW, snapshots=kept) as running:
        await running.define(TENANT, tickets())
        await send(running, range(3))
        assert (await running.refresh()).state == "published"
        yield running


async def send(pipeline: MemoryPipeline, records: range) -> None:
    await pipeline.send(
        [event(TENANT, "ticket", str(n), {"amount": "1"}, event_id=f"e-{n}", time=NOW) for n in records]
    )


async def command(pipeline: MemoryPipeline, sql: str) -> None:
    await pipeline.context.clickhouse.command(sql, settings={"mutations_sync": 1})


async def refused(pipeline: MemoryPipeline, reason: MismatchReason) -> None:
    """The next refresh fails for this reason; the snapshot stays, and the metric says so."""
    before = pipeline.manifest
    run = await pipeline.refresh()
    assert (run.state, run.reason) == ("failed", reason)
    assert pipeline.manifest == before
    assert f'crosslook_manifest_mismatch{{reason="{reason}"}} 1.0' in _metrics(pipeline)


def _metrics(pipeline: MemoryPipeline) -> str:
    return pipeline.context.meters.render().decode()


async def test_entries_that_are_gone_fail_the_refresh_until_they_are_back(pipeline: MemoryPipeline) -> None:
    snapshot = pipeline.manifest.snapshot
    await command(pipeline, "CREATE TABLE kept_entries AS snapshot_entries")
    await command(pipeline, "INSERT INTO kept_entries SELECT * FROM snapshot_entries")
    await command(pipeline, f"ALTER TABLE snapshot_entries DROP PARTITION '{snapshot}'")
    await send(pipeline, range(3, 5))
    await refused(pipeline, MismatchReason.ENTRIES)
    await command(pipeline, "INSERT INTO snapshot_entries SELECT * FROM kept_entries")
    assert (await pipeline.refresh()).state == "published"
    assert len(await pipeline.rows(TENANT, "ticket")) == 5
    assert 'crosslook_manifest_mismatch{reason="entries_missing"} 0.0' in _metrics(pipeline)


async def test_a_build_that_lost_rows_fails_the_refresh_and_so_does_one_that_is_gone(
    pipeline: MemoryPipeline,
) -> None:
    entry = (await pipeline.entries())[object_key(TENANT)]
    await command(pipeline, f"ALTER TABLE {table_of(entry.layout)} DELETE WHERE record = '1'")
    await refused(pipeline, MismatchReason.ROWS)
    await command(pipeline, f"ALTER TABLE {table_of(entry.layout)} DROP PARTITION {entry.build}")
    await refused(pipeline, MismatchReason.BUILDS)


async def test_a_topic_that_was_made_anew_fails_the_refresh_and_so_does_a_new_database(
    pipeline: MemoryPipeline,
) -> None:
    async def another(facts: StagedNext, topics: Any) -> KafkaIdentity:
        return KafkaIdentity(cluster="another")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StagedNext, "identity", another)
        await refused(pipeline, MismatchReason.KAFKA)
    await command(pipeline, "TRUNCATE TABLE crosslook_meta")
    await refused(pipeline, MismatchReason.DATABASE)
    mismatch = pipeline.context.consistency.mismatch
    assert mismatch is not None
    assert mismatch.detail.endswith("this is a new one")
    rows = await pipeline.context.clickhouse.query("SELECT count() FROM crosslook_meta")
    assert rows.scalar() == 0, "nothing is adopted while something does not belong together"


async def test_state_of_an_earlier_release_is_adopted_once(pipeline: MemoryPipeline) -> None:
    """Neither the database nor the manifest say to whom they belong."""
    old = pipeline.manifest.model_copy(update={"database": "", "kafka": None})
    writer = MemoryLog(pipeline.snapshots.shared)
    await writer.start()
    await writer.put(old.key, old.encode())
    await command(pipeline, "TRUNCATE TABLE crosslook_meta")
    assert (await pipeline.refresh()).state == "published"
    identity = pipeline.context.consistency.identity
    assert identity.complete
    assert (pipeline.manifest.database, pipeline.manifest.kafka) == (identity.database, identity.kafka)


async def test_two_workers_that_adopt_at_the_same_time_agree(pipeline: MemoryPipeline) -> None:
    clickhouse, clock = pipeline.context.clickhouse, pipeline.clock
    await command(pipeline, "DROP TABLE crosslook_meta")
    await pipeline.context.staging.create_tables()
    meta = Meta(clickhouse, clock)
    empty = await meta.read()
    workers = [replace(empty.identity, database=name, kafka=KafkaIdentity(cluster=name)) for name in ("one", "two")]
    found = [(await meta.write(empty, identity=worker)).identity for worker in workers]
    assert found[0] == found[1] == workers[0]


async def test_the_janitor_drops_nothing_while_a_retained_snapshot_lacks_entries(pipeline: MemoryPipeline) -> None:
    first = pipeline.manifest
    await send(pipeline, range(3, 4))
    await pipeline.refresh()
    await command(pipeline, f"ALTER TABLE snapshot_entries DROP PARTITION '{first.snapshot}'")
    builds = await _builds(pipeline)
    await send(pipeline, range(4, 5))
    assert (await pipeline.refresh()).state == "published", "the current snapshot is whole"
    assert builds <= await _builds(pipeline)
    await pipeline.refresh()
    await pipeline.refresh()
    assert not builds <= await _builds(pipeline), "the snapshot that lacks entries is forgotten by now"
    assert len(await pipeline.rows(TENANT, "ticket")) == 5


async def _builds(pipeline: MemoryPipeline) -> set[tuple[str, str]]:
    sql = (
        "SELECT DISTINCT table, partition FROM system.parts WHERE active AND database = currentDatabase() "
        "AND startsWith(table, 'records_')"
    )
    return {(table, partition) for table, partition in (await pipeline.context.clickhouse.query(sql)).rows}

"""A recovery that is cut anywhere goes on where it was, on a real engine; and what must not be made current is not."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest
from crosslook.platform.errors import Conflict
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.domain.consistency import MismatchReason
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.recovery.recovery import Recovery, RecoveryReport
from services.snapshot_service.refresh.context import RunFailed
from services.snapshot_service.refresh.run import Refresh
from services.snapshot_service.refresh.run_writer import RunWriter
from tests.helpers.builders import event, object_key
from tests.helpers.memory_pipeline import MemoryPipeline, StagedNext, memory_pipeline
from tests.helpers.refresher import NOW, tickets

TENANT = "acme"
STEPS = ["publish_staged", "set_aside_staging", "carry_over_snapshot", "record_identity"]
_DATABASES = iter(range(1000))


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    """Three tickets published, two more staged, in a database of the test's own."""
    engine = clickhouse.model_copy(update={"database": f"cut_{next(_DATABASES)}"})
    async with memory_pipeline(engine, NOW) as running:
        await running.define(TENANT, tickets())
        await send(running, range(3))
        assert (await running.refresh()).state == "published"
        await send(running, range(3, 5))
        yield running


@pytest.fixture
def lost_kafka(pipeline: MemoryPipeline, monkeypatch: pytest.MonkeyPatch) -> MemoryPipeline:
    """Another Kafka, whose offsets begin anew and whose first events have the positions of old ones."""

    async def another(facts: StagedNext, topics: Any) -> KafkaIdentity:
        return KafkaIdentity(cluster="another")

    monkeypatch.setattr(StagedNext, "identity", another)
    pipeline.offsets.next = Counter(dict.fromkeys(pipeline.offsets.next, 0))
    return pipeline


async def send(pipeline: MemoryPipeline, records: range) -> None:
    await pipeline.send(
        [event(TENANT, "ticket", str(n), {"amount": "1"}, event_id=f"e-{n}", time=NOW) for n in records]
    )


def recovery(pipeline: MemoryPipeline, passed: Callable[[str], None] = lambda name: None) -> Recovery:
    """The recovery of a process. `passed`: called with `recovered` after each step."""
    context = replace(pipeline.context, failpoint=passed)
    return Recovery(context, pipeline.feed, pipeline.refresher, lambda: MemoryLog(pipeline.snapshots.shared))


async def follow(pipeline: MemoryPipeline, passed: Callable[[str], None] = lambda name: None) -> RecoveryReport:
    made = recovery(pipeline, passed)
    return await made.follow((await made.look()).plan.id)


def die(name: str) -> None:
    """Kills the process behind the first step."""
    if name == "recovered":
        raise Killed


async def went_on(pipeline: MemoryPipeline) -> None:
    """Everything belongs together; five old tickets and two new ones count."""
    report = await recovery(pipeline).look()
    assert (report.mismatch, report.plan.steps) == (None, ())
    assert len(await pipeline.rows(TENANT, "ticket")) == 5
    await send(pipeline, range(100, 102))
    assert (await pipeline.refresh()).state == "published"
    assert len(await pipeline.rows(TENANT, "ticket")) == 7


async def test_a_recovery_killed_after_each_step_goes_on_there(lost_kafka: MemoryPipeline) -> None:
    for done in range(len(STEPS)):
        assert [*(await recovery(lost_kafka).look()).plan.steps] == STEPS[done:]
        with pytest.raises(Killed):
            await follow(lost_kafka, die)
    await went_on(lost_kafka)


async def test_a_recovery_killed_within_a_step_does_that_step_again(
    lost_kafka: MemoryPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_tables = Staging.create_tables

    async def die_between_tables(staging: Staging) -> None:
        if await _missing(lost_kafka):
            raise Killed
        await make_tables(staging)

    async def die_before_the_switch(publisher: RunWriter, manifest: Manifest) -> None:
        if manifest.kafka == KafkaIdentity(cluster="another"):
            raise Killed
        await publish(publisher, manifest)

    publish = RunWriter.publish
    with monkeypatch.context() as patch:
        patch.setattr(Staging, "create_tables", die_between_tables)
        with pytest.raises(Killed):
            await follow(lost_kafka)
    with monkeypatch.context() as patch:
        patch.setattr(RunWriter, "publish", die_before_the_switch)
        with pytest.raises(Killed):
            await follow(lost_kafka)
    await follow(lost_kafka)
    await went_on(lost_kafka)


async def _missing(pipeline: MemoryPipeline) -> bool:
    sql = "SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'record_log'"
    return int((await pipeline.context.clickhouse.query(sql)).scalar()) == 0


async def test_a_topic_that_lost_its_end_restarts_its_offsets(pipeline: MemoryPipeline) -> None:
    """The same Kafka, cut: its offsets are given out a second time."""
    pipeline.offsets.next = Counter(dict.fromkeys(pipeline.offsets.next, 0))
    look = await recovery(pipeline).look()
    assert look.mismatch is not None
    assert look.mismatch.reason is MismatchReason.TRUNCATED
    assert [*(await follow(pipeline)).done] == STEPS[:3]
    await went_on(pipeline)


async def test_what_was_staged_is_not_set_aside_before_it_is_published(
    lost_kafka: MemoryPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(refresh: Refresh) -> Manifest:
        raise RunFailed("staging_behind")

    with monkeypatch.context() as patch:
        patch.setattr(Refresh, "run", fail)
        with pytest.raises(Conflict, match="recovery_run_failed"):
            await follow(lost_kafka)
    assert await lost_kafka.staged(TENANT, "ticket") == 5
    await follow(lost_kafka)
    await went_on(lost_kafka)


async def test_a_plan_that_is_not_what_would_be_done_is_refused(lost_kafka: MemoryPipeline) -> None:
    with pytest.raises(Conflict, match="recovery_plan_changed"):
        await recovery(lost_kafka).follow("000000000000")
    assert (await recovery(lost_kafka).look()).plan.steps


async def test_a_snapshot_without_its_entries_or_rows_is_not_restored(pipeline: MemoryPipeline) -> None:
    first = pipeline.manifest
    entry = (await pipeline.entries())[object_key(TENANT)]
    assert (await pipeline.refresh()).state == "published"
    await pipeline.refresher.restore(first.snapshot)
    assert pipeline.manifest.snapshot == first.snapshot
    assert (await pipeline.refresh()).state == "published"
    command = pipeline.context.clickhouse.command
    await command(f"ALTER TABLE records_{entry.layout} DROP PARTITION {entry.build}")
    with pytest.raises(Conflict) as gone:
        await pipeline.refresher.restore(first.snapshot)
    assert str(gone.value.problem.values["reason"]).startswith(MismatchReason.BUILDS)
    await command(f"ALTER TABLE snapshot_entries DROP PARTITION '{first.snapshot}'")
    with pytest.raises(Conflict, match="snapshot_unusable") as lacking:
        await pipeline.refresher.restore(first.snapshot)
    assert str(lacking.value.problem.values["reason"]).startswith(MismatchReason.ENTRIES)
    assert pipeline.manifest.snapshot != first.snapshot


async def test_a_snapshot_that_lost_one_tenants_rows_keeps_all_others(pipeline: MemoryPipeline) -> None:
    """What is staged comes back; what is older than staging stays where its rows are still there."""
    await pipeline.define("other", tickets())
    for again in range(2):
        both = [("other", "1"), (TENANT, "0")]
        await pipeline.send(
            [event(whose, "ticket", record, event_id=f"{whose}-{again}", time=NOW) for whose, record in both]
        )
        assert (await pipeline.refresh()).state == "published"
    command, entry = pipeline.context.clickhouse.command, (await pipeline.entries())[object_key(TENANT)]
    assert (await pipeline.entries())[object_key("other")].build == entry.build
    await command("DELETE FROM record_log WHERE tenant = 'other' OR record = '4'")
    sql = f"ALTER TABLE records_{entry.layout} DELETE WHERE tenant = '{TENANT}' AND record > '1'"
    await command(sql, settings={"mutations_sync": 1})
    look = await recovery(pipeline).look()
    assert look.mismatch is not None
    assert [*look.plan.steps] == ["salvage_snapshot", "forget_snapshots"]
    assert [(damage.entry.tenant, damage.missing) for damage in look.plan.damaged] == [(TENANT, 3)]
    await follow(pipeline)
    assert (await recovery(pipeline).look()).plan.steps == ()
    assert (await pipeline.refresh()).state == "published"
    assert sorted(await pipeline.rows(TENANT, "ticket")) == ["0", "1", "2", "3"]
    assert sorted(await pipeline.rows("other", "ticket")) == ["1"]


async def test_a_snapshot_whose_manifest_is_lost_is_published_from_its_entries(pipeline: MemoryPipeline) -> None:
    before = pipeline.manifest
    for key in list(pipeline.snapshots.entries()):
        pipeline.snapshots.shared.append(key, None)
    assert pipeline.feed.current() is None
    report = await follow(pipeline)
    assert [*report.done] == ["reserve_numbers", "republish_snapshot"]
    after = pipeline.manifest
    same = ("snapshot", "as_of", "watermark", "objects", "rows", "build", "database", "kafka")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
    assert (await pipeline.refresh()).state == "published"
    assert pipeline.manifest.build > before.build
    assert len(await pipeline.rows(TENANT, "ticket")) == 5

"""Runs on a real broker and engine: who may start one, what a failed one leaves, and that a bad tenant fails alone."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.manifests import Run
from crosslook.contracts.schemas import Definition, FieldDef, FieldType, Labels, RelationshipDef
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.clock import Schedule
from crosslook.platform.errors import Conflict, NotFound
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service import refresh as refresh_module
from services.snapshot_service.builder import Builder
from services.snapshot_service.domain.decision import Rebuild
from services.snapshot_service.publisher import Ask
from tests.helpers.pipeline import Pipeline, event, running_pipeline
from tests.helpers.processes import running_broker

NOW = datetime.now(UTC).replace(microsecond=0)
TICKET = Definition(
    object="ticket",
    labels=Labels(singular="Ticket", plural="Tickets"),
    fields=(FieldDef(slug="amount", type=FieldType.CURRENCY, currency="USD"),),
    relationships=(RelationshipDef(slug="requester", target="contact"),),
)


@pytest.fixture(scope="module")
async def pipeline(tmp_path_factory: pytest.TempPathFactory, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    async with running_broker(tmp_path_factory.mktemp("refresher-broker")) as kafka:
        engine = clickhouse.model_copy(update={"database": "refresher"})
        async with running_pipeline(kafka, engine, NOW, worker={"heartbeat_seconds": 0.1}) as running:
            yield running


def ticket(tenant: str) -> ObjectKey:
    return ObjectKey(TenantId(tenant), ObjectSlug("ticket"))


async def filled(pipeline: Pipeline, tenant: str, record: str = "1", event_id: str = "a") -> None:
    if ticket(tenant) not in pipeline.versions:
        await pipeline.define(tenant, TICKET)
    await pipeline.send([event(tenant, "ticket", record, {"amount": "1"}, event_id=event_id, time=NOW)])


async def test_a_run_under_way_is_answered_with_that_run(pipeline: Pipeline) -> None:
    first, second = await asyncio.gather(pipeline.refresher.ask(Ask("manual")), pipeline.refresher.ask(Ask("manual")))
    assert first.run == second.run
    await pipeline.refresher.wait()


async def test_a_repeated_idempotency_key_is_answered_with_the_run_it_began(pipeline: Pipeline) -> None:
    first = await pipeline.refresher.ask(Ask("manual", idempotency_key="k1"))
    await pipeline.refresher.wait()
    await pipeline.feed.view.catch_up()
    again = await pipeline.refresher.ask(Ask("manual", idempotency_key="k1"))
    assert (again.run, again.state) == (first.run, "published")
    other = await pipeline.refresher.ask(Ask("manual", idempotency_key="k2"))
    assert other.run != first.run
    await pipeline.refresher.wait()


async def test_a_key_that_met_a_run_under_way_is_answered_with_that_run_ever_after(pipeline: Pipeline) -> None:
    first = await pipeline.refresher.ask(Ask("manual"))
    met = await pipeline.refresher.ask(Ask("manual", idempotency_key="met"))
    await pipeline.refresher.wait()
    again = await pipeline.refresher.ask(Ask("manual", idempotency_key="met"))
    assert first.run == met.run == again.run
    assert again.state == "published"


async def test_a_restored_snapshot_is_current_and_the_next_refresh_starts_from_it(pipeline: Pipeline) -> None:
    await filled(pipeline, "restored")
    await pipeline.refresh()
    old = pipeline.manifest
    await filled(pipeline, "restored", "2", "b")
    await pipeline.refresh()
    newer = pipeline.manifest
    assert sorted(await pipeline.rows("restored", "ticket")) == ["1", "2"]
    assert await pipeline.refresher.restore(old.snapshot) == old
    assert pipeline.manifest == old
    assert list(await pipeline.rows("restored", "ticket")) == ["1"]
    await filled(pipeline, "restored", "3", "c")
    await pipeline.refresh()
    assert pipeline.manifest.previous == old.snapshot
    assert sorted(await pipeline.rows("restored", "ticket")) == ["1", "2", "3"]
    assert pipeline.manifest.build > newer.build


async def test_nothing_is_restored_that_is_not_retained_or_while_a_run_is_under_way(pipeline: Pipeline) -> None:
    with pytest.raises(NotFound):
        await pipeline.refresher.restore("none")
    await pipeline.refresher.ask(Ask("manual"))
    with pytest.raises(Conflict):
        await pipeline.refresher.restore(pipeline.manifest.snapshot)
    await pipeline.refresher.wait()


async def test_r1_the_first_scheduled_instant_has_its_run_even_if_nothing_was_defined_yet(
    tmp_path_factory: pytest.TempPathFactory, clickhouse: ClickHouseSettings
) -> None:
    async with running_broker(tmp_path_factory.mktemp("empty-broker")) as kafka:
        engine = clickhouse.model_copy(update={"database": "refresher_empty"})
        async with running_pipeline(kafka, engine, NOW) as empty:
            await empty.refresher.reconcile()
            assert empty.feed.runs() == [], "nothing was missed before there was anything"
            schedule = Schedule(empty.settings.refresh.cron, empty.settings.refresh.timezone)
            empty.clock.at = schedule.next_after(NOW)
            await empty.refresher.reconcile()
            await empty.refresher.wait()
            await empty.feed.view.catch_up()
            assert [(run.trigger, run.state) for run in empty.feed.runs()] == [("cron", "published")]
            assert empty.manifest.objects == 0


async def test_r1_a_missed_run_is_caught_up_once(pipeline: Pipeline) -> None:
    await filled(pipeline, "caught-up")
    await pipeline.refresh()
    before = pipeline.clock.at
    schedule = Schedule(pipeline.settings.refresh.cron, pipeline.settings.refresh.timezone)
    due = schedule.next_after(schedule.next_after(before))
    pipeline.clock.at = due + timedelta(hours=2)
    try:
        runs = []
        for _ in range(2):
            await pipeline.refresher.reconcile()
            await pipeline.refresher.wait()
            await pipeline.feed.view.catch_up()
            runs.append(pipeline.feed.runs()[-1])
    finally:
        pipeline.clock.at = before
    assert runs[0] == runs[1], "two missed days are one run"
    assert (runs[0].trigger, runs[0].due, runs[0].state) == ("catch_up", due, "published")


async def test_r1_the_run_of_the_tick_itself_is_the_crons(pipeline: Pipeline) -> None:
    await pipeline.refresh()
    before = pipeline.clock.at
    schedule = Schedule(pipeline.settings.refresh.cron, pipeline.settings.refresh.timezone)
    pipeline.clock.at = schedule.next_after(pipeline.manifest.as_of) + timedelta(seconds=1)
    try:
        await pipeline.refresher.reconcile()
        await pipeline.refresher.wait()
        await pipeline.feed.view.catch_up()
    finally:
        pipeline.clock.at = before
    assert pipeline.feed.runs()[-1].trigger == "cron"


async def test_a_run_that_staging_does_not_reach_in_time_fails_and_the_old_snapshot_stays(pipeline: Pipeline) -> None:
    await pipeline.refresh()
    before = pipeline.manifest
    committed = pipeline.workshop.offsets.committed

    async def stuck() -> dict[int, int]:
        return {partition: offset - 1 for partition, offset in (await committed()).items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.workshop.offsets, "committed", stuck)
        patch.setattr(refresh_module, "perf_counter", _leaping(pipeline.settings.refresh.wait_seconds))
        run = await pipeline.refresh()
    assert (run.state, run.reason) == ("failed", "staging_behind")
    assert pipeline.manifest == before
    assert (await pipeline.refresh()).state == "published"


def _leaping(seconds: float) -> Callable[[], float]:
    """A clock of which two looks are farther apart than this."""
    now = 0.0

    def look() -> float:
        nonlocal now
        now += seconds + 1
        return now

    return look


async def test_a_run_tells_that_it_is_alive_while_it_waits(pipeline: Pipeline) -> None:
    seen: list[Run] = []
    pipeline.feed.view.on_change(lambda change: seen.extend(run for run in pipeline.feed.runs() if not run.over))
    committed = pipeline.workshop.offsets.committed
    release = asyncio.Event()

    async def held() -> dict[int, int]:
        if len({run.state for run in seen}) >= 2 and len(seen) >= 6:
            release.set()
        offsets = await committed()
        return offsets if release.is_set() else dict.fromkeys(offsets, -1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.workshop.offsets, "committed", held)
        assert (await pipeline.refresh()).state == "published"
    assert {"claimed", "waiting"} <= {run.state for run in seen}


async def test_a_tenant_whose_rows_cannot_be_built_keeps_its_entries_and_hurts_nobody_else(pipeline: Pipeline) -> None:
    await filled(pipeline, "good")
    await filled(pipeline, "bad")
    await pipeline.refresh()
    kept = (await pipeline.entries())[ticket("bad")]
    await filled(pipeline, "good", "2", "b")
    await filled(pipeline, "bad", "3", "c")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh_module, "Builder", _Refusing)
        assert (await pipeline.refresh()).state == "published"
    assert [failed.tenant for failed in pipeline.manifest.failed] == ["bad"]
    assert pipeline.manifest.failed[0].reason == "build: DECIMAL_OVERFLOW (407)"
    entries = await pipeline.entries()
    assert (entries[ticket("bad")].build, entries[ticket("bad")].watermark) == (kept.build, kept.watermark)
    assert entries[ticket("bad")].failed == pipeline.manifest.failed[0].reason
    assert sorted(await pipeline.rows("good", "ticket")) == ["1", "2"]
    assert sorted(await pipeline.rows("bad", "ticket")) == ["1"]
    await pipeline.refresh()
    assert pipeline.manifest.failed == ()
    assert sorted(await pipeline.rows("bad", "ticket")) == ["1", "3"]


class _Refusing(Builder):
    """Fails as an engine does that meets a value it cannot convert: after part of the rows was written."""

    async def _write(self, group: Sequence[Rebuild]) -> None:
        await super()._write(group)
        if any(one.key.tenant == "bad" for one in group):
            self.builds.done.pop()
            for one in group:
                del self.builds.entries[one.key]
            raise ClickHouseError(407, "DECIMAL_OVERFLOW", "Decimal math overflow")


async def test_a_build_that_does_not_hold_what_it_must_is_not_published(pipeline: Pipeline) -> None:
    await filled(pipeline, "honest")
    await filled(pipeline, "robbed")
    await pipeline.refresh()
    kept = (await pipeline.entries())[ticket("robbed")]
    for tenant in ("honest", "robbed"):
        await filled(pipeline, tenant, "2", "b")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(refresh_module, "Builder", _Robber)
        assert (await pipeline.refresh()).state == "published"
    (failed,) = pipeline.manifest.failed
    assert (failed.tenant, failed.reason) == ("robbed", "verify: ticket holds (2, 0), expected (1, 0)")
    assert (await pipeline.entries())[ticket("robbed")].build == kept.build
    assert sorted(await pipeline.rows("honest", "ticket")) == ["1", "2"]
    await pipeline.refresh()
    assert pipeline.manifest.failed == ()
    assert sorted(await pipeline.rows("robbed", "ticket")) == ["1", "2"]


class _Robber(Builder):
    """Takes staged rows away between build and verification, so that the two disagree for one tenant."""

    async def verify(self, progress: Callable[[int], None]) -> None:
        engine = self._clickhouse
        condition = "WHERE tenant = 'robbed' AND record = '2'"
        await engine.command("CREATE TABLE stolen AS record_log")
        await engine.command(f"INSERT INTO stolen SELECT * FROM record_log {condition}")  # noqa: S608  # the test's own
        await engine.command(f"ALTER TABLE record_log DELETE {condition}", settings={"mutations_sync": 1})
        await super().verify(progress)
        await engine.command("INSERT INTO record_log SELECT * FROM stolen")
        await engine.command("DROP TABLE stolen")

"""Runs on a real broker and engine: who may start one, and what a failed one leaves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest

from crosslook.contracts.manifests import Run
from crosslook.contracts.topics import SNAPSHOTS
from crosslook.platform.clock import Schedule
from crosslook.platform.errors import Conflict, NotFound
from crosslook.platform.kafka import GroupCommit
from crosslook.platform.log_store.kafka import KafkaLogStore
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.snapshot_service.refresh import wait as wait_module
from services.snapshot_service.refresh.claim import RunRequest, claim
from tests.helpers.pipeline import Pipeline, running_pipeline
from tests.helpers.processes import own_topics
from tests.helpers.refresher import NOW, filled


@pytest.fixture(scope="module")
async def pipeline(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[Pipeline]:
    own = own_topics(kafka)
    engine = clickhouse.model_copy(update={"database": "refresher"})
    async with running_pipeline(own, engine, NOW, worker={"heartbeat_seconds": 0.1}) as running:
        yield running


async def test_a_run_under_way_is_answered_with_that_run(pipeline: Pipeline) -> None:
    first, second = await asyncio.gather(
        pipeline.refresher.request(RunRequest("manual")), pipeline.refresher.request(RunRequest("manual"))
    )
    assert first.run.run == second.run.run
    await pipeline.refresher.wait()


async def test_a_run_of_another_worker_that_is_alive_is_answered_and_not_disturbed(pipeline: Pipeline) -> None:
    writer = KafkaLogStore(SNAPSHOTS.name, pipeline.settings.kafka)
    other = await claim(lambda: writer, RunRequest("manual"), "other", pipeline.clock.now())
    assert (await pipeline.refresher.request(RunRequest("manual"))).run.run == other.run.run
    with pytest.raises(Conflict):
        await pipeline.refresher.restore("any")
    await other.update(other.run.model_copy(update={"state": "failed", "reason": "enough"}))
    await other.close()
    assert (await pipeline.refresh()).state == "published"


async def test_a_repeated_idempotency_key_is_answered_with_the_run_it_began(pipeline: Pipeline) -> None:
    first = (await pipeline.refresher.request(RunRequest("manual", idempotency_key="k1"))).run
    await pipeline.refresher.wait()
    await pipeline.feed.view.catch_up()
    again = (await pipeline.refresher.request(RunRequest("manual", idempotency_key="k1"))).run
    assert (again.run, again.state) == (first.run, "published")
    other = (await pipeline.refresher.request(RunRequest("manual", idempotency_key="k2"))).run
    assert other.run != first.run
    await pipeline.refresher.wait()


async def test_a_key_that_met_a_run_under_way_is_answered_with_that_run_ever_after(pipeline: Pipeline) -> None:
    first = (await pipeline.refresher.request(RunRequest("manual"))).run
    met = (await pipeline.refresher.request(RunRequest("manual", idempotency_key="met"))).run
    await pipeline.refresher.wait()
    again = (await pipeline.refresher.request(RunRequest("manual", idempotency_key="met"))).run
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
    await pipeline.refresher.request(RunRequest("manual"))
    with pytest.raises(Conflict):
        await pipeline.refresher.restore(pipeline.manifest.snapshot)
    await pipeline.refresher.wait()


async def test_r1_the_first_scheduled_instant_has_its_run_even_if_nothing_was_defined_yet(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings
) -> None:
    own = own_topics(kafka)
    engine = clickhouse.model_copy(update={"database": "refresher_empty"})
    async with running_pipeline(own, engine, NOW) as empty:
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
        for overdue in (7200, 0):
            await pipeline.refresher.reconcile()
            assert f"crosslook_refresh_overdue_seconds {overdue}.0" in pipeline.context.meters.render().decode()
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
    commits = pipeline.context.offsets.commits

    async def stuck() -> dict[int, GroupCommit]:
        return {partition: commit._replace(offset=commit.offset - 1) for partition, commit in (await commits()).items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.context.offsets, "commits", stuck)
        patch.setattr(wait_module, "perf_counter", _leaping(pipeline.settings.refresh.wait_seconds))
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
    commits = pipeline.context.offsets.commits
    release = asyncio.Event()

    async def held() -> dict[int, GroupCommit]:
        if len({run.state for run in seen}) >= 2 and len(seen) >= 6:
            release.set()
        found = await commits()
        return found if release.is_set() else {p: commit._replace(offset=0) for p, commit in found.items()}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline.context.offsets, "commits", held)
        assert (await pipeline.refresh()).state == "published"
    assert {"claimed", "waiting"} <= {run.state for run in seen}

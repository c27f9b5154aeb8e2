"""Claiming a run: exclusive, with partition numbers of its own, closing what earlier runs left open."""

from datetime import UTC, datetime, timedelta

import pytest

from crosslook.contracts.manifests import BUILDS_A_RUN, Manifest, Run
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic
from crosslook.platform.log_store.protocol import WriterFenced
from services.snapshot_service.refresh.claim import RUNS_KEPT, RunRequest, claim
from services.snapshot_service.refresh.run_writer import RunWriter
from tests.helpers import builders

NOW = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)


async def claimed(topic: MemoryTopic, worker: str = "one", now: datetime = NOW) -> RunWriter:
    return await claim(lambda: MemoryLog(topic), RunRequest("manual"), worker, now)


async def feed_of(topic: MemoryTopic) -> SnapshotFeed:
    view = MemoryLog(topic, writer=False)
    feed = SnapshotFeed(view)
    await view.start()
    return feed


def manifest(run: Run) -> Manifest:
    return builders.manifest(snapshot="s", run=run.run, build=run.build, as_of=NOW)


async def test_a_claimed_run_is_told_at_once() -> None:
    topic = MemoryTopic("snapshots")
    publisher = await claimed(topic)
    assert (await feed_of(topic)).run(publisher.run.run) == publisher.run
    assert publisher.run.state == "claimed"


async def test_no_two_runs_share_partition_numbers_whatever_became_of_them() -> None:
    topic = MemoryTopic("snapshots")
    bases = []
    for _ in range(3):
        publisher = await claimed(topic)
        bases.append(publisher.run.build)
        await publisher.close()
    assert bases == [BUILDS_A_RUN, 2 * BUILDS_A_RUN, 3 * BUILDS_A_RUN]


async def test_a_run_whose_writer_was_taken_over_is_closed_as_abandoned_and_can_publish_nothing() -> None:
    topic = MemoryTopic("snapshots")
    zombie = await claimed(topic, "one")
    await claimed(topic, "two", NOW + timedelta(seconds=1))
    closed = (await feed_of(topic)).run(zombie.run.run)
    assert closed is not None
    assert (closed.state, closed.reason) == ("failed", "abandoned")
    with pytest.raises(WriterFenced):
        await zombie.publish(manifest(zombie.run))


async def test_a_worker_that_comes_back_closes_its_own_run_at_once() -> None:
    topic = MemoryTopic("snapshots")
    died = await claimed(topic, "one")
    await claimed(topic, "one", NOW + timedelta(seconds=1))
    closed = (await feed_of(topic)).run(died.run.run)
    assert closed is not None
    assert closed.state == "failed"


async def test_a_run_that_died_after_its_publication_is_closed_as_published() -> None:
    topic = MemoryTopic("snapshots")
    died = await claimed(topic)
    await died.publish(manifest(died.run))
    await claimed(topic)
    closed = (await feed_of(topic)).run(died.run.run)
    assert closed is not None
    assert (closed.state, closed.snapshot, closed.progress) == ("published", "s", 1.0)


async def test_old_runs_are_forgotten_and_the_newest_kept() -> None:
    topic = MemoryTopic("snapshots")
    for _ in range(RUNS_KEPT + 5):
        publisher = await claimed(topic)
        await publisher.update(publisher.run.model_copy(update={"state": "failed"}))
        await publisher.close()
    feed = await feed_of(topic)
    assert len(feed.runs()) <= RUNS_KEPT + 1
    assert max(run.build for run in feed.runs()) == (RUNS_KEPT + 5) * BUILDS_A_RUN

"""The snapshot feed: a typed picture of the snapshots topic, the same whenever a reader starts."""

import pytest

from crosslook.contracts.manifests import Manifest, Run
from crosslook.contracts.topics import SNAPSHOTS
from crosslook.platform.feeds import SnapshotFeed
from tests.helpers import builders
from tests.unit.platform.test_feeds import AT, Dataset


@pytest.fixture
async def published() -> Dataset:
    return await Dataset(SNAPSHOTS.name).start()


def manifest(number: int) -> Manifest:
    return builders.manifest(number, as_of=AT, watermark={0: number})


async def test_the_snapshot_that_was_published_last_is_the_current_one(published: Dataset) -> None:
    feed = SnapshotFeed(published.early)
    seen: list[str] = []
    feed.on_publish(lambda item: seen.append(item.snapshot))
    assert feed.current() is None
    for number in (1, 2, 3):
        await published.put(manifest(number).key, manifest(number).encode())
    await published.put(manifest(2).key, manifest(2).encode())  # restored
    for reader in (feed, SnapshotFeed(await published.late())):
        assert reader.current() == manifest(2)
        assert [kept.snapshot for kept in reader.manifests()] == ["s1", "s3", "s2"]
        assert reader.manifest("s1") == manifest(1)
        assert reader.manifest("s9") is None
    assert seen == ["s1", "s2", "s3", "s2"]


async def test_a_snapshot_that_is_retained_no_longer_is_gone(published: Dataset) -> None:
    feed = SnapshotFeed(published.early)
    for number in (1, 2):
        await published.put(manifest(number).key, manifest(number).encode())
    await published.put(manifest(1).key, None)
    for reader in (feed, SnapshotFeed(await published.late())):
        assert [kept.snapshot for kept in reader.manifests()] == ["s2"]


async def test_runs_are_seen_in_the_order_of_their_last_change(published: Dataset) -> None:
    feed = SnapshotFeed(published.early)
    first = Run(run="r1", build=1, state="claimed", trigger="cron", started_at=AT)
    second = Run(run="r2", build=2, state="failed", trigger="manual", started_at=AT, reason="late")
    for run in (first, second, first.model_copy(update={"state": "published"})):
        await published.put(run.key, run.encode())
    for reader in (feed, SnapshotFeed(await published.late())):
        assert [(run.run, run.state) for run in reader.runs()] == [("r2", "failed"), ("r1", "published")]
        assert reader.run("r2") == second
        assert reader.run("r9") is None
        assert reader.current() is None


async def test_a_manifest_or_run_that_cannot_be_read_keeps_its_last_readable_state(published: Dataset) -> None:
    feed = SnapshotFeed(published.early)
    seen: list[Manifest] = []
    feed.on_publish(seen.append)
    await published.put(manifest(1).key, manifest(1).encode())
    for key, value in (
        (manifest(1).key, manifest(1).encode().replace(b"published.v1", b"published.v2")),
        ("snapshot/s2", b"rubbish"),
        ("snapshot/s3", manifest(4).encode()),
        ("run/r1", manifest(1).encode()),
        ("other/x", manifest(5).encode()),
    ):
        published.topic.append(key, value)
    assert feed.manifests() == [manifest(1)]
    assert feed.lost("s1") is None
    late = SnapshotFeed(await published.late())
    assert late.manifests() == []
    assert "its type is 'crosslook.snapshot.published.v2'" in (late.lost("s1") or "")
    for reader in (feed, late):
        assert reader.runs() == []
        assert list(reader.view.unreadable) == ["snapshot/s1", "snapshot/s2", "snapshot/s3", "run/r1"]
        assert reader.view.foreign == 1
        assert "snapshot/s3" in (reader.lost("s3") or "")
        assert reader.lost("s9") is None
        assert reader.lost() is not None
    assert seen == [manifest(1)]

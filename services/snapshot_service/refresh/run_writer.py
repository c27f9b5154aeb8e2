"""What a refresh writes to the snapshots topic. Exclusive: claiming a run takes the topic's one writer over, so that an
earlier refresher, alive or frozen, can publish nothing any more (ARCHITECTURE 6).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crosslook.contracts.manifests import (
    BUILDS_A_RUN,
    EXPIRED_PREFIX,
    PIN_PREFIX,
    RUN_PREFIX,
    Expiry,
    Manifest,
    Run,
    Trigger,
)
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.log_store.protocol import LogStore, LogUnreadable
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.runs import closed

_LOG = get_logger(__name__)
RUNS_KEPT = 200

OpenWriter = Callable[[], LogStore]
"""Makes a log store of the snapshots topic; starting it takes the writer over."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Why a run is wanted. `due`: the scheduled instant it stands for. `idempotency_key`: the asker's name for it."""

    trigger: Trigger
    due: datetime | None = None
    idempotency_key: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The idempotency key as a run keeps it."""
        return (self.idempotency_key,) if self.idempotency_key is not None else ()


class RunWriter:
    """The writer's end of one claimed run. Every write raises WriterFenced once another run was claimed."""

    def __init__(self, store: LogStore, run: Run) -> None:
        self._store = store
        self.run = run
        self.feed = SnapshotFeed(store)

    async def say(self, run: Run) -> None:
        """Tell where the run is. Raises WriterFenced, LogUnavailable."""
        self.run = run
        await self._store.put(run.key, run.encode())

    async def publish(self, manifest: Manifest) -> None:
        """The atomic switch: one record, and the snapshot is current. Raises WriterFenced, LogUnavailable."""
        await self._store.put(manifest.key, manifest.encode(), expected_version=0)

    async def forget(self, manifest: Manifest, now: datetime) -> None:
        """Take a snapshot off the topic: no query can name it from now on, and its grace period begins. Raises
        WriterFenced, LogUnavailable."""
        await self._store.put(f"{EXPIRED_PREFIX}{manifest.snapshot}", Expiry(at=now).encode())
        await self._store.put(manifest.key, None)

    async def dropped(self, snapshot: str) -> None:
        """Note that the rows of an expired snapshot are gone. Raises WriterFenced, LogUnavailable."""
        await self._store.put(f"{EXPIRED_PREFIX}{snapshot}", None)

    async def require_readable(self) -> None:
        """Read to the end of the topic. Raises LogUnreadable while any manifest or run on it cannot be read: nobody
        knows then which rows a snapshot names. Raises LogUnavailable."""
        await self._store.catch_up()
        if self._store.unreadable:
            raise LogUnreadable(f"{self._store.topic}: {self._store.failure}")

    async def close(self) -> None:
        """Give the writer's place up; the next claim takes it."""
        await self._store.stop()


async def claim(open_writer: OpenWriter, ask: Ask, worker: str, now: datetime) -> RunWriter:
    """Step 1 of a refresh: take the writer's place and begin a new run.

    Whoever held the place can publish nothing from now on, so look for a run under way first. Runs that did not say
    that they ended have ended now: published if their manifest is there, else failed as `abandoned`. Raises
    LogUnavailable, WriterFenced.
    """
    store = open_writer()
    try:
        await store.start()
        feed = SnapshotFeed(store)
        await _close_abandoned(store, feed)
        await _forget_old(store, feed)
        run = new_run(feed, ask, worker, now)
        await store.put(run.key, run.encode(), expected_version=0)
    except BaseException:
        await store.stop()
        raise
    return RunWriter(store, run)


def new_run(feed: SnapshotFeed, ask: Ask, worker: str, now: datetime) -> Run:
    """A run with partition numbers that no earlier run had, whatever became of it."""
    used = [run.build for run in feed.runs()] + [manifest.build for manifest in feed.manifests()]
    base = max(used, default=0) + BUILDS_A_RUN
    return Run(
        run=f"run-{now:%Y%m%dT%H%M%SZ}-{base // BUILDS_A_RUN}",
        build=base,
        state="claimed",
        trigger=ask.trigger,
        due=ask.due,
        owner=worker,
        started_at=now,
        moved_at=now,
        idempotency_keys=ask.names,
    )


async def _close_abandoned(store: LogStore, feed: SnapshotFeed) -> None:
    published = {manifest.run: manifest for manifest in feed.manifests()}
    for run in [run for run in feed.runs() if not run.over]:
        ended = closed(run, published.get(run.run))
        if ended.state == "failed":
            _LOG.warning("run_abandoned", run=run.run, owner=run.owner)
        await store.put(run.key, ended.encode())


async def _forget_old(store: LogStore, feed: SnapshotFeed) -> None:
    over = [run for run in feed.runs() if run.over]
    for run in over[: max(0, len(over) - RUNS_KEPT)]:
        await store.put(f"{RUN_PREFIX}{run.run}", None)


async def restore(open_writer: OpenWriter, snapshot: str) -> Manifest | None:
    """Make a retained snapshot current again by appending its manifest once more; None when it is not retained.

    The next refresh starts from it and from its watermark. Raises LogUnavailable, WriterFenced.
    """
    store = open_writer()
    try:
        await store.start()
        manifest = SnapshotFeed(store).manifest(snapshot)
        if manifest is not None:
            await store.put(manifest.key, manifest.encode())
        return manifest
    finally:
        await store.stop()


async def pin(open_writer: OpenWriter, snapshot: str, *, pinned: bool) -> Manifest | None:
    """Have a retained snapshot kept whatever its age, or no longer; None when it is not retained.

    Raises LogUnavailable, WriterFenced.
    """
    store = open_writer()
    try:
        await store.start()
        feed = SnapshotFeed(store)
        manifest = feed.manifest(snapshot)
        if manifest is not None and pinned != (snapshot in feed.pins()):
            await store.put(f"{PIN_PREFIX}{snapshot}", b"{}" if pinned else None)
        return manifest
    finally:
        await store.stop()

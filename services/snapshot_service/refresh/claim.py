"""Step 1 of a refresh: claim a run. Exclusive: a claim takes over the one writer of the snapshots topic, so that an
earlier refresher, running or frozen, can publish nothing any more (ARCHITECTURE 6).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from crosslook.contracts.manifests import BUILDS_A_RUN, RUN_PREFIX, Run, Trigger
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.log_store.protocol import LogStore
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.runs import closed
from services.snapshot_service.refresh.run_writer import RunWriter

_LOG = get_logger(__name__)
RUNS_KEPT = 200

OpenWriter = Callable[[], LogStore]
"""Makes a log store of the snapshots topic; starting it takes the writer over."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Why a run is wanted. `due`: the scheduled instant it stands for. `idempotency_key`: the caller's name for it."""

    trigger: Trigger
    due: datetime | None = None
    idempotency_key: str | None = None

    @property
    def idempotency_keys(self) -> tuple[str, ...]:
        """The idempotency key as a run keeps it."""
        return (self.idempotency_key,) if self.idempotency_key is not None else ()


async def claim(open_writer: OpenWriter, request: RunRequest, worker: str, now: datetime) -> RunWriter:
    """Take over the topic's writer and begin a new run.

    The earlier writer can publish nothing from now on, so look for a run under way first. Runs that have not recorded
    their end have ended now: published if their manifest is there, else failed as `abandoned`. Raises LogUnavailable,
    WriterFenced.
    """
    store = open_writer()
    try:
        await store.start()
        feed = SnapshotFeed(store)
        await _close_abandoned(store, feed)
        await _forget_old(store, feed)
        run = new_run(feed, request, worker, now)
        await store.put(run.key, run.encode(), expected_version=0)
    except BaseException:
        await store.stop()
        raise
    return RunWriter(store, run)


def new_run(feed: SnapshotFeed, request: RunRequest, worker: str, now: datetime) -> Run:
    """A run with partition numbers that no earlier run had, whatever became of it."""
    used = [run.build for run in feed.runs()] + [manifest.build for manifest in feed.manifests()]
    base = max(used, default=0) + BUILDS_A_RUN
    return Run(
        run=f"run-{now:%Y%m%dT%H%M%SZ}-{base // BUILDS_A_RUN}",
        build=base,
        state="claimed",
        trigger=request.trigger,
        due=request.due,
        owner=worker,
        started_at=now,
        moved_at=now,
        idempotency_keys=request.idempotency_keys,
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

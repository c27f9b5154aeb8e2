"""Starts refreshes: by the schedule, by a request, and at start for a missed run. One runs at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import NamedTuple

from crosslook.contracts.manifests import Manifest, Run
from crosslook.contracts.problems import Problem
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.clock import Schedule
from crosslook.platform.errors import Conflict, NotFound, StateUnreadable, Unavailable
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable, LogUnreadable, WriterFenced
from crosslook.platform.logging import get_logger
from services.snapshot_service.domain.due import due_now, overdue_seconds, under_way
from services.snapshot_service.domain.runs import as_seen, covers_request
from services.snapshot_service.refresh.claim import OpenWriter, RunRequest, claim
from services.snapshot_service.refresh.context import RefreshContext
from services.snapshot_service.refresh.execution import MakeRefresh, RunExecution, measure
from services.snapshot_service.refresh.retained import pin, restore
from services.snapshot_service.refresh.run import Refresh
from services.snapshot_service.refresh.run_writer import RunWriter

_LOG = get_logger(__name__)


class RequestedRun(NamedTuple):
    """The run that answers a request, and whether it reads all that was acknowledged before the request."""

    run: Run
    covers_request: bool


class Refresher:
    """Starts runs and shows their state. `feed` is the shared, read-only view."""

    def __init__(
        self,
        context: RefreshContext,
        feed: SnapshotFeed,
        open_writer: OpenWriter,
        make_refresh: MakeRefresh = Refresh,
    ) -> None:
        self._context = context
        self._feed = feed
        self._open_writer = open_writer
        self._make_refresh = make_refresh
        settings = context.settings
        self._schedule = Schedule(settings.refresh.cron, settings.refresh.timezone)
        self._started_at = context.clock.now()
        self._requesting = asyncio.Lock()
        self._writer: RunWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def request(self, request: RunRequest) -> RequestedRun:
        """Start a run, join the one under way, or find the one that this idempotency key began; returns before it ends.

        Raises Unavailable when the run cannot be claimed, StateUnreadable while a manifest or run cannot be read.
        """
        async with self._requesting:
            if (before := await self._begun_by(request.idempotency_key)) is not None:
                return _requested(before, request)
            if self._writer is not None and self._writer.run.over:
                await self.wait()
            if self._writer is not None:
                return await self._join(self._writer, request)
            try:
                await self._feed.view.catch_up()
                self._require_readable()
                if (running := self._under_way()) is not None:
                    return _requested(running, request)
                worker = self._context.settings.worker.name
                claimed = await claim(self._open_writer, request, worker, self._context.clock.now())
            except LogUnreadable as error:
                raise StateUnreadable from error
            except (LogUnavailable, WriterFenced) as error:
                _LOG.warning("run_not_claimed", error=str(error))
                raise Unavailable("snapshots_log") from error
            self._context.failpoint("claim")
            self._writer = claimed
            self._task = asyncio.create_task(self._execute(claimed), name=claimed.run.run)
            return _requested(claimed.run, request)

    async def restore(self, snapshot: str) -> Manifest:
        """Make a retained snapshot current again.

        Raises NotFound `unknown_snapshot`, Conflict `run_under_way`, or `snapshot_unusable` where nothing could go on
        from it, Unavailable, StateUnreadable.
        """
        manifest = await self._write_about(snapshot, lambda: self._restore(snapshot))
        _LOG.info("snapshot_restored", snapshot=snapshot)
        return manifest

    async def pin(self, snapshot: str, *, pinned: bool) -> Manifest:
        """Pin or unpin a retained snapshot. Raises as `restore`."""
        manifest = await self._write_about(snapshot, lambda: pin(self._open_writer, snapshot, pinned=pinned))
        _LOG.info("snapshot_pinned" if pinned else "snapshot_unpinned", snapshot=snapshot)
        return manifest

    async def _restore(self, snapshot: str) -> Manifest | None:
        wanted = self._feed.manifest(snapshot)
        mismatch = await self._context.consistency.judge(wanted) if wanted is not None else None
        if mismatch is not None:
            values: dict[str, str | int] = {"snapshot": snapshot, "reason": str(mismatch)}
            raise Conflict(Problem("snapshot_unusable", values=values))
        return await restore(self._open_writer, snapshot)

    async def _write_about(self, snapshot: str, write: Callable[[], Awaitable[Manifest | None]]) -> Manifest:
        async with self.alone():
            manifest = await write()
            await self._feed.view.catch_up()
        if manifest is None:
            raise NotFound(Problem("unknown_snapshot", values={"snapshot": snapshot[:100]}))
        return manifest

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """While no run is under way, whose writer a write would take over, and none of ours begins. Raises Conflict
        `run_under_way`, StateUnreadable, Unavailable."""
        async with self._requesting:
            try:
                await self._feed.view.catch_up()
                self._require_readable()
                if (running := self._under_way()) is not None:
                    raise Conflict(Problem("run_under_way", values={"run": running.run}))
                yield
            except (LogUnavailable, WriterFenced) as error:
                raise Unavailable("snapshots_log") from error
            except ClickHouseError as error:
                raise Unavailable("clickhouse") from error
            except KafkaUnavailable as error:
                raise Unavailable("kafka") from error

    def _require_readable(self) -> None:
        if self._feed.view.unreadable:
            raise StateUnreadable

    def _under_way(self) -> Run | None:
        if self._writer is not None:
            return self._writer.run
        worker = self._context.settings.worker
        others = [run for run in self._feed.runs() if run.owner != worker.name]
        return under_way(others, self._feed.manifests(), self._context.clock.now(), worker.silence_seconds)

    def run(self, run: str) -> Run | None:
        """A run as it stands now."""
        found = self._feed.run(run)
        if self._writer is not None and self._writer.run.run == run:
            return self._writer.run
        return self._seen(found) if found is not None else None

    def failed_runs(self) -> list[Run]:
        """Runs that failed, those included whose worker is gone."""
        own = self._writer.run.run if self._writer is not None else None
        seen = [self._seen(run) for run in self._feed.runs() if run.run != own]
        return [run for run in seen if run.state == "failed"]

    def _seen(self, run: Run) -> Run:
        worker = self._context.settings.worker
        now = self._context.clock.now()
        return as_seen(run, self._feed.manifests(), worker.name, now, worker.silence_seconds)

    async def reconcile(self) -> None:
        """Start the run that is due and has none: the cron's own, a missed one, or a retry after a failure."""
        now = self._context.clock.now()
        manifest = self._feed.current()
        since = manifest.as_of if manifest is not None else self._first_activity()
        last_due = self._schedule.last_until(now, since)
        measure(self._context, manifest, overdue_seconds(last_due, manifest, now))
        pause = self._context.settings.refresh.check_seconds
        if self._feed.view.unreadable:
            return  # the claim would be refused
        if self._writer is None and due_now(last_due, manifest, self._feed.runs(), now, pause):
            on_time = last_due is not None and (now - last_due).total_seconds() <= 2 * pause
            with suppress(Unavailable):
                await self.request(RunRequest("cron" if on_time else "catch_up", last_due))

    async def wait(self) -> None:
        """Until no run is under way here."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def stop(self) -> None:
        """Abandon the run under way, if any; it is closed at the next claim."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _join(self, writer: RunWriter, request: RunRequest) -> RequestedRun:
        """Return the run under way; it records the further idempotency key."""
        run, keys = writer.run, request.idempotency_keys
        if keys and keys[0] not in run.idempotency_keys:
            late = keys if run.frozen_at is not None else ()
            run = run.model_copy(
                update={
                    "idempotency_keys": (*run.idempotency_keys, *keys),
                    "joined_late": (*run.joined_late, *late),
                }
            )
            try:
                await writer.update(run)
            except (LogUnavailable, WriterFenced) as error:
                raise Unavailable("snapshots_log") from error
        return _requested(run, request)

    async def _begun_by(self, idempotency_key: str | None) -> Run | None:
        if idempotency_key is None:
            return None
        try:
            await self._feed.view.catch_up()
        except LogUnavailable as error:
            raise Unavailable("snapshots_log") from error
        begun = [run for run in self._feed.runs() if idempotency_key in run.idempotency_keys]
        return self.run(begun[-1].run) if begun else None

    async def _execute(self, writer: RunWriter) -> None:
        try:
            await RunExecution(self._context, writer, self._make_refresh).execute()
        finally:
            with suppress(LogUnavailable):  # the next caller must not see the run go backwards
                await self._feed.view.catch_up()
            self._writer = None

    def _first_activity(self) -> datetime:
        """When the first object was made, or our own start: before any snapshot, runs are due from then on."""
        return min((self._started_at, *(record.created_at for record in self._context.schemas.all_records())))


def _requested(run: Run, request: RunRequest) -> RequestedRun:
    return RequestedRun(run, covers_request(run, request.idempotency_key))

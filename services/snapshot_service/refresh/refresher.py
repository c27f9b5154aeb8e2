"""Who runs refreshes: asks come from the schedule, from the API, and at start for a missed run; one runs at a time."""

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
from crosslook.platform.metrics import (
    REFRESH_FAILED_OBJECTS,
    REFRESH_OBJECTS_FAILED,
    REFRESH_OVERDUE,
    REFRESH_RUNS,
    SNAPSHOT_AS_OF,
)
from services.snapshot_service.domain.due import due_now, overdue_seconds, under_way
from services.snapshot_service.domain.runs import as_seen, covers_request
from services.snapshot_service.refresh.builder import RunFailed
from services.snapshot_service.refresh.janitor import Janitor
from services.snapshot_service.refresh.run import Refresh, RefreshContext
from services.snapshot_service.refresh.run_writer import Ask, OpenWriter, RunWriter, claim, pin, restore

_LOG = get_logger(__name__)


class RequestedRun(NamedTuple):
    """The run that answers a request, and whether it reads all that was acknowledged before the request."""

    run: Run
    covers_request: bool


class Refresher:
    """Starts runs and sees them to their end. `feed` is the view that everybody reads; it needs no writer's place."""

    def __init__(
        self,
        context: RefreshContext,
        feed: SnapshotFeed,
        open_writer: OpenWriter,
        make_refresh: Callable[[RefreshContext, RunWriter], Refresh] = Refresh,
    ) -> None:
        self._context = context
        self._feed = feed
        self._open_writer = open_writer
        self._make_refresh = make_refresh
        settings = context.settings
        self._schedule = Schedule(settings.refresh.cron, settings.refresh.timezone)
        self._born = context.clock.now()
        self._asking = asyncio.Lock()
        self._publisher: RunWriter | None = None
        self._task: asyncio.Task[None] | None = None

    async def ask(self, ask: Ask) -> RequestedRun:
        """A new run, or the one under way, or the one that this idempotency key began. Answers before the run ends.

        Raises Unavailable when the run cannot be claimed, StateUnreadable while a manifest or run cannot be read.
        """
        async with self._asking:
            if ask.idempotency_key is not None and (before := await self._begun_by(ask.idempotency_key)) is not None:
                return _asked(before, ask)
            if self._publisher is not None and self._publisher.run.over:
                await self.wait()
            if self._publisher is not None:
                return await self._join(self._publisher, ask)
            try:
                await self._feed.view.catch_up()
                self._require_readable()
                if (running := self._under_way()) is not None:
                    return _asked(running, ask)
                worker = self._context.settings.worker.name
                claimed = await claim(self._open_writer, ask, worker, self._context.clock.now())
            except LogUnreadable as error:
                raise StateUnreadable from error
            except (LogUnavailable, WriterFenced) as error:
                _LOG.warning("run_not_claimed", error=str(error))
                raise Unavailable("snapshots_log") from error
            self._context.failpoint("claim")
            self._publisher = claimed
            self._task = asyncio.create_task(self._run(claimed), name=claimed.run.run)
            return _asked(claimed.run, ask)

    async def restore(self, snapshot: str) -> Manifest:
        """Make a retained snapshot current again.

        Raises NotFound `unknown_snapshot`, Conflict `run_under_way`, or `snapshot_unusable` where nothing could go on
        from it, Unavailable, StateUnreadable.
        """
        manifest = await self._write_about(snapshot, lambda: self._restore(snapshot))
        _LOG.info("snapshot_restored", snapshot=snapshot)
        return manifest

    async def pin(self, snapshot: str, *, pinned: bool) -> Manifest:
        """Have a retained snapshot kept whatever its age, or no longer. Raises as `restore`."""
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
        """While no run is under way, whose writer's place a write would take, and none of ours begins. Raises Conflict
        `run_under_way`, StateUnreadable, Unavailable."""
        async with self._asking:
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
        if self._publisher is not None:
            return self._publisher.run
        worker = self._context.settings.worker
        others = [run for run in self._feed.runs() if run.owner != worker.name]
        return under_way(others, self._feed.manifests(), self._context.clock.now(), worker.silence_seconds)

    def run(self, run: str) -> Run | None:
        """A run as it stands now."""
        found = self._feed.run(run)
        if self._publisher is not None and self._publisher.run.run == run:
            return self._publisher.run
        return self._seen(found) if found is not None else None

    def failed_runs(self) -> list[Run]:
        """Runs that failed, those included whose worker is gone."""
        own = self._publisher.run.run if self._publisher is not None else None
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
        self._tell(manifest, overdue_seconds(last_due, manifest, now))
        pause = self._context.settings.refresh.check_seconds
        if self._feed.view.unreadable:
            return  # the claim would be refused
        if self._publisher is None and due_now(last_due, manifest, self._feed.runs(), now, pause):
            on_time = last_due is not None and (now - last_due).total_seconds() <= 2 * pause
            with suppress(Unavailable):
                await self.ask(Ask("cron" if on_time else "catch_up", last_due))

    def _tell(self, current: Manifest | None, overdue: float) -> None:
        """What alarms look at, also in a worker that has just started or did not run the refresh itself."""
        meters = self._context.meters
        meters.set(REFRESH_OVERDUE, overdue)
        if current is not None:
            meters.set(SNAPSHOT_AS_OF, current.as_of.timestamp())
            meters.set(REFRESH_FAILED_OBJECTS, len(current.failed_objects))
        if overdue > self._context.settings.refresh.stale_seconds:
            _LOG.error("refresh_late", seconds=round(overdue))

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

    async def _join(self, publisher: RunWriter, ask: Ask) -> RequestedRun:
        """Answer with the run under way; it remembers under which further name it was asked for."""
        run = publisher.run
        if ask.names and ask.names[0] not in run.idempotency_keys:
            late = ask.names if run.frozen_at is not None else ()
            names = {"idempotency_keys": (*run.idempotency_keys, *ask.names), "joined_late": (*run.joined_late, *late)}
            run = run.model_copy(update=names)
            try:
                await publisher.say(run)
            except (LogUnavailable, WriterFenced) as error:
                raise Unavailable("snapshots_log") from error
        return _asked(run, ask)

    async def _begun_by(self, idempotency_key: str) -> Run | None:
        try:
            await self._feed.view.catch_up()
        except LogUnavailable as error:
            raise Unavailable("snapshots_log") from error
        begun = [run for run in self._feed.runs() if idempotency_key in run.idempotency_keys]
        return self.run(begun[-1].run) if begun else None

    def _first_activity(self) -> datetime:
        """When the first object was made, or our own start: before any snapshot, runs are owed from then on."""
        return min((self._born, *(record.created_at for record in self._context.schemas.all_records())))

    async def _run(self, publisher: RunWriter) -> None:
        beat = asyncio.create_task(self._beat(publisher))
        try:
            manifest = await self._make_refresh(self._context, publisher).run()
            await self._end(publisher, manifest)
            self._context.failpoint("end")
            await self._tidy(publisher)
            self._context.failpoint("tidy")
        except WriterFenced:
            self._context.meters.add(REFRESH_RUNS, outcome="fenced", trigger=publisher.run.trigger)
            _LOG.error("run_fenced", run=publisher.run.run)
        except RunFailed as error:
            await self._fail(publisher, str(error))
        except ClickHouseError as error:
            _LOG.error("run_store_error", run=publisher.run.run, code=error.code, text=str(error))
            await self._fail(publisher, f"store: {error.name} ({error.code})")
        except LogUnreadable as error:
            await self._fail(publisher, f"log_unreadable: {error}")
        except (KafkaUnavailable, LogUnavailable) as error:
            await self._fail(publisher, f"kafka: {error}")
        except Exception:
            _LOG.exception("run_broken", run=publisher.run.run)
            await self._fail(publisher, "internal_error")
        finally:
            beat.cancel()
            await publisher.close()
            with suppress(LogUnavailable):  # who asks next must not see the run go backwards
                await self._feed.view.catch_up()
            self._publisher = None

    async def _end(self, publisher: RunWriter, manifest: Manifest) -> None:
        run = publisher.run
        ended = {"state": "published", "progress": 1.0, "snapshot": manifest.snapshot, "steps": manifest.steps}
        await publisher.say(run.model_copy(update={**ended, "finished_at": self._context.clock.now()}))
        self._context.meters.add(REFRESH_RUNS, outcome="published", trigger=run.trigger)
        for failed in manifest.failed_objects:
            self._context.meters.add(REFRESH_OBJECTS_FAILED, step=failed.reason.partition(":")[0])
        self._tell(manifest, 0.0)
        _LOG.info("snapshot_published", run=run.run, snapshot=manifest.snapshot, rows=manifest.rows)

    async def _tidy(self, publisher: RunWriter) -> None:
        shop = self._context
        janitor = Janitor(shop.clickhouse, shop.entries, shop.consistency, shop.clock, shop.settings, shop.failpoint)
        try:
            await janitor.tidy(publisher)
        except (ClickHouseError, LogUnavailable, WriterFenced) as error:  # it is published; the next run does the rest
            _LOG.warning("janitor_left_work", run=publisher.run.run, error=str(error))

    async def _fail(self, publisher: RunWriter, reason: str) -> None:
        run = publisher.run
        self._context.meters.add(REFRESH_RUNS, outcome="failed", trigger=run.trigger)
        _LOG.error("run_failed", run=run.run, reason=reason)
        failed = {"state": "failed", "reason": reason, "finished_at": self._context.clock.now()}
        with suppress(WriterFenced, LogUnavailable):  # it is closed at the next claim
            await publisher.say(run.model_copy(update=failed))

    async def _beat(self, publisher: RunWriter) -> None:
        while True:
            await asyncio.sleep(self._context.settings.worker.heartbeat_seconds)
            with suppress(LogUnavailable, WriterFenced):  # the step under way meets the same trouble and tells it
                now = self._context.clock.now()
                await publisher.say(publisher.run.model_copy(update={"moved_at": now}))


def _asked(run: Run, ask: Ask) -> RequestedRun:
    return RequestedRun(run, covers_request(run, ask.idempotency_key))

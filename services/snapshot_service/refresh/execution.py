"""Executes one claimed run from its first step to its outcome, with heartbeats."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from crosslook.contracts.manifests import Manifest
from crosslook.platform.clickhouse import ClickHouseError
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
from services.snapshot_service.refresh.context import RefreshContext, RunFailed
from services.snapshot_service.refresh.janitor import Janitor
from services.snapshot_service.refresh.run import Refresh
from services.snapshot_service.refresh.run_writer import RunWriter

_LOG = get_logger(__name__)
MakeRefresh = Callable[[RefreshContext, RunWriter], Refresh]


class RunExecution:
    """Executes one claimed run and publishes how it ended: `published` or `failed` with the reason."""

    def __init__(self, context: RefreshContext, writer: RunWriter, make_refresh: MakeRefresh) -> None:
        self._context = context
        self._writer = writer
        self._make_refresh = make_refresh

    async def execute(self) -> None:
        """Returns when the run has ended, whichever way, and the writer is closed."""
        writer = self._writer
        heartbeat = asyncio.create_task(self._beat())
        try:
            manifest = await self._make_refresh(self._context, writer).run()
            await self._end(manifest)
            self._context.failpoint("end")
            await self._tidy()
            self._context.failpoint("tidy")
        except WriterFenced:
            self._context.meters.add(REFRESH_RUNS, outcome="fenced", trigger=writer.run.trigger)
            _LOG.error("run_fenced", run=writer.run.run)
        except RunFailed as error:
            await self._fail(str(error))
        except ClickHouseError as error:
            _LOG.error("run_store_error", run=writer.run.run, code=error.code, text=str(error))
            await self._fail(f"store: {error.name} ({error.code})")
        except LogUnreadable as error:
            await self._fail(f"log_unreadable: {error}")
        except (KafkaUnavailable, LogUnavailable) as error:
            await self._fail(f"kafka: {error}")
        except Exception:
            _LOG.exception("run_broken", run=writer.run.run)
            await self._fail("internal_error")
        finally:
            heartbeat.cancel()
            await writer.close()

    async def _end(self, manifest: Manifest) -> None:
        run = self._writer.run
        ended = {"state": "published", "progress": 1.0, "snapshot": manifest.snapshot, "steps": manifest.steps}
        await self._writer.update(run.model_copy(update={**ended, "finished_at": self._context.clock.now()}))
        self._context.meters.add(REFRESH_RUNS, outcome="published", trigger=run.trigger)
        for failed in manifest.failed_objects:
            self._context.meters.add(REFRESH_OBJECTS_FAILED, step=failed.reason.partition(":")[0])
        measure(self._context, manifest, 0.0)
        _LOG.info("snapshot_published", run=run.run, snapshot=manifest.snapshot, rows=manifest.rows)

    async def _tidy(self) -> None:
        context = self._context
        janitor = Janitor(
            context.clickhouse,
            context.entries,
            context.consistency,
            context.clock,
            context.settings,
            context.failpoint,
        )
        try:
            await janitor.tidy(self._writer)
        except (ClickHouseError, LogUnavailable, WriterFenced) as error:  # it is published; the next run does the rest
            _LOG.warning("janitor_left_work", run=self._writer.run.run, error=str(error))

    async def _fail(self, reason: str) -> None:
        run = self._writer.run
        self._context.meters.add(REFRESH_RUNS, outcome="failed", trigger=run.trigger)
        _LOG.error("run_failed", run=run.run, reason=reason)
        failed = {"state": "failed", "reason": reason, "finished_at": self._context.clock.now()}
        with suppress(WriterFenced, LogUnavailable):  # it is closed at the next claim
            await self._writer.update(run.model_copy(update=failed))

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._context.settings.worker.heartbeat_seconds)
            with suppress(LogUnavailable, WriterFenced):  # the step under way meets the same trouble and reports it
                now = self._context.clock.now()
                await self._writer.update(self._writer.run.model_copy(update={"moved_at": now}))


def measure(context: RefreshContext, current: Manifest | None, overdue: float) -> None:
    """Set the gauges that alarms use, also in a worker that has just started or did not run the refresh itself."""
    context.meters.set(REFRESH_OVERDUE, overdue)
    if current is not None:
        context.meters.set(SNAPSHOT_AS_OF, current.as_of.timestamp())
        context.meters.set(REFRESH_FAILED_OBJECTS, len(current.failed_objects))
    if overdue > context.settings.refresh.stale_seconds:
        _LOG.error("refresh_late", seconds=round(overdue))

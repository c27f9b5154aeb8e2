"""Whether snapshot_service is ready, whether a part of its work is paused, and why its process must exit."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import StopService
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable, LogView
from crosslook.platform.logging import get_logger
from crosslook.platform.outage import Outage
from crosslook.platform.process import lost
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.consistency.table_check import TablesDiffer
from services.snapshot_service.ingest.loop import Ingest
from services.snapshot_service.store_errors import ErrorClass, classify
from services.snapshot_service.worker import Worker

_LOG = get_logger(__name__)
_RETRY_SECONDS = 1.0


class StartStep(NamedTuple):
    """A step of the start. `undo` is done before it is tried again."""

    name: str
    work: Callable[[], Awaitable[object]]
    undo: Callable[[], Awaitable[None]] | None = None


class Start:
    """The start in steps, each retried until it succeeds. `waiting_for` names the one under way, None when all
    are done; `failure` why the start ended without."""

    def __init__(self) -> None:
        self.waiting_for: str | None = "nothing yet"
        self.failure: str | None = None

    async def run(self, steps: Sequence[StartStep]) -> None:
        """Do all steps, however long they take; what ends that is remembered, so that the process ends with its
        reason."""
        try:
            for step in steps:
                await self._do(step)
            self.waiting_for = None
        except StopService as error:
            self.failure = str(error)
        except Exception:
            _LOG.exception("start_failed")
            self.failure = "start_failed"

    async def _do(self, step: StartStep) -> None:
        """Raises StopService where waiting cannot help."""
        self.waiting_for = step.name
        outage = Outage("start_waits", step=step.name)
        while True:
            try:
                await step.work()
                outage.worked()
                return
            except (KafkaUnavailable, LogUnavailable) as error:
                outage.failed(str(error))
            except ClickHouseError as error:
                if classify(error) is not ErrorClass.RETRY:
                    raise StopService(f"{step.name}: the store answered {error.name} ({error.code})") from error
                outage.failed(error.name)
            except TablesDiffer as error:
                # The process stays: to end would be a crash loop that says less.
                self.waiting_for = f"{step.name}: {error}"
                outage.failed(str(error))
            if step.undo is not None:
                await step.undo()
            await asyncio.sleep(_RETRY_SECONDS)


class Readiness:
    """The readiness for `/readyz` and the supervisor."""

    def __init__(
        self, start: Start, consistency: Consistency, ingest: Ingest, worker: Worker, views: Sequence[LogView]
    ) -> None:
        self._start = start
        self._consistency = consistency
        self._ingest = ingest
        self._worker = worker
        self._views = views

    def unready(self) -> str | None:
        """Why the service cannot answer; None when it can."""
        if self._start.waiting_for is not None:
            return f"starting: {self._start.waiting_for}"
        for view in self._views:
            if view.failure is not None:
                return f"{view.topic}: {view.failure}"
        if self._consistency.unready is not None:
            return self._consistency.unready
        if self._ingest.failure is not None:
            return f"ingest stopped: {self._ingest.failure}"
        return None if self._ingest.state.begun else "starting: ingest"

    def degraded(self) -> str | None:
        """Why ingest is paused or stopped; the worker still serves requests and can be resumed."""
        state = self._ingest.state
        return None if state.state == "running" else f"ingest {state.state}: {state.reason}"

    def fatal(self) -> str | None:
        """Why the process must exit; None while it may continue."""
        return self._start.failure or self._worker.failure or lost(*self._views)

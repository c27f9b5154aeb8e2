"""Whether snapshot_service is ready, whether a part of its work is paused, and why its process must exit."""

from collections.abc import Awaitable, Callable, Sequence

from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import StopService
from crosslook.platform.log_store.protocol import LogView
from crosslook.platform.process import lost
from crosslook.platform.startup import StartStep, Startup
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.ingest.loop import Ingest
from services.snapshot_service.store_errors import ErrorClass, classify
from services.snapshot_service.worker import Worker


def store_step(name: str, work: Callable[[], Awaitable[object]]) -> StartStep:
    """A step of the start that is tried again only after such errors of ClickHouse as may pass."""

    async def done() -> None:
        try:
            await work()
        except ClickHouseError as error:
            if classify(error) is not ErrorClass.RETRY:
                raise StopService(f"{name}: the store answered {error.name} ({error.code})") from error
            raise

    return StartStep(name, done)


class Readiness:
    """The readiness for `/readyz` and the supervisor."""

    def __init__(
        self, startup: Startup, consistency: Consistency, ingest: Ingest, worker: Worker, views: Sequence[LogView]
    ) -> None:
        self._startup = startup
        self._consistency = consistency
        self._ingest = ingest
        self._worker = worker
        self._views = views

    def unready(self) -> str | None:
        """Why the service cannot answer; None when it can."""
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
        if state.state != "running":
            return f"ingest {state.state}: {state.reason}"
        waits = self._worker.webhooks_wait_for
        return None if waits is None else f"webhooks wait: {waits}"

    def fatal(self) -> str | None:
        """Why the process must exit; None while it may continue."""
        return self._startup.failure or self._worker.failure or lost(*self._views)

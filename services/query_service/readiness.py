"""Whether the service can do its work: the logs are read, the engine answers."""

import asyncio
import contextlib
from collections.abc import Callable

from crosslook.contracts.manifests import Manifest
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.errors import AppError
from crosslook.platform.log_store.fold import describe_unreadable
from crosslook.platform.log_store.protocol import LogStore, LogView
from crosslook.platform.logging import get_logger
from services.query_service.catalog.freshness import SnapshotCheck
from services.query_service.catalog.zones import Zones

_LOG = get_logger(__name__)
_CHECK_SECONDS = 2.0
_CHECKS_AN_EDITION = 30


class EngineProbe:
    """Asks the engine every two seconds whether it is there and has the current snapshot, so that readiness never waits
    for it, and now and then for its edition: an upgraded engine may have another tz database."""

    def __init__(
        self, clickhouse: ClickHouse, zones: Zones, check: SnapshotCheck, current: Callable[[], Manifest | None]
    ) -> None:
        self._clickhouse = clickhouse
        self._zones = zones
        self._check = check
        self._current = current
        self._checks = 0
        self._task: asyncio.Task[None] | None = None
        self._answered = False

    @property
    def reason(self) -> str | None:
        """Why the engine cannot be used; None when it answered last time."""
        return self._check.reason if self._answered else "clickhouse: no answer"

    async def start(self) -> None:
        """Check once, then continue in the background."""
        await self._look()
        self._task = asyncio.create_task(self._watch(), name="ask the engine whether it is there")

    async def stop(self) -> None:
        """Stop asking."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(_CHECK_SECONDS)
            try:
                await self._look()
            except Exception:  # nobody waits for this task: without it readiness would stand still for good
                _LOG.exception("engine_probe_failed")
                self._answered = False

    async def _look(self) -> None:
        self._answered = await self._clickhouse.ping()
        if not self._answered:
            self._check.forget()
            return
        await self._check.look(self._current())
        if self._checks % _CHECKS_AN_EDITION == 0:
            with contextlib.suppress(AppError):
                await self._zones.refresh()
        self._checks += 1


def unready(probe: EngineProbe, reports: LogStore, *read: LogView) -> str | None:
    """Why the service is not ready. That there is no snapshot yet is not a reason.

    A document that becomes unreadable on a topic that this service only reads is not one either: it goes on answering
    from the last readable state. It is a reason for a service that starts then, which would answer from an older state,
    and on the topic that this service writes, because writing stops.
    """
    for view in (*read, reports):
        if view is not reports and view.whole and view.failure == describe_unreadable(view.unreadable):
            continue
        if view.failure is not None:
            return f"{view.topic}: {view.failure}"
        if not view.ready:
            return f"{view.topic}: reading, at {view.position}"
    return probe.reason

"""The answer of `crosslook status`: each process, whether it is ready, and the current snapshot."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from crosslook.local.client import Api
from crosslook.local.folder import ChildState, DataFolder, StackState
from crosslook.local.keys import issue
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports
from crosslook.local.stack import (
    BROKER,
    ENGINE,
    PAGE_SERVICE,
    PORT_BASE,
    ReportedReadiness,
    broker_of,
    page_at,
    readiness,
    service_urls,
)
from crosslook.local.terminal_settings import auth_settings
from crosslook.platform.auth import ANY_TENANT


@dataclass(frozen=True, slots=True)
class PartStatus:
    """One process. `reason` says why it is not ready, or which of its work is paused although it is."""

    name: str
    url: str
    pid: int | None
    ready: bool
    reason: str | None
    restarts: int


@dataclass(frozen=True, slots=True)
class StackStatus:
    """All of a stack (CONTRACTS 6). `page`: its address, None where it is not served. `snapshot` is the current
    one as snapshot_service tells it, None without."""

    services: tuple[PartStatus, ...]
    kafka: PartStatus
    clickhouse: PartStatus
    page: str | None
    snapshot: dict[str, Any] | None

    @property
    def ready(self) -> bool:
        """Whether everything is."""
        return all(part.ready for part in (*self.services, self.kafka, self.clickhouse))

    def as_json(self) -> dict[str, Any]:
        """The document of `crosslook status --json`."""
        return asdict(self)


async def stack_status(folder: DataFolder) -> StackStatus:
    """Look at everything at once. Raises CommandRefused when the folder's state is damaged."""
    running, known = folder.running(), folder.read()
    ports = Ports.from_base(known.port_base if known is not None else PORT_BASE)
    broker, engine = broker_of(folder, ports), f"http://127.0.0.1:{ports.clickhouse}"
    urls = service_urls(ports)
    *services, kafka, clickhouse = await asyncio.gather(
        *(_part(running, name, url, _probe(f"{url}/readyz")) for name, url in urls.items()),
        _part(running, BROKER, broker.bootstrap, partial(_broker, broker.why_unready)),
        _part(running, ENGINE, engine, _probe(f"{engine}/ping")),
    )
    snapshot = await current_snapshot(folder, urls["snapshot_service"]) if running is not None else None
    page = await page_at(urls[PAGE_SERVICE]) if running is not None else None
    return StackStatus(tuple(services), kafka, clickhouse, page, snapshot)


async def current_snapshot(folder: DataFolder, url: str) -> dict[str, Any] | None:
    """The snapshot that reports are answered from, None when there is none or nobody answers."""
    try:
        async with Api(url, issue(folder, ANY_TENANT, "ops", timedelta(minutes=1), auth=auth_settings())) as api:
            answer = await api.get("/v1/snapshots?page_size=50")
    except CommandRefused:
        return None
    published = [item for item in answer["items"] if item.get("outcome", "published") == "published"]
    return max(published, key=lambda item: str(item.get("published_at") or ""), default=None)


Probe = Callable[[], Awaitable[ReportedReadiness]]


def _probe(url: str) -> Probe:
    return lambda: readiness(url)


async def _broker(why_unready: Callable[[], Awaitable[str | None]]) -> ReportedReadiness:
    reason = await why_unready()
    return ReportedReadiness(reason is None, reason)


async def _part(running: StackState | None, name: str, url: str, probe: Probe) -> PartStatus:
    """A process that does not run is not probed: its port may be somebody else's by now."""
    seen = {child.name: child for child in running.children} if running is not None else {}
    child = seen.get(name, ChildState(name, url))
    if child.identity is None or not child.identity.running:
        return PartStatus(name, url, None, False, "not_running", child.restarts)
    answered = await probe()
    return PartStatus(name, url, child.pid, answered.ready, answered.reason, child.restarts)

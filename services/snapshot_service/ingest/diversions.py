"""A worker's view of the diverted senders: read regularly, written when one of its senders passes a limit."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime

from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import did_you_mean
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import Invalid, NotFound
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import INGEST_DIVERTED_SENDERS, Meters
from services.snapshot_service.domain.limits import Breach, Sender
from services.snapshot_service.ingest.controls import ALL_SENDERS, Controls, IngestControls

_LOG = get_logger(__name__)
_RESUME_POLL_SECONDS = 0.5
_NAMED_MOST = 10
"""How many diverted senders a refusal names."""


class Diversions:
    """Who is diverted now. `worker`: our name. `read_seconds`: how old the picture may be."""

    def __init__(
        self,
        controls: IngestControls,
        worker: str,
        read_seconds: float,
        meters: Meters,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.controls = controls
        self._worker = worker
        self._read_seconds = read_seconds
        self._meters = meters
        self._clock = clock
        self._read_at: float | None = None
        self._resumed = asyncio.Event()
        self.now = Controls()

    @property
    def seconds(self) -> float:
        """How long a diversion lasts unless somebody resumes the sender."""
        return self.controls.divert_seconds

    async def follow(self) -> None:
        """Read the controls where the picture is old. A store that is away leaves the picture as it is: inserts wait
        for the store anyway."""
        now = self._clock()
        if self._read_at is None or now - self._read_at >= self._read_seconds:
            try:
                await self.read()
            except ClickHouseError:
                return
            self._read_at = now

    async def read(self) -> None:
        """Read the controls. Raises ClickHouseError."""
        self.now = await self.controls.read()
        self._meters.set(INGEST_DIVERTED_SENDERS, len(self.now.diversions))

    async def add(self, breaches: Sequence[Breach]) -> None:
        """Divert senders, for all workers. Raises ClickHouseError; doing it again is harmless."""
        for breach in breaches:
            await self.controls.divert(breach, self._worker)
            sender = breach.sender
            refused, of = breach.refused, breach.of
            _LOG.warning("sender_diverted", tenant=sender.tenant, source=sender.source, refused=refused, of=of)
        await self.read()

    async def resume(self, tenant: str, source: str, by: str) -> None:
        """End the diversions of a tenant's senders, or of one; without a tenant all of them, and resume the workers
        that stopped. Raises ClickHouseError, Invalid for a source without its tenant, NotFound where no sender that is
        diverted is meant."""
        if not tenant:
            if source:
                raise Invalid([Problem("required_missing", "/tenant", values={"name": "tenant"})])
            await self.controls.resume(ALL_SENDERS, by)
            self._resumed.set()
        else:
            await self.read()
            meant = [sender for sender in self.now.diversions if sender.tenant == tenant and source in ("", sender[1])]
            if not meant:
                raise NotFound(not_diverted(Sender(tenant, source), self.now.diversions))
            for sender in meant:
                await self.controls.resume(sender, by)
        await self.read()

    async def resumed(self) -> None:
        """Returns once somebody has resumed everything, here or at another worker, after this call began."""
        began: datetime | None = None
        self._resumed.clear()
        while not self._resumed.is_set():
            try:
                began = began or await self.controls.now()
                await self.read()
                if self.now.resumed_at is not None and self.now.resumed_at >= began:
                    return
            except ClickHouseError:
                pass  # nobody can resume while the store is away
            with suppress(TimeoutError):
                async with asyncio.timeout(_RESUME_POLL_SECONDS):
                    await self._resumed.wait()


def not_diverted(meant: Sender, diverted: Collection[Sender]) -> Problem:
    """That nobody is diverted who is meant, and who is."""
    if not diverted:
        return Problem("sender_not_diverted", text="sender_not_diverted.none")
    named = [f"tenant={sender.tenant} source={sender.source}" for sender in sorted(diverted)]
    rest = ["…"] if len(named) > _NAMED_MOST else []
    senders = "; ".join([*named[:_NAMED_MOST], *rest])
    theirs = [sender.source for sender in diverted if sender.tenant == meant.tenant]
    tenants = {sender.tenant for sender in diverted}
    close = did_you_mean(meant.source, theirs) if theirs else did_you_mean(meant.tenant, tenants)
    values: dict[str, str | int] = {"tenant": meant.tenant, "source": meant.source, "senders": senders}
    return Problem("sender_not_diverted", values=values, suggestion=close)

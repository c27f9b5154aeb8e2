"""Limits on work of a kind that runs at the same time in a process, in all and for each tenant."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError, RateLimited

_RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class TenantShare:
    """One tenant's share of the slots: how many at once, and how many waiting. `text`: the sentence that refuses
    more."""

    running: int
    waiting: int
    text: str


class _TenantSlots:
    """How many of a tenant are there, how many of them at work, and which wait for their turn."""

    __slots__ = ("admitted", "turns", "working")

    def __init__(self) -> None:
        self.admitted = 0
        self.working = 0
        self.turns: deque[asyncio.Future[None]] = deque()

    async def take(self, running: int) -> None:
        """Wait until fewer than `running` are at work, after those that came before, and be one of them."""
        turn = asyncio.get_running_loop().create_future()
        self.turns.append(turn)
        self.let_work(running)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.working -= 1
                self.let_work(running)
            raise

    def let_work(self, running: int) -> None:
        """Give turns to those that wait, while fewer than `running` are at work."""
        while self.turns and self.working < running:
            turn = self.turns.popleft()
            if not turn.done():
                turn.set_result(None)
                self.working += 1


class ConcurrencyLimiter:
    """At most `concurrency` at once, `queue` more waiting. Who comes after a tenant's share is refused as limited, who
    comes when everything is taken is refused as overload. A tenant that waits for its own share takes no slot.

    `share`: a tenant's share as it is now. A smaller one lets what runs end; a larger one counts for those that wait as
    soon as another call of the tenant begins or ends."""

    def __init__(self, concurrency: int, queue: int, share: Callable[[str], TenantShare]) -> None:
        self._most = concurrency + queue
        self._free = asyncio.Semaphore(concurrency)
        self._share = share
        self._admitted = 0
        self._tenants: dict[str, _TenantSlots] = {}

    @asynccontextmanager
    async def slot(self, tenant: str) -> AsyncIterator[None]:
        """Wait for a slot and hold it. Raises RateLimited (429) and AppError `overloaded` (503)."""
        share = self._share(tenant)
        of_tenant = self._tenants.get(tenant) or _TenantSlots()
        if of_tenant.admitted >= share.running + share.waiting:
            raise RateLimited(share.text, share.running + share.waiting, of_tenant.admitted, _RETRY_SECONDS)
        if self._admitted >= self._most:
            raise too_busy()
        self._tenants[tenant] = of_tenant
        self._admitted += 1
        of_tenant.admitted += 1
        try:
            await of_tenant.take(share.running)
            try:
                async with self._free:
                    yield
            finally:
                of_tenant.working -= 1
                of_tenant.let_work(self._share(tenant).running)
        finally:
            self._admitted -= 1
            of_tenant.admitted -= 1
            if not of_tenant.admitted:
                del self._tenants[tenant]


def too_busy(text: str = "") -> AppError:
    """The refusal of work that does not fit beside what is there, with the time to come back in."""
    problem = Problem("overloaded", text=text, values={"seconds": _RETRY_SECONDS})
    return AppError(problem, status=503, headers={"Retry-After": str(_RETRY_SECONDS)})

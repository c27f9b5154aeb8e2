"""Who may work now, and who waits: a bound on what the engine is asked at the same time, in all and for each tenant."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError, RateLimited

_RETRY_SECONDS = 2


@dataclass(frozen=True, slots=True)
class TenantShare:
    """What one tenant may have of the turns: so many at once, and so many waiting. `text`: the sentence that refuses
    more."""

    running: int
    waiting: int
    text: str


class _TenantTurns:
    """How many of a tenant are there, waiting or at work."""

    __slots__ = ("asked", "free")

    def __init__(self, running: int) -> None:
        self.asked = 0
        self.free = asyncio.Semaphore(running)


class ConcurrencyLimiter:
    """At most `concurrency` at once, `queue` more waiting. Who comes after a tenant's share is refused as limited, who
    comes when everything is taken is refused as overload. A tenant that waits for its own share takes no turn."""

    def __init__(self, concurrency: int, queue: int, share: TenantShare) -> None:
        self._most = concurrency + queue
        self._free = asyncio.Semaphore(concurrency)
        self._share = share
        self._asked = 0
        self._tenants: dict[str, _TenantTurns] = {}

    @asynccontextmanager
    async def turn(self, tenant: str) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises RateLimited (429) and AppError `overloaded` (503)."""
        share = self._share
        of_tenant = self._tenants.get(tenant) or _TenantTurns(share.running)
        if of_tenant.asked >= share.running + share.waiting:
            raise RateLimited(share.text, share.running + share.waiting, of_tenant.asked, _RETRY_SECONDS)
        if self._asked >= self._most:
            raise too_busy()
        self._tenants[tenant] = of_tenant
        self._asked += 1
        of_tenant.asked += 1
        try:
            async with of_tenant.free, self._free:
                yield
        finally:
            self._asked -= 1
            of_tenant.asked -= 1
            if not of_tenant.asked:
                del self._tenants[tenant]


def too_busy(text: str = "") -> AppError:
    """The refusal of work that does not fit beside what is there, with the time to come back in."""
    problem = Problem("overloaded", text=text, values={"seconds": _RETRY_SECONDS})
    return AppError(problem, status=503, headers={"Retry-After": str(_RETRY_SECONDS)})

"""Rates of tenants, averaged over some seconds: one token bucket for each tenant."""

import asyncio
import math
import time
from collections.abc import Callable

from crosslook.platform.errors import RateLimited

BURST_SECONDS = 10
_MOST_TENANTS = 10_000
_PACED_MOST = 1_000
_PACED_SHARE = 2


class RateLimit:
    """A bucket for each tenant holds what it may do in ten seconds and fills again evenly. `per_second`: a tenant's
    rate as it is now. `text`: the sentence that refuses more. Buckets of tenants that are full again are forgotten, so
    memory is bounded by the tenants that act.
    """

    def __init__(
        self, per_second: Callable[[str], int], text: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._text = text
        self._clock = clock
        self._buckets: dict[str, tuple[float, float, int]] = {}
        """By tenant: what was taken and has not come back, when that was so, and its rate."""

    def take(self, tenant: str, amount: int) -> None:
        """Count `amount`. Raises RateLimited, and counts nothing then; more than fits a full bucket is let through by a
        full one."""
        now, rate = self._clock(), self._per_second(tenant)
        capacity = float(rate * BURST_SECONDS)
        taken, at, _ = self._buckets.pop(tenant, (0.0, now, rate))
        taken = max(0.0, taken - (now - at) * rate)
        wanted = min(float(amount), capacity)
        if taken + wanted > capacity:
            self._buckets[tenant] = (taken, now, rate)
            seconds = math.ceil((taken + wanted - capacity) / rate)
            raise RateLimited(self._text, rate, round(taken / BURST_SECONDS), max(1, seconds))
        self._buckets[tenant] = (taken + wanted, now, rate)
        if len(self._buckets) > _MOST_TENANTS:
            self._forget(now)

    def paced_most(self, tenant: str) -> int:
        """The largest amount of a tenant that `pace` takes at once."""
        return max(1, min(_PACED_MOST, self._per_second(tenant) * BURST_SECONDS // _PACED_SHARE))

    async def pace(self, tenant: str, amount: int) -> None:
        """Count at most `paced_most`, once half a bucket is left beside it: long work of a tenant continues at its
        rate, and leaves room for its short calls, which are refused where there is none."""
        while (seconds := self._until_paced(tenant, amount)) > 0:
            await asyncio.sleep(seconds)
        self.take(tenant, amount)

    def _until_paced(self, tenant: str, amount: int) -> float:
        now, rate = self._clock(), self._per_second(tenant)
        taken, at, _ = self._buckets.get(tenant, (0.0, now, rate))
        room = max(0.0, rate * BURST_SECONDS / _PACED_SHARE - amount)
        return max(0.0, taken - room) / rate - (now - at)

    def _forget(self, now: float) -> None:
        """Forget full buckets, and where there are none the one that was used least recently."""
        self._buckets = {
            tenant: (taken, at, rate)
            for tenant, (taken, at, rate) in self._buckets.items()
            if taken > (now - at) * rate
        }
        while len(self._buckets) > _MOST_TENANTS:
            del self._buckets[next(iter(self._buckets))]

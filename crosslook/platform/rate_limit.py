"""Rates of tenants, averaged over some seconds: one token bucket for each tenant."""

import math
import time
from collections.abc import Callable

from crosslook.platform.errors import RateLimited

BURST_SECONDS = 10
_MOST_TENANTS = 10_000


class RateLimit:
    """A bucket for each tenant holds what it may do in ten seconds and fills again evenly. `text`: the sentence that
    refuses more. Buckets of tenants that are full again are forgotten, so memory is bounded by the tenants that act.
    """

    def __init__(self, per_second: int, text: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._capacity = float(per_second * BURST_SECONDS)
        self._text = text
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        """By tenant: what is left, and when that was so."""

    def take(self, tenant: str, amount: int) -> None:
        """Count `amount`. Raises RateLimited, and counts nothing then; more than fits a full bucket is let through by a
        full one."""
        now = self._clock()
        left, at = self._buckets.pop(tenant, (self._capacity, now))
        left = min(self._capacity, left + (now - at) * self._per_second)
        wanted = min(float(amount), self._capacity)
        if left < wanted:
            self._buckets[tenant] = (left, now)
            seconds = math.ceil((wanted - left) / self._per_second)
            usage = round((self._capacity - left) / BURST_SECONDS)
            raise RateLimited(self._text, self._per_second, usage, max(1, seconds))
        self._buckets[tenant] = (left - wanted, now)
        if len(self._buckets) > _MOST_TENANTS:
            self._forget(now)

    def _forget(self, now: float) -> None:
        """Forget full buckets, and where there are none the one that was used least recently."""
        self._buckets = {
            tenant: (left, at)
            for tenant, (left, at) in self._buckets.items()
            if left + (now - at) * self._per_second < self._capacity
        }
        while len(self._buckets) > _MOST_TENANTS:
            del self._buckets[next(iter(self._buckets))]

"""Who may work now, and who waits: a bound on what the engine is asked at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError

_RETRY_SECONDS = 2


class Turns:
    """At most `concurrency` at once, `queue` more waiting; who comes after them is refused."""

    def __init__(self, concurrency: int, queue: int) -> None:
        self._most = concurrency + queue
        self._free = asyncio.Semaphore(concurrency)
        self._asked = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it. Raises AppError `overloaded` (503)."""
        if self._asked >= self._most:
            raise overloaded()
        self._asked += 1
        try:
            async with self._free:
                yield
        finally:
            self._asked -= 1


def overloaded(text: str = "") -> AppError:
    """The refusal of work that does not fit beside what is there, with the time to come back in."""
    problem = Problem("overloaded", text=text, values={"seconds": _RETRY_SECONDS})
    return AppError(problem, status=503, headers={"Retry-After": str(_RETRY_SECONDS)})

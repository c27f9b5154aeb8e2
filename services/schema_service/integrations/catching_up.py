"""Reads the schemas topic to its end for many callers at once."""

import asyncio

from crosslook.platform.log_store.protocol import LogUnavailable, LogView

_SECONDS = 2.0


class CatchUp:
    """Asks for the end of a log at most once at a time, however many callers wait: each caller shares the first read
    that began after it asked."""

    def __init__(self, view: LogView) -> None:
        self._view = view
        self._lock = asyncio.Lock()
        self._begun = 0
        self._failed: str | None = None

    async def read(self) -> None:
        """Return once this process has read all that was written before the call. Raises LogUnavailable."""
        asked = self._begun
        async with self._lock:
            if self._begun == asked:
                self._begun += 1
                await self._read()
            if self._failed is not None:
                raise LogUnavailable(self._failed)

    async def _read(self) -> None:
        self._failed = "the end of the log was not reached"  # also where this caller is cancelled
        try:
            await self._view.catch_up(_SECONDS)
        except LogUnavailable as error:
            self._failed = str(error)
        else:
            self._failed = None

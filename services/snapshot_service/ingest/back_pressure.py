"""Back-pressure: waits for ClickHouse, schemas or an operator without losing partitions."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from crosslook.platform.kafka import KafkaUnavailable, RecordSource
from services.snapshot_service.ingest.state import IngestState
from services.snapshot_service.settings import IngestSettings

_SLOW_CHUNK = "slow_chunk"
"""Neither an error nor an end: an insert or a commit that takes long."""
T = TypeVar("T")


class BackPressure:
    """Keeps the partitions of a group member while its loop waits.

    A group takes a member that does not read for stuck and gives its partitions away. So they are paused and the loop
    reads on, which then gives nothing: the member keeps its partitions for hours, at the same positions, and memory
    does not grow.
    """

    def __init__(self, source: RecordSource, state: IngestState, settings: IngestSettings) -> None:
        self._source = source
        self._state = state
        self._settings = settings

    async def until(self, over: Awaitable[T]) -> T:
        """Wait for `over`; partitions are paused only where that takes longer than a moment.

        Returns and raises what `over` does; raises StopService where reading does. `over` ends with us.
        """
        waited_for = asyncio.ensure_future(over)
        try:
            await asyncio.wait((waited_for,), timeout=self._settings.patience_seconds)
            if not waited_for.done():
                self._source.pause()
                await self._read_nothing_until(waited_for)
                self._source.resume()
            return await waited_for
        finally:
            waited_for.cancel()

    async def _read_nothing_until(self, over: "asyncio.Future[T]") -> None:
        while not over.done():
            if self._state.state == "running":
                self._state.paused(_SLOW_CHUNK)
            try:
                await self._source.read(self._settings.poll_ms, 1)
            except KafkaUnavailable as error:
                self._state.last_error = str(error)
                await asyncio.wait((over,), timeout=self._settings.retry_seconds)
        if self._state.reason == _SLOW_CHUNK:
            self._state.running()

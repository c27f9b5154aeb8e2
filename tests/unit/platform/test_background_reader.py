"""A log that is read beside the start of a service."""

import asyncio

from crosslook.platform.background_reader import BackgroundReader
from crosslook.platform.errors import StopService
from crosslook.platform.log_store.memory import MemoryLog, MemoryTopic


class Check:
    """Refuses so many times; `forever` does not answer."""

    def __init__(self, refusals: int = 0, error: Exception | None = None, *, forever: bool = False) -> None:
        self.left = refusals
        self._error = error or StopService("crosslook-reports: missing")
        self._forever = forever

    async def __call__(self) -> None:
        """Raises the error."""
        if self._forever:
            await asyncio.Event().wait()
        if self.left:
            self.left -= 1
            raise self._error


async def why(reader: BackgroundReader) -> str | None:
    """The reason at this moment."""
    return reader.reason


def view() -> MemoryLog:
    """A log that others write."""
    return MemoryLog(MemoryTopic("reports"), writer=False)


async def test_the_log_is_read_once_the_start_returns() -> None:
    reader = BackgroundReader(log := view(), Check())
    assert reader.reason == "reports: reading, at 0"
    await reader.start()
    assert await why(reader) is None
    assert log.ready
    await reader.stop()
    await reader.stop()
    assert reader.reason == "reports: reading, at 0"


async def test_a_start_that_fails_is_the_reason_and_is_tried_again() -> None:
    check = Check(2)
    reader = BackgroundReader(log := view(), check, retry_seconds=0.02)
    await reader.start()
    assert reader.reason == "reports: crosslook-reports: missing"
    async with asyncio.timeout(30):
        while not log.ready:
            await asyncio.sleep(0.005)
    assert await why(reader) is None
    assert check.left == 0
    await reader.stop()


async def test_a_fault_that_nobody_expected_is_tried_again_too() -> None:
    reader = BackgroundReader(view(), Check(1, ValueError("odd")), retry_seconds=0)
    await reader.start()
    async with asyncio.timeout(30):
        while reader.reason is not None:
            await asyncio.sleep(0.005)
    await reader.stop()


async def test_the_start_goes_on_where_no_answer_comes() -> None:
    reader = BackgroundReader(view(), Check(forever=True), wait_seconds=0.01)
    await reader.start()
    assert reader.reason == "reports: reading, at 0"
    await reader.stop()

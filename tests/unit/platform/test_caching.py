"""Work that several callers request at once is done once, whichever of them stays."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from crosslook.platform.caching import SingleFlight


class Work:
    """Work that ends when it is told to, and knows how often it was begun and cancelled."""

    def __init__(self) -> None:
        self.begun = self.cancelled = 0
        self.end = asyncio.Event()
        self.flights: SingleFlight[str, int] = SingleFlight()

    def join(self, key: str = "k", work: Callable[[], Coroutine[None, None, int]] | None = None) -> "asyncio.Task[int]":
        """Ask for it."""
        return asyncio.create_task(self.flights.join(key, work or self._work))

    async def _work(self) -> int:
        self.begun += 1
        try:
            await self.end.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return self.begun


async def _turn() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


async def test_what_is_asked_for_at_once_is_done_once() -> None:
    work = Work()
    callers = [work.join() for _ in range(5)]
    await _turn()
    work.end.set()
    assert await asyncio.gather(*callers) == [1] * 5
    assert await work.join() == 2


async def test_other_keys_are_other_work() -> None:
    work = Work()
    callers = [work.join("a"), work.join("b")]
    await _turn()
    assert work.begun == 2
    work.end.set()
    await asyncio.gather(*callers)


async def test_the_first_caller_may_leave_and_the_others_are_answered() -> None:
    work = Work()
    first, second = work.join(), work.join()
    await _turn()
    first.cancel()
    await _turn()
    assert (first.cancelled(), work.cancelled) == (True, 0)
    work.end.set()
    assert await second == 1


async def test_the_last_asker_to_leave_takes_the_work_along_and_a_new_one_begins_anew() -> None:
    work = Work()
    callers = [work.join(), work.join()]
    await _turn()
    for caller in callers:
        caller.cancel()
    await asyncio.sleep(0)
    late = work.join()
    await _turn()
    later = work.join()
    await _turn()
    assert (work.cancelled, work.begun) == (1, 2)
    work.end.set()
    assert [await late, await later] == [2, 2]


async def test_a_failure_is_everybodys_and_is_not_kept() -> None:
    work = Work()

    async def fail() -> int:
        await work.end.wait()
        raise LookupError("no")

    callers = [work.join(work=fail), work.join(work=fail)]
    await _turn()
    work.end.set()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [LookupError, LookupError]
    assert await work.join() == 1


@pytest.mark.parametrize("leaves", [True, False])
async def test_a_failure_that_nobody_waits_for_is_quiet(leaves: bool) -> None:
    work = Work()

    async def fail() -> int:
        try:
            await work.end.wait()
        finally:
            raise LookupError("no")

    asker = work.join(work=fail)
    await _turn()
    if leaves:
        asker.cancel()
    work.end.set()
    outcome = (await asyncio.gather(asker, return_exceptions=True))[0]
    assert isinstance(outcome, asyncio.CancelledError if leaves else LookupError)
    await _turn()

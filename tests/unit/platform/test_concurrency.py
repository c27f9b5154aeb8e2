"""Limits on work at the same time, while a tenant's share changes."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from crosslook.platform.concurrency import ConcurrencyLimiter, TenantShare
from crosslook.platform.errors import AppError, RateLimited


class Work:
    """A limiter of ten slots with a share that the test changes, and who is at work."""

    def __init__(self, running: int, waiting: int = 10) -> None:
        self.share = TenantShare(running, waiting, "rate_limited.reports")
        self.limiter = ConcurrencyLimiter(10, 10, lambda _: self.share)
        self.working: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def begin(self, name: str) -> None:
        """Ask for a slot."""
        self._ends[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._work(name))
        await settle()

    async def end(self, name: str) -> None:
        """Give it back."""
        self._ends[name].set()
        await self._tasks[name]
        await settle()

    async def cancel(self, name: str) -> None:
        """The caller has gone."""
        self._tasks[name].cancel()
        await asyncio.gather(self._tasks[name], return_exceptions=True)
        await settle()

    async def _work(self, name: str) -> None:
        async with self.limiter.slot("acme"):
            self.working.append(name)
            try:
                await self._ends[name].wait()
            finally:
                self.working.remove(name)


async def settle() -> None:
    """Let every task come to its next wait."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_work_begins_in_the_order_in_which_it_came() -> None:
    work = Work(running=1)
    for name in "abc":
        await work.begin(name)
    seen = []
    for name in "abc":
        seen += work.working
        await work.end(name)
    assert (seen, work.working) == (["a", "b", "c"], [])


async def test_a_larger_share_counts_for_those_that_wait_when_the_next_one_comes() -> None:
    work = Work(running=1)
    for name in "ab":
        await work.begin(name)
    work.share = TenantShare(2, 10, "rate_limited.reports")
    await work.begin("c")
    assert work.working == ["a", "b"]
    for name in "abc":
        await work.end(name)


async def test_a_smaller_share_lets_what_runs_end_and_begins_nothing_beyond_it() -> None:
    work = Work(running=2)
    for name in "abc":
        await work.begin(name)
    work.share = TenantShare(1, 10, "rate_limited.reports")
    await work.end("a")
    assert work.working == ["b"]
    await work.end("b")
    assert work.working == ["c"]
    await work.end("c")


async def test_a_share_without_room_refuses_at_once() -> None:
    work = Work(running=2)
    await work.begin("a")
    work.share = TenantShare(1, 0, "rate_limited.reports")
    with pytest.raises(RateLimited) as refused:
        async with work.limiter.slot("acme"):
            pass
    assert refused.value.problem.values == {"limit": 1, "usage": 1, "seconds": 2}
    await work.end("a")


async def test_who_has_gone_leaves_no_slot_taken() -> None:
    work = Work(running=1)
    for name in "abc":
        await work.begin(name)
    await work.cancel("b")
    await work.cancel("a")
    assert work.working == ["c"]
    await work.cancel("c")
    await work.begin("d")
    assert work.working == ["d"]
    await work.end("d")


async def test_who_goes_at_the_moment_of_its_turn_hands_it_on() -> None:
    work = Work(running=1)
    for name in "abc":
        await work.begin(name)
    work._ends["a"].set()
    await asyncio.sleep(0)  # a has ended and b has its turn, but has not gone on
    await work.cancel("b")
    assert work.working == ["c"]
    await work.end("c")


async def test_all_tenants_together_are_refused_as_overload() -> None:
    limiter = ConcurrencyLimiter(1, 0, lambda _: TenantShare(5, 5, "rate_limited.reports"))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(limiter.slot("acme"))
        with pytest.raises(AppError) as refused:
            await stack.enter_async_context(limiter.slot("globex"))
    assert refused.value.problem.code == "overloaded"

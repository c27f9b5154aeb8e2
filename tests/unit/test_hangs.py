"""A test that hangs is ended, also twice, and its report names what it waits for."""

import asyncio
import gc
import signal
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.helpers import hangs

SOON = 0.05


async def never() -> None:
    await asyncio.Event().wait()


async def pieces() -> AsyncIterator[None]:
    await never()
    yield


async def consumer() -> None:
    async for _ in pieces():
        pass


def failure() -> str:
    """What the report says of a run that waits for ever."""
    with asyncio.Runner() as loop, hangs.ended_within(SOON), pytest.raises(pytest.fail.Exception) as failed:
        loop.run(consumer())
    return str(failed.value)


def test_what_hangs_in_the_loop_fails_with_the_chain_of_what_is_awaited() -> None:
    text = failure()
    assert "not ended after 0.05 s" in text
    places = [text.index(f"in {name}\n") for name in ("consumer", "pieces", "never", "wait")]
    assert places == sorted(places)


def test_the_other_threads_are_shown_where_they_are() -> None:
    end = threading.Event()
    other = threading.Thread(target=end.wait, name="waiting")
    other.start()
    text = failure()
    end.set()
    other.join()
    assert "Thread waiting:" in text


@pytest.fixture(autouse=True)
def _no_collection() -> Iterator[None]:
    """What is raised while the garbage collector calls back is not raised to anybody."""
    gc.disable()
    yield
    gc.enable()


def test_it_fails_again_while_the_block_is_not_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hangs, "AGAIN_SECONDS", SOON)
    # A report that takes longer than the pause would be interrupted by the next one.
    monkeypatch.setattr(hangs, "tasks", str)
    with hangs.ended_within(SOON):
        for _ in range(2):
            with pytest.raises(pytest.fail.Exception):
                signal.pause()


def test_what_ends_in_time_leaves_no_alarm_and_the_handler_of_before() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with hangs.ended_within(3600):
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before

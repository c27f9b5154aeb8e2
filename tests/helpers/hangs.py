"""A test that does not end fails, and says what it waits for.

pytest-timeout fires once, so that a fixture that hangs after its test hangs for ever, and it shows threads only: one
line of the event loop for everything that waits in it.
"""

import asyncio
import contextlib
import gc
import signal
import sys
import threading
import traceback
from collections.abc import Iterator
from types import AsyncGeneratorType, FrameType

import pytest

AGAIN_SECONDS = 60
"""After the first time. An alarm that meets the event loop in one of its callbacks ends that callback only."""


@contextlib.contextmanager
def ended_within(seconds: float) -> Iterator[None]:
    """Fails the running test after that time, and again each minute until the block is left. For the main thread."""

    def given_up(_signal: int, _frame: FrameType | None) -> None:
        pytest.fail(f"not ended after {seconds:g} s\n\n{threads()}\n{tasks()}")

    before = signal.signal(signal.SIGALRM, given_up)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def threads() -> str:
    """Where each other thread is; pytest shows the main one."""
    frames = sys._current_frames()
    return "\n".join(
        f"Thread {thread.name}:\n{''.join(traceback.format_stack(frames.get(thread.ident), limit=10))}"
        for thread in threading.enumerate()
        if thread.ident in frames and thread is not threading.main_thread()
    )


def tasks() -> str:
    """What each task that is not done waits for, from the outermost call to the innermost."""
    found = [thing for thing in gc.get_objects() if isinstance(thing, asyncio.Task) and not thing.done()]
    return "\n".join(f"Task {task.get_name()}:\n{''.join(_awaited(task.get_coro()))}" for task in found)


def _awaited(awaited: object) -> Iterator[str]:
    """The chain of coroutines, generators and asynchronous generators; what is none of them ends it."""
    while awaited is not None:
        for kind, inner in (("cr", "cr_await"), ("gi", "gi_yieldfrom"), ("ag", "ag_await")):
            if (frame := getattr(awaited, f"{kind}_frame", None)) is not None:
                yield "".join(traceback.format_stack(frame, limit=1))
                awaited = getattr(awaited, inner)
                break
        else:
            yield f"  {awaited!r}\n"
            # The step of an asynchronous generator does not say whose it is.
            held = (thing for thing in gc.get_referents(awaited) if isinstance(thing, AsyncGeneratorType))
            awaited = next(held, None)

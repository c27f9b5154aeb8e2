"""Work that several callers request at the same time runs once, for as long as one of them waits."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

Key = TypeVar("Key")
T = TypeVar("T")


@dataclass(slots=True)
class _Flight(Generic[T]):
    task: "asyncio.Task[T]"
    waiting: int = 0


class SingleFlight(Generic[Key, T]):
    """The current work, by key."""

    def __init__(self) -> None:
        self._under_way: dict[Key, _Flight[T]] = {}

    async def join(self, key: Key, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The outcome of the work under this key: of what is under way, else of this. Raises what the work raises.

        Cancelling the call leaves the work to the others who wait; the last one to go cancels it."""
        flight = self._under_way.get(key)
        if flight is None:
            flight = self._under_way[key] = _Flight(asyncio.create_task(work()))
            flight.task.add_done_callback(partial(self._forget, key, flight))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                # Nobody may join what is being cancelled.
                self._forget(key, flight)
                flight.task.cancel()

    def _forget(self, key: Key, flight: _Flight[T], _: object = None) -> None:
        if self._under_way.get(key) is flight:
            del self._under_way[key]

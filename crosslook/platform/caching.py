"""Values that are computed once: for all who wait for them at the same time, and kept in caches bounded by weight."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from cachetools import LRUCache

Key = TypeVar("Key")
T = TypeVar("T")


def keep(cache: LRUCache[Key, T], key: Key, value: T) -> None:
    """Keep a value; one that is heavier than everything the cache may hold is not kept."""
    with suppress(ValueError):
        cache[key] = value


@dataclass(slots=True)
class _Work(Generic[T]):
    task: "asyncio.Task[T]"
    waiting: int = 0


class SingleFlight(Generic[Key, T]):
    """The current work, by key."""

    def __init__(self) -> None:
        self._under_way: dict[Key, _Work[T]] = {}

    async def join(self, key: Key, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The outcome of the work under this key: of what is under way, else of this. Raises what the work raises.

        Cancelling the call leaves the work to the others who wait; the last one to go cancels it."""
        running = self._under_way.get(key)
        if running is None:
            running = self._under_way[key] = _Work(asyncio.create_task(work()))
            running.task.add_done_callback(partial(self._forget, key, running))
        running.waiting += 1
        try:
            return await asyncio.shield(running.task)
        finally:
            running.waiting -= 1
            if not running.waiting and not running.task.done():
                # Nobody may join what is being cancelled.
                self._forget(key, running)
                running.task.cancel()

    def _forget(self, key: Key, running: _Work[T], _: object = None) -> None:
        if self._under_way.get(key) is running:
            del self._under_way[key]

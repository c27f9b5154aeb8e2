"""Bounded memories: least recently used goes first. What they hold belongs to one snapshot and so never goes stale."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from services.query_service.domain.result import ResultSet

Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Memory(Generic[Key, Kept]):
    """A map whose values together weigh at most `capacity`."""

    def __init__(self, capacity: int, weight: Callable[[Kept], int] = lambda _: 1) -> None:
        self._capacity = capacity
        self._weight = weight
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._total = 0

    def get(self, key: Key) -> Kept | None:
        """What is kept under the key, now the most recently used."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: Key, value: Kept) -> None:
        """Keep a value; what is heavier than everything may weigh is not kept."""
        before = self._kept.pop(key, None)
        self._total -= self._weight(before) if before is not None else 0
        weight = self._weight(value)
        if weight > self._capacity:
            return
        self._kept[key] = value
        self._total += weight
        while self._total > self._capacity:
            _, oldest = self._kept.popitem(last=False)
            self._total -= self._weight(oldest)

    def __len__(self) -> int:
        return len(self._kept)


def cells(result: ResultSet) -> int:
    """The weight of a result: its cells, and a little for being there."""
    return (len(result.rows) + 2) * max(1, len(result.columns))

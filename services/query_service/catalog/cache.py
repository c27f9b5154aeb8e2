"""Bounded memories: least recently used goes first. What they hold belongs to one snapshot and so never goes stale."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import orjson

from services.query_service.domain.result import ResultSet

Key = TypeVar("Key")
V = TypeVar("V")
_COLUMN, _CELL = 600, 80
"""Bytes of what stands beside the rows, as it was measured."""


class Memory(Generic[Key, V]):
    """A map whose values together weigh at most `capacity`. `weight` is asked once of each."""

    def __init__(self, capacity: int, weight: Callable[[V], int] = lambda _: 1) -> None:
        self._capacity = capacity
        self._weight = weight
        self._kept: OrderedDict[Key, tuple[V, int]] = OrderedDict()
        self._total = 0

    def get(self, key: Key) -> V | None:
        """What is kept under the key, now the most recently used."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def put(self, key: Key, value: V) -> None:
        """Keep a value; what is heavier than everything may weigh is not kept."""
        self.forget(key)
        weight = self._weight(value)
        if weight > self._capacity:
            return
        self._kept[key] = value, weight
        self._total += weight
        while self._total > self._capacity:
            _, (_, lost) = self._kept.popitem(last=False)
            self._total -= lost

    def forget(self, key: Key) -> None:
        """Keep nothing under the key."""
        _, weight = self._kept.pop(key, (None, 0))
        self._total -= weight

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def total(self) -> int:
        """What everything kept weighs."""
        return self._total


@dataclass(frozen=True, slots=True)
class CachedResult:
    """A result as it is kept: `rows` as JSON, which is a fraction of what they are as values and is what most askers
    want; `shape` is the rest of it."""

    shape: ResultSet
    rows: bytes

    @staticmethod
    def of(result: ResultSet) -> "CachedResult":
        """To keep a result."""
        return CachedResult(replace(result, rows=()), orjson.dumps(result.rows))

    def whole(self) -> ResultSet:
        """The result again."""
        return replace(self.shape, rows=tuple(map(tuple, orjson.loads(self.rows))))

    @property
    def weight(self) -> int:
        """About how many bytes it takes."""
        beside = sum(len(level) for level in self.shape.subtotals or ()) + 1
        return len(self.rows) + _COLUMN * len(self.shape.columns) + _CELL * beside * len(self.shape.columns)

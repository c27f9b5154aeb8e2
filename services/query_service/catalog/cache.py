"""Caches bounded by weight: the least recently used value goes first."""

from contextlib import suppress
from typing import TypeVar

from cachetools import LRUCache

Key = TypeVar("Key")
V = TypeVar("V")


def keep(cache: LRUCache[Key, V], key: Key, value: V) -> None:
    """Keep a value; one that is heavier than everything the cache may hold is not kept."""
    with suppress(ValueError):
        cache[key] = value

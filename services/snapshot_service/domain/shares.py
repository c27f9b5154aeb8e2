"""Splits work into parts that fit into memory. Pure."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

K = TypeVar("K", bound=str)


def shares(weights: Mapping[K, int], most: int) -> Iterator[set[K]]:
    """The keys in their order, in sets of at most this weight; one that is heavier alone is a set of its own."""
    share, weight = set[K](), 0
    for key, own in sorted(weights.items()):
        if share and weight + own > most:
            yield share
            share, weight = set[K](), 0
        share.add(key)
        weight += own
    if share:
        yield share

"""Bins and groups: what becomes the key of a value (CONTRACTS 5).

The bin `k` of a width begins at the double nearest to the decimal `k` times the width, and ends before the beginning of
the next one; of an amount the edges are exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

EDGES_MAX = 100
GROUPS_MAX = 100
GROUPED_VALUES_MAX = 1000
GROUPING_MEMBERS = ("bins", "width", "groups", "others")
"""The members of a request that describe bins or groups."""
BinEdge = float | Decimal | str
"""A number, an amount, a day as `YYYY-MM-DD`."""


@dataclass(frozen=True, slots=True)
class Bins:
    """Ranges between edges, half-open to the right. `texts`: the edges as they are written in keys. `engine_type`: what
    the engine compares with them; a day, also where the value is an instant."""

    edges: tuple[BinEdge, ...]
    texts: tuple[str, ...]
    engine_type: str
    by_day: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in the order of the ranges: `..2`, `2..4`, `4..`."""
        between = (f"{low}..{high}" for low, high in pairwise(self.texts))
        return (f"..{self.texts[0]}", *between, f"{self.texts[-1]}..")


@dataclass(frozen=True, slots=True)
class Width:
    """Ranges of one width; the key is the lower edge."""

    width: Decimal


@dataclass(frozen=True, slots=True)
class Group:
    """Values that have one key."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueGroups:
    """Groups of values. `others`: the key of the values in none; where it is None they are their own keys."""

    groups: tuple[Group, ...]
    others: str | None = None

    @property
    def keys_by_value(self) -> Mapping[str, str]:
        """The key of each value that is in a group."""
        return {value: group.name for group in self.groups for value in group.values}


Grouping = Bins | Width | ValueGroups
"""How the values of a dimension become its keys."""


def key_order(grouping: Grouping | None) -> tuple[str, ...] | None:
    """The keys in their order, where that is not the order of their values."""
    return grouping.keys if isinstance(grouping, Bins) else None


def edge_text(edge: Decimal) -> str:
    """A number as a key shows it: without an exponent and without zeros at the end."""
    plain = edge.normalize()
    return f"{plain:f}" if plain else "0"

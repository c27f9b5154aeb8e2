"""The brute-force model's dimensions: what a record's value becomes as a key (meanings 5, 6; bins and groups)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from tests.helpers.oracle_calendar import Calendar, kind_of_granularity


@dataclass(frozen=True, slots=True)
class Grouping:
    """A dimension or an item of a pivot as it is asked for. `term`: what it groups."""

    term: str
    granularity: str | None = None
    name: str | None = None
    bins: Sequence[Any] | None = None
    width: Any = None
    groups: Sequence[Mapping[str, Any]] | None = None
    others: str | None = None

    @classmethod
    def of(cls, asked: Any) -> "Grouping":
        """As a request writes it."""
        if isinstance(asked, str):
            return cls(asked)
        return cls(asked["field"], **{name: item for name, item in asked.items() if name != "field"})

    @property
    def column(self) -> str:
        """The name of its column."""
        return self.name or (self.term if self.granularity is None else f"{self.term}:{self.granularity}")

    def kind(self, kind: str) -> str:
        """What its keys are, of a term of that kind."""
        if self.bins is not None or self.groups is not None:
            return "text"
        return (
            "text" if kind in ("multiselect", "dropdown", "textarea") else kind_of_granularity(kind, self.granularity)
        )

    def keys(self, value: Any, calendar: Calendar) -> list[Any]:
        """The keys that a value counts under: each of a list's, None when empty."""
        if isinstance(value, list):
            return list(dict.fromkeys(self._key(item, calendar) for item in value))
        return [self._key(value, calendar)]

    def rank(self, key: Any) -> Any:
        """What the keys of a column are sorted by: bands from low to high, all else by its value."""
        if self.bins is None or key is None:
            return key
        return self._bands().index(key)

    def _key(self, value: Any, calendar: Calendar) -> Any:
        if value is None:
            return None
        if self.bins is not None:
            return self._bands()[sum(Fraction(str(edge)) <= Fraction(value) for edge in self.bins)]
        if self.width is not None:
            return _lower_edge(value, Fraction(str(self.width)))
        if self.groups is not None:
            named = [group["name"] for group in self.groups if value in group["values"]]
            return named[0] if named else value if self.others is None else self.others
        return calendar.truncated(value, self.granularity)

    def _bands(self) -> list[str]:
        edges = ["", *(str(edge) for edge in self.bins or ()), ""]
        return [f"{low}..{high}" for low, high in pairwise(edges)]


def _lower_edge(value: Any, width: Fraction) -> Any:
    edge = floor(Fraction(value) / width) * width
    if isinstance(value, Decimal):
        return Decimal(edge.numerator) / Decimal(edge.denominator)
    return float(edge)

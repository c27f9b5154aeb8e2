"""The brute-force model's dimensions: what a record's value becomes as a key (meanings 5, 6; bins and groups)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from tests.helpers.oracle_calendar import Calendar, kind_of_granularity

BANDS = ("bins", "width", "groups")
"""The members of which one makes a dimension, or a condition, one of bins or groups."""


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
        known = ("granularity", "name", *BANDS, "others")
        return cls(asked["field"], **{name: asked[name] for name in known if name in asked})

    @property
    def column(self) -> str:
        """The name of its column."""
        return self.name or (self.term if self.granularity is None else f"{self.term}:{self.granularity}")

    def kind(self, kind: str) -> str:
        """What its keys are, of a term of that kind."""
        if self.bins is not None or self.groups is not None or kind in ("multiselect", "dropdown", "textarea"):
            return "text"
        if self.width is not None:
            return "currency" if kind == "currency" else "number"
        return kind_of_granularity(kind, self.granularity)

    def keys(self, value: Any, calendar: Calendar) -> list[Any]:
        """The keys that a value counts under: each of a list's, None when empty."""
        if isinstance(value, list):
            return list(dict.fromkeys(self._key(item, calendar) for item in value))
        return [self._key(value, calendar)]

    def tested(self, value: Any, kind: str, calendar: Calendar) -> tuple[Any, str]:
        """What a condition on the keys tests, and its kind: of a list the list of keys."""
        keys = self.keys(value, calendar)
        return (
            (keys, kind) if isinstance(value, list) else (keys[0], kind if kind == "multiselect" else self.kind(kind))
        )

    def rank(self, key: Any) -> Any:
        """What the keys of a column are sorted by: bands from low to high, all else by its value."""
        if self.bins is None or key is None:
            return key
        return self.bands().index(key)

    def _key(self, value: Any, calendar: Calendar) -> Any:
        if value is None:
            return None
        if self.bins is not None:
            return self.bands()[sum(_reaches(value, edge, calendar) for edge in self.bins)]
        if self.width is not None:
            return _lower_edge(value, Fraction(str(self.width)))
        if self.groups is not None:
            return self._group(_text(value))
        return calendar.truncated(value, self.granularity)

    def _group(self, value: str) -> str:
        for group in self.groups or ():
            if value in map(_text, group["values"]):
                name: str = group["name"]
                return name
        return value if self.others is None else self.others

    def bands(self) -> list[str]:
        """The keys of bins, from low to high."""
        edges = ["", *map(_edge, self.bins or ()), ""]
        return [f"{low}..{high}" for low, high in pairwise(edges)]


def _edge(written: Any) -> str:
    """An edge as a plain decimal with the digits that it needs; a day as it is written."""
    text = str(written)
    try:
        plain = f"{Decimal(text):f}"
    except ArithmeticError:
        return text
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def _reaches(value: Any, edge: Any, calendar: Calendar) -> bool:
    if isinstance(value, date):
        return calendar.day_of(value) >= date.fromisoformat(edge)
    if isinstance(value, float):
        return value >= float(edge)
    return Fraction(value) >= Fraction(str(edge))


def _lower_edge(value: Any, width: Fraction) -> Any:
    """Of numbers the double nearest to the decimal edge, which is what a value is compared with."""
    number = floor(Fraction(value) / width)
    if isinstance(value, Decimal):
        exact = number * width
        return Decimal(exact.numerator) / Decimal(exact.denominator)
    return max(edge for step in (-1, 0, 1) if (edge := float((number + step) * width)) <= value)


def _text(value: Any) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)

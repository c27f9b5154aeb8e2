"""Conditions on columns of a composed result, with the same answers as the engine (meanings 4 to 6)."""

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from services.query_service.domain.predicates import (
    Compare,
    Comparison,
    Every,
    Holds,
    IsEmpty,
    Matches,
    Not,
    OneOf,
    Operand,
    Predicate,
    Some,
    Value,
)
from services.query_service.domain.zones import Zone

_COMPARE: Mapping[Comparison, Callable[[Any, Any], bool]] = {
    Comparison.EQ: operator.eq,
    Comparison.LT: operator.lt,
    Comparison.LTE: operator.le,
    Comparison.GT: operator.gt,
    Comparison.GTE: operator.ge,
}


class Conditions:
    """Conditions over rows of which `column` gives the values of a column by name; instants are read in the zone."""

    def __init__(self, column: Callable[[str], list[Any]], rows: int, zone: Zone) -> None:
        self._column = column
        self._rows = rows
        self._zone = zone

    def hold(self, asked: Predicate) -> list[bool]:
        """Whether the condition holds, row by row. Raises TypeError for one that tests a field and no column."""
        match asked:
            case Every(parts):
                tested = [self.hold(part) for part in parts]
                return [all(row) for row in zip(*tested, strict=True)] if parts else [True] * self._rows
            case Some(parts):
                tested = [self.hold(part) for part in parts]
                return [any(row) for row in zip(*tested, strict=True)] if parts else [False] * self._rows
            case Not(inner):
                return [not holds for holds in self.hold(inner)]
            case IsEmpty(operand):
                return [value is None for value in self._values(operand)]
            case Compare(operand, comparison, value, by_day):
                wanted, compare = _read(value), _COMPARE[comparison]
                return self._tested(operand, lambda item: compare(item, wanted), by_day)
            case OneOf(operand, values, by_day):
                known = frozenset(_read(values))
                return self._tested(operand, lambda item: item in known, by_day)
            case Matches(operand, where, text):
                return self._tested(operand, _matcher(where, _read(text).casefold()))
            case Holds():
                raise TypeError("a multiselect is no column of a result")

    def _values(self, operand: Operand) -> list[Any]:
        return self._column(operand.name)

    def _tested(self, operand: Operand, test: Callable[[Any], bool], by_day: bool = False) -> list[bool]:
        values = self._values(operand)
        if by_day:
            values = [None if value is None else self._zone.day(value) for value in values]
        return [value is not None and test(value) for value in values]


def _matcher(where: str, part: str) -> Callable[[str], bool]:
    if where == "contains":
        return lambda whole: part in whole.casefold()
    if where == "starts_with":
        return lambda whole: whole.casefold().startswith(part)
    return lambda whole: whole.casefold().endswith(part)


def _read(value: Value) -> Any:
    """A parameter as Python compares it."""
    if isinstance(value.value, tuple):
        kind = value.type.removeprefix("Array(").removesuffix(")")
        return [_read(Value(element, kind)) for element in value.value]
    if value.type.startswith("DateTime"):
        return datetime.fromisoformat(f"{value.value}+00:00")
    return date.fromisoformat(str(value.value)) if value.type == "Date32" else value.value

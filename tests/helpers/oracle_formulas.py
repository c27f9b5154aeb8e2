"""The brute-force model's formulas: calculations of one record's values (CONTRACTS 5, *Formulas*)."""

import ast
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from tests.helpers.oracle_calculations import Column, Find, Walk, parsed, settled
from tests.helpers.oracle_calendar import Calendar

_HOUR = timedelta(hours=1)
_WHOLE_MAX = 2**53
_AMOUNT_MAX = 10**15
_TEXT_MAX = 65_536
_PLACES = 10**20
"""Amounts are computed with so many decimals."""
_KINDS: Mapping[str, str] = {
    "days_between": "integer",
    "hours_between": "number",
    "year": "integer",
    "month": "integer",
    "length": "integer",
    "concat": "text",
    "lower": "text",
}


def formula_values(expression: str, find: Find, rows: int, calendar: Calendar) -> Column:
    """A formula's value for each of the records whose fields `find` finds by name."""
    tree, names = parsed(expression)
    found = _OfRecords(names, find, rows, calendar).column(tree)
    return Column(found.kind, [_shown(value, found.kind) for value in found.values])


class _OfRecords(Walk):
    exact_quotients = True

    def __init__(self, names: list[str], find: Find, rows: int, calendar: Calendar) -> None:
        super().__init__(names, find, None, rows, summary=False)
        self._functions: Mapping[str, Callable[..., Any]] = {
            "days_between": lambda a, b: (calendar.day_of(b) - calendar.day_of(a)).days,
            "hours_between": lambda a, b: (b - a) / _HOUR,
            "year": lambda value: calendar.day_of(value).year,
            "month": lambda value: calendar.day_of(value).month,
            "length": len,
            "concat": lambda *parts: "".join(map(str, parts)),
            "lower": lambda value: value.lower(),
        }
        self._calendar = calendar

    def call(self, function: str, arguments: list[ast.expr]) -> Column:
        if function not in _KINDS:
            return super().call(function, arguments)
        columns = [self.column(argument) for argument in arguments]
        return self.each(_KINDS[function], self._functions[function], *columns)

    def amount(self, value: Any) -> Fraction:
        exact = super().amount(value)
        return Fraction(int(exact * _PLACES), _PLACES) if isinstance(value, float) else exact

    def held(self, value: Any, kind: str | None) -> Any:
        if value is None:
            return None
        match kind:
            case "currency" if abs(value) >= _AMOUNT_MAX:
                return None
            case "currency":
                return Fraction(round(self.amount(value) * _PLACES), _PLACES)
            case "text" if len(value) > _TEXT_MAX:
                return None
        return super().held(value, kind)

    def level(self, left: Any, right: Any) -> tuple[Any, Any]:
        if isinstance(left, date) and isinstance(right, date):
            days = {type(left), type(right)} == {date, datetime}
            return (self._calendar.day_of(left), self._calendar.day_of(right)) if days else (left, right)
        if isinstance(left, date) and isinstance(right, str):
            return self.level(left, _time(right))
        if isinstance(right, date) and isinstance(left, str):
            return self.level(_time(left), right)
        return super().level(left, right)


def _time(written: str) -> date:
    day = len("2026-01-01")
    return date.fromisoformat(written) if len(written) == day else datetime.fromisoformat(written)


def _shown(value: Any, kind: str | None) -> Any:
    shown = settled(value, kind)
    if shown is None or shown == "":
        return None
    if kind == "number" and abs(shown) > _WHOLE_MAX:
        return None
    return None if kind == "currency" and abs(shown) >= _AMOUNT_MAX else shown

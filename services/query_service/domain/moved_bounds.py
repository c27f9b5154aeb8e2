"""Bounds of the stored value that follow from conditions on the moved one. They let the engine move few values where a
report is about a short time: they may keep too much, never too little."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from services.query_service.domain.predicates import Compare, Comparison, Predicate, Value, conjuncts
from services.query_service.domain.row_terms import MovedField
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import engine_text

_LEAST_DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 89, "year": 365}
_MOST_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_HOURS_OF_DAY = 24
_SLACK = timedelta(days=3)
"""More than any change of a clock, the two days of the date line included."""
_FIRST, _LAST = datetime(1900, 1, 1), datetime(2299, 12, 31, 23, 59, 59, 999_000)  # noqa: DTZ001  # UTC, as it is sent

StoredBound = tuple[Comparison, Value]
"""`GTE` or `LTE`, and the value."""


def stored_bounds(moved: MovedField, where: Predicate) -> Iterator[StoredBound]:
    """The bounds that hold of the stored value wherever the moved one passes; an empty value does not."""
    for part in conjuncts(where):
        if isinstance(part, Compare) and part.operand == moved.of and not part.by_day:
            if part.comparison in (Comparison.EQ, Comparison.GT, Comparison.GTE):
                yield Comparison.GTE, _earlier(moved, part.value, _most(moved) + _SLACK)
            if part.comparison in (Comparison.EQ, Comparison.LT, Comparison.LTE):
                yield Comparison.LTE, _earlier(moved, part.value, _least(moved) - _SLACK)


def _least(moved: MovedField) -> timedelta:
    if moved.unit == "hour":
        return timedelta(days=moved.count // _HOURS_OF_DAY)
    return timedelta(days=moved.count * _LEAST_DAYS[moved.unit])


def _most(moved: MovedField) -> timedelta:
    if moved.unit == "hour":
        return timedelta(days=moved.count // _HOURS_OF_DAY + 1)
    return timedelta(days=moved.count * _MOST_DAYS[moved.unit])


def _earlier(moved: MovedField, value: Value, apart: timedelta) -> Value:
    """The value that much earlier, within the years of stored values."""
    at = datetime.fromisoformat(str(value.value))
    there = min(_LAST, at - apart) if at - _FIRST > apart else _FIRST
    in_days = moved.of.type is ColumnType.DATE
    return Value(there.date().isoformat() if in_days else engine_text(there), value.type)

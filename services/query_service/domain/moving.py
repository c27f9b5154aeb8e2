"""A date or time moved forward, as SQL expressions: the same report over moved values is the report of an earlier
period (CONTRACTS 5, meaning 13).

Days and longer units move the local clock. It is a count of milliseconds without a zone here, to which days are added
and months by the calendar, and which is then read in the zone again: a time in a gap moves forward by the gap, one that
occurs twice is the earlier.
"""

from collections.abc import Callable, Iterator

from sqlglot import exp

from services.query_service.domain.nodes import aliased, column, constant, function, text_constant
from services.query_service.domain.row_terms import MovedField
from services.query_service.domain.terms import ColumnType

MOVED_COLUMN = "moved"
_STORED, _DAY, _CLOCK = "stored_clock", "stored_day", "moved_clock"
_SECOND, _BEFORE, _AT = "moved_second", "moved_ahead", "moved_at"
_DAYS, _MONTHS = {"day": 1, "week": 7}, {"month": 1, "quarter": 3, "year": 12}
_SECOND_MS, _HOUR_MS, _DAY_MS = 1000, 3_600_000, 86_400_000
_SINCE_1833_MS = 50_000 * _DAY_MS
_LAST_DAY, _AFTER_LAST_MS = 120_529, 10_413_792_000_000
"""2299-12-31 in days, and the end of it in milliseconds since 1970."""
_MOST_AHEAD, _MOST_BEHIND = 50_400, 45_000
"""No zone was more seconds ahead of UTC, or behind it, since 1900."""

Local = Callable[[exp.Expr], exp.Expr]
"""Reads an instant in a zone."""


def moved_columns(moved: MovedField, stored: str, count: exp.Expr, local: Local) -> Iterator[exp.Expr]:
    """The moved value under the alias MOVED_COLUMN, and before it what it is made of, each under an alias of its own.
    `stored`: the column of the stored value; `count`: how many units."""
    value = column(stored)
    if moved.of.type is ColumnType.DATE:
        days = _DAYS.get(moved.unit)
        by = _times(count, days if days is not None else _MONTHS[moved.unit])
        yield aliased(function("addDays" if days is not None else "addMonths", value, by), MOVED_COLUMN)
        return
    if moved.unit == "hour":
        yield aliased(_plus(function("toUnixTimestamp64Milli", value), _times(count, _HOUR_MS)), _AT)
    else:
        yield from _by_clock(moved.unit, value, count, local)
    yield aliased(function("fromUnixTimestamp64Milli", column(_AT), text_constant("UTC")), MOVED_COLUMN)


def is_kept(moved: MovedField) -> exp.Expr:
    """Whether the moved value is one that a field can hold; an empty one is."""
    if moved.of.type is ColumnType.DATE:
        within: exp.Expr = exp.LTE(this=function("toInt32", column(MOVED_COLUMN)), expression=constant(_LAST_DAY))
    else:
        within = exp.LT(this=column(_AT), expression=constant(_AFTER_LAST_MS))
    return function("ifNull", within, exp.true())


def _by_clock(unit: str, value: exp.Expr, count: exp.Expr, local: Local) -> Iterator[exp.Expr]:
    instant = function("toUnixTimestamp64Milli", value)
    ahead = _ahead(_whole(instant, _SECOND_MS), local)
    yield aliased(_plus(instant.copy(), _times(ahead, _SECOND_MS)), _STORED)
    if unit in _DAYS:
        yield aliased(_plus(column(_STORED), _times(count, _DAYS[unit] * _DAY_MS)), _CLOCK)
    else:
        yield aliased(_whole(column(_STORED), _DAY_MS), _DAY)
        yield aliased(_by_months(_times(count, _MONTHS[unit])), _CLOCK)
    yield aliased(_whole(column(_CLOCK), _SECOND_MS), _SECOND)
    # Until the clock shows what it showed before or after a change, whichever is later, the offset is that of before:
    # in a gap and at the first of two readings, too.
    second = column(_SECOND)
    around = _minus(second, constant(_MOST_AHEAD)), _plus(second, constant(_MOST_BEHIND))
    yield aliased(function("greatest", *(_ahead(instant, local) for instant in around)), _BEFORE)
    there = _ahead(_minus(second, column(_BEFORE)), local)
    yield aliased(_minus(column(_CLOCK), _times(there, _SECOND_MS)), _AT)


def _by_months(months: exp.Expr) -> exp.Expr:
    day = column(_DAY)
    moved = function(
        "toInt64", function("toInt32", function("addMonths", function("toDate32", function("toInt32", day)), months))
    )
    return _plus(column(_STORED), _times(_minus(moved, day), _DAY_MS))


def _ahead(seconds: exp.Expr, local: Local) -> exp.Expr:
    """The offset at an instant."""
    return function("timezoneOffset", local(function("fromUnixTimestamp64Second", seconds, text_constant("UTC"))))


def _whole(milliseconds: exp.Expr, unit: int) -> exp.Expr:
    """How many whole units; rounded down. The engine's division rounds towards zero, so it is done after 1833."""
    since = function("intDiv", _plus(milliseconds, constant(_SINCE_1833_MS)), constant(unit))
    return _minus(since, constant(_SINCE_1833_MS // unit))


def _plus(value: exp.Expr, other: exp.Expr) -> exp.Expr:
    return function("plus", value, other)


def _minus(value: exp.Expr, other: exp.Expr) -> exp.Expr:
    return function("minus", value, other)


def _times(value: exp.Expr, factor: int) -> exp.Expr:
    return value if factor == 1 else function("multiply", value, constant(factor))

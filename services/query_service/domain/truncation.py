"""Dates and instants in a granularity, as SQL expressions (CONTRACTS 5, meanings 6 and 12)."""

from collections.abc import Callable

from sqlglot import exp

from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.nodes import constant, function, text_constant
from services.query_service.domain.terms import Granularity
from services.query_service.domain.whole_periods import FIRST_WEEKDAYS

_TRUNCATE = {
    Granularity.DAY: "toDate32",
    Granularity.MONTH: "toStartOfMonth",
    Granularity.QUARTER: "toStartOfQuarter",
    Granularity.YEAR: "toStartOfYear",
    Granularity.HOUR_OF_DAY: "toHour",
    Granularity.MONTH_OF_YEAR: "toMonth",
}
_DAYS_OF_WEEK = 7
_HOUR_SECONDS = 3600


def truncated(value: exp.Expr, granularity: Granularity, week_start: WeekStart) -> exp.Expr:
    """A date, or an instant that is read in its zone, in any granularity but the hour."""
    match granularity:
        case Granularity.WEEK:
            return _week(value, week_start)
        case Granularity.DAY_OF_WEEK:
            days = _days_since(value, week_start)
            return function("toDayOfWeek", value) if days is None else function("plus", days, constant(1))
        case _:
            return function(_TRUNCATE[granularity], value)


def _week(value: exp.Expr, week_start: WeekStart) -> exp.Expr:
    days = _days_since(value, week_start)
    return function("toMonday", value) if days is None else function("subtractDays", function("toDate32", value), days)


def _days_since(value: exp.Expr, week_start: WeekStart) -> exp.Expr | None:
    """How many days have passed since the week began; None where the engine's own functions count like that."""
    if week_start is WeekStart.MONDAY:
        return None
    weekday, behind = function("toDayOfWeek", value), _DAYS_OF_WEEK - FIRST_WEEKDAYS[week_start]
    counted = function("plus", weekday, constant(behind)) if behind else weekday
    return function("modulo", counted, constant(_DAYS_OF_WEEK))


def full_hour(instant: exp.Expr, local: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """The instant at which the local clock showed the full hour, in UTC. `local` reads an instant in a zone.

    toStartOfHour counts hours from local midnight, so it is half an hour off after a change of half an hour."""
    # Before 1970 the engine cuts fractions of a second towards 1970.
    read = local(function("toStartOfSecond", instant))
    ahead, seconds = function("timezoneOffset", read), function("toUnixTimestamp64Second", read)
    past = function("positiveModulo", function("plus", seconds, ahead), constant(_HOUR_SECONDS))
    start = function("minus", seconds, past)
    # Where the clock was changed since, it showed the full hour under the offset of before.
    ahead_then = function("timezoneOffset", local(_instant(start)))
    return _instant(function("plus", start, function("minus", ahead, ahead_then)))


def _instant(seconds: exp.Expr) -> exp.Expr:
    return function("fromUnixTimestamp64Second", seconds, text_constant("UTC"))

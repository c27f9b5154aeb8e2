"""Calendar arithmetic in a zone: `90 days before`, `1 month after`."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

FIRST, LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2299, 12, 30, tzinfo=UTC)
_CLOCK = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def units_of(with_clock: bool) -> tuple[str, ...]:
    """The units of a relative time; `with_clock` adds those shorter than a day."""
    return (*(_CLOCK if with_clock else ()), *_DAYS, *_MONTHS)


def shifted(moment: datetime, count: int, unit: str) -> datetime:
    """`moment` moved by `count` units, within the years we hold.

    Hours and minutes are elapsed time; days and longer keep the wall clock of the moment's zone, and a day that the
    month reached does not have becomes its last one.
    """
    if unit in _CLOCK:
        there = moment.astimezone(UTC) + max(min(_CLOCK[unit] * count, LAST - FIRST), FIRST - LAST)
    elif unit in _DAYS:
        there = moment + timedelta(days=count * _DAYS[unit])
    else:
        there = _months_later(moment, count * _MONTHS[unit])
    return max(FIRST, min(LAST, there.astimezone(UTC))).astimezone(moment.tzinfo)


def _months_later(moment: datetime, months: int) -> datetime:
    total = moment.year * 12 + moment.month - 1 + months
    year, month = total // 12, total % 12 + 1
    if not FIRST.year <= year <= LAST.year:
        return FIRST if months < 0 else LAST
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))

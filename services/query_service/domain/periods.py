"""Calendar arithmetic in a zone: `90 days before`, `1 month after`."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from services.query_service.domain.zones import Zone

FIRST, LAST = datetime(1900, 1, 2, tzinfo=UTC), datetime(2299, 12, 30, tzinfo=UTC)
_CLOCK = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def units_of(with_clock: bool) -> tuple[str, ...]:
    """The units of a relative time; `with_clock` adds those shorter than a day."""
    return (*(_CLOCK if with_clock else ()), *_DAYS, *_MONTHS)


def shifted(instant: datetime, zone: Zone, count: int, unit: str) -> datetime:
    """The instant `count` units from another, in UTC, within the years we hold.

    Hours and minutes are elapsed time; days and longer keep the wall clock of the zone, and a day that the month
    reached does not have becomes its last one. A clock time that is skipped there moves forward by what was skipped;
    of one that occurs twice it is the earlier.
    """
    if unit in _CLOCK:
        there = instant.astimezone(UTC) + max(min(_CLOCK[unit] * count, LAST - FIRST), FIRST - LAST)
    else:
        there = _on_calendar(zone.local(instant).replace(fold=0), count, unit).astimezone(UTC)
    return max(FIRST, min(LAST, there))


def _on_calendar(local: datetime, count: int, unit: str) -> datetime:
    if unit in _DAYS:
        return local + timedelta(days=count * _DAYS[unit])
    total = local.year * 12 + local.month - 1 + count * _MONTHS[unit]
    year, month = total // 12, total % 12 + 1
    if not FIRST.year <= year <= LAST.year:
        return FIRST if count < 0 else LAST
    return local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))

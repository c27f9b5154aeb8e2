"""Whole hours, days, weeks, months, quarters and years around a moment (CONTRACTS 5, meaning 12): from the beginning of
the first to the beginning of the one after the last. They are the periods that granularities group by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crosslook.contracts.tenant_settings import WeekStart
from services.query_service.domain.zones import Zone

FIRST_WEEKDAYS: Mapping[WeekStart, int] = {WeekStart.MONDAY: 1, WeekStart.SATURDAY: 6, WeekStart.SUNDAY: 7}
"""The first day of a week as ISO 8601 numbers it."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2299, 12, 31)
"""The days that a field can hold; a period ends with them."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAY, _TICK = timedelta(days=1), timedelta(milliseconds=1)
_HOURS_OF_DAY = 24
_LONGEST_HOUR = 3 * 3600
"""In seconds. Where the clock goes back by less than an hour, one is longer than 60 minutes."""


def whole_units(with_clock: bool) -> tuple[str, ...]:
    """The units of whole periods; `with_clock` adds the hour."""
    return (*(("hour",) if with_clock else ()), "day", "week", *_MONTHS)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A zone's days and hours, and the weeks that begin on one of its days."""

    zone: Zone
    week_start: WeekStart = WeekStart.MONDAY

    def days(self, today: date, before: int, count: int, unit: str) -> tuple[date, date]:
        """So many units, the first of them `before` units before the one that a day is in: the first day, and the day
        after the last one."""
        first = first_day(today, unit, self.week_start)
        return _later(first, -before, unit), _later(first, count - before, unit)

    def instants(self, at: datetime, before: int, count: int, unit: str) -> tuple[datetime, datetime]:
        """The same in UTC around an instant, of hours, too: from, and before. A day begins when its first moment is on
        the clock: after a midnight that is skipped, at the earlier one of two."""
        if unit == "hour":
            return self._hour(at, -before), self._hour(at, count - before)
        first, after = self.days(self.zone.day(at), before, count, unit)
        return self._beginning(first), self._beginning(after)

    def _beginning(self, day: date) -> datetime:
        return datetime.combine(day, time(), UTC if day == FIRST_DAY else self.zone.rules).astimezone(UTC)

    def _hour(self, at: datetime, later: int) -> datetime:
        """The beginning of the hour so many hours after the one that an instant is in."""
        start = hour_of(at.astimezone(UTC), self.zone)
        while later < 0:
            earlier = start - _DAY
            # Without a change of the clock a day has 24 hours, and there may be many days.
            if later <= -_HOURS_OF_DAY and _ahead(earlier, self.zone) == _ahead(start, self.zone):
                start, later = earlier, later + _HOURS_OF_DAY
            else:
                start, later = hour_of(start - _TICK, self.zone), later + 1
        for _ in range(later):
            start = _next_hour(start, self.zone)
        return start


def first_day(day: date, unit: str, week_start: WeekStart) -> date:
    """The first day of the unit that a day is in."""
    if unit == "week":
        return _days_later(day, -((day.isoweekday() - FIRST_WEEKDAYS[week_start]) % 7))
    months = _MONTHS.get(unit)
    return day if months is None else day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _later(first: date, count: int, unit: str) -> date:
    """The first day of a unit so many units later than the one that begins on a day."""
    months = _MONTHS.get(unit)
    if months is None:
        return _days_later(first, count * (7 if unit == "week" else 1))
    year, month = divmod(first.year * 12 + first.month - 1 + count * months, 12)
    if year < FIRST_DAY.year:
        return FIRST_DAY
    return date(year, month + 1, 1) if year <= LAST_DAY.year else LAST_DAY


def _days_later(day: date, count: int) -> date:
    least, most = FIRST_DAY.toordinal(), LAST_DAY.toordinal()
    return date.fromordinal(max(least, min(most, day.toordinal() + count)))


def hour_of(instant: datetime, zone: Zone) -> datetime:
    """The instant, in UTC, at which the local clock showed the full hour: what the granularity `hour` groups by."""
    local = zone.local(instant)
    start = instant - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    # Where the clock was changed since, it showed the full hour under the offset of before.
    return start + (_ahead(instant, zone) - _ahead(start, zone))


def _next_hour(start: datetime, zone: Zone) -> datetime:
    within, beyond = 0, _LONGEST_HOUR
    while beyond - within > 1:
        middle = (within + beyond) // 2
        if hour_of(start + timedelta(seconds=middle), zone) > start:
            beyond = middle
        else:
            within = middle
    return start + timedelta(seconds=beyond)


def _ahead(instant: datetime, zone: Zone) -> timedelta:
    return zone.local(instant).replace(tzinfo=None) - instant.replace(tzinfo=None)

"""The brute-force model's calendar: the wall clock of a zone and the day on which weeks begin (meanings 6, 12, 13)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

WEEK_STARTS = {"monday": 1, "sunday": 7, "saturday": 6}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}
_SECONDS = {"minute": 60, "hour": 3600}
_LAST_YEAR = 2299
_PARTS = ("hour_of_day", "day_of_week", "month_of_year")


@dataclass(frozen=True, slots=True)
class Calendar:
    """What days, weeks and longer periods are to a report."""

    zone: ZoneInfo
    week_start: str = "monday"

    def day_of(self, value: date | datetime) -> date:
        """The calendar day of a date, or of an instant in the zone."""
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def instant(self, wall: datetime) -> datetime:
        """The instant at which the clock shows that time: of two the earlier; a time that is skipped moves forward by
        what is skipped."""
        return wall.replace(tzinfo=self.zone, fold=0).astimezone(UTC)

    def truncated(self, value: Any, granularity: str | None) -> Any:
        """A value in a granularity. A full hour is an instant, other periods are their first days, parts of times are
        numbers."""
        if value is None or granularity is None:
            return value
        if granularity == "hour":
            return _full_hour(value, self.zone)
        if granularity == "hour_of_day":
            return value.astimezone(self.zone).hour
        day = self.day_of(value)
        if granularity == "day_of_week":
            return (day.isoweekday() - WEEK_STARTS[self.week_start]) % 7 + 1
        return day.month if granularity == "month_of_year" else self.first_day(day, granularity)

    def first_day(self, day: date, unit: str) -> date:
        """The first day of the period that the day is in."""
        match unit:
            case "week":
                return day - timedelta(days=(day.isoweekday() - WEEK_STARTS[self.week_start]) % 7)
            case "month" | "quarter" | "year":
                return day.replace(month=(day.month - 1) // _MONTHS[unit] * _MONTHS[unit] + 1, day=1)
        return day

    def moved(self, value: Any, count: int, unit: str) -> Any:
        """A date or an instant so many units later, by the wall clock: None where no report can show it, after 2299."""
        if value is None:
            return None
        if not isinstance(value, datetime):
            later: date = day_later(value, count, unit)
            return later if later.year <= _LAST_YEAR else None
        found = self.later(value, count, unit)
        return found if found.year <= _LAST_YEAR else None

    def later(self, instant: datetime, count: int, unit: str) -> datetime:
        """The instant so many units later, or earlier: hours and minutes are exact, longer units move the clock."""
        if unit in _SECONDS:
            return instant.astimezone(UTC) + timedelta(seconds=_SECONDS[unit] * count)
        wall = instant.astimezone(self.zone).replace(tzinfo=None)
        return self.instant(datetime.combine(day_later(wall.date(), count, unit), wall.time()))

    def days(self, as_of: datetime, back: int, count: int, unit: str) -> tuple[date, date]:
        """So many whole units, the first of them `back` units before the one around an instant: the first day, and the
        day after the last."""
        first = day_later(self.first_day(self.day_of(as_of), unit), -back, unit)
        return first, day_later(first, count, unit)

    def period(self, as_of: datetime, back: int, count: int, unit: str) -> tuple[datetime, datetime]:
        """The same as instants: from, and before. An hour that a change of the clock prolongs is one."""
        if unit != "hour":
            first, after = self.days(as_of, back, count, unit)
            return self._midnight(first), self._midnight(after)
        start = end = _full_hour(as_of, self.zone)
        for _ in range(back):
            start = _full_hour(start - timedelta(milliseconds=1), self.zone)
        if back == 0:
            while _full_hour(end, self.zone) == start:
                end += timedelta(minutes=1)
        return start, end

    def _midnight(self, day: date) -> datetime:
        return self.instant(datetime.combine(day, time()))


def day_later(day: date, count: int, unit: str) -> date:
    """The day so many days or longer units later; where the month has no such day, its last."""
    if unit in _DAYS:
        return day + timedelta(days=_DAYS[unit] * count)
    months = day.year * 12 + day.month - 1 + count * _MONTHS[unit]
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _full_hour(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def kind_of_granularity(kind: str, granularity: str | None) -> str:
    """What a field's values are once truncated."""
    if granularity is None:
        return kind
    if granularity in _PARTS:
        return "integer"
    return "datetime" if granularity == "hour" else "date"

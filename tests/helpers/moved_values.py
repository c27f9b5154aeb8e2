"""Dates and instants moved forward, as a model that does not know our SQL has them (CONTRACTS 5, meaning 13)."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo

LAST_MOMENT = datetime(2300, 1, 1, tzinfo=UTC)
"""The end of the years that fields hold."""
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"day": 1, "week": 7}


def moved_day(day: date, count: int, unit: str) -> date | None:
    """The day so much later; None after 2299."""
    if unit in _DAYS:
        return _known(day + timedelta(days=_DAYS[unit] * count))
    year, month = divmod(day.year * 12 + day.month - 1 + _MONTHS[unit] * count, 12)
    return _known(date(year, month + 1, min(day.day, monthrange(year, month + 1)[1])))


def _known(day: date) -> date | None:
    return day if day.year < LAST_MOMENT.year else None


def moved_instant(at: datetime, shift: tuple[int, str], zone: tzinfo) -> datetime | None:
    """The instant so much later by the clock of the zone; None after 2299."""
    count, unit = shift
    if unit == "hour":
        there = at + timedelta(hours=count)
    else:
        clock = at.astimezone(zone).replace(tzinfo=None)
        if unit in _DAYS:
            clock += timedelta(days=_DAYS[unit] * count)
        else:
            year, month = divmod(clock.year * 12 + clock.month - 1 + _MONTHS[unit] * count, 12)
            clock = clock.replace(year=year, month=month + 1, day=min(clock.day, monthrange(year, month + 1)[1]))
        there = clock.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return there if there < LAST_MOMENT else None

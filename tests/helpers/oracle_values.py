"""The brute-force model's values: typed, truncated, measured, shown (meanings 4, 6, 7)."""

import math
import statistics
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from crosslook.contracts.schemas import FieldType

_FOUR_PLACES = Decimal("0.0001")


def truncated(value: Any, granularity: str | None, zone: ZoneInfo) -> Any:
    """A time in a granularity, an instant read in the zone; an hour stays an instant."""
    if value is None or granularity is None:
        return value
    local = value.astimezone(zone) if isinstance(value, datetime) else value
    if granularity == "hour":
        return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    if granularity == "hour_of_day":
        return local.hour
    return _of_day(local.date() if isinstance(local, datetime) else local, granularity)


def _of_day(day: date, granularity: str) -> date | int:
    match granularity:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.isoweekday() - 1)
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case "day_of_week":
            return day.isoweekday()
        case "month_of_year":
            return day.month
    raise ValueError(granularity)


def shown(cell: Any, zone: ZoneInfo) -> Any:
    """A cell as JSON shows it; amounts stay Decimal, to be compared as such."""
    match cell:
        case datetime():
            return _instant_shown(cell, zone)
        case date():
            return cell.isoformat()
        case _:
            return cell


def _instant_shown(instant: datetime, zone: ZoneInfo) -> str:
    """In RFC 3339, whose offsets are whole minutes: of the two that are next to the zone's the one below, unless only
    the one above shows the hour that the clock showed."""
    clock = instant.astimezone(zone)
    exact = clock.utcoffset() or timedelta()
    below = timedelta(minutes=exact // timedelta(minutes=1))
    readings = [instant.astimezone(timezone(offset)) for offset in (below, below + timedelta(minutes=1))]
    local = readings[0] if readings[0].hour == clock.hour else readings[1]
    return local.isoformat(timespec="milliseconds" if local.microsecond else "seconds")


def typed(kind: FieldType, sent: Any) -> Any:
    """A wire value as one that Python can compare and add."""
    match kind:
        case FieldType.NUMBER:
            return float(sent)
        case FieldType.CURRENCY:
            return Decimal(str(sent))
        case FieldType.DATE:
            return date.fromisoformat(sent)
        case FieldType.DATETIME:
            return datetime.fromisoformat(sent)
        case _:
            return sent


def _sum(values: list[Any]) -> Any:
    return sum(values, Decimal(0)) if isinstance(values[0], Decimal) else math.fsum(values)


def _average(values: list[Any]) -> Any:
    if isinstance(values[0], Decimal):
        return (_sum(values) / len(values)).quantize(_FOUR_PLACES, ROUND_HALF_EVEN)
    return math.fsum(values) / len(values)


def _median(values: list[Any]) -> Any:
    middle = statistics.median(values)
    return middle.quantize(_FOUR_PLACES, ROUND_HALF_EVEN) if isinstance(middle, Decimal) else middle


MEASURES: Mapping[str, Callable[[list[Any]], Any]] = {
    "sum": _sum,
    "avg": _average,
    "min": min,
    "max": max,
    "median": _median,
}

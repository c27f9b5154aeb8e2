"""The brute-force model's values: typed and shown (meanings 4, 6, 7)."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from crosslook.contracts.schemas import FieldType


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

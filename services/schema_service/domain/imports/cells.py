"""Texts of cells to the values that events have on the wire. What a cell cannot mean is left to admission, which knows
why."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from crosslook.contracts.schemas import FieldDef, FieldType

CellReader = Callable[[str], Any]
"""The wire value of a cell that is not empty."""

_TRUE = frozenset({"true", "t", "yes", "y", "1", "vrai", "oui"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "faux", "non"})
_LOCAL = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2})?(\.\d+)?)?\s?([Zz]|[+-]\d{2}:?[0-5]\d)?", re.ASCII
)
_MICROSECOND_DIGITS = 6
_TO_THE_SECOND = len("YYYY-MM-DDTHH:MM:SSZ")


def split_list(text: str) -> list[str]:
    """The distinct parts of `a; b`, without outer spaces."""
    parts = (part.strip() for part in text.split(";"))
    return list(dict.fromkeys(part for part in parts if part))


def read_instant(text: str, zone: tzinfo) -> str:
    """A date and time as an RFC 3339 instant. One without an offset is local time in the zone: a time that the clocks
    skip moves forward by the gap, of a time that they show twice the earlier is meant. A date alone is its first
    moment; seconds may be missing. Anything else is left as it is, and so is what events have: UTC to the second."""
    if len(text) == _TO_THE_SECOND and text[4::3] == "--T::Z":
        return text
    found = _LOCAL.fullmatch(text)
    if found is None or (found.group(2) is None and found.group(5) is not None):
        return text
    day, clock, seconds, fraction, offset = found.groups()
    digits = (fraction or ".0")[1 : 1 + _MICROSECOND_DIGITS].ljust(_MICROSECOND_DIGITS, "0")
    try:
        local = datetime.fromisoformat(f"{day}T{clock or '00:00'}{seconds or ':00'}.{digits}")
        moment = local.replace(tzinfo=_offset(offset) if offset else zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return text  # a day that does not exist
    return f"{moment.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def _offset(written: str) -> tzinfo:
    if written in ("Z", "z"):
        return UTC
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(written[1:3]), minutes=int(written[-2:])))


def _boolean(text: str) -> Any:
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else text


def _as_it_is(text: str) -> Any:
    return text


CELL_READERS: Final[Mapping[FieldType, Callable[[tzinfo], CellReader]]] = {
    FieldType.TEXT: lambda _: _as_it_is,
    FieldType.TEXTAREA: lambda _: _as_it_is,
    FieldType.NUMBER: lambda _: str.strip,
    FieldType.CURRENCY: lambda _: str.strip,
    FieldType.DATE: lambda _: str.strip,
    FieldType.DATETIME: lambda zone: lambda text: read_instant(text.strip(), zone),
    FieldType.DROPDOWN: lambda _: str.strip,
    FieldType.MULTISELECT: lambda _: split_list,
    FieldType.BOOLEAN: lambda _: _boolean,
}
"""By type how a cell is read, given the zone of times without an offset. Spaces around a value count in texts only."""


def cell_reader(field: FieldDef, zone: tzinfo) -> CellReader:
    """How the cells of a field are read."""
    return CELL_READERS[field.type](zone)

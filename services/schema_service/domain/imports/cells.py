"""Texts of cells to the values that events have on the wire. What a cell cannot mean is left to admission, which knows
why."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final

from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.values import BadValue

CellReader = Callable[[str], Any]
"""The wire value of a cell that is not empty. Raises BadValue for a cell of another form than the file's."""

_TRUE = frozenset({"true", "t", "yes", "y", "1", "vrai", "oui"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "faux", "non"})
_LOCAL = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2})?(\.\d+)?)?\s?([Zz]|[+-]\d{2}:?[0-5]\d)?", re.ASCII
)
_COMMA_NUMBER = re.compile(r"[+-]?(?:\d+|[1-9]\d{0,2}([ .\u00a0\u202f])\d{3}(?:\1\d{3})*)(?:,\d+)?", re.ASCII)
_GROUPED_POINT = re.compile(r"[+-]?[1-9]\d{0,2}([, '\u2019\u00a0\u202f])\d{3}(?:\1\d{3})*(?:\.\d+)?", re.ASCII)
_LOCAL_DAY = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?:[T ](\d{1,2})(:\d{2}(?::\d{2})?))?", re.ASCII)
_YEAR_FIRST = re.compile(r"\d{4}-", re.ASCII)
_MICROSECOND_DIGITS = 6
_TO_THE_SECOND = len("YYYY-MM-DDTHH:MM:SSZ")


class DecimalMark(StrEnum):
    """What stands before the decimals of a file's numbers. `either`: what each number shows by itself."""

    POINT = "point"
    COMMA = "comma"
    EITHER = "either"


class DateOrder(StrEnum):
    """How the days of a file are written: `2026-12-31`, `31/12/2026` or `12/31/2026`."""

    ISO = "iso"
    DMY = "dmy"
    MDY = "mdy"


@dataclass(frozen=True, slots=True)
class CellForms:
    """How the values of a CSV file are written. `zone`: of times without an offset. `decimal`: None, as in events."""

    zone: tzinfo
    decimal: DecimalMark | None = None
    dates: DateOrder = DateOrder.ISO


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


def _comma_number(text: str) -> str:
    """A number with a comma before its decimals, as admission reads it. Spaces or points may group its thousands; a
    point before decimals is refused, since `1.500` would be another number there than here. Raises BadValue."""
    found = _COMMA_NUMBER.fullmatch(text.strip())
    if found is None:
        raise BadValue("wrong_type", "wrong_type.number_comma")
    separator = found.group(1)
    plain = found.group().replace(separator, "") if separator else found.group()
    return plain.replace(",", ".")


def _point_number(text: str) -> str:
    """A number with a point before its decimals, as admission reads it. Commas, spaces or apostrophes may group its
    thousands."""
    text = text.strip()
    found = _GROUPED_POINT.fullmatch(text)
    return text if found is None else text.replace(found.group(1), "")


def _either_number(text: str) -> str:
    """A number that reads in one way only, with a point or with a comma before its decimals; `1.500` and `1,500` are
    refused. Raises BadValue."""
    pointed = _point_number(text)
    try:
        comma = _comma_number(text)
    except BadValue:
        return pointed
    try:
        same = Decimal(pointed) == Decimal(comma)
    except InvalidOperation:
        return comma
    if not same:
        raise BadValue("wrong_type", "wrong_type.number_either")
    return comma


def _iso_day(text: str, order: DateOrder) -> str:
    """A day, and perhaps a time of day, that begin with the year. What begins with it already is left as it is. Raises
    BadValue."""
    text = text.strip()
    if order is DateOrder.ISO or _YEAR_FIRST.match(text):
        return text
    found = _LOCAL_DAY.fullmatch(text)
    try:
        first, _, second, year, hour, rest = found.groups() if found is not None else [""] * 6
        day, month = (first, second) if order is DateOrder.DMY else (second, first)
        written = date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        expected = "wrong_type.date_dmy" if order is DateOrder.DMY else "wrong_type.date_mdy"
        raise BadValue("wrong_type", expected) from None
    return f"{written}T{hour:0>2}{rest}" if hour else written


def _boolean(text: str) -> Any:
    word = text.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else text


def _as_it_is(text: str) -> Any:
    return text


_NUMBERS: Final[Mapping[DecimalMark | None, CellReader]] = {
    None: str.strip,
    DecimalMark.POINT: _point_number,
    DecimalMark.COMMA: _comma_number,
    DecimalMark.EITHER: _either_number,
}
CELL_READERS: Final[Mapping[FieldType, Callable[[CellForms], CellReader]]] = {
    FieldType.TEXT: lambda _: _as_it_is,
    FieldType.TEXTAREA: lambda _: _as_it_is,
    FieldType.NUMBER: lambda forms: _NUMBERS[forms.decimal],
    FieldType.CURRENCY: lambda forms: _NUMBERS[forms.decimal],
    FieldType.DATE: lambda forms: lambda text: _iso_day(text, forms.dates),
    FieldType.DATETIME: lambda forms: lambda text: read_instant(_iso_day(text, forms.dates), forms.zone),
    FieldType.DROPDOWN: lambda _: str.strip,
    FieldType.MULTISELECT: lambda _: split_list,
    FieldType.BOOLEAN: lambda _: _boolean,
}
"""By type how a cell is read, given how the file writes values. Spaces around a value count in texts only."""


def cell_reader(field: FieldDef, forms: CellForms) -> CellReader:
    """How the cells of a field are read."""
    return CELL_READERS[field.type](forms)

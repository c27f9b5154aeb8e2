"""JSON values as texts, and instants as vendors write them."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from crosslook.contracts.values import BadValue, instant, milliseconds

_DIGITS = re.compile(r"-?\d{1,18}", re.ASCII)
_WITHOUT_COLON = re.compile(r"(.*[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)([+-]\d{2})(\d{2})", re.ASCII)
_TO_THE_MINUTE = re.compile(r"(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2})([Zz]|[+-]\d{2}:\d{2})", re.ASCII)
_BELOW_SECOND = re.compile(r"\.(\d+)")
_FIRST_MILLISECONDS = 10**11
"""Numbers from here on are milliseconds: as seconds they would be beyond the year 5138, and as milliseconds this is
March 1973."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class VendorInstant(NamedTuple):
    """An instant: milliseconds since the epoch, and the nanoseconds below that millisecond."""

    time_ms: int
    nanoseconds: int


def scalar_text(value: Any) -> str:
    """A text, number or boolean as a text, as JSON writes it; "" for everything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value) if isinstance(value, int | float | Decimal) else ""


def vendor_instant(value: Any) -> VendorInstant:
    """The instant that a vendor states: RFC 3339, also to the minute or with an offset without a colon; or seconds or
    milliseconds since 1970, as a number or as digits. Raises BadValue, also for a time without an offset."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        return _written_instant(value)
    text = scalar_text(value)
    try:
        amount = Decimal(text)
    except ArithmeticError:
        raise BadValue("wrong_type", "wrong_type.datetime") from None
    if isinstance(value, bool) or not amount.is_finite() or abs(amount) >= 10**15:
        raise BadValue("wrong_type", "wrong_type.datetime")
    nanoseconds = int(amount * (10**6 if abs(amount) >= _FIRST_MILLISECONDS else 10**9))
    time_ms, below = divmod(nanoseconds, 10**6)
    return VendorInstant(time_ms, below)


def rfc3339_text(found: VendorInstant) -> str:
    """An instant as RFC 3339 in UTC, to the millisecond. Raises BadValue where there is no such year."""
    try:
        moment = _EPOCH + timedelta(milliseconds=found.time_ms)
    except OverflowError:
        raise BadValue("wrong_type", "wrong_type.datetime") from None
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def regular_instant(text: str) -> str:
    """An instant with seconds and a colon in its offset, where it only lacked those; else the text as it is."""
    text = _WITHOUT_COLON.sub(r"\1\2:\3", text.strip())
    return _TO_THE_MINUTE.sub(r"\1:00\2", text)


def _written_instant(value: str) -> VendorInstant:
    text = regular_instant(value)
    fraction = _BELOW_SECOND.search(text)
    below = int(fraction[1].ljust(9, "0")[3:9]) if fraction else 0
    return VendorInstant(milliseconds(instant(text)), below)

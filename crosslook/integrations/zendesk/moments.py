"""Instants of Zendesk: nine decimals or none in events, whole seconds in tickets, minutes in placeholders."""

import re
from typing import Any, Final, NamedTuple

from crosslook.contracts.values import BadValue, instant_ms
from crosslook.integrations.zendesk.reading import unreadable

_FRACTION = re.compile(r"\.(\d{1,9})", re.ASCII)
_MINUTE = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})", re.ASCII)
_MINUTE_LENGTH = len("2013-12-12T05:35+01:00")
_NANOS_BELOW = 1_000_000
POSITIONS: Final = 1024
"""How many events of one nanosecond their positions in a sequence can put in order."""
LAST_ORDER: Final = _NANOS_BELOW * POSITIONS - 1
MINUTE_MS: Final = 60_000
SECOND_MS: Final = 1_000


class VendorMoment(NamedTuple):
    """An instant: milliseconds since the epoch, and the place within the millisecond, from 0 to LAST_ORDER."""

    ms: int
    order: int = 0


def event_moment(value: Any, position: int, *place: str | int) -> VendorMoment:
    """When an event happened: its nanoseconds first, then its position in its sequence. Raises Unmappable."""
    ms = read_ms(value, *place)
    fraction = _FRACTION.search(value)
    nanos = int(fraction.group(1).ljust(9, "0")) % _NANOS_BELOW if fraction else 0
    return VendorMoment(ms, nanos * POSITIONS + min(max(position, 0), POSITIONS - 1))


def end_of_second(ms: int) -> VendorMoment:
    """The last instant of a second: what an export shows contains all that happened in the second of its time."""
    return VendorMoment(ms - ms % SECOND_MS + SECOND_MS - 1, LAST_ORDER)


def read_ms(value: Any, *place: str | int) -> int:
    """An RFC 3339 instant, also one without seconds, in milliseconds since the epoch. Raises Unmappable."""
    if isinstance(value, str) and len(value) <= _MINUTE_LENGTH and (minute := _MINUTE.fullmatch(value)):
        value = f"{minute.group(1)}:00{minute.group(2)}"
    try:
        return instant_ms(value)
    except BadValue as bad:
        raise unreadable(bad.code, *place, text=bad.text, **bad.values) from None


def optional_ms(value: Any, *place: str | int) -> int | None:
    """As `read_ms`; None where there is none. Raises Unmappable."""
    return None if value is None or value == "" else read_ms(value, *place)

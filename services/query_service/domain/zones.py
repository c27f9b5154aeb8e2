"""Time zones of reports. Instants are UTC wherever they are compared, sorted or kept; a zone is applied to read a
calendar or to show an instant, and what it gives is never compared."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

Transition = tuple[int, int]
"""From which instant on, in seconds since 1970, a zone is how many seconds ahead of UTC."""
_MINUTE = timedelta(minutes=1)
_TZIF_HEADER = ">4sc15x6I"
_ABBREVIATION = b"LT\0"


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """An IANA zone. `rules` give its offset at every instant; `edition` names the release of the tz database that they
    come from, so that answers of two releases are never taken for one another."""

    name: str
    rules: tzinfo
    edition: str = ""

    def local(self, instant: datetime) -> datetime:
        """The wall clock of the zone at an instant, with its offset. Python compares two such values by their wall
        clock alone, even where the clock repeats an hour: use it for calendar arithmetic and display only."""
        return instant.astimezone(self.rules)

    def day(self, instant: datetime) -> date:
        """The calendar day of the zone at an instant."""
        return self.local(instant).date()

    def shown(self, instant: datetime) -> str:
        """The instant in RFC 3339, to the second or, where it has them, to the millisecond.

        RFC 3339 has no seconds in an offset, which local mean times have (Africa/Monrovia before 1972: -00:44:30).
        There the offset is rounded to a minute and the clock goes with it, so that the text names the same instant:
        down, or up where rounding down would show another hour."""
        # Not utcoffset(): a local time has two readings at the most, too few where the clock is changed twice in a row.
        clock = self.local(instant).replace(tzinfo=None)
        minutes, seconds = divmod(clock - instant.replace(tzinfo=None), _MINUTE)
        if seconds:
            down = (clock - seconds).hour == clock.hour
            clock, minutes = (clock - seconds, minutes) if down else (clock + _MINUTE - seconds, minutes + 1)
        return clock.isoformat(timespec="milliseconds" if clock.microsecond else "seconds") + _offset(minutes)


@lru_cache(maxsize=512)
def _offset(minutes: int) -> str:
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def rules_of(name: str, transitions: Sequence[Transition]) -> tzinfo:
    """The rules of a zone with these offsets, the earliest first. The first one is valid before it, too, and the last
    one for good. Raises ValueError where there is none."""
    if not transitions:
        raise ValueError(f"no offset of {name}")
    # ZoneInfo reads the compiled form of a zone (RFC 8536) and converts in C, a hundred thousand instants in the time
    # that a tzinfo in Python needs for ten thousand.
    return ZoneInfo.from_file(BytesIO(_compiled(transitions)), key=name)


def _compiled(transitions: Sequence[Transition]) -> bytes:
    offsets = list(dict.fromkeys(offset for _, offset in transitions))  # before all transitions the first is valid
    count, types = len(transitions), len(offsets)
    return b"".join(
        (
            struct.pack(_TZIF_HEADER, b"TZif", b"2", 0, 0, 0, 0, 0, 0),  # no 32-bit data
            struct.pack(_TZIF_HEADER, b"TZif", b"2", 0, 0, 0, count, types, len(_ABBREVIATION)),
            struct.pack(f">{count}q", *(at for at, _ in transitions)),
            bytes(offsets.index(offset) for _, offset in transitions),
            b"".join(struct.pack(">lBB", offset, 0, 0) for offset in offsets),
            _ABBREVIATION,
            b"\n\n",  # no rule for what comes after the last transition
        )
    )

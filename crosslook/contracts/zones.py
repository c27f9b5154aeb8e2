"""Time zones by name, as the `tzdata` package has them: the same on every host."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from tzdata import IANA_VERSION

from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import Guess, did_you_mean

TZ_RELEASE: str = IANA_VERSION
"""The release of the tz database that schedules are read with, such as `2026c`."""

# Of the other names that a host's files may have, `localtime` is a setting of the host, `posixrules` a default of the C
# library, and `posix/` and `right/` hold every zone once more, without and with leap seconds.
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})
_NO_FOLDERS = ("posix/", "right/")


def is_place(name: str) -> bool:
    """Whether the name is an IANA name of a place or an offset, not of another file on the host."""
    return name not in _NO_PLACES and not name.startswith(_NO_FOLDERS)


@cache
def names() -> frozenset[str]:
    """The names of all zones."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(filter(is_place, listed))


@cache
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises ValueError when there is none."""
    if name not in names():
        raise ValueError(f"{name!r} is not an IANA time zone")
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name; None when there is none."""
    return zone_of(name) if name in names() else None


def unknown_zone(sent: str, where: str, known: Iterable[str]) -> Problem:
    """The refusal of a text, at a JSON pointer, that names none of the known zones."""
    if not sent:
        return Problem("bad_value", where, "bad_value.zone_empty")
    return Problem("bad_value", where, "bad_value.zone", {"name": sent[:100]}, Guess(sent, known, _meant))


def _meant(sent: str, known: Iterable[str]) -> str | None:
    """The zone of the city that was sent alone, as people do, or else the closest name."""
    listed = sorted(known)
    city = sent.strip().replace(" ", "_").lower()
    of_city = (name for name in listed if name.rpartition("/")[2].lower() == city)
    return next(of_city, None) or did_you_mean(sent, listed)

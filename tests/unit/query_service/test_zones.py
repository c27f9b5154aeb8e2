"""Zones apply to what is read and shown; every text of an instant names that instant, in RFC 3339."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.zones import names, zone_of
from services.query_service.domain.periods import shifted
from services.query_service.domain.zones import Transition, Zone, rules_of

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?[+-]\d\d:\d\d")
_INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2299, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001  # st adds UTC
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CHANGED: list[Transition] = [(-2_208_988_800, -2670), (0, 3600), (1000, 7200), (5000, 3600)]


def at(seconds: float) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


@given(st.sampled_from(sorted(names())), _INSTANTS)
def test_a_text_names_its_instant_with_an_offset_in_minutes(name: str, instant: datetime) -> None:
    zone, instant = Zone(name, zone_of(name)), instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    shown = zone.shown(instant)
    assert _RFC_3339.fullmatch(shown)
    assert datetime.fromisoformat(shown) == instant
    assert (shown[:10], int(shown[11:13])) == (zone.day(instant).isoformat(), zone.local(instant).hour)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-2_300_000_000, "1897-02-11T14:21:40-00:45"),  # before the first change, as after it
        (-2671, "1969-12-31T22:30:29-00:45"),
        (-1, "1969-12-31T23:14:59-00:45"),
        (-930, "1969-12-31T23:00:30-00:44"),  # the offset is -00:44:30: rounded down it would be 22:59:30
        (0, "1970-01-01T01:00:00+01:00"),
        (0.5, "1970-01-01T01:00:00.500+01:00"),
        (1000, "1970-01-01T02:16:40+02:00"),
        (4999, "1970-01-01T03:23:19+02:00"),
        (5000, "1970-01-01T02:23:20+01:00"),
        (10_000_000_000, "2286-11-20T18:46:40+01:00"),  # after the last change, for good
    ],
)
def test_a_zone_has_the_offsets_of_its_changes(seconds: float, shown: str) -> None:
    assert Zone("Somewhere", rules_of("Somewhere", CHANGED)).shown(at(seconds)) == shown


def test_a_text_names_its_instant_also_where_the_clock_is_changed_twice_in_a_row() -> None:
    zone = Zone("Twice", rules_of("Twice", [(0, 7372), (900, 3772), (1072, 7200)]))
    for seconds in range(-3600, 7200, 60):
        assert datetime.fromisoformat(zone.shown(at(seconds))) == at(seconds)


def test_a_zone_without_any_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="no offset of Nowhere"):
        rules_of("Nowhere", [])


@pytest.mark.parametrize(
    ("name", "instant", "day"),
    [
        ("America/Santiago", "2026-04-05T03:30:00+00:00", date(2026, 4, 4)),  # 23:30 for the second time
        ("Pacific/Apia", "2011-12-30T10:00:00+00:00", date(2011, 12, 31)),  # the 30th was left out
    ],
)
def test_a_day_is_that_of_the_wall_clock(name: str, instant: str, day: date) -> None:
    assert Zone(name, zone_of(name)).day(datetime.fromisoformat(instant)) == day


@pytest.mark.parametrize(
    ("zone", "start", "count", "unit", "expected"),
    [
        # From 1:30 for the second time: an hour back is 1:30 for the first time.
        ("America/Chicago", "2026-11-01T07:30:00+00:00", -1, "hour", "2026-11-01T06:30:00+00:00"),
        ("America/Chicago", "2026-11-01T07:30:00+00:00", -1, "day", "2026-10-31T06:30:00+00:00"),
        # Of a time that occurs twice the earlier is meant.
        ("America/Chicago", "2026-11-02T07:30:00+00:00", -1, "day", "2026-11-01T06:30:00+00:00"),
        ("America/Chicago", "2027-11-01T06:30:00+00:00", -1, "year", "2026-11-01T06:30:00+00:00"),
        # 2:30 does not exist: it moves forward by what was skipped, from either side.
        ("America/Chicago", "2026-03-07T08:30:00+00:00", 1, "day", "2026-03-08T08:30:00+00:00"),
        ("America/Chicago", "2026-04-08T07:30:00+00:00", -1, "month", "2026-03-08T08:30:00+00:00"),
        ("Australia/Lord_Howe", "2026-10-02T15:45:00+00:00", 1, "day", "2026-10-03T15:45:00+00:00"),
    ],
)
def test_calendar_arithmetic_has_one_reading_on_the_nights_of_changes(
    zone: str, start: str, count: int, unit: str, expected: str
) -> None:
    moved = shifted(datetime.fromisoformat(start), Zone(zone, zone_of(zone)), count, unit)
    assert moved.isoformat() == expected

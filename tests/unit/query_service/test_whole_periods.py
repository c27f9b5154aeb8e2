"""Whole periods around a moment (CONTRACTS 5, meaning 12): over nights of clock changes, weeks of three kinds, and to
the ends of the years that fields hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.tenant_settings import WeekStart
from crosslook.contracts.zones import zone_of
from services.query_service.domain.whole_periods import Calendar, first_day, hour_of
from services.query_service.domain.zones import Zone
from tests.helpers.nights import CHANGES, changes_of

UNITS = ("day", "week", "month", "quarter", "year")
FRIDAY = date(2026, 2, 27)
_DAYS = st.dates(date(1901, 1, 1), date(2298, 12, 31))


def calendar(zone: str, week_start: WeekStart = WeekStart.MONDAY) -> Calendar:
    return Calendar(Zone(zone, zone_of(zone)), week_start)


@pytest.mark.parametrize(
    ("before", "count", "unit", "week_start", "first", "after"),
    [
        (0, 1, "day", WeekStart.MONDAY, "2026-02-27", "2026-02-28"),
        (3, 3, "day", WeekStart.MONDAY, "2026-02-24", "2026-02-27"),
        (0, 1, "week", WeekStart.MONDAY, "2026-02-23", "2026-03-02"),
        (0, 1, "week", WeekStart.SUNDAY, "2026-02-22", "2026-03-01"),
        (0, 1, "week", WeekStart.SATURDAY, "2026-02-21", "2026-02-28"),
        (2, 2, "week", WeekStart.SUNDAY, "2026-02-08", "2026-02-22"),
        (0, 1, "month", WeekStart.MONDAY, "2026-02-01", "2026-03-01"),
        (14, 14, "month", WeekStart.MONDAY, "2024-12-01", "2026-02-01"),
        (0, 1, "quarter", WeekStart.MONDAY, "2026-01-01", "2026-04-01"),
        (1, 1, "quarter", WeekStart.MONDAY, "2025-10-01", "2026-01-01"),
        (2, 2, "year", WeekStart.MONDAY, "2024-01-01", "2026-01-01"),
        (10_000, 10_000, "year", WeekStart.MONDAY, "1900-01-01", "2026-01-01"),
        (10_000, 10_000, "week", WeekStart.MONDAY, "1900-01-01", "2026-02-23"),
        (10_000, 1, "month", WeekStart.MONDAY, "1900-01-01", "1900-01-01"),
    ],
)
def test_whole_units_before_and_around_a_day(
    before: int, count: int, unit: str, week_start: WeekStart, first: str, after: str
) -> None:
    found = calendar("UTC", week_start).days(FRIDAY, before, count, unit)
    assert found == (date.fromisoformat(first), date.fromisoformat(after))


@given(_DAYS, st.sampled_from(UNITS), st.sampled_from(WeekStart), st.integers(1, 40))
def test_periods_follow_each_other_without_gap_or_overlap(
    today: date, unit: str, week_start: WeekStart, count: int
) -> None:
    found = calendar("UTC", week_start)
    start, end = found.days(today, 0, 1, unit)
    assert start <= today < end
    if start.year - 1900 > count:
        first, after = found.days(today, count, count, unit)
        assert after == start
        steps = [found.days(today, step, 1, unit) for step in range(count, 0, -1)]
        assert steps[0][0] == first
        assert [step[1] for step in steps[:-1]] == [step[0] for step in steps[1:]]
    assert {first_day(start + timedelta(days=n), unit, week_start) for n in range((end - start).days)} == {start}


@pytest.mark.parametrize(
    ("zone", "at", "unit", "start", "end"),
    [
        ("America/Chicago", "2026-03-08T20:00Z", "day", "2026-03-08T06:00Z", "2026-03-09T05:00Z"),  # 23 hours
        ("America/Chicago", "2026-11-01T20:00Z", "day", "2026-11-01T05:00Z", "2026-11-02T06:00Z"),  # 25 hours
        ("America/Sao_Paulo", "2018-11-04T12:00Z", "day", "2018-11-04T03:00Z", "2018-11-05T02:00Z"),  # no midnight
        ("America/Sao_Paulo", "2019-02-17T01:30Z", "day", "2019-02-16T02:00Z", "2019-02-17T03:00Z"),
        ("America/Havana", "2026-11-01T04:30Z", "day", "2026-11-01T04:00Z", "2026-11-02T05:00Z"),  # midnight twice
        ("Asia/Beirut", "2026-03-29T12:00Z", "day", "2026-03-28T22:00Z", "2026-03-29T21:00Z"),
        ("Africa/Cairo", "2026-04-24T12:00Z", "day", "2026-04-23T22:00Z", "2026-04-24T21:00Z"),
        ("Africa/Cairo", "2026-10-29T20:30Z", "day", "2026-10-28T21:00Z", "2026-10-29T22:00Z"),
        ("Pacific/Apia", "2011-12-31T00:00Z", "day", "2011-12-30T10:00Z", "2011-12-31T10:00Z"),
        ("America/Chicago", "2026-11-01T07:30Z", "hour", "2026-11-01T07:00Z", "2026-11-01T08:00Z"),  # 1:00, again
        ("Australia/Lord_Howe", "2026-04-04T15:10Z", "hour", "2026-04-04T14:00Z", "2026-04-04T15:30Z"),  # 90 minutes
        ("Australia/Lord_Howe", "2026-10-03T15:40Z", "hour", "2026-10-03T15:30Z", "2026-10-03T16:00Z"),  # 30 minutes
        ("America/Chicago", "2026-11-01T12:00Z", "month", "2026-11-01T05:00Z", "2026-12-01T06:00Z"),
    ],
)
def test_the_current_unit_begins_and_ends_on_the_clock_of_the_zone(
    zone: str, at: str, unit: str, start: str, end: str
) -> None:
    found = calendar(zone).instants(datetime.fromisoformat(at), 0, 1, unit)
    assert found == (datetime.fromisoformat(start), datetime.fromisoformat(end))


def test_a_day_that_a_zone_skipped_is_empty() -> None:
    start, end = calendar("Pacific/Apia").instants(datetime(2011, 12, 30, 20, tzinfo=UTC), 1, 1, "day")
    assert start == end == datetime(2011, 12, 30, 10, tzinfo=UTC)


@given(st.sampled_from(sorted(CHANGES)), st.integers(0, 1), st.integers(-3000, 3000), st.integers(1, 60))
def test_hours_follow_each_other_through_any_change_of_the_clock(
    name: str, which: int, minutes: int, count: int
) -> None:
    zone, changes = Zone(name, zone_of(name)), changes_of(name)
    at = changes[which % len(changes)] + timedelta(minutes=minutes)
    found = Calendar(zone)
    start, end = found.instants(at, 0, 1, "hour")
    assert hour_of(at, zone) == start <= at < end == hour_of(end, zone)
    assert hour_of(end - timedelta(milliseconds=1), zone) == start
    first, after = found.instants(at, count, count, "hour")
    assert after == start
    expected = start
    for _ in range(count):
        expected = hour_of(expected - timedelta(milliseconds=1), zone)
    assert first == expected


def test_ten_thousand_hours_before_are_counted_over_changes_of_half_an_hour() -> None:
    zone = Zone("Australia/Lord_Howe", zone_of("Australia/Lord_Howe"))
    at = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
    first, after = Calendar(zone).instants(at, 10_000, 10_000, "hour")
    hours = {hour_of(first + timedelta(minutes=30 * step), zone) for step in range((after - first) // _HALF)}
    assert len(hours) == 10_000


_HALF = timedelta(minutes=30)

"""The brute-force model's calendar against days and instants worked out by hand (meanings 6, 12, 13)."""

from datetime import UTC, date, datetime

import pytest

from crosslook.contracts.zones import zone_of
from tests.helpers.oracle_calendar import Calendar, day_later


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _calendar(zone: str = "America/Chicago", week_start: str = "monday") -> Calendar:
    return Calendar(zone_of(zone), week_start)


@pytest.mark.parametrize(
    ("day", "count", "unit", "later"),
    [
        ("2024-02-29", 1, "year", "2025-02-28"),
        ("2024-02-29", 4, "year", "2028-02-29"),
        ("2026-01-31", 1, "month", "2026-02-28"),
        ("2026-01-31", 2, "month", "2026-03-31"),
        ("2025-11-30", 1, "quarter", "2026-02-28"),
        ("2026-12-31", 1, "week", "2027-01-07"),
        ("2026-03-31", -1, "month", "2026-02-28"),
    ],
)
def test_a_day_that_does_not_exist_becomes_the_last_of_its_month(day: str, count: int, unit: str, later: str) -> None:
    assert day_later(date.fromisoformat(day), count, unit) == date.fromisoformat(later)


@pytest.mark.parametrize(
    ("zone", "instant", "shift", "moved"),
    [
        # 02:30 on the night that skips 02:00 to 03:00 is read as 03:30.
        ("America/Chicago", "2026-03-07T02:30:00-06:00", (1, "day"), "2026-03-08T03:30:00-05:00"),
        # 01:30 occurs twice on the first of November: the earlier one is meant.
        ("America/Chicago", "2026-10-31T01:30:00-05:00", (1, "day"), "2026-11-01T01:30:00-05:00"),
        ("America/Chicago", "2026-11-01T01:30:00-06:00", (1, "day"), "2026-11-02T01:30:00-06:00"),
        # An hour is an hour, whatever the clock shows.
        ("America/Chicago", "2026-11-01T01:30:00-05:00", (1, "hour"), "2026-11-01T01:30:00-06:00"),
        ("America/Chicago", "2026-03-08T01:30:00-06:00", (24, "hour"), "2026-03-09T02:30:00-05:00"),
        ("America/Chicago", "2024-02-29T23:59:59.999-06:00", (1, "year"), "2025-02-28T23:59:59.999-06:00"),
        # Midnight does not exist on the night that skips it.
        ("America/Santiago", "2026-09-05T00:00:00-04:00", (1, "day"), "2026-09-06T01:00:00-03:00"),
    ],
)
def test_the_clock_on_the_wall_moves(zone: str, instant: str, shift: tuple[int, str], moved: str) -> None:
    assert _calendar(zone).moved(_at(instant), *shift) == _at(moved)


def test_what_is_moved_beyond_the_last_year_is_gone() -> None:
    assert _calendar().moved(date(2299, 12, 31), 1, "day") is None
    assert _calendar().moved(date(2298, 12, 31), 1, "year") == date(2299, 12, 31)
    assert _calendar().moved(_at("2299-06-01T00:00:00Z"), 1, "year") is None
    assert _calendar().moved(None, 1, "year") is None


@pytest.mark.parametrize(
    ("week_start", "first", "number"),
    [("monday", "2026-11-30", 3), ("sunday", "2026-11-29", 4), ("saturday", "2026-11-28", 5)],
)
def test_weeks_begin_on_the_day_that_is_asked_for(week_start: str, first: str, number: int) -> None:
    calendar, wednesday = _calendar(week_start=week_start), date(2026, 12, 2)
    assert calendar.truncated(wednesday, "week") == date.fromisoformat(first)
    assert calendar.truncated(wednesday, "day_of_week") == number
    assert calendar.truncated(date.fromisoformat(first), "day_of_week") == 1


def test_a_period_is_half_open_and_begins_at_local_midnight() -> None:
    as_of = _at("2026-11-02T00:00:00-06:00")
    assert _calendar().period(as_of, 0, 1, "day") == (_at("2026-11-02T06:00:00Z"), _at("2026-11-03T06:00:00Z"))
    # The day before had 25 hours.
    assert _calendar().period(as_of, 1, 1, "day") == (_at("2026-11-01T05:00:00Z"), _at("2026-11-02T06:00:00Z"))
    assert _calendar().period(as_of, 2, 2, "quarter") == (_at("2026-04-01T05:00:00Z"), _at("2026-10-01T05:00:00Z"))


def test_a_day_whose_midnight_is_skipped_begins_with_the_change() -> None:
    first, after = _calendar("America/Santiago").period(_at("2026-09-06T12:00:00Z"), 0, 1, "day")
    assert (first, after) == (_at("2026-09-06T01:00:00-03:00"), _at("2026-09-07T00:00:00-03:00"))


def test_an_hour_that_a_change_prolongs_is_one_hour() -> None:
    # From 02:00 the clock of Lord Howe goes back to 01:30, so that its hour of one lasts an hour and a half.
    lord_howe, two = _calendar("Australia/Lord_Howe"), _at("2026-04-05T02:00:00+10:30")
    assert lord_howe.period(two, 1, 1, "hour") == (_at("2026-04-05T01:00:00+11:00"), two)
    assert lord_howe.period(_at("2026-04-05T01:45:00+10:30"), 0, 1, "hour") == (_at("2026-04-05T01:00:00+11:00"), two)

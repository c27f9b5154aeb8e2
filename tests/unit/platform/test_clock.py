"""R1: refreshes are due at 05:30 Central time, whatever the season; missed days are caught up once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.platform.clock import FixedClock, Schedule, SystemClock

DAILY = Schedule("30 5 * * *", "America/Chicago")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-24 11:29:59.999", "2026-11-24 11:30"),
        ("2026-11-24 11:30:00", "2026-11-25 11:30"),
        ("2026-11-24 11:30:00.001", "2026-11-25 11:30"),
        ("2026-03-07 12:00", "2026-03-08 10:30"),  # the night clocks go forward
        ("2026-03-08 10:30", "2026-03-09 10:30"),
        ("2026-10-31 10:30", "2026-11-01 11:30"),  # the night clocks go back
        ("2026-11-01 11:30", "2026-11-02 11:30"),
        ("2026-12-31 12:00", "2027-01-01 11:30"),
        ("2028-02-28 12:00", "2028-02-29 11:30"),
    ],
)
def test_the_next_refresh_is_at_half_past_five_in_chicago(moment: str, due: str) -> None:
    assert DAILY.next_after(at(moment)) == at(due)


@pytest.mark.parametrize(
    ("cron", "zone", "moment", "due"),
    [
        ("30 2 * * *", "America/Chicago", "2026-03-08 07:00", "2026-03-08 08:00"),  # skipped hour: at the change
        ("30 1 * * *", "America/Chicago", "2026-11-01 06:30", "2026-11-02 07:30"),  # repeated hour: once
        ("30 1 * * *", "America/Chicago", "2026-11-01 07:15", "2026-11-02 07:30"),
        ("0 * * * *", "America/Chicago", "2026-11-01 06:00", "2026-11-01 07:00"),
        ("*/15 * * * *", "Asia/Kathmandu", "2026-01-01 00:00", "2026-01-01 00:15"),
        ("0 6 * * MON-FRI", "Europe/Paris", "2026-11-20 12:00", "2026-11-23 05:00"),
        ("0 0 1 1 *", "UTC", "2026-01-01 00:00", "2027-01-01 00:00"),
        ("0 0 29 2 *", "UTC", "2026-01-01 00:00", "2028-02-29 00:00"),
    ],
)
def test_other_schedules_follow_cron(cron: str, zone: str, moment: str, due: str) -> None:
    assert Schedule(cron, zone).next_after(at(moment)) == at(due)


def test_every_day_of_a_year_has_exactly_one_refresh_at_the_local_time() -> None:
    moment = at("2026-01-01 00:00")
    seen = []
    for _ in range(365):
        moment = DAILY.next_after(moment)
        seen.append(moment.astimezone(ZoneInfo("America/Chicago")))
    assert {(local.hour, local.minute, local.second) for local in seen} == {(5, 30, 0)}
    assert len({local.date() for local in seen}) == 365
    assert seen[-1].date() - seen[0].date() == timedelta(days=364)


@pytest.mark.parametrize(
    ("since", "moment", "due"),
    [
        ("2026-11-24 11:30", "2026-11-24 11:30", None),
        ("2026-11-24 11:29", "2026-11-24 11:30", "2026-11-24 11:30"),
        ("2026-11-24 11:30", "2026-11-25 11:29:59", None),
        ("2026-11-01 00:00", "2026-11-24 20:00", "2026-11-24 11:30"),
        ("2026-11-24 20:00", "2026-11-24 12:00", None),
        ("1970-01-01 00:00", "2026-11-24 11:00", "2026-11-23 11:30"),
        ("2026-11-01 06:31", "2026-11-01 07:45", None),
    ],
)
def test_missed_days_are_one_refresh(since: str, moment: str, due: str | None) -> None:
    assert DAILY.last_until(at(moment), at(since)) == (at(due) if due else None)


@pytest.mark.parametrize("cron", ["* * * * *", "* * * 1 *", "0 0 29 2 *"])
def test_looking_back_over_decades_finds_the_last_due_instant(cron: str) -> None:
    schedule, moment = Schedule(cron, "America/Chicago"), at("2026-11-24 11:00:30")
    found = schedule.last_until(moment, datetime(1970, 1, 1, tzinfo=UTC))
    assert found is not None
    assert schedule.next_after(found) > moment >= found


_MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # st adds UTC
_SCHEDULES = st.builds(
    Schedule,
    st.sampled_from(["30 5 * * *", "30 1 * * *", "30 2 * * *", "0 * * * *", "*/20 * * * *", "15 3 * * SUN"]),
    st.sampled_from(["America/Chicago", "Europe/Paris", "UTC", "Australia/Lord_Howe"]),
)


@given(_SCHEDULES, _MOMENTS)
def test_the_next_instant_is_later_and_is_found_again_looking_back(schedule: Schedule, moment: datetime) -> None:
    due = schedule.next_after(moment)
    assert due > moment
    assert schedule.last_until(due, moment) == due
    assert schedule.last_until(due - timedelta(microseconds=1), moment) is None


@given(_SCHEDULES, _MOMENTS, st.integers(0, 8 * 24))
def test_looking_back_gives_what_going_forward_passed_last(schedule: Schedule, since: datetime, hours: int) -> None:
    moment = since + timedelta(hours=hours)
    due, last = schedule.next_after(since), None
    while due <= moment:
        last, due = due, schedule.next_after(due)
    assert schedule.last_until(moment, since) == last


def test_clocks_tell_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
    chicago = datetime(2026, 11, 24, 5, 30, tzinfo=ZoneInfo("America/Chicago"))
    assert FixedClock(chicago).now() == at("2026-11-24 11:30")

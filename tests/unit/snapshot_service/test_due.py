"""When a refresh is due (R1), on a stepped clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosslook.contracts.manifests import Manifest, Run, RunState
from crosslook.platform.clock import Schedule
from services.snapshot_service.domain.due import due_now, overdue_seconds, under_way
from tests.helpers import builders

DUE = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
SCHEDULE = Schedule("30 5 * * *", "America/Chicago")
RETRY = 20.0


def manifest(as_of: datetime, run: str = "r") -> Manifest:
    return builders.manifest(snapshot="s", run=run, as_of=as_of)


def run(state: RunState, started: datetime, name: str = "r", **members: object) -> Run:
    ended = started if state in ("failed", "published") else None
    return Run.model_validate(
        {
            "run": name,
            "build": 1,
            "state": state,
            "trigger": "cron",
            "started_at": started,
            "finished_at": ended,
            "moved_at": started,
            **members,
        }
    )


def test_nothing_is_due_before_the_first_scheduled_instant() -> None:
    assert not due_now(None, None, [], DUE, RETRY)


def test_a_scheduled_instant_without_a_snapshot_is_due() -> None:
    assert due_now(DUE, None, [], DUE, RETRY)


@pytest.mark.parametrize(("minutes", "due"), [(-1, True), (0, False), (1, False)])
def test_a_snapshot_covers_the_instant_if_it_was_frozen_at_or_after_it(minutes: int, due: bool) -> None:
    assert due_now(DUE, manifest(DUE + timedelta(minutes=minutes)), [], DUE + timedelta(hours=1), RETRY) is due


def test_a_refresh_is_overdue_from_its_instant_until_a_snapshot_covers_it() -> None:
    later = DUE + timedelta(minutes=40)
    assert overdue_seconds(None, None, later) == 0
    assert overdue_seconds(DUE, None, later) == overdue_seconds(DUE, manifest(DUE - timedelta(days=1)), later) == 2400
    assert overdue_seconds(DUE, manifest(DUE), later) == 0


@pytest.mark.parametrize(("cron", "due"), [("0 5 * * *", False), ("0 6 * * *", True), ("30 5 * * 1", False)])
def test_a_changed_schedule_counts_from_the_snapshot_that_is_there(cron: str, due: bool) -> None:
    """Frozen at 05:30 on a Tuesday, looked at from 07:00: only an instant in between still wants its refresh."""
    covered, now = manifest(DUE), DUE + timedelta(hours=1, minutes=30)
    last = Schedule(cron, "America/Chicago").last_until(now, since=DUE - timedelta(days=7))
    assert due_now(last, covered, [], now, RETRY) is due


@pytest.mark.parametrize("change", ["2026-03-08", "2026-11-01"])
def test_a_day_on_which_the_clocks_change_has_one_refresh(change: str) -> None:
    """On a clock that steps by minutes from the day before to the day after (America/Chicago)."""
    now = datetime.fromisoformat(f"{change}T00:00:00-06:00").astimezone(UTC) - timedelta(hours=12)
    start, snapshot, ran = now, manifest(now), list[datetime]()
    while now < start + timedelta(days=2):
        now += timedelta(minutes=10)
        if due_now(SCHEDULE.last_until(now, since=start), snapshot, [], now, RETRY):
            ran.append(now.astimezone(ZoneInfo("America/Chicago")))
            snapshot = manifest(now)
    assert [(at.hour, at.minute) for at in ran] == [(5, 30), (5, 30)]


def test_two_missed_days_are_one_run() -> None:
    last = SCHEDULE.last_until(DUE + timedelta(hours=3), since=DUE - timedelta(days=2, hours=1))
    assert last == DUE
    assert due_now(last, manifest(DUE - timedelta(days=2)), [], DUE + timedelta(hours=3), RETRY)
    assert not due_now(last, manifest(DUE + timedelta(hours=3)), [], DUE + timedelta(hours=3), RETRY)


def test_a_failed_run_is_tried_again_after_a_pause_that_doubles() -> None:
    first = run("failed", DUE)
    assert not due_now(DUE, None, [first], DUE + timedelta(seconds=19), RETRY)
    assert due_now(DUE, None, [first], DUE + timedelta(seconds=20), RETRY)
    second = run("failed", DUE + timedelta(seconds=20))
    assert not due_now(DUE, None, [first, second], DUE + timedelta(seconds=59), RETRY)
    assert due_now(DUE, None, [first, second], DUE + timedelta(seconds=60), RETRY)


def test_the_pause_between_attempts_never_exceeds_a_quarter_of_an_hour() -> None:
    many = [run("failed", DUE) for _ in range(40)]
    assert due_now(DUE, None, many, DUE + timedelta(minutes=15), RETRY)


def test_yesterdays_failures_do_not_delay_todays_run() -> None:
    assert due_now(DUE, manifest(DUE - timedelta(days=1)), [run("failed", DUE - timedelta(seconds=5))], DUE, RETRY)


def test_a_run_is_under_way_while_its_worker_is_heard_of() -> None:
    running = run("building", DUE)
    assert under_way([running], [], DUE + timedelta(seconds=60), 60) == running
    assert under_way([running], [], DUE + timedelta(seconds=61), 60) is None


@pytest.mark.parametrize("state", ["published", "failed"])
def test_a_run_that_is_over_is_not_under_way(state: RunState) -> None:
    assert under_way([run(state, DUE)], [], DUE, 60) is None


def test_a_run_whose_manifest_is_there_is_not_under_way() -> None:
    assert under_way([run("verifying", DUE, "mine")], [manifest(DUE, "mine")], DUE, 60) is None

"""What the janitor forgets, drops and clears."""

from datetime import UTC, datetime, timedelta

from crosslook.contracts.manifests import BUILDS_A_RUN, Manifest
from services.snapshot_service.domain.partitions import Partition
from services.snapshot_service.domain.retention import (
    Day,
    consumed,
    droppable,
    protected,
    reach_of,
    to_forget,
    unnamed,
    unused,
)
from tests.helpers import builders

NOW = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)


def manifest(sequence: int, published: datetime = NOW) -> Manifest:
    return builders.manifest(sequence, build=sequence * BUILDS_A_RUN, as_of=published)


def test_all_but_the_last_snapshots_are_forgotten() -> None:
    manifests = [manifest(number) for number in range(1, 6)]
    assert [item.snapshot for item in to_forget(manifests, 2)] == ["s1", "s2", "s3"]
    assert [item.snapshot for item in to_forget(manifests, 2, {"s2", "s5"})] == ["s1", "s3"]
    assert to_forget(manifests, 5) == to_forget(manifests, 9) == []


def test_rows_of_an_expired_snapshot_stay_for_its_own_grace_period() -> None:
    expired = {f"s{minutes}": NOW - timedelta(minutes=minutes) for minutes in (0, 4, 5, 60)}
    assert protected(["current"], expired, NOW, 300) == {"current", "s0", "s4"}
    assert protected(["current"], expired, NOW, 0) == {"current"}
    assert protected(["current"], {}, NOW, 300) == {"current"}


def test_entries_of_later_runs_are_not_dropped_whoever_is_protected() -> None:
    written = ["20261124T113000Z-3", "20261124T113500Z-4", "20261124T114000Z-5", "another"]
    assert droppable(written, {"20261124T113500Z-4"}, 4) == ["20261124T113000Z-3"]
    assert droppable(written, {}, 4) == ["20261124T113000Z-3", "20261124T113500Z-4"]


def test_a_day_reaches_behind_its_last_events() -> None:
    assert reach_of([(0, 9), (2, 0)]) == {0: 10, 2: 1}


def test_a_table_goes_when_no_snapshot_names_its_layout_and_no_rows_are_left() -> None:
    tables = [Partition(layout, 0).table for layout in "abc"]
    assert unused(tables, [Partition("a", 1)], [Partition("b", 2)]) == [Partition("c", 0).table]


def test_builds_that_no_snapshot_names_are_dropped_but_none_of_a_later_run() -> None:
    current = manifest(3)
    named, orphan = Partition("a", BUILDS_A_RUN), Partition("a", BUILDS_A_RUN + 1)
    ours, later = Partition("b", current.build + 5), Partition("a", current.build + BUILDS_A_RUN)
    assert unnamed([named, orphan, ours, later], {named}, current) == [orphan, ours]


def test_a_day_of_staging_goes_when_it_is_beyond_the_horizon_and_every_entry_has_passed_it() -> None:
    horizon = NOW - timedelta(days=7)
    old = Day(20261110, horizon - timedelta(days=1), {0: 10, 1: 5})
    recent = Day(20261120, horizon + timedelta(days=1), {0: 20})
    assert consumed([old, recent], [{0: 30, 1: 30}], horizon) == [old]
    assert consumed([old], [{0: 30, 1: 30}, {0: 9, 1: 30}], horizon) == [], "an older entry still reads on from there"
    assert consumed([old], [], horizon) == []

"""Which builds of an object are known, and from where the next refresh reads."""

from datetime import timedelta
from typing import Any

import pytest

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.failures import ALL_OBJECTS, FailedObject
from crosslook.contracts.values import milliseconds
from services.snapshot_service.domain.outcomes import Cut, ObjectHistory
from services.snapshot_service.domain.record_history import BuiltObject, history_of
from tests.helpers.builders import AS_OF, SCORE, definition, entry, manifest, state

TICKET = definition(SCORE)
LATE_DAYS = 7
NOW_MS = milliseconds(AS_OF)


def built(number: int, *, build: int | None = None, version: int = 1, **changes: Any) -> BuiltObject:
    """Snapshot `number`, days after the first, which covers the offsets below its number; without a build it lacks the
    object."""
    shown = manifest(number, as_of=AS_OF + timedelta(days=number), watermark={0: number}, **changes)
    if build is None:
        return BuiltObject(shown, None)
    return BuiltObject(shown, entry(TICKET, build=build, watermark={0: number}, schema_version=version))


def history(*chain: BuiltObject, whole: bool = False, since: int = 1, live: bool = True) -> ObjectHistory:
    now = state(TICKET if live else None, version=9, since_version=since)
    return history_of(now, chain, whole, LATE_DAYS, NOW_MS)


def expiry(number: int) -> int:
    return NOW_MS + (number - LATE_DAYS) * 86_400_000 - FUTURE_TOLERANCE_MS


def test_each_build_is_a_cut_and_a_snapshot_that_carries_it_over_covers_more() -> None:
    found = history(built(1, build=7), built(2, build=7), built(3, build=8))
    assert found.cuts == [Cut({0: 2}, expiry(1)), Cut({0: 3}, expiry(3))]
    assert (found.complete, found.continues, found.low) == (False, True, {0: 3})


@pytest.mark.parametrize(("chain", "whole"), [([built(1, build=7)], True), ([built(1), built(2, build=7)], False)])
def test_the_history_is_complete_where_no_build_came_before(chain: list[BuiltObject], whole: bool) -> None:
    assert history(*chain, whole=whole).complete


def test_builds_of_an_earlier_object_of_that_name_are_left_out() -> None:
    found = history(built(1, build=7, version=1), built(2, build=8, version=4), since=4)
    assert (found.cuts, found.built_since, found.complete) == ([Cut({0: 2}, expiry(2))], 4, True)


def test_an_earlier_object_that_is_still_shown_has_its_builds_and_the_next_one_begins_afresh() -> None:
    found = history(built(1, build=7), since=4)
    assert ([cut.watermark for cut in found.cuts], found.built_since, found.next_since) == ([{0: 1}], 0, 4)
    assert (found.continues, found.low) == (False, {0: 1})


def test_a_deleted_object_has_no_next_build() -> None:
    found = history(built(1, build=7), live=False)
    assert (found.next_since, found.continues, len(found.cuts)) == (None, False, 1)


@pytest.mark.parametrize("failed", ["ticket", ALL_OBJECTS])
def test_an_object_whose_first_build_failed_is_read_from_where_that_began(failed: str) -> None:
    failure = FailedObject(tenant="acme", object=failed, reason="x", watermark={0: 1})
    found = history(built(5, failed_objects=(failure,)))
    assert (found.cuts, found.low) == ((), {0: 1})


def test_before_the_first_snapshot_everything_waits() -> None:
    found = history_of(state(TICKET), [], False, LATE_DAYS, NOW_MS)
    assert (found.cuts, found.low, found.continues, found.next_expiry_ms) == ((), {}, False, expiry(0))


def test_an_object_that_never_existed_is_like_a_deleted_one() -> None:
    found = history_of(None, [built(3)], False, LATE_DAYS, NOW_MS)
    assert (found.next_since, found.low) == (None, {0: 3})

"""What the next refresh is expected to decide about patches that wait for their record, and about long histories."""

import pytest

from crosslook.contracts.records import EventKind
from services.snapshot_service.domain.outcomes import Cut, DecidedEvent, Outcome, decide_outcomes
from tests.unit.snapshot_service.test_outcomes import (
    DAY,
    DELETE,
    PATCH,
    START,
    UPSERT,
    history,
    one_cut,
    outcomes,
    seen,
    staged,
)


@pytest.mark.parametrize(
    ("kind", "age", "code", "expected"),
    [
        (UPSERT, 1, "", Outcome.APPLIED),
        (UPSERT, -1, "", Outcome.OLDER),
        (DELETE, 1, "record_deleted", Outcome.OLDER),
    ],
)
def test_a_patch_in_the_snapshot_is_expected_to_join_the_record_that_has_arrived_since(
    kind: EventKind, age: int, code: str, expected: Outcome
) -> None:
    events = [staged(PATCH, START, 1, START), staged(kind, START - age, 2, START)]
    assert outcomes(events, one_cut(2)) == [
        DecidedEvent(Outcome.WAITING, code, expected),
        DecidedEvent(Outcome.WAITING, "", Outcome.WINNER),
    ]


def test_a_patch_that_waited_longer_than_the_horizon_is_expected_in_quarantine() -> None:
    expired = one_cut(2, next_expiry_ms=START + DAY)
    assert outcomes([staged(PATCH, START, 1, START)], expired) == [
        DecidedEvent(Outcome.WAITING, "record_missing", Outcome.QUARANTINED)
    ]


@pytest.mark.parametrize(("next_since", "code"), [(None, "object_deleted"), (3, "earlier_object")])
def test_a_patch_of_a_deleted_object_waits_for_nothing(next_since: int | None, code: str) -> None:
    following = history(Cut({0: 2}, 0), built_since=0, next_since=next_since, continues=False)
    found = decide_outcomes([seen(staged(PATCH, START, 1, START))], following, {})
    assert (list(found.events.values()), found.deleted) == ([DecidedEvent(Outcome.OLDER, code)], True)


def test_nothing_is_expected_where_not_all_events_are_compared() -> None:
    events = [staged(PATCH, START, 4, START), staged(DELETE, START - 1, 5, START), staged(PATCH, START, 6, START)]
    of = [seen(event) for event in events]
    found = decide_outcomes(of[:1], history(), {}, compared=False)
    assert list(found.events.values()) == [DecidedEvent(Outcome.WAITING)]
    found = decide_outcomes(of, history(), {}, compared=False)
    assert set(found.events.values()) == {DecidedEvent(Outcome.WAITING)}


def test_a_patch_in_the_snapshot_is_known_to_miss_its_record_whatever_came_before_it() -> None:
    found = decide_outcomes([seen(staged(PATCH, START, 4, START))], one_cut(5), {}, compared=False)
    assert list(found.events.values()) == [DecidedEvent(Outcome.WAITING, "record_missing")]

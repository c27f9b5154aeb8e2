"""The outcomes of a record's events, beside what `compact()` makes of the same events cut into the same refreshes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslook.contracts.records import Address, Admitted, EventKind
from services.snapshot_service.domain.compaction import (
    BuiltRecord,
    ContactReferences,
    Horizon,
    Staged,
    compact,
    first_occurrences,
    too_late,
    version_of,
)
from services.snapshot_service.domain.outcomes import (
    Cut,
    DecidedEvent,
    ObjectHistory,
    Outcome,
    Place,
    RecordOutcomes,
    SeenEvent,
    decide_outcomes,
)
from tests.helpers.examples import examples

NOBODY = ContactReferences({})
DAY = 86_400_000
START = 1_000 * DAY
WEEK = 7 * DAY
UPSERT, PATCH, DELETE = EventKind.UPSERT, EventKind.PATCH, EventKind.DELETE


def staged(kind: EventKind, time_ms: int, offset: int, received_ms: int, **more: Any) -> Staged:
    """A staged event of record 1; the value that it sets is its offset."""
    parts = {"sequence": 0, "event_id": f"e{offset}", "named": ("a",), "schema_version": 1, **more}
    fields = {} if kind is DELETE else dict.fromkeys(parts.pop("named"), offset)
    parts.pop("named", None)
    event = Admitted(
        tenant="acme",
        object="ticket",
        record="1",
        kind=kind,
        time_ms=time_ms,
        source="/s",
        fields=orjson.dumps(fields),
        references=b"{}",
        external_ids=[],
        **parts,
    )
    return event, Address("crosslook-records", 0, offset, received_ms)


def seen(event: Staged) -> SeenEvent:
    admitted, address = event
    identity = admitted.source, admitted.event_id
    return SeenEvent(
        admitted.kind, version_of(admitted, address), address.received_ms, *identity, admitted.schema_version
    )


def place(event: Staged) -> Place:
    return seen(event).place


def firsts(events: Sequence[Staged]) -> Mapping[tuple[str, str], Place]:
    return {(event.source, event.event_id): place((event, address)) for event, address in first_occurrences(events)}


def history(*cuts: Cut, **changes: Any) -> ObjectHistory:
    parts: dict[str, Any] = {
        "complete": True,
        "built_since": 1,
        "next_since": 1,
        "low": cuts[-1].watermark if cuts else {},
        "continues": bool(cuts),
        "next_expiry_ms": 0,
        "late_ms": WEEK,
    }
    return ObjectHistory(cuts, **{**parts, **changes})


def outcomes(events: Sequence[Staged], of: ObjectHistory) -> list[DecidedEvent]:
    found = decide_outcomes(map(seen, events), of, firsts(events))
    return [found.events[place(event)] for event in events]


def one_cut(after: int, **changes: Any) -> ObjectHistory:
    """One refresh, which read the offsets below `after`."""
    return history(Cut({0: after}, 0), **changes)


def test_the_greatest_event_wins_whatever_the_order_of_arrival() -> None:
    events = [staged(UPSERT, START, 1, START), staged(UPSERT, START - 5, 2, START), staged(UPSERT, START - 9, 3, START)]
    assert outcomes(events, one_cut(4)) == [
        DecidedEvent(Outcome.WINNER),
        DecidedEvent(Outcome.OLDER),
        DecidedEvent(Outcome.OLDER),
    ]


def test_a_patch_is_applied_to_the_winner_or_older_than_it() -> None:
    events = [
        staged(PATCH, START - 1, 1, START),
        staged(UPSERT, START, 2, START),
        staged(PATCH, START + 1, 3, START),
        staged(PATCH, START + 2, 4, START),
    ]
    assert [found.outcome for found in outcomes(events, one_cut(5))] == ["older", "winner", "applied", "applied"]


def test_an_event_above_the_watermark_waits_and_shows_what_is_expected() -> None:
    events = [
        staged(UPSERT, START, 1, START),
        staged(UPSERT, START - 1, 2, START),
        staged(UPSERT, START + 1, 3, START),
        staged(PATCH, START + 2, 4, START),
        staged(UPSERT, START - 8 * DAY, 5, START),
    ]
    coming = (Outcome.OLDER, Outcome.WINNER, Outcome.APPLIED, Outcome.TOO_LATE)
    waiting = [DecidedEvent(Outcome.WAITING, "", expected) for expected in coming]
    assert outcomes(events, one_cut(2)) == [DecidedEvent(Outcome.WINNER), *waiting]


def test_a_repeat_is_known_before_the_refresh() -> None:
    events = [staged(UPSERT, START, 1, START), staged(UPSERT, START + 1, 2, START, event_id="e1")]
    assert outcomes(events, one_cut(2)) == [DecidedEvent(Outcome.WINNER), DecidedEvent(Outcome.REPEAT)]


def test_an_event_whose_identity_arrived_first_with_another_record_is_a_repeat() -> None:
    event = staged(UPSERT, START, 7, START)
    found = decide_outcomes([seen(event)], one_cut(8), {("/s", "e7"): (START, 3, 2)})
    assert (found.events[place(event)], found.live, found.deleted) == (DecidedEvent(Outcome.REPEAT), False, False)


def test_a_patch_without_a_record_waits_in_the_build_and_a_patch_after_the_deletion_does_nothing() -> None:
    patch = staged(PATCH, START, 1, START)
    assert outcomes([patch], one_cut(2)) == [DecidedEvent(Outcome.WAITING, "record_missing", Outcome.WAITING)]
    events = [staged(DELETE, START - 1, 0, START), patch]
    assert outcomes(events, one_cut(2)) == [DecidedEvent(Outcome.WINNER), DecidedEvent(Outcome.OLDER, "record_deleted")]


def test_a_waiting_event_says_what_will_be_expected_of_it_after_the_deletion() -> None:
    events = [staged(DELETE, START, 1, START), staged(PATCH, START + 1, 2, START)]
    assert outcomes(events, one_cut(2))[1] == DecidedEvent(Outcome.WAITING, "record_deleted", Outcome.OLDER)


def test_events_of_an_earlier_object_of_that_name_do_not_count() -> None:
    events = [staged(UPSERT, START + 1, 1, START), staged(UPSERT, START, 2, START, schema_version=3)]
    assert outcomes(events, one_cut(3, built_since=3, next_since=3)) == [
        DecidedEvent(Outcome.OLDER, "earlier_object"),
        DecidedEvent(Outcome.WINNER),
    ]


def test_of_a_deleted_object_the_snapshot_shows_what_it_has_and_nothing_else_counts() -> None:
    events = [staged(UPSERT, START, 1, START), staged(UPSERT, START + 1, 2, START)]
    leaving = one_cut(2, next_since=None)
    assert outcomes(events, leaving) == [DecidedEvent(Outcome.WINNER), DecidedEvent(Outcome.OLDER, "object_deleted")]
    gone = history(next_since=None)
    found = decide_outcomes(map(seen, events), gone, {})
    assert ({decided.code for decided in found.events.values()}, found.live, found.deleted) == (
        {"object_deleted"},
        False,
        True,
    )


def test_a_new_object_of_that_name_starts_without_the_rows_of_the_earlier_one() -> None:
    events = [
        staged(UPSERT, START + 9, 1, START),
        staged(UPSERT, START + 8, 2, START),
        staged(PATCH, START + 10, 3, START, schema_version=3),
    ]
    following = history(Cut({0: 2}, 0), built_since=0, next_since=3, low={0: 3}, continues=False)
    assert outcomes(events, following) == [
        DecidedEvent(Outcome.WINNER),
        DecidedEvent(Outcome.OLDER, "earlier_object"),
        DecidedEvent(Outcome.WAITING, "record_missing", Outcome.WAITING),
    ]


@pytest.mark.parametrize(("complete", "expected"), [(True, "applied"), (False, "too_late")])
def test_before_the_first_known_build_lateness_follows_from_the_order_of_arrival(complete: bool, expected: str) -> None:
    events = [
        staged(UPSERT, START - 20 * DAY, 1, START),
        staged(PATCH, START - 8 * DAY, 2, START),
        staged(PATCH, START - 9 * DAY, 3, START + 1),
    ]
    assert outcomes(events, one_cut(4, complete=complete))[2].outcome == expected


def test_an_unknown_schema_version_counts() -> None:
    event = seen(staged(UPSERT, START, 1, START))._replace(schema_version=None)
    assert decide_outcomes([event], one_cut(2, built_since=9), {}).events[event.place] == DecidedEvent(Outcome.WINNER)


_KINDS = st.sampled_from([UPSERT, UPSERT, PATCH, PATCH, PATCH, DELETE])
_AGES = st.sampled_from([0, 0, 1, 2, 6, 8, 9, 20])
_NAMED = st.sets(st.sampled_from(["a", "b", "c"]), min_size=1)
_EVENTS = st.lists(
    st.tuples(_KINDS, _AGES, st.integers(0, 3), st.integers(0, 1), _NAMED, st.integers(0, 40)), max_size=7
)
ROUNDS = st.lists(st.tuples(st.sampled_from([0, 1, 3, 9]), _EVENTS), min_size=1, max_size=5)
"""Days that pass, and the events that arrive then, each round followed by a refresh."""


@dataclass
class Played:
    """A history of one record as `compact()` plays it. `late`: what came too late; `expired`: orphans."""

    events: list[Staged] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    rows: list[BuiltRecord | None] = field(default_factory=list)
    late: set[Place] = field(default_factory=set)


def play(rounds: list[tuple[int, list[Any]]]) -> Played:
    played, now, offset = Played(), START, 0
    rows: dict[str, BuiltRecord] = {}
    for days, drawn in rounds:
        now += days * DAY
        for kind, age, minutes, sequence, named, event_id in drawn:
            time_ms = now - age * DAY - minutes * 60_000
            more = {"sequence": sequence, "named": sorted(named), "event_id": str(event_id)}
            played.events.append(staged(kind, time_ms, offset, now + offset, **more))
            offset += 1
        expiry_ms = now - WEEK - 300_000
        first_seen = played.cuts[-1].watermark[0] if played.cuts else 0
        fresh = [event for event in first_occurrences(played.events) if event[1].offset >= first_seen]
        horizon = Horizon(WEEK, expiry_ms)
        played.late |= {place(event) for event in fresh if too_late(*event, rows.get("1"), horizon)}
        rows = compact(rows, fresh, {}, NOBODY, horizon)
        played.cuts.append(Cut({0: offset}, expiry_ms))
        played.rows.append(rows.get("1"))
    return played


def whole(row: BuiltRecord | None) -> tuple[Any, ...] | None:
    return None if row is None or row.whole is None else (dict(row.whole.fields), row.whole.version)


@settings(max_examples=examples(150, 5_000), deadline=None)
@given(ROUNDS)
def test_winner_and_applied_patches_compose_what_the_snapshot_shows(rounds: list[tuple[int, list[Any]]]) -> None:
    played = play(rounds)
    found = decide_outcomes(map(seen, played.events), history(*played.cuts), firsts(played.events))
    of = {place(event): found.events[place(event)].outcome for event in played.events}
    assert {at for at, outcome in of.items() if outcome == Outcome.TOO_LATE} == played.late
    known = set(map(place, first_occurrences(played.events)))
    assert {at for at, outcome in of.items() if outcome != Outcome.REPEAT} == known
    parts = [event for event in played.events if of[place(event)] in (Outcome.WINNER, Outcome.APPLIED)]
    assert whole(compact({}, parts, {}, NOBODY).get("1")) == whole(played.rows[-1])
    assert (list(of.values()).count(Outcome.WINNER) == 1) >= found.live
    last = played.rows[-1]
    waiting = {patch.version for patch in last.patches} if last is not None and last.base is None else set()
    assert {seen(e).version for e in played.events if of[place(e)] == Outcome.WAITING} == waiting


@settings(max_examples=examples(150, 5_000), deadline=None)
@given(ROUNDS)
def test_what_is_expected_of_a_waiting_event_is_what_the_next_refresh_decides(rounds: list[tuple[int, Any]]) -> None:
    played = play(rounds)
    *before, last = played.cuts
    since = before[-1].watermark if before else {}
    following = history(*before, next_expiry_ms=last.expiry_ms, low=since, continues=bool(before))
    expected = decide_outcomes(map(seen, played.events), following, firsts(played.events))
    actual = decide_outcomes(map(seen, played.events), history(*played.cuts), firsts(played.events))
    for event in played.events:
        then, now = expected.events[place(event)], actual.events[place(event)]
        if then.outcome is Outcome.WAITING:
            missing = now.outcome is Outcome.QUARANTINED
            assert (then.expected, then.code) == (now.outcome, "record_missing" if missing else now.code)
        else:
            assert event[1].offset < since.get(0, 0) or then.outcome is Outcome.REPEAT
    row = played.rows[-1]
    assert expected.live == (whole(row) is not None)
    assert not (expected.live and expected.deleted)
    assert expected.deleted or row is None or not row.tombstone


def test_nothing_is_known_of_a_record_without_events() -> None:
    assert decide_outcomes([], history(), {}) == RecordOutcomes({}, live=False, deleted=False)

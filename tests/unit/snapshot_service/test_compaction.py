"""`compact()` by hand: winners, repeats, patches, late events, and what the horizon forgets."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
import pytest

from crosslook.contracts.records import FOREIGN_IDS, Address, Admitted, EventKind
from services.snapshot_service.domain.compaction import (
    FOREVER,
    BuiltRecord,
    ContactReferences,
    Horizon,
    Staged,
    compact,
    first_occurrences,
)

NOBODY = ContactReferences({})
DAY = 86_400_000
NOW = 100 * DAY
WEEK = Horizon(late_ms=7 * DAY, expiry_ms=NOW - 7 * DAY)


def told(
    kind: EventKind = EventKind.UPSERT,
    time: int = NOW,
    offset: int = 0,
    *,
    fields: Mapping[str, Any] | None = None,
    links: Mapping[str, list[str]] | None = None,
    received: int = NOW,
    **identity: Any,
) -> Staged:
    """A staged event of record 1 of acme's tickets."""
    named = {"tenant": "acme", "source": "/s", "event_id": f"e{offset}", "sequence": 0, **identity}
    event = Admitted(
        object="ticket",
        record="1",
        kind=kind,
        time_ms=time,
        schema_version=1,
        fields=orjson.dumps(fields or {}),
        references=orjson.dumps(links or {}),
        external_ids=[],
        **named,
    )
    return event, Address("crosslook-records", 0, offset, received)


def built(
    staged: Iterable[Staged],
    previous: BuiltRecord | None = None,
    horizon: Horizon = FOREVER,
    contacts: ContactReferences = NOBODY,
) -> BuiltRecord | None:
    """Record 1 after these events."""
    before = {} if previous is None else {"1": previous}
    return compact(before, staged, {"requester": False, "watchers": True}, contacts, horizon).get("1")


def fields_of(row: BuiltRecord | None) -> Mapping[str, object] | None:
    return None if row is None or row.whole is None else row.whole.fields


def test_the_greatest_event_wins_by_time_then_sequence_then_offset_in_whatever_order_they_come() -> None:
    events = [
        told(offset=2, time=NOW - 1, fields={"a": "older"}),
        told(offset=1, sequence=2, fields={"a": "greater sequence"}),
        told(offset=3, sequence=1, fields={"a": "greater offset"}),
    ]
    for order in (events, events[::-1]):
        assert fields_of(built(order)) == {"a": "greater sequence"}
    assert fields_of(built([told(offset=4, fields={"a": "x"}), told(offset=5, fields={"a": "y"})])) == {"a": "y"}


def test_a_patch_changes_only_a_record_that_is_older_than_it() -> None:
    base = told(offset=1, fields={"a": 1, "b": 1})
    later = told(EventKind.PATCH, NOW + 1, 2, fields={"b": 2})
    earlier = told(EventKind.PATCH, NOW - 1, 3, fields={"a": 0})
    assert fields_of(built([base, later, earlier])) == {"a": 1, "b": 2}


def test_a_deletion_leaves_a_tombstone_and_an_older_event_does_not_bring_the_record_back() -> None:
    row = built([told(EventKind.DELETE, offset=1), told(offset=2, time=NOW - 1)])
    assert row is not None
    assert (row.deleted, row.tombstone) == (True, True)
    assert fields_of(built([told(time=NOW + 1, offset=3, fields={"a": 1})], row)) == {"a": 1}


def test_of_events_with_one_name_the_first_of_its_tenant_counts() -> None:
    first = told(offset=2, event_id="same", received=NOW - 5)
    repeat = told(offset=1, event_id="same", received=NOW)
    others = [told(offset=3, event_id="same", tenant="globex"), told(offset=4, event_id="same", source="/t")]
    kept = first_occurrences([repeat, *others, first])
    assert sorted(address.offset for _, address in kept) == [2, 3, 4]


@pytest.mark.parametrize(("late", "counts"), [(7 * DAY, True), (7 * DAY + 1, False)])
def test_an_event_that_is_older_than_the_record_counts_only_within_the_horizon(late: int, counts: bool) -> None:
    record = built([told(EventKind.PATCH, NOW, 1, fields={"a": 1}), told(time=NOW - 30 * DAY, offset=0)])
    sent = told(EventKind.PATCH, NOW - late, 2, fields={"b": 2})
    row = built([sent], record, Horizon(late_ms=7 * DAY, expiry_ms=NOW - 60 * DAY))
    assert fields_of(row) == ({"a": 1, "b": 2} if counts else {"a": 1})


def test_an_old_event_of_a_new_record_is_not_late() -> None:
    assert fields_of(built([told(time=NOW - 50 * DAY, fields={"a": 1})], None, WEEK)) == {"a": 1}


@pytest.mark.parametrize(("age", "kept"), [(7 * DAY, 1), (7 * DAY + 1, 0)])
def test_a_patch_is_kept_until_no_event_can_come_before_it(age: int, kept: int) -> None:
    patch = told(EventKind.PATCH, NOW - age, 1, fields={"a": 2})
    row = built([told(time=NOW - 20 * DAY, offset=0, fields={"a": 1}), patch], None, WEEK)
    assert row is not None
    assert (len(row.patches), fields_of(row)) == (kept, {"a": 2})


@pytest.mark.parametrize(("age", "there"), [(7 * DAY, True), (7 * DAY + 1, False)])
def test_a_tombstone_goes_a_horizon_after_it_was_received(age: int, there: bool) -> None:
    gone = told(EventKind.DELETE, NOW - 30 * DAY, 0, received=NOW - age)
    assert (built([gone], None, WEEK) is not None) is there


def test_a_patch_waits_for_its_record_one_horizon_long() -> None:
    patch = told(EventKind.PATCH, NOW - 8 * DAY, 0, fields={"a": 2}, received=NOW - 8 * DAY)
    waiting = built([patch])
    assert waiting is not None
    assert (waiting.base, waiting.deleted, waiting.tombstone) == (None, True, False)
    assert built([], waiting, WEEK) is None
    came = built([told(time=NOW - 9 * DAY, offset=1, fields={"a": 1, "b": 1})], waiting, WEEK)
    assert fields_of(came) == {"a": 2, "b": 1}


def test_a_single_link_is_the_first_that_resolves_and_a_many_link_each_contact_once() -> None:
    named = {"id:c1": "c1", "email:a@x.example": "c1", "id:c2": "c2"}
    known = ContactReferences(named, {"c1": "c1", "c2": "c2"})
    given = ["external:unknown", "email:a@x.example", "id:c1", "id:c2"]
    row = built([told(links={"requester": given, "watchers": given})], contacts=known)
    assert row is not None
    assert row.links == {"requester": ("c1",), "watchers": ("c1", "c2")}


def test_of_two_contacts_with_one_reference_the_older_is_meant_and_one_without_a_date_comes_last() -> None:
    rows: dict[str, BuiltRecord] = {}
    for record, created in (("a", None), ("b", "2021-01-01"), ("c", "2020-01-01")):
        sent = told(fields={"email": "A@x.example", **({"created_at": created} if created else {})})
        rows[record] = next(iter(compact({}, [sent], {}, NOBODY).values()))
    named = ContactReferences.of(rows).by_reference
    assert named["email:a@x.example"] == "c"
    assert {named[f"id:{record}"] for record in rows} == {"a", "b", "c"}


def test_a_patch_that_names_no_foreign_ids_leaves_them() -> None:
    contact, address = told(offset=0)
    base = contact._replace(external_ids=["zendesk:1"]), address
    silent = told(EventKind.PATCH, NOW + 1, 1, fields={"a": 1})
    clearing = told(EventKind.PATCH, NOW + 2, 2, links={FOREIGN_IDS: []})
    for events, ids in (([base, silent], ("zendesk:1",)), ([base, silent, clearing], ())):
        row = built(events)
        assert row is not None
        assert row.whole is not None
        assert row.whole.external_ids == ids

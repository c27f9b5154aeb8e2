"""What each message states, under which keys, and which messages cannot be mapped."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.calendly.events import IGNORED_EVENTS
from crosslook.integrations.interface import Fact, MessageOrigin, Unmappable
from tests.helpers.calendly import RECEIVED_MS, booked, received

INVITEE = booked()["payload"]["uri"].rpartition("/")[2]
OTHER = "https://api.calendly.com/scheduled_events/EEEEEEEEEEEEEEEE/invitees/"
CANCELLATION = {"canceled_by": "Ada", "reason": "No time", "canceler_type": "invitee"}
MARK = {"uri": "https://api.calendly.com/invitee_no_shows/NNNN", "created_at": "2026-11-05T09:00:00.000001Z"}


def facts(message: dict[str, Any]) -> list[Fact]:
    """The facts of a message."""
    return list(INTEGRATION.facts(received(message)))


def keys(message: dict[str, Any]) -> set[tuple[str, str]]:
    """The names of the facts of a message."""
    return {(fact.record, fact.key) for fact in facts(message)}


def refusal(body: dict[str, Any] | bytes) -> tuple[str, str, str]:
    """(code, pointer, record) of a message that cannot be mapped."""
    with pytest.raises(Unmappable) as refused:
        INTEGRATION.facts(received(body))
    problem = refused.value.problem
    assert problem.message("en")
    assert problem.message("fr")
    return problem.code, problem.pointer, refused.value.record


def test_a_booking_states_who_and_what() -> None:
    who, what = facts(booked())
    assert (who.record, who.kind, what.record, what.kind) == (INVITEE, "invitee", INVITEE, "meeting")
    assert who.data["email"] == "ada@example.com"
    assert {"name", "type", "host", "starts_ms", "ends_ms"} <= what.data.keys()


def test_every_message_about_an_invitee_begins_with_its_record() -> None:
    message = booked(old_invitee=f"{OTHER}OLD", new_invitee=f"{OTHER}NEW", rescheduled=True)
    assert facts(message)[0].record == INVITEE


def test_a_cancellation_makes_the_booking_known_too() -> None:
    canceled = {**booked(status="canceled", cancellation=CANCELLATION), "event": "invitee.canceled"}
    assert keys(canceled) == {*keys(booked()), (INVITEE, "canceled")}
    assert facts(canceled)[2].data == {"by": "invitee", "reason": "No time"}


def test_the_state_counts_and_not_the_event_that_carries_it() -> None:
    """A message that was made late shows what became of the invitee meanwhile."""
    assert (INVITEE, "canceled") in keys(booked(status="canceled"))
    assert (INVITEE, "no_show:NNNN") in keys(booked(no_show=MARK))


def test_both_ends_of_a_reschedule_are_stated_from_either() -> None:
    from_new = booked(old_invitee=f"{OTHER}OLD")
    assert {("OLD", f"moved:{INVITEE}"), (INVITEE, "came_from:OLD")} <= keys(from_new)
    from_old = booked(new_invitee=f"{OTHER}NEW", rescheduled=True)
    assert {(INVITEE, "moved:NEW"), ("NEW", f"came_from:{INVITEE}")} <= keys(from_old)
    for fact in (*facts(from_new), *facts(from_old)):
        if fact.kind in ("moved", "came_from"):
            assert fact.related == (fact.key.partition(":")[2],)


def test_an_invitee_is_not_its_own_neighbour() -> None:
    uri = booked()["payload"]["uri"]
    assert keys(booked(old_invitee=uri, new_invitee=uri)) == keys(booked())


def test_a_cancellation_without_its_time_gives_way_to_one_that_has_it() -> None:
    timed = {**CANCELLATION, "created_at": "2026-11-03T10:00:00.000000Z"}
    changes = {"status": "canceled", "updated_at": "2026-11-03T11:00:00Z"}
    versions = [
        facts(booked(**changes, **more))[2].version
        for more in ({}, {"cancellation": CANCELLATION}, {"cancellation": timed})
    ]
    assert versions == [0, 1, 2]


def test_keys_do_not_depend_on_what_changes_from_delivery_to_delivery() -> None:
    again = {**booked(), "created_at": "2026-12-01T00:00:00.000000Z", "created_by": "https://api.calendly.com/users/X"}
    assert facts(again) == facts(booked())


def test_a_booking_has_the_same_keys_in_the_export() -> None:
    item = received(orjson.dumps({"payload": booked(no_show=MARK)["payload"]}), MessageOrigin.HISTORY)
    assert list(INTEGRATION.facts(item)) == facts(booked(no_show=MARK))


def test_marks_without_an_address_are_told_by_their_time() -> None:
    marked = {**booked(), "event": "invitee_no_show.created", "created_at": "2026-11-05T09:00:00.000001Z"}
    removed = {**marked, "event": "invitee_no_show.deleted", "created_at": "2026-11-05T09:00:00.000002Z"}
    assert keys(marked) - keys(booked()) == {(INVITEE, "no_show@1793869200000.001000")}
    assert keys(removed) - keys(booked()) == {(INVITEE, "no_show_removed@1793869200000.002000")}


@pytest.mark.parametrize("event", sorted(IGNORED_EVENTS))
def test_known_events_about_something_else_are_ignored(event: str) -> None:
    assert facts({"event": event, "created_at": "2026-11-05T09:00:00Z", "payload": {"uri": "x"}}) == []


def test_an_event_that_is_new_waits_for_a_release_that_knows_it() -> None:
    assert refusal({**booked(), "event": "invitee.renamed"}) == ("unknown_vendor_event", "/event", "")


def test_the_first_api_is_named() -> None:
    payload = {"event_type": {"uuid": "T", "kind": "One-on-One"}, "event": {"uuid": "E"}, "invitee": {"uuid": "I"}}
    message = {"event": "invitee.created", "time": "2018-03-14T19:16:01Z", "payload": payload}
    assert refusal(message) == ("vendor_shape", "/payload", "")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"event":"\\ud800"}', b"[" * 5_000])
def test_what_is_not_a_json_object_is_refused(body: bytes) -> None:
    assert refusal(body)[0] in ("not_json", "wrong_type")


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"uri": None}, "vendor_member_missing", "/payload/uri"),
        ({"uri": "https://api.calendly.com/a b"}, "wrong_type", "/payload/uri"),
        ({"uri": 7}, "wrong_type", "/payload/uri"),
    ],
)
def test_a_message_without_an_invitee_is_refused(changes: dict[str, Any], code: str, where: str) -> None:
    assert refusal(booked(**changes)) == (code, where, "")


@pytest.mark.parametrize(
    ("changes", "code", "where"),
    [
        ({"created_at": None}, "vendor_member_missing", "/created_at"),
        ({"created_at": "yesterday"}, "wrong_type", "/created_at"),
        ({"updated_at": "2026-11-31T00:00:00Z"}, "out_of_range", "/updated_at"),
        ({"email": ["a@example.com"]}, "wrong_type", "/email"),
        ({"rescheduled": "true"}, "wrong_type", "/rescheduled"),
        ({"tracking": []}, "wrong_type", "/tracking"),
        ({"payment": {"amount": "a lot"}}, "wrong_type", "/payment/amount"),
        ({"payment": {"amount": 1e300}}, "out_of_range", "/payment/amount"),
        ({"questions_and_answers": {}}, "wrong_type", "/questions_and_answers"),
        ({"questions_and_answers": [{}, "?"]}, "wrong_type", "/questions_and_answers/1"),
        ({"scheduled_event": "https://api.calendly.com/scheduled_events/E"}, "wrong_type", "/scheduled_event"),
        ({"scheduled_event": {"location": "Paris"}}, "wrong_type", "/scheduled_event/location"),
        ({"scheduled_event": {"event_memberships": [7]}}, "wrong_type", "/scheduled_event/event_memberships/0"),
        ({"old_invitee": {}}, "wrong_type", "/old_invitee"),
        ({"no_show": "yes"}, "wrong_type", "/no_show"),
    ],
)
def test_a_part_of_another_shape_is_named(changes: dict[str, Any], code: str, where: str) -> None:
    assert refusal(booked(**changes)) == (code, f"/payload{where}", INVITEE)


def test_a_time_ahead_of_its_arrival_is_refused() -> None:
    """No event of the record would be admitted, whatever else became known of it."""
    assert refusal(booked(updated_at="2031-01-01T00:00:00Z")) == ("from_the_future", "", INVITEE)
    ahead = {**booked(), "event": "invitee_no_show.created", "created_at": "2031-01-01T00:00:00Z"}
    assert refusal(ahead)[0] == "from_the_future"
    assert all(fact.time_ms <= RECEIVED_MS for fact in facts(booked()))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(booked()["payload"])), JSON, max_size=4), st.booleans())
def test_no_payload_raises_anything_else(changes: dict[str, Any], in_event: bool) -> None:
    message = booked()
    part = message["payload"]["scheduled_event"] if in_event else message["payload"]
    part |= changes
    refused = []
    try:
        INTEGRATION.facts(received(json.dumps(message).encode()))
    except Unmappable as error:
        refused.append(error.problem)
    assert all(problem.message("fr") for problem in refused)

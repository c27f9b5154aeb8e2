"""One booking from all that is known of its chain: every field, every partial arrival, bad data, contacts."""

from itertools import permutations
from typing import Any

import pytest

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.interface import (
    Connection,
    ContactDetails,
    JsonObject,
)
from tests.helpers.calendly import booked, folded, whole

CREATING = Connection("calendly", "calendly_booking", {"create_contacts": True})
MESSAGE = booked()
INVITEE = MESSAGE["payload"]["uri"].rpartition("/")[2]
OTHER = "https://api.calendly.com/scheduled_events/EEEEEEEEEEEEEEEE/invitees/"


def fields(*messages: dict[str, Any]) -> JsonObject:
    """The fields of the booking that the messages are about."""
    return whole(folded(*messages)).fields


def meeting(**changes: Any) -> dict[str, Any]:
    """A booking whose scheduled event is changed."""
    return booked(scheduled_event={**MESSAGE["payload"]["scheduled_event"], **changes})


def test_a_booking_has_every_field() -> None:
    tracking = {"utm_source": "newsletter", "utm_medium": "email", "utm_campaign": "spring"}
    payment = {"amount": 12.5, "currency": "EUR", "successful": True}
    asked = [
        {"question": "Second", "answer": "two\nlines", "position": 1},
        {"question": "First", "answer": "yes", "position": 0},
        {"question": "Third", "answer": "", "position": 2},
    ]
    changed = {"start_time": "2026-11-09T10:00:00.000000Z", "end_time": "2026-11-09T10:45:00.000000Z"}
    event = {**MESSAGE["payload"]["scheduled_event"], **changed, "location": {"type": "zoom", "join_url": "x"}}
    message = booked(
        tracking=tracking, payment=payment, questions_and_answers=asked, scheduled_event=event, timezone="Europe/Paris"
    )
    assert fields(message) == {
        "booking_id": INVITEE,
        "event_name": event["name"],
        "event_type": event["event_type"].rpartition("/")[2],
        "host": event["event_memberships"][0]["user_name"],
        "status": "active",
        "starts_at": "2026-11-09T10:00:00.000Z",
        "ends_at": "2026-11-09T10:45:00.000Z",
        "duration_minutes": 45,
        "booked_at": MESSAGE["payload"]["created_at"][:23] + "Z",
        "reschedules": 0,
        "no_show": False,
        "timezone": "Europe/Paris",
        "location": "zoom",
        **tracking,
        "payment_amount": 12.5,
        "payment_currency": "EUR",
        "questions": "First: yes\nSecond: two lines",
    }
    definition = INTEGRATION.define("calendly_booking", {})
    assert definition is not None
    also = {"canceled_at", "canceled_by", "cancel_reason"}
    assert fields(message).keys() | also == definition.field_by_slug.keys()


def test_when_it_was_booked_is_not_when_the_message_was_made() -> None:
    late = {**booked(created_at="2026-11-01T10:00:00.123456Z"), "created_at": "2026-11-16T10:00:00.000000Z"}
    assert fields(late)["booked_at"] == "2026-11-01T10:00:00.123Z"


def test_a_payload_without_optional_parts_is_a_booking() -> None:
    payload = {name: MESSAGE["payload"][name] for name in ("uri", "email", "status", "created_at")}
    known = fields({**MESSAGE, "payload": payload})
    assert known.keys() == {"booking_id", "status", "booked_at", "reschedules", "no_show"}


def test_parts_that_are_null_are_empty() -> None:
    nothing = dict.fromkeys(
        ("name", "first_name", "timezone", "tracking", "payment", "questions_and_answers", "no_show")
    )
    unknown = dict.fromkeys(("name", "location", "event_memberships", "end_time", "event_type"))
    event = {**MESSAGE["payload"]["scheduled_event"], **unknown}
    known = fields(booked(**nothing, scheduled_event=event))
    assert known.keys() == {"booking_id", "status", "starts_at", "booked_at", "reschedules", "no_show"}


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ({"type": "physical", "location": " 12 Rue de la Paix "}, "12 Rue de la Paix"),
        ({"type": "inbound_call", "location": "+33 1 23 45"}, "+33 1 23 45"),
        ({"type": "custom", "location": "https://zoom.us/j/1?pwd=x"}, "custom"),
        ({"type": "custom", "location": "Join meet.example.com/abc, code 7"}, "custom"),
        ({"type": "physical", "location": "www.example.com"}, "physical"),
        ({"type": "ask_invitee", "location": None}, "ask_invitee"),
        ({"type": "webex_conference", "join_url": "x", "data": {"password": "x"}}, "webex_conference"),
        ({"type": "zoom", "location": "secret"}, "zoom"),
        ({"type": "a kind of its own", "location": "x"}, None),
        ({}, None),
        (None, None),
    ],
)
def test_a_location_is_an_address_a_number_or_a_kind(location: Any, shown: str | None) -> None:
    assert fields(meeting(location=location)).get("location") == shown


def test_the_meeting_is_as_it_was_last_changed() -> None:
    """A host hands a meeting over without a message; a later message or the export shows it."""
    hosts = [{"user_name": "Zoe"}]
    later = meeting(event_memberships=hosts, updated_at="2026-11-04T10:00:00Z")
    for messages in permutations([booked(), later]):
        assert fields(*messages)["host"] == "Zoe"


def test_hosts_are_named_whatever_their_order() -> None:
    hosts = [{"user_name": "Zoe"}, {"user_email": "ben@example.com"}, {"user": "https://api.calendly.com/users/U1"}, {}]
    assert fields(meeting(event_memberships=hosts))["host"] == "U1, Zoe, ben@example.com"


def test_texts_are_cut_at_what_a_field_can_hold() -> None:
    asked = [{"question": "Why", "answer": "x" * 70_000, "position": 0}]
    known = fields(booked(timezone="x" * 2_000, questions_and_answers=asked))
    assert (len(known["timezone"]), len(known["questions"])) == (1_024, 65_536)


def test_a_cancellation_says_when_who_and_why() -> None:
    cancellation = {"canceler_type": "host", "canceled_by": "Grace", "reason": "Ill"}
    cancellation["created_at"] = "2026-11-03T10:00:00.000000Z"
    canceled = {**booked(status="canceled", cancellation=cancellation), "event": "invitee.canceled"}
    for messages in permutations([booked(), canceled]):
        known = fields(*messages)
        assert (known["status"], known["canceled_at"]) == ("canceled", "2026-11-03T10:00:00.000Z")
        assert (known["canceled_by"], known["cancel_reason"]) == ("host", "Ill")


def test_a_canceler_of_another_kind_is_left_empty() -> None:
    cancellation = {"canceler_type": "system", "created_at": "2026-11-03T10:00:00.000000Z"}
    assert "canceled_by" not in fields(booked(status="canceled", cancellation=cancellation))


def test_an_invitee_without_an_email_address_is_nobody() -> None:
    for email in (None, "", "   ", "x" * 300):
        states = folded(booked(email=email), connection=CREATING)
        assert whole(states).relationships == {}
        assert not any(isinstance(state, ContactDetails) for state in states)
    assert whole(folded(booked(email=" Ada@Example.com "))).relationships == {"invitee": [{"email": "Ada@Example.com"}]}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "Ada King Lovelace"}, {"first_name": "Ada", "last_name": "King Lovelace"}),
        ({"name": "Ada"}, {"first_name": "Ada"}),
        ({"name": None}, {}),
        ({"name": " ", "first_name": "Ada", "last_name": "L"}, {"first_name": "Ada", "last_name": "L"}),
        ({"name": "Ada B Lovelace", "first_name": "Ada B"}, {"first_name": "Ada B", "last_name": "Lovelace"}),
        ({"name": "Ada B Lovelace", "last_name": "Lovelace"}, {"first_name": "Ada B", "last_name": "Lovelace"}),
        ({"name": "Ada Lovelace", "last_name": "King"}, {"first_name": "Ada", "last_name": "King"}),
        ({"name": "Lovelace", "last_name": "Lovelace"}, {"last_name": "Lovelace"}),
        ({"name": "Ada L", "first_name": "Augusta"}, {"first_name": "Augusta"}),
        ({"name": None, "text_reminder_number": "+1 312-555-0100"}, {"phone": "+1 312-555-0100"}),
        ({"name": None, "text_reminder_number": "1" * 1_025}, {}),
    ],
)
def test_a_contact_is_made_of_the_invitee_by_option(changes: dict[str, Any], expected: JsonObject) -> None:
    message = booked(**{"text_reminder_number": None, **changes})
    assert [state for state in folded(message, connection=CREATING) if isinstance(state, ContactDetails)] == [
        ContactDetails("ada@example.com", expected)
    ]
    assert not any(isinstance(state, ContactDetails) for state in folded(message))

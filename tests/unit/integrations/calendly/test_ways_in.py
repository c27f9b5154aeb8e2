"""No way into a meeting, and no way to cancel it, leaves the raw message in facts, events, problems or logs."""

import copy
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.interface import Connection, MessageOrigin, Unmappable, WebhookMessage
from crosslook.integrations.publication import fact_content
from tests.helpers.calendly import booked, received
from tests.helpers.examples import examples
from tests.helpers.fact_sets import FactSet

CREATING = Connection("calendly", "calendly_booking", {"create_contacts": True})
WAY_IN = "wayin"
"""Begins every secret of these tests; nothing else contains it."""
KINDS = ("zoom", "google_conference", "webex_conference", "custom", "physical", "something_new", "")
PLACES: tuple[tuple[str | int, ...], ...] = (
    ("cancel_url",),
    ("reschedule_url",),
    ("tracking", "salesforce_uuid"),
    ("scheduled_event", "meeting_notes_plain"),
    ("scheduled_event", "calendar_event"),
    ("scheduled_event", "event_memberships", 0, "buffered_start_time"),
    ("scheduled_event", "location", "join_url"),
    ("scheduled_event", "location", "data"),
    ("scheduled_event", "location", "additional_info"),
    ("a_member_of_next_year",),
    ("scheduled_event", "a_member_of_next_year"),
    ("scheduled_event", "location", "a_member_of_next_year"),
)
"""Where Calendly has, or may come to have, something that is not for reports."""
BROKEN: tuple[tuple[str | int, ...], ...] = (
    ("email",),
    ("created_at",),
    ("tracking",),
    ("payment",),
    ("questions_and_answers",),
    ("scheduled_event", "start_time"),
    ("scheduled_event", "location"),
    ("scheduled_event", "location", "type"),
    ("scheduled_event", "event_memberships"),
    ("new_invitee",),
)
"""Members that are read; something of another shape makes the message unmappable."""

secrets = st.text("abcdef0123456789", min_size=3, max_size=12).map(WAY_IN.__add__)
hidden = secrets | st.builds(lambda secret: {"password": secret, "settings": [secret]}, secrets)


def put(payload: dict[str, Any], place: tuple[str | int, ...], value: Any) -> None:
    """Replace what is at the place."""
    part: Any = payload
    for name in place[:-1]:
        part = part[name]
    part[place[-1]] = value


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    """An invitee with secrets in many places, whose location is of some kind; now and then one member is broken."""
    payload: dict[str, Any] = copy.deepcopy(booked()["payload"])
    kind = draw(st.sampled_from(KINDS))
    pasted = draw(st.sampled_from(["https://meet.example.com/{}", "zoom.us/j/1?pwd={}", "Join at www.example.com, {}"]))
    location = {"type": kind, "location": pasted.format(draw(secrets))}
    payload["scheduled_event"]["location"] = location
    for place in draw(st.sets(st.sampled_from(PLACES), min_size=1)):
        put(payload, place, draw(hidden))
    if draw(st.booleans()):
        put(payload, draw(st.sampled_from(BROKEN)), {"password": draw(secrets)})
    return payload


def messages(payload: dict[str, Any]) -> Iterator[WebhookMessage]:
    """The payload in every message, and in the export."""
    for event in ("invitee.created", "invitee.canceled", "invitee_no_show.created", "invitee_no_show.deleted", "new"):
        yield received({**booked(), "event": event, "payload": payload})
    assert INTEGRATION.history is not None
    event = payload["scheduled_event"]
    invitees = [{name: value for name, value in payload.items() if name != "scheduled_event"}]
    for listed in ({**event, "invitees": invitees}, {**event, "invitees": {"password": WAY_IN}}):
        for item in INTEGRATION.history(json.dumps({"collection": [listed]}).encode()):
            assert item.problem is None or WAY_IN not in repr(item.problem) + item.problem.message()
            yield received(item.body, MessageOrigin.HISTORY)


@settings(max_examples=examples(60, 5_000), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads())
def test_nothing_that_is_published_shows_a_way_in(caplog: pytest.LogCaptureFixture, payload: dict[str, Any]) -> None:
    facts = FactSet(INTEGRATION, CREATING)
    with caplog.at_level(logging.DEBUG):
        for message in messages(payload):
            try:
                shown = b"".join(published.value for published in facts.take([message])).decode()
            except Unmappable as error:
                problem = error.problem
                shown = f"{error!r} {problem!r} {problem.message('en')} {problem.message('fr')} {error.record}"
            assert WAY_IN not in shown
    assert not any(WAY_IN.encode() in fact_content(fact) for fact in facts.facts())
    assert WAY_IN not in repr(facts.contacts) + caplog.text

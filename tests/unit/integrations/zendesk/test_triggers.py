"""The documented trigger template: placeholders, minutes, and the signed time that puts messages in order."""

from collections.abc import Mapping
from typing import Any

import pytest

from crosslook.integrations.interface import Fact, Unmappable, UserAlias, WholeRecord
from crosslook.integrations.zendesk.facts import zendesk_facts
from tests.helpers.zendesk import facts_of, folds, webhook, zendesk_event

TEMPLATE: Mapping[str, Any] = {
    "source": "zendesk-trigger",
    "ticket": {
        "id": "5158",
        "subject": "Printer on fire",
        "status": "Open",
        "priority": "High",
        "type": "Incident",
        "via": "Web form",
        "tags": "vip fire",
        "group": "Support",
        "assignee": "Ann Example",
        "created_at": "2025-01-08T10:12Z",
        "updated_at": "2025-01-08T10:15Z",
        "satisfaction": "",
    },
    "requester": {"id": "88", "email": "Bob@Example.com", "name": "Bob"},
}


def body(**ticket: Any) -> dict[str, Any]:
    """A body of the template with other values."""
    return {**TEMPLATE, "ticket": {**TEMPLATE["ticket"], **ticket}}


def stated(*messages: tuple[Mapping[str, Any], str]) -> list[Fact]:
    """What bodies that were signed at those times state."""
    return facts_of(webhook(document, signed=signed) for document, signed in messages)


def ticket(*messages: tuple[Mapping[str, Any], str]) -> WholeRecord:
    """What they fold to."""
    state = folds(stated(*messages))["5158"]
    assert isinstance(state, WholeRecord)
    return state


def test_a_body_becomes_a_record_and_an_alias() -> None:
    states = folds(stated((TEMPLATE, "2025-01-08T10:15:20Z")))
    fields = {
        "ticket_id": "5158",
        "subject": "Printer on fire",
        "status": "open",
        "priority": "high",
        "type": "incident",
        "channel": "web",
        "tags": ["fire", "vip"],
        "group": "Support",
        "assignee": "Ann Example",
        "created_at": "2025-01-08T10:12:00Z",
        "updated_at": "2025-01-08T10:15:00Z",
    }
    assert states == {
        "5158": WholeRecord("5158", fields, {"requester": [{"external": "zendesk:88"}]}),
        "user:88": UserAlias("zendesk:88", ("email:bob@example.com",)),
    }


def test_counters_are_empty() -> None:
    solved = (body(status="Solved", updated_at="2025-01-08T11:00Z"), "2025-01-08T11:00:31Z")
    reopened = (body(status="Open", updated_at="2025-01-08T12:00Z"), "2025-01-08T12:00:31Z")
    fields = ticket((TEMPLATE, "2025-01-08T10:15:20Z"), solved, reopened).fields
    assert not {"replies", "reopens", "first_reply_minutes", "solved_at"} & fields.keys()


def test_a_ticket_that_becomes_solved_was_solved_then() -> None:
    solved = (body(status="Solved", updated_at="2025-01-08T11:00Z"), "2025-01-08T11:00:31Z")
    assert ticket((TEMPLATE, "2025-01-08T10:15:20Z"), solved).fields["solved_at"] == "2025-01-08T11:00:31Z"
    assert "solved_at" not in ticket(solved).fields, "nobody knows since when"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("On-hold", "hold"), ("On Hold", "hold"), ("Nouveau", "new"), ("En attente", "pending"), ("Résolu", "solved")],
)
def test_statuses_are_rendered_for_people(word: str, expected: str) -> None:
    assert ticket((body(status=word), "2025-01-08T10:15:20Z")).fields["status"] == expected


@pytest.mark.parametrize(
    ("word", "expected"), [("Mail", "email"), ("Web service", "api"), ("Closed ticket", "closed_ticket")]
)
def test_channels_have_the_names_of_the_export(word: str, expected: str) -> None:
    assert ticket((body(via=word), "2025-01-08T10:15:20Z")).fields["channel"] == expected


@pytest.mark.parametrize(("text", "expected"), [("Good", "good"), ("Bad, I'm unsatisfied", "bad"), ("", None)])
def test_a_rating_is_rendered_as_a_sentence(text: str, expected: str | None) -> None:
    assert ticket((body(satisfaction=text), "2025-01-08T10:15:20Z")).fields.get("satisfaction") == expected


def test_nothing_is_rendered_as_an_empty_text() -> None:
    empty = body(priority="", type="", tags="", group="", assignee="", updated_at="2025-01-08T10:16Z")
    fields = ticket((TEMPLATE, "2025-01-08T10:15:20Z"), (empty, "2025-01-08T10:16:02Z")).fields
    assert not {"priority", "type", "tags", "group", "assignee"} & fields.keys()
    assert fields["status"] == "open"


def test_an_empty_status_is_a_suppressed_placeholder() -> None:
    empty = (body(status=""), "2025-01-08T10:15:30Z")
    assert ticket((TEMPLATE, "2025-01-08T10:15:20Z"), empty).fields["status"] == "open"


def test_the_signed_time_orders_messages_of_one_minute() -> None:
    first, last = (body(subject="b"), "2025-01-08T10:15:20Z"), (body(subject="a"), "2025-01-08T10:15:21Z")
    assert ticket(first, last).fields["subject"] == ticket(last, first).fields["subject"] == "a"


def test_messages_that_are_signed_after_their_minute_keep_their_order() -> None:
    within = (body(subject="c"), "2025-01-08T10:15:59Z")
    first, last = (body(subject="b"), "2025-01-08T10:17:20Z"), (body(subject="a"), "2025-01-08T10:17:21Z")
    assert ticket(last, within, first).fields["subject"] == "a"
    next_minute = (body(subject="d", updated_at="2025-01-08T10:16Z"), "2025-01-08T10:16:01Z")
    assert ticket(next_minute, last, first).fields["subject"] == "d"


def test_a_body_that_is_delivered_again_and_signed_anew_changes_nothing() -> None:
    first, last = (body(subject="old"), "2025-01-08T10:15:20Z"), (body(subject="new"), "2025-01-08T10:15:21Z")
    again = (body(subject="old"), "2025-01-08T10:15:45Z")
    assert ticket(first, last, again) == ticket(first, last)


def test_the_key_is_a_hash_of_the_body() -> None:
    one, other = (stated((document, "2025-01-08T10:15:20Z"))[0] for document in (TEMPLATE, body(subject="x")))
    assert one.key != other.key
    assert stated((TEMPLATE, "2025-01-08T10:59:20Z"))[0].key == one.key


def test_the_minute_of_the_creation_gives_way_to_the_second() -> None:
    event = zendesk_event("created", at="2025-01-08T10:12:07Z")
    facts = [*stated((TEMPLATE, "2025-01-08T10:15:20Z")), *facts_of([webhook(event)])]
    state = folds(facts)["5158"]
    assert isinstance(state, WholeRecord)
    assert state.fields["created_at"] == "2025-01-08T10:12:07Z"
    assert state.fields["updated_at"] == "2025-01-08T10:15:00Z"


NOBODY = [{}, {"id": "", "email": "a@x.com"}, {"id": "88", "email": ""}, {"id": "88", "email": "none"}]


@pytest.mark.parametrize("requester", NOBODY)
def test_an_empty_email_or_id_makes_no_alias(requester: dict[str, str]) -> None:
    facts = stated(({**TEMPLATE, "requester": requester}, "2025-01-08T10:15:20Z"))
    assert [fact.record for fact in facts] == ["5158"]


def test_without_a_time_of_its_own_the_signed_one_counts() -> None:
    (fact, _) = stated((body(updated_at=""), "2025-01-08T10:15:20Z"))
    assert fact.time_ms == 1_736_331_320_000
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(body(updated_at=""), signed=""))
    assert (raised.value.problem.code, raised.value.record) == ("vendor_member_missing", "5158")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"status": "Geschlossen"}, "unknown_option"),
        ({"updated_at": "Jan 8, 2025"}, "wrong_type"),
        ({"id": ""}, "vendor_member_missing"),
        ({"subject": 5}, "wrong_type"),
    ],
)
def test_what_the_template_does_not_render_waits(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(body(**change)))
    assert raised.value.problem.code == code


def test_a_subject_that_breaks_the_json_waits_with_its_bytes() -> None:
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(b'{"source":"zendesk-trigger","ticket":{"id":"1","subject":"the "new" printer"}}'))
    assert raised.value.problem.code == "not_json"


@pytest.mark.parametrize("shape", [{"ticket": {"id": "1"}}, {"ticket_id": "1"}, {"ticket.id": "1"}])
def test_other_shapes_are_for_the_generic_integration(shape: dict[str, Any]) -> None:
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(shape))
    assert raised.value.problem.code == "vendor_shape"

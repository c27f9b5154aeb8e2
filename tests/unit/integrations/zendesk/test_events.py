"""Ticket events: all types are known, each refreshes the state, and every documented shape is read."""

import pytest

from crosslook.integrations.interface import RecordGone, Unmappable, WholeRecord
from crosslook.integrations.zendesk.event_types import MESSAGING_EVENTS, ORGANIZATION_EVENTS, TICKET_EVENTS, USER_EVENTS
from crosslook.integrations.zendesk.facts import zendesk_facts
from tests.helpers.zendesk import (
    LATER_MS,
    TICKET_DETAIL,
    comment,
    fields_of,
    folded,
    status_change,
    user_event,
    webhook,
    zendesk_event,
)

EVENTS = {
    "status_changed": status_change("NEW", "OPEN"),
    "comment_added": comment("1"),
    "comment_made_private": {"comment": {"id": "1"}},
    "custom_field_changed": {"custom_field": {"id": "360", "title": "Plan", "type": "text"}, "current": {"value": "x"}},
    "merged": {"target_ticket_id": "9"},
}
GONE = {"soft_deleted", "permanently_deleted", "marked_as_spam"}


def test_all_37_types_are_known() -> None:
    assert len(TICKET_EVENTS) == 37


@pytest.mark.parametrize("name", sorted(TICKET_EVENTS))
def test_every_type_refreshes_the_state_of_the_ticket(name: str) -> None:
    state = folded(zendesk_event(name, EVENTS.get(name)))
    if name in GONE:
        assert state == RecordGone("5158")
    else:
        assert isinstance(state, WholeRecord)
        assert state.fields["subject"] == "Printer on fire"
        assert state.fields["status"] == ("closed" if name == "merged" else "open")


@pytest.mark.parametrize("name", sorted(TICKET_EVENTS))
@pytest.mark.parametrize("detail", [{"id": "5158"}, {"id": 5158}])
def test_a_thin_event_blanks_nothing(name: str, detail: dict[str, object]) -> None:
    thin = {**zendesk_event(name, EVENTS.get(name), at="2025-01-08T10:12:08Z"), "detail": detail}
    whole = zendesk_event("subject_changed")
    state = folded(whole, thin)
    if name not in GONE:
        assert isinstance(state, WholeRecord)
        before = folded(whole)
        assert isinstance(before, WholeRecord)
        assert before.fields.keys() <= state.fields.keys()
        assert state.relationships == before.relationships


@pytest.mark.parametrize(
    "type_",
    [
        "zen:event-type:ticket.updated",
        "zen:event-type:ticket.deleted",
        "zen:event-type:ticket.assignee_changed",
        "zen:event-type:ticket.comment_created",
        "zen:event-type:ticket.tag_added",
        "zen:event-type:ticket.invented_in_2031",
        "zen:event-type:user.updated",
        "zen:event-type:organization.updated",
        "zen:event-type:messaging_ticket.invented",
        "zen:event-type:invented.created",
        "ticket.created",
        "",
    ],
)
def test_unknown_types_wait_in_quarantine(type_: str) -> None:
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook({**zendesk_event("created"), "type": type_}))
    assert raised.value.problem.code == "unknown_vendor_event"
    raised.value.problem.message("fr")


@pytest.mark.parametrize(
    "type_",
    [
        *(f"organization.{name}" for name in sorted(ORGANIZATION_EVENTS)),
        *(f"messaging_ticket.{name}" for name in MESSAGING_EVENTS),
        "article.published",
        "agent.state_changed",
        "community_post.created",
        "omnichannel_config.omnichannel_routing_feature_changed",
    ],
)
def test_events_about_neither_tickets_nor_users_state_nothing(type_: str) -> None:
    event = {**zendesk_event("created"), "type": f"zen:event-type:{type_}", "detail": {"id": "5158"}}
    assert zendesk_facts(webhook(event)) == []


def test_the_names_of_user_events_are_known() -> None:
    for name in USER_EVENTS - {"merged"}:
        zendesk_facts(webhook(user_event(name, at="2025-01-08T10:12:07Z")))


def test_the_detail_becomes_the_fields() -> None:
    state = folded(zendesk_event("priority_changed", {"previous": None, "current": "LOW"}))
    assert isinstance(state, WholeRecord)
    assert state.fields == {
        "ticket_id": "5158",
        "subject": "Printer on fire",
        "status": "open",
        "custom_status": "8447320465790",
        "priority": "low",
        "type": "task",
        "channel": "api",
        "group": "8447320466430",
        "assignee": "8447388090494",
        "organization": "8447346622462",
        "brand": "8447346621310",
        "tags": ["fire", "printer"],
        "created_at": "2025-01-08T10:12:07Z",
        "updated_at": "2025-01-08T10:12:07Z",
    }
    assert state.relationships == {"requester": [{"external": "zendesk:8447388090495"}]}


@pytest.mark.parametrize("nobody", [None, "", "0", 0])
def test_nobody_is_written_in_several_ways(nobody: object) -> None:
    fields = fields_of(zendesk_event("created", assignee_id=nobody, group_id=nobody, organization_id=nobody))
    assert not {"assignee", "group", "organization"} & fields.keys()
    state = folded(zendesk_event("created", requester_id=nobody))
    assert isinstance(state, WholeRecord)
    assert state.relationships == {}


def test_ids_of_older_events_are_numbers() -> None:
    fields = fields_of(zendesk_event("created", id=5158, group_id=18446744073709551617, assignee_id=88))
    assert (fields["ticket_id"], fields["group"], fields["assignee"]) == ("5158", "18446744073709551617", "88")


def test_the_subject_names_the_ticket_where_the_detail_does_not() -> None:
    event = zendesk_event("comment_added", comment("1"))
    del event["detail"]
    assert fields_of(event) == {"ticket_id": "5158"}


@pytest.mark.parametrize(
    ("sent", "expected"), [(None, None), ([], None), (["b", "a", "b"], ["a", "b"]), ("b  a", ["a", "b"])]
)
def test_tags_are_a_set(sent: object, expected: object) -> None:
    assert fields_of(zendesk_event("tags_changed", tags=sent)).get("tags") == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("NEW", "new"),
        ("open", "open"),
        ("Pending", "pending"),
        ("HOLD", "hold"),
        ("On-hold", "hold"),
        ("SOLVED", "solved"),
        ("CLOSED", "closed"),
        ("ARCHIVED", "closed"),
    ],
)
def test_one_vocabulary_for_statuses(sent: str, expected: str) -> None:
    assert fields_of(zendesk_event("comment_added", comment("1"), status=sent))["status"] == expected


@pytest.mark.parametrize("status", ["DELETED", "SCRUBBED", "deleted"])
def test_a_deleted_status_is_a_deletion(status: str) -> None:
    assert folded(
        zendesk_event("created"), zendesk_event("tags_changed", at="2025-02-01T00:00:00Z", status=status)
    ) == (RecordGone("5158"))


def test_an_undeleted_ticket_is_back() -> None:
    deleted = zendesk_event("soft_deleted", at="2025-02-01T00:00:00Z", status="DELETED")
    back = zendesk_event("undeleted", at="2025-02-01T00:00:01Z")
    assert isinstance(folded(zendesk_event("created"), deleted, back), WholeRecord)


def test_the_events_of_a_deletion_may_show_the_state_before_it() -> None:
    deleted = zendesk_event("soft_deleted", at="2025-02-01T00:00:00.1Z")
    same_action = zendesk_event("tags_changed", at="2025-02-01T00:00:00.100000001Z")
    assert folded(deleted, same_action) == RecordGone("5158")
    later = zendesk_event("tags_changed", at="2025-02-01T00:01:00Z")
    assert isinstance(folded(deleted, same_action, later), WholeRecord)


def test_what_is_deleted_permanently_stays_deleted() -> None:
    gone = zendesk_event("permanently_deleted", at="2025-02-01T00:00:00Z")
    assert folded(gone, zendesk_event("tags_changed", at="2025-03-01T00:00:00Z")) == RecordGone("5158")


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("mail", "email"), ("web_form", "web"), ("web_service", "api"), ("native_messaging", "native_messaging")],
)
def test_channels_have_the_names_of_the_export(channel: str, expected: str) -> None:
    assert fields_of(zendesk_event("created", via={"channel": channel}))["channel"] == expected


def test_a_long_text_is_cut() -> None:
    assert len(fields_of(zendesk_event("created", subject="é" * 5000))["subject"]) == 1024


def test_half_of_a_surrogate_pair_is_replaced() -> None:
    body = rb"""{"id": "1", "time": "2025-01-08T10:12:07Z", "type": "zen:event-type:ticket.subject_changed",
        "detail": {"id": "7", "subject": "cut \ud83d"},
        "event": {"meta": {"sequence": {"id": 18446744073709551617}}}}"""
    (fact,) = zendesk_facts(webhook(body))
    assert fact.data["properties"] == {"subject": "cut ?"}
    assert fact.data["sequence"] == "18446744073709551617"


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"detail": {**TICKET_DETAIL, "status": "WAITING"}}, "unknown_option", "/detail/status"),
        ({"detail": {**TICKET_DETAIL, "priority": "SOON"}}, "unknown_option", "/detail/priority"),
        ({"detail": {**TICKET_DETAIL, "subject": 5}}, "wrong_type", "/detail/subject"),
        ({"detail": {**TICKET_DETAIL, "tags": 5}}, "wrong_type", "/detail/tags"),
        ({"detail": {**TICKET_DETAIL, "created_at": "yesterday"}}, "wrong_type", "/detail/created_at"),
        ({"detail": []}, "wrong_type", "/detail"),
        ({"time": None}, "vendor_member_missing", "/time"),
        ({"time": "2025-13-08T10:12:07Z"}, "out_of_range", "/time"),
        ({"id": None}, "vendor_member_missing", "/id"),
        ({"detail": {}, "subject": "zen:user:8"}, "vendor_member_missing", "/detail/id"),
        ({"event": {"previous": "NEW"}}, "vendor_member_missing", "/event/current"),
    ],
)
def test_what_is_not_as_documented_waits_with_its_place(change: dict[str, object], code: str, pointer: str) -> None:
    event = {**zendesk_event("status_changed", status_change("NEW", "OPEN")), **change}
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(event))
    problem = raised.value.problem
    assert (problem.code, problem.pointer) == (code, pointer)
    assert raised.value.record == ("5158" if pointer not in ("/detail", "/detail/id") else "")
    assert problem.message("en")
    assert problem.message("fr")


@pytest.mark.parametrize("body", [b"", b"[", b'"text"', b"[]", b"{}", b"null", b"\xff", b'{"type": 5}', b"[" * 5000])
def test_other_bodies_wait_in_quarantine(body: bytes) -> None:
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(body))
    assert raised.value.problem.message("en")


def test_a_fact_from_the_future_waits() -> None:
    event = zendesk_event("created", at="2090-01-01T00:00:00Z")
    assert zendesk_facts(webhook(event))
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(event, received_ms=LATER_MS // 4))
    assert (raised.value.problem.code, raised.value.record) == ("from_the_future", "5158")

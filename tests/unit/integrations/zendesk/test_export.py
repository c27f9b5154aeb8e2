"""The incremental export: its vocabulary, its items, and facts that form one set with those of webhooks."""

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from crosslook.integrations.interface import FoldedState, RecordGone, Unmappable, UserAlias, WholeRecord
from crosslook.integrations.zendesk.export import zendesk_history
from tests.helpers.zendesk import (
    TICKET_DETAIL,
    comment,
    facts_of,
    folds,
    history_item,
    status_change,
    webhook,
    zendesk_event,
)

TICKET: Mapping[str, Any] = {
    "id": 5158,
    "subject": "Printer on fire",
    "description": TICKET_DETAIL["description"],
    "status": "open",
    "priority": "low",
    "type": "task",
    "via": {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}},
    "group_id": 8447320466430,
    "assignee_id": 8447388090494,
    "organization_id": 8447346622462,
    "brand_id": 8447346621310,
    "custom_status_id": 8447320465790,
    "requester_id": 88,
    "tags": ["printer", "fire"],
    "created_at": "2025-01-08T10:12:07Z",
    "updated_at": "2025-01-08T10:12:07Z",
    "generated_timestamp": 1736331127,
    "satisfaction_rating": {"id": 1, "score": "good", "comment": "thanks"},
    "custom_fields": [{"id": 360, "value": "gold"}, {"id": 361, "value": None}],
}
METRIC_SET: Mapping[str, Any] = {
    "id": 33,
    "ticket_id": 5158,
    "reopens": 2,
    "replies": 3,
    "solved_at": None,
    "reply_time_in_minutes": {"calendar": 15, "business": 5},
}
USER: Mapping[str, Any] = {"id": 88, "email": "ann@example.com", "active": True, "updated_at": "2025-01-08T10:00:00Z"}


def page(*tickets: Any, **beside: Any) -> bytes:
    """A page of the cursor export."""
    return orjson.dumps({"tickets": list(tickets), "after_cursor": "x", "end_of_stream": False, **beside})


def states(*pages: bytes, events: tuple[Mapping[str, Any], ...] = ()) -> dict[str, FoldedState]:
    """What pages and events fold to."""
    items = [history_item(item.body) for sent in pages for item in zendesk_history(sent)]
    return folds(facts_of([*items, *(webhook(event) for event in events)]))


def fields(*pages: bytes, events: tuple[Mapping[str, Any], ...] = ()) -> Mapping[str, Any]:
    """The fields of the ticket."""
    state = states(*pages, events=events)["5158"]
    assert isinstance(state, WholeRecord)
    return state.fields


def test_a_ticket_of_the_export_has_the_words_of_events() -> None:
    exported = states(page(TICKET))["5158"]
    event = folds(facts_of([webhook(zendesk_event("subject_changed", requester_id="88"))]))["5158"]
    assert isinstance(exported, WholeRecord)
    assert isinstance(event, WholeRecord)
    assert exported.fields == {**event.fields, "satisfaction": "good"}
    assert exported.relationships == event.relationships == {"requester": [{"external": "zendesk:88"}]}


def test_counters_that_the_export_does_not_have_are_empty() -> None:
    found = fields(page({**TICKET, "status": "solved"}))
    assert not {"replies", "reopens", "first_reply_minutes", "solved_at"} & found.keys()


@pytest.mark.parametrize("score", ["offered", "unoffered", "", None])
def test_an_offered_rating_is_none(score: str | None) -> None:
    assert "satisfaction" not in fields(page({**TICKET, "satisfaction_rating": {"score": score}}))
    assert "satisfaction" not in fields(page({**TICKET, "satisfaction_rating": None}))


@pytest.mark.parametrize("status", ["deleted", "scrubbed"])
def test_a_deleted_ticket_is_gone(status: str) -> None:
    assert states(page({**TICKET, "status": status}))["5158"] == RecordGone("5158")


def test_an_older_page_overwrites_nothing() -> None:
    newer = zendesk_event("subject_changed", at="2025-01-08T10:12:09.1Z", subject="newer")
    assert fields(page(TICKET), events=(newer,))["subject"] == "newer"


def test_a_page_knows_all_that_happened_in_its_second() -> None:
    older = zendesk_event("subject_changed", at="2025-01-08T10:12:07.999999999Z", subject="older")
    assert fields(page(TICKET), events=(older,))["subject"] == "Printer on fire"


@pytest.mark.parametrize(("before", "after"), [(7, None), (None, 7), (7, 8), (8, 7)])
def test_an_update_by_the_system_moves_the_generated_timestamp_only(before: int | None, after: int | None) -> None:
    later = page({**TICKET, "generated_timestamp": 1736331200, "group_id": after})
    expected = str(after) if after is not None else None
    assert fields(later, page({**TICKET, "group_id": before})).get("group") == expected


def test_the_same_page_twice_changes_nothing() -> None:
    once = page(TICKET, users=[USER], metric_sets=[METRIC_SET])
    assert states(once, once) == states(once)
    assert [item.body for item in zendesk_history(once)] == [item.body for item in zendesk_history(once)]


@pytest.mark.parametrize(
    "sent",
    [
        page(TICKET, metric_sets=[METRIC_SET]),
        page(TICKET, ticket_metrics=[METRIC_SET]),
        page({**TICKET, "metric_set": METRIC_SET}),
    ],
)
def test_metric_sets_bring_the_counters(sent: bytes) -> None:
    counters = fields(sent)
    assert (counters["reopens"], counters["replies"], counters["first_reply_minutes"]) == (2, 3, 15)
    assert "solved_at" not in counters


def test_later_events_are_added_to_a_metric_set() -> None:
    known = page(TICKET, metric_sets=[METRIC_SET])
    before = zendesk_event("comment_added", comment("7"), at="2025-01-08T10:12:07.5Z", sequence="A")
    action: dict[str, Any] = {"at": "2025-01-08T12:00:00.2Z", "updated_at": "2025-01-08T12:00:00Z"}
    reply = zendesk_event("comment_added", comment("8"), sequence="B", status="SOLVED", **action)
    solved = zendesk_event("status_changed", status_change("OPEN", "SOLVED"), sequence="B", status="SOLVED", **action)
    counters = fields(known, events=(before, reply, solved))
    assert (counters["reopens"], counters["replies"], counters["first_reply_minutes"]) == (2, 4, 15)
    assert counters["solved_at"] == "2025-01-08T12:00:00Z"
    again: dict[str, Any] = {"at": "2025-01-08T13:00:00Z", "updated_at": "2025-01-08T13:00:00Z"}
    opened = zendesk_event("status_changed", status_change("SOLVED", "OPEN"), sequence="C", **again)
    assert fields(known, events=(before, reply, solved, opened))["reopens"] == 3


def test_an_event_just_after_the_second_of_its_update_is_not_counted_twice() -> None:
    lagging = zendesk_event("comment_added", comment("7"), at="2025-01-08T10:12:08.05Z", sequence="A")
    assert fields(page(TICKET, metric_sets=[METRIC_SET]), events=(lagging,))["replies"] == 3


def test_a_metric_set_corrects_what_lost_messages_left() -> None:
    created = zendesk_event("created", status="NEW")
    assert fields(page(TICKET), events=(created,))["replies"] == 0
    assert fields(page(TICKET, metric_sets=[METRIC_SET]), events=(created,))["replies"] == 3


def test_a_counted_reply_that_is_made_private_is_taken_off() -> None:
    reply = zendesk_event("comment_added", comment("7"), at="2025-01-08T10:12:07.5Z", sequence="A")
    later: dict[str, Any] = {"at": "2025-01-08T13:00:00Z", "updated_at": "2025-01-08T13:00:00Z"}
    hidden = zendesk_event("comment_made_private", {"comment": {"id": "7"}}, **later)
    assert fields(page(TICKET, metric_sets=[METRIC_SET]), events=(reply, hidden))["replies"] == 2


def test_the_first_reply_after_a_metric_set_without_one() -> None:
    unanswered = {**METRIC_SET, "replies": 0, "reply_time_in_minutes": {"calendar": None, "business": None}}
    later: dict[str, Any] = {"at": "2025-01-08T10:42:08Z", "updated_at": "2025-01-08T10:42:08Z", "sequence": "B"}
    reply = zendesk_event("comment_added", comment("7"), **later)
    assert fields(page(TICKET, metric_sets=[unanswered]), events=(reply,))["first_reply_minutes"] == 30


def test_a_metric_set_without_counts_is_no_base() -> None:
    assert "replies" not in fields(page(TICKET, metric_sets=[{**METRIC_SET, "replies": None}]))


def test_users_beside_the_tickets_make_aliases_of_their_requesters() -> None:
    other = {**USER, "id": 99, "email": "zoe@example.com"}
    found = states(page(TICKET, users=[other, USER]))
    assert found.keys() == {"5158", "user:88"}
    assert found["user:88"] == UserAlias("zendesk:88", ("email:ann@example.com",))


def test_an_export_of_users_makes_aliases() -> None:
    gone = {**USER, "id": 99, "active": False}
    found = states(orjson.dumps({"users": [USER, gone], "end_of_stream": True}))
    assert found == {
        "user:88": UserAlias("zendesk:88", ("email:ann@example.com",)),
        "user:99": UserAlias("zendesk:99", ()),
    }


def test_each_ticket_is_an_item_and_a_wrong_one_is_refused_alone() -> None:
    wrong = [{**TICKET, "id": None}, 5, {**TICKET, "status": "odd"}, {**TICKET, "updated_at": None}]
    items = zendesk_history(page(TICKET, *wrong, metric_sets=[METRIC_SET]))
    assert [item.problem and (item.problem.code, item.problem.pointer) for item in items] == [
        None,
        ("vendor_member_missing", "/ticket/id"),
        ("wrong_type", ""),
        ("unknown_option", "/ticket/status"),
        ("wrong_type", "/ticket/updated_at"),
    ]
    assert all(item.problem is None or item.problem.message("fr") for item in items)


@pytest.mark.parametrize(
    "change",
    [
        {"metric_sets": [{**METRIC_SET, "replies": "three"}]},
        {"metric_sets": [{**METRIC_SET, "replies": -1}]},
        {"metric_sets": [{**METRIC_SET, "solved_at": "then"}]},
        {"users": [{**USER, "updated_at": None}]},
    ],
)
def test_what_stands_beside_a_ticket_is_read_as_strictly(change: dict[str, Any]) -> None:
    (item,) = zendesk_history(page(TICKET, **change))
    assert item.problem is not None


@pytest.mark.parametrize("sent", [b"", b"[]", b"{}", b'{"tickets": {}}', b'{"events": []}'])
def test_what_is_not_a_page_is_refused_whole(sent: bytes) -> None:
    with pytest.raises(Unmappable) as raised:
        zendesk_history(sent)
    assert raised.value.problem.message("fr")


def test_an_empty_page_has_no_items() -> None:
    assert zendesk_history(page()) == []

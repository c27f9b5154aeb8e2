"""Facts about tickets from Zendesk's event subscriptions: each event is one fact, named by the event's id."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from crosslook.contracts.ids import EVENT_ID_MAX
from crosslook.contracts.values import TEXTAREA_MAX
from crosslook.integrations.interface import Fact, JsonObject
from crosslook.integrations.zendesk.comments import added_comment, hidden_comment
from crosslook.integrations.zendesk.event_types import EventType
from crosslook.integrations.zendesk.moments import VendorMoment, event_moment
from crosslook.integrations.zendesk.reading import (
    about_record,
    optional_object,
    required_id,
    required_member,
    required_object,
    unreadable,
    vendor_id,
)
from crosslook.integrations.zendesk.ticket_states import IS_GONE, STATUS_PROPERTY, event_properties, read_status
from crosslook.integrations.zendesk.vocabulary import rating

SUBJECT_PREFIX = "zen:ticket:"
_EVENT = "event"
_Stated = dict[str, Any]
ReadEvent = Callable[[JsonObject, JsonObject, _Stated], None]
"""Adds what the event says beyond its `detail` to what the fact states. Raises Unmappable."""


def ticket_event_facts(envelope: JsonObject, kind: EventType) -> list[Fact]:
    """The fact of one ticket event: the state that its `detail` shows, and what the event adds. Raises Unmappable."""
    detail = optional_object(envelope, "detail")
    ticket = _ticket(envelope, detail)
    with about_record(ticket):
        event = optional_object(envelope, _EVENT)
        stated: _Stated = {"properties": event_properties(detail)}
        if sequence := sequence_id(event):
            stated["sequence"] = sequence
        if kind.name in _READERS:
            _READERS[kind.name](event, detail, stated)
        at = moment_of(envelope, event)
        return [Fact(ticket, event_key(envelope), str(kind), at.ms, stated, at.order)]


def event_key(envelope: JsonObject) -> str:
    """The key of the facts of an event: its id, which a repeat repeats. Raises Unmappable."""
    key = required_member(envelope, "id")
    if not isinstance(key, str) or not 0 < len(key) <= EVENT_ID_MAX:
        raise unreadable("wrong_type", "id", text="wrong_type.text")
    return f"event:{key}"


def moment_of(envelope: JsonObject, event: JsonObject) -> VendorMoment:
    """When an event happened. Raises Unmappable."""
    position = _sequence(event).get("position")
    return event_moment(required_member(envelope, "time"), position if isinstance(position, int) else 0, "time")


def sequence_id(event: JsonObject) -> str:
    """What the events of one action have in common, as a text: it is a hexadecimal text or a number beyond 64 bits. ""
    where there is none."""
    found = _sequence(event).get("id")
    return str(found)[:EVENT_ID_MAX] if isinstance(found, str | int | Decimal) else ""


def _sequence(event: JsonObject) -> JsonObject:
    return optional_object(optional_object(event, "meta", _EVENT), "sequence", _EVENT, "meta")


def _ticket(envelope: JsonObject, detail: JsonObject) -> str:
    if (found := vendor_id(detail.get("id"), "detail", "id")) is not None:
        return found
    subject = envelope.get("subject")
    if isinstance(subject, str) and subject.startswith(SUBJECT_PREFIX):
        return required_id({"subject": subject.removeprefix(SUBJECT_PREFIX)}, "subject")
    raise unreadable("vendor_member_missing", "detail", "id", name="detail.id")


def _status_changed(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    stated["changed"] = [
        read_status(required_member(event, name, _EVENT), _EVENT, name) for name in ("previous", "current")
    ]


def _comment_added(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    stated["comment"] = added_comment(event, detail)


def _comment_made_private(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    stated["hidden"] = hidden_comment(event)


def _gone(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    """Also a ticket that is marked as spam: Zendesk deletes it."""
    stated["properties"][IS_GONE] = True


def _undeleted(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    stated["properties"][IS_GONE] = False


def _merged(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    target = required_id(event, "target_ticket_id", _EVENT)
    if target != vendor_id(detail.get("id"), "detail", "id"):
        stated["properties"] |= {"merged_into": target, STATUS_PROPERTY: "closed"}


def _custom_field_changed(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    field = required_object(event, "custom_field", _EVENT)
    stated["custom"] = {required_id(field, "id", _EVENT, "custom_field"): custom_value(event.get("current"))}


def _csat_received(event: JsonObject, detail: JsonObject, stated: _Stated) -> None:
    """The older surveys name a score; newer ones have a number or an emoji, for which there is no field."""
    score = optional_object(event, "satisfaction_score", _EVENT).get("score")
    if isinstance(score, str):
        stated["properties"]["satisfaction"] = rating(score, _EVENT, "satisfaction_score", "score")


def custom_value(sent: Any) -> Any:
    """The value of a custom field as JSON: a text, number, boolean or list of texts; None when empty. An event wraps it
    as `value` or, for a lookup field, as the id of a target."""
    if isinstance(sent, Mapping):
        sent = sent.get("value", sent.get("relationship_target", sent.get("id")))
    if isinstance(sent, Mapping):
        sent = sent.get("id")
    if isinstance(sent, str):
        return sent[:TEXTAREA_MAX] or None
    if isinstance(sent, list):
        return [text[:TEXTAREA_MAX] for text in sent if isinstance(text, str)] or None
    return sent if isinstance(sent, bool | int | float | Decimal) else None


_READERS: Mapping[str, ReadEvent] = {
    "status_changed": _status_changed,
    "comment_added": _comment_added,
    "comment_made_private": _comment_made_private,
    "soft_deleted": _gone,
    "permanently_deleted": _gone,
    "marked_as_spam": _gone,
    "undeleted": _undeleted,
    "merged": _merged,
    "custom_field_changed": _custom_field_changed,
    "csat_received": _csat_received,
}

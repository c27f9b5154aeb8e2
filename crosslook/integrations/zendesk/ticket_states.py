"""The properties of a ticket that a message states, by the names of our fields, whatever road it came by.

A property that the message does not name is not stated, so that a thin message never blanks a ticket; one that it
names without a value is stated as None.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from crosslook.contracts.values import TEXT_MAX
from crosslook.integrations.interface import JsonObject
from crosslook.integrations.zendesk.moments import optional_ms
from crosslook.integrations.zendesk.reading import optional_object, plain_text, unreadable, vendor_id
from crosslook.integrations.zendesk.vocabulary import (
    GONE_STATUS,
    PRIORITIES,
    STATUSES,
    TICKET_TYPES,
    channel,
    known_word,
    rating,
)

ReadProperty = Callable[..., Any]
"""Reads a value at a place of the message. Raises Unmappable."""
TicketProperties = dict[str, Any]

STATUS_PROPERTY: Final = "status"
IS_GONE: Final = "gone"
CREATED_AT: Final = "created_at"
CREATED_MINUTE: Final = "created_minute"
"""When the ticket was created, known to the minute only: counts where nothing better is known."""


def read_status(value: Any, *place: str | int) -> str | None:
    """A status in our vocabulary, or GONE_STATUS. Raises Unmappable."""
    return known_word(value, STATUSES, *place)


def _priority(value: Any, *place: str | int) -> str | None:
    return known_word(value, PRIORITIES, *place)


def _ticket_type(value: Any, *place: str | int) -> str | None:
    return known_word(value, TICKET_TYPES, *place)


def _via(value: Any, *place: str | int) -> str | None:
    via = {} if value is None else value
    return channel(optional_object({"via": via}, "via", *place[:-1]).get("channel"), *place, "channel")


def _satisfaction(value: Any, *place: str | int) -> str | None:
    given = {} if value is None else value
    return rating(optional_object({"rating": given}, "rating", *place[:-1]).get("score"), *place, "score")


def read_tags(value: Any, *place: str | int) -> list[str]:
    """Tags as a set in a fixed order. They come as a list, as null when there are none, and from placeholders as one
    text with blanks. Raises Unmappable."""
    tags = value.split() if isinstance(value, str) else value or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise unreadable("wrong_type", *place, text="wrong_type.options")
    return sorted({tag[:TEXT_MAX] for tag in tags if tag})


_EVERYWHERE: Mapping[str, tuple[str, ReadProperty]] = {
    "subject": ("subject", plain_text),
    "status": (STATUS_PROPERTY, read_status),
    "priority": ("priority", _priority),
    "type": ("type", _ticket_type),
    "tags": ("tags", read_tags),
    "updated_at": ("updated_at", optional_ms),
}
_BY_ID: Mapping[str, tuple[str, ReadProperty]] = {
    **_EVERYWHERE,
    "via": ("channel", _via),
    "created_at": (CREATED_AT, optional_ms),
    "group_id": ("group", vendor_id),
    "assignee_id": ("assignee", vendor_id),
    "organization_id": ("organization", vendor_id),
    "brand_id": ("brand", vendor_id),
    "requester_id": ("requester", vendor_id),
}
_EVENT = {**_BY_ID, "custom_status": ("custom_status", vendor_id)}
_EXPORT = {
    **_BY_ID,
    "custom_status_id": ("custom_status", vendor_id),
    "satisfaction_rating": ("satisfaction", _satisfaction),
}
_TEMPLATE: Mapping[str, tuple[str, ReadProperty]] = {
    **_EVERYWHERE,
    "via": ("channel", channel),
    "created_at": (CREATED_MINUTE, optional_ms),
    "group": ("group", plain_text),
    "assignee": ("assignee", plain_text),
    "satisfaction": ("satisfaction", rating),
}


def event_properties(detail: JsonObject) -> TicketProperties:
    """What the `detail` of an event states. Raises Unmappable."""
    return _stated(detail, _EVENT, "detail")


def export_properties(ticket: JsonObject) -> TicketProperties:
    """What a ticket of an export states. Raises Unmappable."""
    return _stated(ticket, _EXPORT, "ticket")


def template_properties(ticket: JsonObject) -> TicketProperties:
    """What the `ticket` of the trigger template states. Raises Unmappable."""
    return _stated(ticket, _TEMPLATE, "ticket")


def _stated(sent: JsonObject, properties: Mapping[str, tuple[str, ReadProperty]], place: str) -> TicketProperties:
    found = {name: read(sent[key], place, key) for key, (name, read) in properties.items() if key in sent}
    status = found.pop(STATUS_PROPERTY, None)
    if status is not None:
        found[IS_GONE] = status == GONE_STATUS
        if status != GONE_STATUS:
            found[STATUS_PROPERTY] = status
    return found

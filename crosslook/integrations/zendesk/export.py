"""Pages of Zendesk's exports, and facts from their items.

`GET /api/v2/incremental/tickets/cursor` gives tickets, with users and metric sets beside them where they are asked for;
`GET /api/v2/incremental/users/cursor` gives users. An item is one ticket with what the page has about it, or one user.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from crosslook.contracts import exact_json
from crosslook.integrations.interface import Fact, HistoryItem, JsonObject, Unmappable
from crosslook.integrations.zendesk.events import custom_value
from crosslook.integrations.zendesk.moments import SECOND_MS, VendorMoment, end_of_second, optional_ms, read_ms
from crosslook.integrations.zendesk.reading import (
    about_record,
    optional_object,
    read_message,
    required_id,
    required_object,
    unreadable,
    vendor_id,
)
from crosslook.integrations.zendesk.ticket_states import STATUS_PROPERTY, export_properties
from crosslook.integrations.zendesk.users import exported_user_facts

EXPORT_FACT: Final = "export"
METRIC_SET: Final = "metrics"
_SHAPE = "a page of the incremental export of tickets or users"


def zendesk_history(page: bytes) -> list[HistoryItem]:
    """The items of a page, each a message of its own. Raises Unmappable where it is not a page of an export."""
    document = read_message(page)
    if not isinstance(document, dict):
        raise unreadable("vendor_shape", integration="zendesk", shape=_SHAPE)
    for name, items in (("tickets", _tickets), ("users", _users)):
        if isinstance(document.get(name), list):
            return [_item(sent) for sent in items(document)]
    raise unreadable("vendor_shape", integration="zendesk", shape=_SHAPE)


def export_facts(item: Any) -> list[Fact]:
    """What one item of an export states: the ticket's state, its metrics, its requester. Raises Unmappable."""
    if not isinstance(item, dict):
        raise unreadable("wrong_type", text="wrong_type.object")
    if "ticket" not in item:
        return exported_user_facts(required_object(item, "user"))
    ticket = required_object(item, "ticket")
    record = required_id(ticket, "id", "ticket")
    with about_record(record):
        at = _as_of(ticket)
        properties = export_properties(ticket)
        stated = {"properties": properties, "custom": _custom(ticket), "whole": True}
        facts = [Fact(record, f"{EXPORT_FACT}:{at.ms}", EXPORT_FACT, at.ms, stated, at.order)]
        metrics = _metrics(optional_object(item, "metric_set"))
        if metrics is not None:
            metrics |= {"status": properties.get(STATUS_PROPERTY)}
            facts.append(Fact(record, f"{METRIC_SET}:{at.ms}", METRIC_SET, at.ms, metrics, at.order))
        requester = optional_object(item, "user")
        return [*facts, *(exported_user_facts(requester) if requester else [])]


def _tickets(page: JsonObject) -> Iterator[Any]:
    users = _by_id(page.get("users"), "id")
    metrics = {**_by_id(page.get("ticket_metrics"), "ticket_id"), **_by_id(page.get("metric_sets"), "ticket_id")}
    for ticket in page["tickets"]:
        if not isinstance(ticket, dict):
            yield ticket
            continue
        beside = {
            "metric_set": ticket.get("metric_set") or metrics.get(_lenient_id(ticket.get("id"))),
            "user": users.get(_lenient_id(ticket.get("requester_id"))),
        }
        yield {"ticket": ticket, **{name: found for name, found in beside.items() if found}}


def _users(page: JsonObject) -> Iterator[Any]:
    yield from ({"user": user} if isinstance(user, dict) else user for user in page["users"])


def _item(sent: Any) -> HistoryItem:
    body = exact_json.dumps(sent)
    try:
        export_facts(sent)
    except Unmappable as error:
        return HistoryItem(body, error.problem)
    return HistoryItem(body)


def _by_id(items: Any, name: str) -> dict[str | None, Any]:
    found = items if isinstance(items, list) else []
    return {_lenient_id(item.get(name)): item for item in found if isinstance(item, dict)}


def _lenient_id(value: Any) -> str | None:
    """For finding what belongs together: an id of another shape finds nothing, and is refused where it matters."""
    try:
        return vendor_id(value)
    except Unmappable:
        return None


def _as_of(ticket: JsonObject) -> VendorMoment:
    """The instant whose state the export shows. `generated_timestamp` also moves with updates by the system, which
    leave `updated_at` alone."""
    updated = read_ms(ticket.get("updated_at"), "ticket", "updated_at")
    generated = ticket.get("generated_timestamp")
    if isinstance(generated, int) and generated * SECOND_MS > updated:
        updated = generated * SECOND_MS
    return end_of_second(updated)


def _custom(ticket: JsonObject) -> dict[str, Any]:
    """The values of custom fields that are not empty; an export states all of them."""
    fields = ticket.get("custom_fields") or []
    if not isinstance(fields, list):
        raise unreadable("wrong_type", "ticket", "custom_fields", text="wrong_type.array")
    found = {_lenient_id(field.get("id")): custom_value(field.get("value")) for field in fields if _is_object(field)}
    return {name: value for name, value in found.items() if name is not None and value is not None}


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def _metrics(sent: JsonObject) -> dict[str, Any] | None:
    """A ticket's metric set, in our words; None where there is none. Raises Unmappable."""
    if not sent:
        return None
    reply = optional_object(sent, "reply_time_in_minutes", "metric_set")
    return {
        "reopens": _count(sent, "reopens"),
        "replies": _count(sent, "replies"),
        "first_reply_minutes": _count(reply, "calendar"),
        "solved_at": optional_ms(sent.get("solved_at"), "metric_set", "solved_at"),
    }


def _count(sent: JsonObject, name: str) -> int | None:
    value = sent.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise unreadable("wrong_type", "metric_set", name, text="wrong_type.integer")
    return value

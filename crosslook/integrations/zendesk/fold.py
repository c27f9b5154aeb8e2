"""The state of a ticket, or of a user, from all facts about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from crosslook.contracts.values import TEXT_MAX
from crosslook.integrations.interface import Connection, Fact, FoldedState, RecordGone, UserAlias, WholeRecord
from crosslook.integrations.zendesk.custom_fields import custom_fields
from crosslook.integrations.zendesk.definition import REQUESTER
from crosslook.integrations.zendesk.metrics import newest_metrics
from crosslook.integrations.zendesk.moments import SECOND_MS
from crosslook.integrations.zendesk.replies import replies
from crosslook.integrations.zendesk.resolution import TICKET_CREATED, resolution
from crosslook.integrations.zendesk.ticket_states import CREATED_AT, CREATED_MINUTE, IS_GONE
from crosslook.integrations.zendesk.users import USER_PREFIX

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FINAL = "ticket.permanently_deleted"
_RESTORED = "ticket.undeleted"
_SAME_ACTION_MS = 2 * SECOND_MS
_NAMED = ("assignee", "group", "organization", "brand", "custom_status")
_AS_STATED = ("subject", "status", "priority", "type", "channel", "tags", "satisfaction", "merged_into")


def fold_zendesk(facts: Sequence[Fact], connection: Connection) -> Iterator[FoldedState]:
    """The record of a ticket, or that it is gone; the alias of a user."""
    record = facts[0].record
    if record.startswith(USER_PREFIX):
        foreign_id = connection.foreign_id(record.removeprefix(USER_PREFIX))
        yield UserAlias(foreign_id, tuple(_targets(facts, connection)))
    elif _is_gone(facts):
        yield RecordGone(record)
    else:
        yield _ticket(record, facts, connection)


def _ticket(record: str, facts: Sequence[Fact], connection: Connection) -> WholeRecord:
    known: dict[str, Any] = {}
    for fact in facts:
        known |= fact.data.get("properties", {})
    created = known.get(CREATED_AT, known.get(CREATED_MINUTE))
    fields = {
        "ticket_id": record,
        **{name: known.get(name) for name in _AS_STATED},
        **{name: _name(known.get(name), name, connection) for name in _NAMED},
        "created_at": _instant(created),
        "updated_at": _instant(known.get("updated_at")),
        **_counts(facts, created),
        **_custom(facts, connection),
    }
    requester = known.get(REQUESTER)
    linked = {REQUESTER: [{"external": connection.foreign_id(requester)}]} if requester is not None else {}
    return WholeRecord(record, {name: value for name, value in fields.items() if value not in (None, [])}, linked)


def _counts(facts: Sequence[Fact], created_ms: int | None) -> dict[str, Any]:
    """The counters: empty where neither all events are known, from the creation on, nor an export brought them."""
    base = newest_metrics(facts)
    resolved = resolution(facts, base)
    counts: dict[str, Any] = {"solved_at": _instant(resolved.solved_ms)}
    if base is not None or any(fact.kind == TICKET_CREATED for fact in facts):
        found = replies(facts, base, created_ms)
        counts |= {
            "reopens": resolved.reopens,
            "replies": found.number,
            "first_reply_minutes": found.first_minutes,
        }
    return counts


def _is_gone(facts: Iterable[Fact]) -> bool:
    """Whether the ticket is deleted. The events of a deletion may show the state before it; a state of another action,
    or an event that says so, shows that it was restored. What is deleted permanently stays so."""
    gone, since = False, 0
    for fact in facts:
        if fact.kind == _FINAL:
            return True
        stated = fact.data.get("properties", {}).get(IS_GONE)
        if stated:
            gone, since = True, fact.time_ms
        elif stated is False and (fact.kind == _RESTORED or fact.time_ms > since + _SAME_ACTION_MS):
            gone = False
    return gone


def _name(vendor: str | None, field: str, connection: Connection) -> str | None:
    """The name that the options give an id; else the id, or the name that the trigger template brought."""
    names: Mapping[str, str] = connection.options.get("names", {}).get(field, {})
    return names.get(vendor, vendor)[:TEXT_MAX] if vendor is not None else None


def _instant(at_ms: int | None) -> str | None:
    """An instant in whole seconds: nothing finer is known from all roads alike."""
    if at_ms is None:
        return None
    return (_EPOCH + timedelta(seconds=at_ms // SECOND_MS)).isoformat().replace("+00:00", "Z")


def _custom(facts: Iterable[Fact], connection: Connection) -> dict[str, Any]:
    """The custom fields of the options. An export states all of them, an event one."""
    known: dict[str, Any] = {}
    for fact in facts:
        known = {**({} if fact.data.get("whole") else known), **fact.data.get("custom", {})}
    return {custom.field.slug: custom.value(known.get(custom.vendor)) for custom in custom_fields(connection.options)}


def _targets(facts: Iterable[Fact], connection: Connection) -> Iterator[str]:
    """Where links to a user lead: the primary e-mail, the newest of the others, then the user it was merged with. A
    user who was deleted, and not merged, is nobody any more."""
    primary: str | None = None
    emails: dict[str, None] = {}
    merged: dict[str, None] = {}
    gone = False
    for fact in facts:
        stated = fact.data
        gone = stated.get("gone", gone)
        emails.pop(stated.get("removed", ""), None)
        if "email" in stated:
            primary = stated["email"]
        for address in (stated.get("added"), stated.get("email")):
            if address:
                emails = {address: None, **emails}
        if "merged" in stated:
            merged = {stated["merged"]: None, **merged}
    if gone and not merged:
        return
    ordered = dict.fromkeys([*([primary] if primary else []), *emails])
    yield from (f"email:{address}" for address in ordered)
    yield from (f"external:{connection.foreign_id(user)}" for user in merged)

"""Messages of Zendesk in their documented shapes, and shorthands for what they state and fold to."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from crosslook.integrations.interface import (
    Connection,
    Fact,
    FoldedState,
    MessageOrigin,
    UserAlias,
    WebhookMessage,
    WholeRecord,
)
from crosslook.integrations.publication import StatedFact, counted
from crosslook.integrations.zendesk.facts import zendesk_facts
from crosslook.integrations.zendesk.fold import fold_zendesk
from crosslook.integrations.zendesk.signature import ZENDESK_TIMESTAMP

ZENDESK_CONNECTION = Connection("zendesk", "zendesk_ticket")
LATER_MS = 4_000_000_000_000
"""When messages of tests are received: after everything that they tell."""

TICKET_DETAIL: Mapping[str, Any] = {
    "actor_id": "8447388090494",
    "assignee_id": "8447388090494",
    "brand_id": "8447346621310",
    "created_at": "2025-01-08T10:12:07Z",
    "custom_status": "8447320465790",
    "description": "Hello, my printer is on fire.",
    "external_id": None,
    "form_id": "8646151517822",
    "group_id": "8447320466430",
    "id": "5158",
    "is_public": True,
    "organization_id": "8447346622462",
    "priority": "LOW",
    "requester_id": "8447388090495",
    "status": "OPEN",
    "subject": "Printer on fire",
    "submitter_id": "8447388090494",
    "tags": ["printer", "fire"],
    "type": "TASK",
    "updated_at": "2025-01-08T10:12:07Z",
    "via": {"channel": "web_service"},
}
"""The `detail` of a ticket event, as published examples have it."""
SEQUENCE = "01J1N2T3C4"


def zendesk_event(
    name: str,
    event: Mapping[str, Any] | None = None,
    *,
    at: str = "2025-01-08T10:12:07.672717030Z",
    id_: str | None = None,
    position: int = 1,
    sequence: Any = SEQUENCE,
    **detail: Any,
) -> dict[str, Any]:
    """A ticket event; its id is made of its name and time where none is given. Without a sequence it has no meta."""
    meta = {} if sequence is None else {"meta": {"sequence": {"id": sequence, "position": position}}}
    whole = {**TICKET_DETAIL, **detail}
    return {
        "account_id": 22129848,
        "detail": whole,
        "event": {**(event or {}), **meta},
        "id": id_ or f"{name} {at} {position} {sequence} {whole['status']}",
        "subject": f"zen:ticket:{whole['id']}",
        "time": at,
        "type": f"zen:event-type:ticket.{name}",
        "zendesk_event_version": "2022-11-06",
    }


def user_event(name: str, event: Mapping[str, Any] | None = None, *, at: str, **detail: Any) -> dict[str, Any]:
    """A user event."""
    whole = {
        "created_at": "2025-01-08T10:12:07Z",
        "default_group_id": "0",
        "email": "ann@example.com",
        "external_id": "",
        "id": "88",
        "organization_id": "0",
        "role": "end-user",
        "updated_at": "2025-01-08T10:12:07Z",
        **detail,
    }
    return {
        "account_id": 22129848,
        "detail": whole,
        "event": event or {},
        "id": f"{name} {at} {whole['id']}",
        "subject": f"zen:user:{whole['id']}",
        "time": at,
        "type": f"zen:event-type:user.{name}",
        "zendesk_event_version": "2022-06-20",
    }


def comment(id_: str, *, public: bool = True, staff: bool = True, author: str = "8447388090494", **more: Any) -> Any:
    """The `event` of comment_added."""
    who = {"id": author, "is_staff": staff, "name": "Ann", **more.pop("author_more", {})}
    body = more.pop("body", f"comment {id_}")
    return {"comment": {"id": id_, "body": body, "html_body": body, "is_public": public, "author": who, **more}}


def status_change(previous: str, current: str) -> dict[str, str]:
    """The `event` of status_changed."""
    return {"previous": previous, "current": current}


def webhook(
    document: Any,
    *,
    signed: str = "2025-01-08T10:12:09Z",
    origin: MessageOrigin = MessageOrigin.WEBHOOK,
    connection: Connection = ZENDESK_CONNECTION,
    received_ms: int = LATER_MS,
) -> WebhookMessage:
    """A message as the worker reads it; bytes are its body, anything else is put into JSON."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return WebhookMessage(body, {ZENDESK_TIMESTAMP: signed}, origin, received_ms, connection)


def history_item(document: Any, connection: Connection = ZENDESK_CONNECTION) -> WebhookMessage:
    """An item of an export as the worker reads it."""
    return webhook(document, origin=MessageOrigin.HISTORY, connection=connection)


def facts_of(messages: Iterable[WebhookMessage]) -> list[Fact]:
    """All that the messages state."""
    return [fact for message in messages for fact in zendesk_facts(message)]


def folds(facts: Iterable[Fact], connection: Connection = ZENDESK_CONNECTION) -> dict[str, FoldedState]:
    """What the facts of each record fold to, by record."""
    by_record: dict[str, list[Fact]] = {}
    for fact in counted(StatedFact(fact) for fact in facts):
        by_record.setdefault(fact.record, []).append(fact)
    found = {}
    for record, own in by_record.items():
        (found[record],) = fold_zendesk(own, connection)
    return found


def folded(*documents: Any, connection: Connection = ZENDESK_CONNECTION) -> FoldedState:
    """What events about one ticket fold to."""
    (state,) = folds(facts_of(webhook(document, connection=connection) for document in documents), connection).values()
    return state


def fields_of(*documents: Any, connection: Connection = ZENDESK_CONNECTION) -> Mapping[str, Any]:
    """The fields of the ticket that events about it fold to."""
    state = folded(*documents, connection=connection)
    assert isinstance(state, WholeRecord)
    return state.fields


def targets_of(*documents: Any, user: str = "88") -> tuple[str, ...]:
    """The targets of a user's alias."""
    state = folds(facts_of(webhook(document) for document in documents))[f"user:{user}"]
    assert isinstance(state, UserAlias)
    assert state.foreign_id == f"zendesk:{user}"
    return state.targets

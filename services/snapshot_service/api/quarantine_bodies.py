"""The bodies of the quarantine's routes: models that document them, and the answers of a replay or a discard."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from services.snapshot_service.domain.replaying import Tally
from services.snapshot_service.domain.selection import FILTER_LIMITS, ID_LENGTH_MAX, IDS_MAX, REASON_MAX
from services.snapshot_service.quarantine.store import Action


class HeaderAnswer(BaseModel):
    """A header of a message. `value`: its text; `value_base64`: its bytes if they are not UTF-8."""

    name: str
    value: str
    value_base64: str | None


class QuarantineItem(BaseModel):
    """One refused event. `payload`: its original text; `payload_base64`: its bytes if they are not UTF-8."""

    id: str
    tenant: str
    object: str
    record: str
    source: str
    event_id: str
    code: str
    pointer: str
    message: str
    received_at: datetime
    topic: str
    partition: int
    offset: int
    payload: str
    payload_base64: str | None
    headers: list[HeaderAnswer]


class QuarantinePage(BaseModel):
    """A page of quarantined events, the newest first."""

    items: list[QuarantineItem]
    next_page_token: str | None


class LeftItem(BaseModel):
    """Refused events of one sender, code and partition that are on Kafka only: their tenant's quarantine is full.
    `offsets`: up to a hundred of them; `oldest` and `newest`: when the broker appended the first and the last."""

    tenant: str
    source: str
    code: str
    topic: str
    partition: int
    events: int
    offsets: list[int]
    last_offset: int
    oldest: datetime
    newest: datetime


class LeftPage(BaseModel):
    """A page of refused events, by tenant, source, code and partition."""

    items: list[LeftItem]
    next_page_token: str | None


class MessageAnswer(BaseModel):
    """A message as stored on Kafka. `payload`: its text; `payload_base64`: its bytes if they are not UTF-8."""

    topic: str
    partition: int
    offset: int
    received_at: datetime
    key: str | None
    payload: str
    payload_base64: str | None
    headers: list[HeaderAnswer]


class ReasonCount(BaseModel):
    """How many events of one source wait for one reason; `oldest` and `newest`: when they arrived."""

    code: str
    source: str
    count: int
    oldest: datetime
    newest: datetime


class ReasonCountPage(BaseModel):
    """A page of counts, the largest first."""

    items: list[ReasonCount]
    next_page_token: str | None


class RefusalCount(BaseModel):
    """How many events are refused with a code."""

    code: str
    count: int


class ReplayAnswer(BaseModel):
    """How a replay went, or would go. `matched`: events selected. `replayed`: published again, `would_admit`: what of
    them would be, as today's schemas take it and its sender is not diverted. `still_refused`: what stays, by the reason
    of today, which each is listed with from now on. The last two add up to `matched`."""

    dry_run: bool
    matched: int
    would_admit: int | None = None
    replayed: int | None = None
    still_refused: list[RefusalCount]


class DiscardAnswer(BaseModel):
    """How many events a discard removed, or would remove."""

    dry_run: bool
    matched: int
    would_discard: int | None = None
    discarded: int | None = None


class ProgressAnswer(BaseModel):
    """The progress of this worker. `running`: its current action, or null; `done`: events moved, now or last time."""

    running: Action | None
    done: int


class WebhookHealth(BaseModel):
    """What the worker did in the last 24 hours with the messages of a connected integration: how many there were, how
    many stated nothing of ours, how many are or were in quarantine, the facts that they stated and the record events
    that were published because of them. `last_message_at`, `last_refused_at`: when such messages arrived, at most 31
    days ago."""

    integration: str
    messages_24h: int
    ignored_24h: int
    refused_24h: int
    facts_24h: int
    records_24h: int
    last_message_at: datetime
    last_refused_at: datetime | None


class HealthItem(BaseModel):
    """The health of one source. `refused_share`: the refused share of the last hour's events; null without events.
    `webhooks`: null where the source is not a connected integration, or has had no message for 31 days."""

    tenant: str
    source: str
    last_event_at: datetime
    staged_last_hour: int
    refused_last_hour: int
    refused_share: float | None
    webhooks: WebhookHealth | None


class HealthPage(BaseModel):
    """A page of sources, by tenant and source."""

    items: list[HealthItem]
    next_page_token: str | None


def replay_body(tally: Tally, *, dry_run: bool) -> ReplayAnswer:
    """The answer to a replay; what it does not say is left unset."""
    moved = "would_admit" if dry_run else "replayed"
    found = {"dry_run": dry_run, "matched": tally.matched, moved: tally.moved, "still_refused": tally.by_code()}
    return ReplayAnswer.model_validate(found, extra="forbid")


def discard_body(tally: Tally, *, dry_run: bool) -> DiscardAnswer:
    """The answer to a discard; what it does not say is left unset."""
    moved = "would_discard" if dry_run else "discarded"
    found = {"dry_run": dry_run, "matched": tally.matched, moved: tally.moved}
    return DiscardAnswer.model_validate(found, extra="forbid")


def takes_move(*, with_reason: bool) -> dict[str, Any]:
    """Documents a body that we read ourselves, so that every problem with it is answered at once."""
    texts = {name: {"type": "string", "maxLength": limit} for name, limit in FILTER_LIMITS.items()}
    properties: dict[str, Any] = {
        "ids": {"type": "array", "maxItems": IDS_MAX, "items": {"type": "string", "maxLength": ID_LENGTH_MAX}},
        "filter": {"type": "object", "properties": texts, "additionalProperties": False},
        "dry_run": {"type": "boolean", "default": True},
    }
    if with_reason:
        properties["reason"] = {"type": "string", "minLength": 1, "maxLength": REASON_MAX}
    reason = ["reason"] if with_reason else []
    schema = {
        "type": "object",
        "description": "Events by their ids, or all that pass a filter.",
        "properties": properties,
        "additionalProperties": False,
        "oneOf": [{"required": ["ids", *reason]}, {"required": ["filter", *reason]}],
    }
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}

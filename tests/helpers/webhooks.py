"""Connections, and messages of vendors as the webhooks topic has them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from crosslook.contracts.integrations import ORIGIN_HEADER, IntegrationEvent, IntegrationState, WebhookKey
from crosslook.contracts.schemas import Definition, SchemaEvent, SchemaState
from crosslook.contracts.topics import WEBHOOKS
from crosslook.integrations.catalog import integrations, object_slug
from crosslook.platform.kafka import Publisher
from crosslook.platform.log_store.protocol import LogStore
from tests.helpers.builders import schema_event

NOW = datetime.now(UTC).replace(microsecond=0)
NOW_MS = round(NOW.timestamp() * 1000)

SentMessage = tuple[bytes, bytes, tuple[tuple[str, bytes], ...]]
"""Key, value, headers."""


async def connect(
    schemas: LogStore, tenant: str, kind: str = "tiny", name: str = "", *, connected_at: datetime = NOW, **options: Any
) -> IntegrationState:
    """Connect an integration as schema_service does: its object first. Connecting again changes the options."""
    integration, name = integrations()[kind], name or kind
    slug = object_slug(integration, name) or str(options["object"])
    defined = integration.define(slug, options)
    if defined is not None:
        await bring(schemas, tenant, slug, defined)
    data = IntegrationState(
        tenant=tenant, name=name, kind=kind, object=slug, options=options, connected_at=connected_at
    )
    event = IntegrationEvent(id="1", source="/test", time=NOW, data=data)
    await schemas.put(data.key, event.encode())
    return data


async def bring(schemas: LogStore, tenant: str, slug: str, defined: Definition) -> None:
    """Have the object there: created, created once more after a deletion, or changed."""
    entry = schemas.get(f"{tenant}/{slug}")
    before = SchemaEvent.decode(entry.value).data if entry is not None else None
    if before is not None and before.definition == defined:
        return
    version = before.version + 1 if before is not None else 1
    since = before.since_version if before is not None and before.definition is not None else version
    state = SchemaState(tenant=tenant, object=slug, version=version, since_version=since, definition=defined)
    await schemas.put(f"{tenant}/{slug}", schema_event(state, time=NOW).encode())


def sent(tenant: str, name: str, record: str, body: Mapping[str, Any] | bytes, **headers: str) -> SentMessage:
    """A message as schema_service appends it. `headers`: the vendor's, with `_` for `-`."""
    value = body if isinstance(body, bytes) else orjson.dumps(body)
    named = {ORIGIN_HEADER: "webhook", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return WebhookKey(tenant, name, record).encode(), value, tuple((n, t.encode()) for n, t in named.items())


def tiny(tenant: str, event: str, record: str, kind: str, at: int = 0, **more: Any) -> SentMessage:
    """A message of the tiny integration, `at` milliseconds before now."""
    body = {"event": event, "record": record, "kind": kind, "at": NOW_MS - at, **more}
    return sent(tenant, "tiny", record, body)


async def post(publisher: Publisher, messages: Iterable[SentMessage]) -> None:
    """Append messages to the webhooks topic."""
    await publisher.publish(WEBHOOKS.name, list(messages))

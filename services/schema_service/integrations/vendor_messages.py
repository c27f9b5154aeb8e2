"""A vendor's message on its way to the webhooks topic: which record it is about, and what is written."""

from datetime import datetime
from typing import NamedTuple

from crosslook.contracts.ids import RECORD_ID_MAX
from crosslook.contracts.integrations import LIFE_HEADER, ORIGIN_HEADER, IntegrationState, WebhookKey
from crosslook.contracts.problems import Problem
from crosslook.contracts.values import milliseconds
from crosslook.integrations.catalog import kept_headers
from crosslook.integrations.interface import (
    Connection,
    Integration,
    MessageOrigin,
    Unmappable,
    VendorHeaders,
    WebhookMessage,
)
from crosslook.platform.bodies import LARGE_BYTES, aside
from crosslook.platform.logging import get_logger
from services.schema_service.intake import OutMessage

_LOG = get_logger(__name__)


class ReadMessage(NamedTuple):
    """A message, and the vendor's id of the record that it is about, "" where it is about none. `problem`: why it
    cannot be mapped."""

    message: WebhookMessage
    record: str
    problem: Problem | None = None


async def read_vendor_message(
    integration: Integration,
    state: IntegrationState,
    headers: VendorHeaders,
    body: bytes,
    origin: MessageOrigin,
    now: datetime,
) -> ReadMessage:
    """The message as the integration reads it. Whatever is wrong with it, it is only noted: the worker decides."""
    kept = {name: headers[name] for name in kept_headers(integration, state.options) if name in headers}
    connection = Connection(state.name, state.object, state.options)
    message = WebhookMessage(body, kept, origin, milliseconds(now), connection)
    return await aside(len(body) > LARGE_BYTES, lambda: _read(integration, message))


def topic_message(state: IntegrationState, read: ReadMessage) -> OutMessage:
    """What is written to the topic: the body as received, under the key of its record."""
    key = WebhookKey(state.tenant, state.name, read.record).encode()
    headers = [(ORIGIN_HEADER, read.message.origin.encode())]
    headers += [(LIFE_HEADER, state.life.encode())] if state.life else []
    headers += [(name, value.encode()) for name, value in read.message.headers.items()]
    return key, read.message.body, headers


def _read(integration: Integration, message: WebhookMessage) -> ReadMessage:
    try:
        facts = integration.facts(message)
    except Unmappable as error:
        return ReadMessage(message, _as_key(error.record), error.problem)
    except Exception:
        _LOG.exception("mapper_failed", integration=integration.manifest.kind)
        return ReadMessage(message, "")
    return ReadMessage(message, _as_key(facts[0].record) if facts else "")


def _as_key(record: str) -> str:
    """A record's id as a part of the key; "" for one that no record of ours can have."""
    return record if len(record) <= RECORD_ID_MAX and record.isprintable() else ""

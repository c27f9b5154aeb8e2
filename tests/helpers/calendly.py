"""Messages of a simulated Calendly account as the worker reads them."""

from collections.abc import Iterable
from random import Random
from typing import Any

import orjson

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.interface import Connection, FoldedState, MessageOrigin, WebhookMessage, WholeRecord
from crosslook.local.demo.calendly_account import CalendlyAccount
from tests.helpers.fact_sets import FactSet

CALENDLY = Connection("calendly", "calendly_booking")
SIGNING_KEY = "5mEzn9C-I28UtwOjZJtFoob0sAAFZ95GbZkqj4y3i0I"
RECEIVED_MS = 1_798_000_000_000
"""When the broker took a message: after all that an account does."""


def received(message: dict[str, Any] | bytes, origin: MessageOrigin = MessageOrigin.WEBHOOK) -> WebhookMessage:
    """A message as the worker reads it."""
    body = message if isinstance(message, bytes) else orjson.dumps(message)
    return WebhookMessage(body, {}, origin, RECEIVED_MS, CALENDLY)


def booked(**changes: Any) -> dict[str, Any]:
    """The documented message about somebody who booked. `changes`: of its payload."""
    account = CalendlyAccount(Random(5))  # noqa: S311  # examples, no secrets
    account.book("ada@example.com")
    message = account.messages[0]
    return {**message, "payload": {**message["payload"], **changes}}


def folded(*messages: dict[str, Any] | WebhookMessage, connection: Connection = CALENDLY) -> list[FoldedState]:
    """What the fold makes of all that the messages state, which are about one booking."""
    facts = FactSet(INTEGRATION, connection)
    facts.take(message if isinstance(message, WebhookMessage) else received(message) for message in messages)
    return facts.states(facts.facts()[0].record)


def whole(states: Iterable[FoldedState]) -> WholeRecord:
    """The one record among them."""
    (record,) = (state for state in states if isinstance(state, WholeRecord))
    return record

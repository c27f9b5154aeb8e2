"""Some days at a Zendesk and at a Calendly account, as messages of one tenant on the webhooks topic."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import orjson

from crosslook.contracts.integrations import ORIGIN_HEADER
from crosslook.integrations.catalog import integrations
from crosslook.integrations.interface import Connection, MessageOrigin, WebhookMessage
from crosslook.local.demo.calendly_account import CalendlyAccount, simulate_days
from crosslook.local.demo.zendesk_account import ZendeskAccount
from crosslook.local.demo.zendesk_shapes import MINUTE, true_fields
from tests.helpers.webhooks import NOW, NOW_MS, SentMessage, sent
from tests.helpers.zendesk_life import live

VENDORS = ("zendesk", "calendly")
_BEGAN = (NOW_MS - 7 * 86_400_000) * 1_000_000
_PAUSES = (MINUTE, 7 * MINUTE, 60 * MINUTE)


@dataclass(frozen=True, slots=True)
class VendorDays:
    """What happened. `truth`: by vendor and record the fields of every record that is not gone."""

    zendesk: ZendeskAccount
    calendly: CalendlyAccount

    @staticmethod
    def of(seed: int, actions: int) -> "VendorDays":
        """Days that follow from a seed, with so many actions at each vendor."""
        tickets, dice = ZendeskAccount(Random(seed)), Random(seed + 1)  # noqa: S311  # repeatable
        live(tickets, actions, at=_BEGAN, pauses=_PAUSES)
        bookings = CalendlyAccount(dice, now=NOW - timedelta(days=7), pace=timedelta(minutes=30))
        simulate_days(bookings, actions, ["ada@x.example", "grace@x.example"])
        return VendorDays(tickets, bookings)

    @property
    def truth(self) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
        """By vendor and record."""
        there = {ticket.id: true_fields(ticket) for ticket in self.zendesk.tickets.values() if not ticket.gone}
        return {"zendesk": there, "calendly": self.calendly.truth()}

    def messages(self, tenant: str) -> list[SentMessage]:
        """What the vendors posted, in the order in which it happened."""
        found = [_posted(tenant, "zendesk", document) for document in self.zendesk.messages]
        return found + [_posted(tenant, "calendly", document) for document in self.calendly.messages]

    def history(self, tenant: str) -> list[SentMessage]:
        """The items of the vendors' exports at the end of the days."""
        pages = [("zendesk", orjson.dumps(self.zendesk.export(metrics=True, users=True)))]
        pages += [("calendly", page) for page in self.calendly.pages()]
        return [message for vendor, page in pages for message in _exported(tenant, vendor, page)]


def _posted(tenant: str, vendor: str, document: Mapping[str, Any]) -> SentMessage:
    return _sent(tenant, vendor, json.dumps(document).encode(), MessageOrigin.WEBHOOK)  # numbers beyond 64 bits


def _exported(tenant: str, vendor: str, page: bytes) -> Iterable[SentMessage]:
    history = integrations()[vendor].history
    assert history is not None
    for item in history(page):
        assert item.problem is None
        yield _sent(tenant, vendor, item.body, MessageOrigin.HISTORY)


def _sent(tenant: str, vendor: str, body: bytes, origin: MessageOrigin) -> SentMessage:
    """As schema_service appends it: under the key of the record that it is about."""
    connection = Connection(vendor, integrations()[vendor].manifest.object or "")
    facts = integrations()[vendor].facts(WebhookMessage(body, {}, origin, NOW_MS, connection))
    key, value, _ = sent(tenant, vendor, facts[0].record if facts else "", body)
    return key, value, ((ORIGIN_HEADER, origin.encode()),)

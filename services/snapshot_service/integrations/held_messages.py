"""Decides whether messages of vendors that wait in quarantine would be mapped now."""

from crosslook.contracts.integrations import WebhookKey
from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Refused
from services.snapshot_service.domain.replaying import Held, RefuseHeld
from services.snapshot_service.domain.webhook_mapping import VendorMessage, map_message, unreadable_problem
from services.snapshot_service.integrations.connections import Connections


def refuse_held(connections: Connections) -> RefuseHeld:
    """The decision by the connections and mappers of the moment at which it is called."""

    def refused(held: Held, now_ms: int) -> Refused | None:
        message = VendorMessage(held.partition, held.offset, now_ms, held.key, held.payload, held.headers)
        key = WebhookKey.parse(held.key)
        found = connections.now(key.tenant, key.name) if key is not None else Problem("unreadable")
        return map_message(message, unreadable_problem(message) or found).refused

    return refused

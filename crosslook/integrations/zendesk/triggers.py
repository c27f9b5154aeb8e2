"""Facts from the one trigger template that Crosslook documents; other bodies are for the generic integration.

Placeholders render everything as text, times to the minute and no id of an event. So a fact is named by a hash of the
body, and the signed time of the request puts messages of one minute in order. A body that arrives again, signed anew or
not, counts as of its first signature: a repeat changes nothing.
"""

import hashlib
from typing import Any, Final

from crosslook.integrations.interface import Fact, JsonObject, WebhookMessage
from crosslook.integrations.zendesk.moments import MINUTE_MS, VendorMoment, optional_ms
from crosslook.integrations.zendesk.reading import (
    about_record,
    optional_object,
    required_id,
    required_object,
    unreadable,
    vendor_id,
)
from crosslook.integrations.zendesk.signature import ZENDESK_TIMESTAMP, signed_ms
from crosslook.integrations.zendesk.ticket_states import template_properties
from crosslook.integrations.zendesk.users import email_address, user_record

TEMPLATE_SOURCE: Final = "zendesk-trigger"
TRIGGER_FACT: Final = "trigger"


def is_template(document: Any) -> bool:
    """Whether a body is made by the documented template."""
    return isinstance(document, dict) and document.get("source") == TEMPLATE_SOURCE


def template_facts(document: JsonObject, message: WebhookMessage) -> list[Fact]:
    """What a body of the template states: the ticket's state, and the requester's e-mail. Raises Unmappable."""
    ticket = required_object(document, "ticket")
    record = required_id(ticket, "id", "ticket")
    with about_record(record):
        properties = template_properties(ticket)
        signed = signed_ms(message.headers.get(ZENDESK_TIMESTAMP, "")) or 0
        at = _moment(optional_ms(ticket.get("updated_at"), "ticket", "updated_at"), signed)
        requester = optional_object(document, "requester")
        user = vendor_id(requester.get("id"), "requester", "id")
        if user is not None:
            properties["requester"] = user
        key = f"{TRIGGER_FACT}:{hashlib.sha256(message.body).hexdigest()}"
        facts = [Fact(record, key, TRIGGER_FACT, at.ms, {"properties": properties}, at.order, -signed)]
        email = email_address(requester.get("email"))
        if user is not None and email is not None:
            facts.append(Fact(user_record(user), key, TRIGGER_FACT, at.ms, {"email": email}, at.order, -signed))
        return facts


def _moment(updated: int | None, signed: int) -> VendorMoment:
    """Since when it is true: when it was signed, within the minute of the last update. What is signed later, after a
    delay or by an automation, comes at the end of that minute, in the order of the signatures."""
    if updated is None:
        if not signed:
            raise unreadable("vendor_member_missing", "ticket", "updated_at", name="ticket.updated_at")
        return VendorMoment(signed)
    last = updated - updated % MINUTE_MS + MINUTE_MS - 1
    return VendorMoment(min(max(signed, updated), last), max(0, signed - last))

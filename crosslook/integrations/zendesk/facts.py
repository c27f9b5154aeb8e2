"""What a message of Zendesk states, whatever road it came by."""

from typing import Any

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.integrations.interface import Fact, MessageOrigin, WebhookMessage
from crosslook.integrations.zendesk.event_types import TICKET_DOMAIN, USER_DOMAIN, event_type
from crosslook.integrations.zendesk.events import ticket_event_facts
from crosslook.integrations.zendesk.export import export_facts
from crosslook.integrations.zendesk.reading import about_record, read_message, unreadable
from crosslook.integrations.zendesk.triggers import is_template, template_facts
from crosslook.integrations.zendesk.users import user_event_facts

_SHAPE = "an event of a Zendesk webhook, or a body of the documented trigger template"


def zendesk_facts(message: WebhookMessage) -> list[Fact]:
    """The facts of a message; none for types that are about neither tickets nor users. Raises Unmappable.

    A fact from the future is not taken: the record's event would be refused until that time.
    """
    facts = _facts(message)
    for fact in facts:
        if fact.time_ms > message.received_ms + FUTURE_TOLERANCE_MS:
            with about_record(fact.record):
                raise unreadable("from_the_future")
    return facts


def _facts(message: WebhookMessage) -> list[Fact]:
    document: Any = read_message(message.body)
    if message.origin is MessageOrigin.HISTORY:
        return export_facts(document)
    if is_template(document):
        return template_facts(document, message)
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        raise unreadable("vendor_shape", integration="zendesk", shape=_SHAPE)
    kind = event_type(document["type"])
    if kind.domain == TICKET_DOMAIN:
        return ticket_event_facts(document, kind)
    return user_event_facts(document, kind) if kind.domain == USER_DOMAIN else []

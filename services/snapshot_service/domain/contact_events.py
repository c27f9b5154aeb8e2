"""The events that make a contact of a person whom a vendor knows, or patch the one that is there. Pure.

A contact that we make has an id made of its e-mail, so that every integration of the tenant, every repeat and every
worker means the same one. Its base says the e-mail and nothing else and is older than anything; what the vendor knows
follows as a patch with the vendor's time. So the newest statement about each field counts, whatever came first, and
what others say of the contact later stays.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any

from crosslook.contracts.events import PATCHED, UPSERTED
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.values import email_key
from crosslook.integrations.publication import FoldVersion, RecordMessage, event_message
from services.snapshot_service.domain.fact_folding import ContactWish

_BASE = FoldVersion(round(datetime(1970, 1, 1, tzinfo=UTC).timestamp()), 0)


def contact_id(email: str) -> str:
    """The record of the contact that we make for an e-mail."""
    return f"email-{hashlib.sha256(email_key(email).encode()).hexdigest()[:32]}"


def contact_messages(wish: ContactWish, known: str | None) -> list[RecordMessage]:
    """The events for one person. `known`: the tenant's contact with this e-mail, None where there is none. Nothing for
    a person without an e-mail."""
    if not email_key(wish.email):
        return []
    record = known or contact_id(wish.email)
    named: dict[str, Any] = {"tenant": wish.tenant, "object": CONTACT, "record": record}
    events = []
    if known is None:
        base = {**named, "sequence": _BASE.sequence, "fields": {"email": email_key(wish.email)}}
        events.append(event_message(wish.source, UPSERTED, _BASE, base))
    fields = {slug: value for slug, value in wish.fields.items() if value not in (None, "") and slug != "email"}
    if fields:
        patch = {**named, "sequence": wish.version.sequence, "fields": fields}
        events.append(event_message(wish.source, PATCHED, wish.version, patch))
    return events

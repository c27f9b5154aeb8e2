"""Two small integrations for tests that are about no vendor: one that brings its object, one that fills the tenant's.

A courier posts `{"id", "parcel", "status", "at"}`, signed with the header `courier-signature`: hex of an HMAC-SHA256
over `courier-time` (RFC 3339), a dot and the body.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import Definition
from crosslook.integrations.interface import (
    CircuitBreaker,
    Connection,
    Fact,
    FoldedState,
    HistoryItem,
    Integration,
    IntegrationManifest,
    JsonObject,
    SignatureVerdict,
    Unmappable,
    VendorHeaders,
    WebhookMessage,
    WholeRecord,
)
from crosslook.integrations.signing import age_verdict, from_hex, signed

SECRET = "a courier's secret"
OPTIONS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "region": {"type": "string", "enum": ["north", "south"]},
        "extra": {
            "type": "array",
            "maxItems": 3,
            "items": {
                "type": "object",
                "properties": {
                    "slug": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
                    "type": {"type": "string", "enum": ["text", "number"]},
                },
                "required": ["slug"],
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
_TOLERANCE = timedelta(minutes=5)


def courier_headers(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    """What the courier sends with a body that it signs at an instant."""
    time = at.isoformat()
    signature = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return {"courier-time": time, "courier-signature": signature}


def _verify(
    headers: VendorHeaders, body: bytes, secrets: Sequence[str], now: datetime, options: JsonObject
) -> SignatureVerdict:
    time = headers.get("courier-time", "")
    right = signed(secrets, f"{time}.".encode() + body, [from_hex(headers.get("courier-signature", ""))])
    return age_verdict(datetime.fromisoformat(time), now, _TOLERANCE) if right else SignatureVerdict.BAD


def _define(slug: str, options: JsonObject) -> Definition:
    extra = [{"type": "text", **field, "label": field["slug"]} for field in options.get("extra", ())]
    fields = [{"slug": "status", "label": "Status", "type": "text"}, *extra]
    link = {"slug": "recipient", "label": "Recipient", "target": "contact"}
    return Definition.model_validate(
        {
            "object": slug,
            "labels": {"singular": "Parcel", "plural": "Parcels"},
            "fields": fields,
            "relationships": [link],
        }
    )


def _facts(message: WebhookMessage) -> list[Fact]:
    try:
        sent = orjson.loads(message.body)
        at = datetime.fromisoformat(sent["at"])
        return [Fact(sent["parcel"], sent["id"], "status", round(at.timestamp() * 1000), {"status": sent["status"]})]
    except (ValueError, KeyError, TypeError):
        raise Unmappable(Problem("wrong_type", "/parcel", "wrong_type.text")) from None


def _fold(facts: Sequence[Fact], connection: Connection) -> Iterator[FoldedState]:
    yield WholeRecord(facts[-1].record, {"status": facts[-1].data["status"]}, {})


def _history(page: bytes) -> list[HistoryItem]:
    try:
        items = orjson.loads(page)["parcels"]
    except (ValueError, KeyError, TypeError):
        raise Unmappable(Problem("wrong_type", "", "wrong_type.object")) from None
    return [
        HistoryItem(orjson.dumps(item), None if item else Problem("wrong_type", f"/parcels/{index}", "wrong_type.text"))
        for index, item in enumerate(items)
    ]


def _refuse_status(options: JsonObject) -> Iterator[Problem]:
    for index, field in enumerate(options.get("extra", ())):
        if field["slug"] == "status":
            yield Problem("duplicate_slug", f"/extra/{index}/slug", values={"name": "status"})


COURIER = Integration(
    IntegrationManifest(
        kind="courier",
        labels={"en": "Courier", "fr": "Coursier"},
        object="courier_parcel",
        options=OPTIONS,
        signed_by={"en": "HMAC-SHA256", "fr": "HMAC-SHA256 du corps"},
        answers={"en": "It tries again after 503.", "fr": "Il réessaie après 503."},
        headers=("courier-time",),
        limit=CircuitBreaker(share=0.7, least=100, errors=1000, seconds=300),
    ),
    verify=_verify,
    define=_define,
    facts=_facts,
    fold=_fold,
    history=_history,
    check=_refuse_status,
)
"""Brings the object courier_parcel."""

HERALD = Integration(
    IntegrationManifest(
        kind="herald",
        labels={"en": "Herald", "fr": "Héraut"},
        object=None,
        options={
            "type": "object",
            "properties": {"object": {"type": "string"}},
            "required": ["object"],
            "additionalProperties": False,
        },
        signed_by={"en": "HMAC-SHA256", "fr": "HMAC-SHA256"},
        answers={"en": "It never tries again.", "fr": "Il ne réessaie jamais."},
    ),
    verify=_verify,
    define=lambda slug, options: None,
    facts=_facts,
    fold=_fold,
    headers=lambda options: ("courier-time",),
)
"""Fills an object of the tenant, and has no history."""

TINY_VENDORS: Mapping[str, Integration] = {"courier": COURIER, "herald": HERALD}


def parcel(number: int, status: str = "sent", at: str = "2026-11-24T21:00:00Z") -> bytes:
    """A message of the courier."""
    return orjson.dumps({"id": f"e{number}", "parcel": f"p{number}", "status": status, "at": at})

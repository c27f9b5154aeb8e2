"""The smallest integration that has everything: a counter, chains of records, users with aliases, and contacts.

A message is `{"event": id, "record": id, "kind": …, "at": milliseconds}` with `from` (the record that this one
continues), `status`, `user`, `email` or `name`. A chain is stated from one end only.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import Definition, FieldDef, FieldType, Labels, RelationshipDef
from crosslook.integrations.interface import (
    Connection,
    ContactDetails,
    Fact,
    FoldedState,
    Integration,
    IntegrationManifest,
    RecordGone,
    SignatureVerdict,
    Unmappable,
    UserAlias,
    WebhookMessage,
    WholeRecord,
)
from crosslook.integrations.signing import from_hex, signed

TINY_KINDS = ("opened", "reopened", "changed", "moved", "user", "person")
TINY_FIELDS = {"status": FieldType.TEXT, "reopens": FieldType.NUMBER, "moves": FieldType.NUMBER}


def tiny_facts(message: WebhookMessage) -> Sequence[Fact]:
    """What a message states."""
    try:
        body = orjson.loads(message.body)
    except orjson.JSONDecodeError as error:
        raise Unmappable(Problem("not_json", text="not_json.event", values={"reason": str(error)})) from error
    kind = body["kind"]
    if kind == "nothing":
        return ()
    if kind not in TINY_KINDS:
        raise Unmappable(Problem("unknown_field", values={"name": kind, "object": "tiny"}), str(body["record"]))
    said = {name: body[name] for name in ("status", "user", "email", "name", "by") if name in body}
    related = (body["from"],) if kind == "moved" else ()
    return (Fact(body["record"], body["event"], kind, body["at"], said, body.get("order", 0), related=related),)


def fold_tiny(facts: Sequence[Fact], connection: Connection) -> Iterable[FoldedState]:
    """A chain is one record under the least of its ids; the others are gone."""
    if (last := facts[-1]).kind == "user":
        yield UserAlias(connection.foreign_id(last.data["user"]), (f"email:{last.data['email']}",))
        return
    if last.kind == "person":
        yield ContactDetails(last.data["email"], {"first_name": last.data["name"]})
        return
    ids = sorted({fact.record for fact in facts} | {other for fact in facts for other in fact.related})
    statuses = [fact.data["status"] for fact in facts if "status" in fact.data]
    counts = {f"{kind}s": sum(fact.kind == kind for fact in facts) for kind in ("reopened", "moved")}
    factor = connection.options.get("factor", 1)
    fields = {"reopens": counts["reopeneds"] * factor, "moves": counts["moveds"] * factor}
    if statuses:
        fields["status"] = statuses[-1]
    users = [fact.data["by"] for fact in facts if "by" in fact.data]
    references = [{"external": connection.foreign_id(user)} for user in users[-1:]]
    yield WholeRecord(ids[0], fields, {"requester": references} if references else {})
    for gone in ids[1:]:
        yield RecordGone(gone)


def define_tiny(slug: str, options: Mapping[str, Any]) -> Definition:
    """Its object."""
    fields = tuple(FieldDef(slug=name, type=kind) for name, kind in TINY_FIELDS.items())
    requester = RelationshipDef(slug="requester", target="contact")
    labels = Labels(singular="Tiny", plural="Tinies")
    return Definition(object=slug, labels=labels, fields=fields, relationships=(requester,))


def verify_tiny(
    headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime, options: Mapping[str, Any]
) -> SignatureVerdict:
    """A hexadecimal HMAC of the body."""
    right = signed(secrets, body, [from_hex(headers.get("x-tiny-signature", ""))])
    return SignatureVerdict.VALID if right else SignatureVerdict.BAD


FACTOR = {
    "type": "integer",
    "title": "Factor",
    "description": "What each number is multiplied by.",
    "x-fr": {"title": "Facteur", "description": "Ce par quoi chaque nombre est multiplié."},
}
TINY_MANIFEST = IntegrationManifest(
    kind="tiny",
    labels={"en": "Tiny", "fr": "Minuscule"},
    object="tiny_ticket",
    options={"type": "object", "properties": {"factor": FACTOR}, "additionalProperties": False},
    signed_by={"en": "HMAC", "fr": "HMAC"},
    answers={"en": "It retries.", "fr": "Il réessaie."},
)
INTEGRATION = Integration(TINY_MANIFEST, verify_tiny, define_tiny, tiny_facts, fold_tiny)

"""Builders of contract values: each has defaults that a test overrides by name."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.manifests import Entry, Manifest
from crosslook.contracts.schemas import (
    SCHEMA_CHANGED,
    SCHEMA_CREATED,
    SCHEMA_DELETED,
    Definition,
    FieldDef,
    FieldType,
    Labels,
    RelationshipDef,
    SchemaEvent,
    SchemaState,
)

AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
"""The instant of a snapshot unless a test says otherwise."""
STATUS = FieldDef(slug="status", type=FieldType.TEXT)
SCORE = FieldDef(slug="score", type=FieldType.NUMBER)
REQUESTER = RelationshipDef(slug="requester", target="contact")
WATCHERS = RelationshipDef(slug="watchers", target="contact", many=True)

Event = dict[str, Any]
"""A structured CloudEvent."""
_KINDS = {"upsert": "upserted", "patch": "patched", "delete": "deleted"}


def fields(**kinds: str) -> tuple[FieldDef, ...]:
    """Fields by their slugs: `fields(status="text")`."""
    return tuple(FieldDef(slug=slug, type=FieldType(kind)) for slug, kind in kinds.items())


def definition(
    *fields: FieldDef, name: str = "ticket", label: str = "", relationships: tuple[RelationshipDef, ...] = ()
) -> Definition:
    """An object with these fields; tickets unless it has another name."""
    singular = label or name.capitalize()
    labels = Labels(singular=singular, plural=f"{singular}s")
    return Definition(object=name, labels=labels, fields=fields, relationships=relationships)


REPORTED_FIELDS = fields(
    subject="text",
    status="dropdown",
    csat="number",
    amount="currency",
    due_on="date",
    opened_at="datetime",
    tags="multiselect",
    urgent="boolean",
)
"""One field of each type that reports treat alike or apart."""


def without_fields(defined: Definition, *slugs: str) -> Definition:
    """The definition before these fields were added."""
    sent = defined.model_dump(exclude_unset=True)
    kept = [field for field in sent["fields"] if field["slug"] not in slugs]
    return Definition.model_validate({**sent, "fields": kept})


def object_key(tenant: str, name: str = "ticket") -> ObjectKey:
    """An object of a tenant."""
    return ObjectKey(TenantId(tenant), ObjectSlug(name))


def state(
    defined: Definition | None, tenant: str = "acme", *, name: str = "ticket", version: int = 1, **changes: Any
) -> SchemaState:
    """An object as its schema stands; one that is deleted has no definition and needs a `name`."""
    slug = defined.object if defined is not None else name
    return SchemaState(tenant=tenant, object=slug, version=version, definition=defined, **changes)


def schema_event(of: SchemaState, **changes: Any) -> SchemaEvent:
    """The event that publishes a state."""
    changed = SCHEMA_CREATED if of.version == 1 else SCHEMA_CHANGED
    kind = SCHEMA_DELETED if of.definition is None else changed
    parts = {"id": f"{of.key}-{of.version}", "source": "/test", "type": kind, "time": AS_OF, "data": of}
    return SchemaEvent(**{**parts, **changes})


def entry(defined: Definition, tenant: str = "acme", **changes: Any) -> Entry:
    """An object as a snapshot has it: one live record, written by build 7."""
    parts: Mapping[str, Any] = {
        "layout": layout_of(defined).id,
        "build": 7,
        "rows": 1,
        "deleted": 0,
        "unresolved": 0,
        "schema_version": 1,
    }
    return Entry(tenant=tenant, object=defined.object, definition=defined, **{**parts, **changes})


def manifest(number: int = 1, **changes: Any) -> Manifest:
    """Snapshot `s<number>`, published at once and empty."""
    parts = {
        "snapshot": f"s{number}",
        "run": f"r{number}",
        "sequence": number,
        "build": number,
        "as_of": AS_OF,
        "published_at": changes.get("as_of", AS_OF),
        "watermark": {},
        "schema_offset": 0,
        **dict.fromkeys(("objects", "rows", "rebuilt", "carried"), 0),
    }
    return Manifest.model_validate({**parts, **changes})


def event(
    tenant: str,
    name: str,
    record: str,
    fields: dict[str, Any] | None = None,
    *,
    event_id: str,
    time: datetime,
    kind: str = "upsert",
    **data: Any,
) -> Event:
    """A structured CloudEvent about one record."""
    body = {"tenant": tenant, "object": name, "record": record, **data}
    if kind != "delete":
        body["fields"] = fields or {}
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "/test",
        "type": f"crosslook.record.{_KINDS[kind]}.v1",
        "time": time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "data": body,
    }


def any_event(tenant: str, name: str) -> Event:
    """The first upsert of a record of an object, without fields."""
    return event(tenant, name, "r1", event_id=name, time=datetime(2026, 1, 1, tzinfo=UTC))

"""Object schemas as services exchange them: the definition, its state on the topic, the built-in contact."""

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Final, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

from crosslook.contracts.documents import read_document
from crosslook.contracts.ids import CONTACT, ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.quotas import TenantQuotas

SCHEMA_CREATED: Final = "crosslook.schema.created.v1"
SCHEMA_CHANGED: Final = "crosslook.schema.changed.v1"
SCHEMA_DELETED: Final = "crosslook.schema.deleted.v1"
SchemaEventType = Literal["crosslook.schema.created.v1", "crosslook.schema.changed.v1", "crosslook.schema.deleted.v1"]
TENANT_CHANGED: Literal["crosslook.tenant.changed.v1"] = "crosslook.tenant.changed.v1"
TENANT_PREFIX: Final = "~tenant/"
"""Tenant events stand under `~tenant/<tenant>` on the schemas topic."""
DEFAULT_PLAN: Final = "default"
"""The plan of a tenant that was given none."""


class FieldType(StrEnum):
    """The closed list of CONTRACTS 2. A field's type never changes."""

    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    CURRENCY = "currency"
    DATE = "date"
    DATETIME = "datetime"
    DROPDOWN = "dropdown"
    MULTISELECT = "multiselect"
    BOOLEAN = "boolean"


class Contract(BaseModel):
    """Base of published documents: immutable. Readers ignore unknown members; the API refuses them."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class OptionDef(Contract):
    """One choice of a dropdown or multiselect."""

    value: str
    label: str = ""


class FieldDef(Contract):
    """One named, typed field of an object. `scale` (digits shown) is for display only. `personal`: reports show its
    values only to callers who may read records."""

    slug: str
    label: str = ""
    type: FieldType
    description: str = ""
    required: bool = False
    options: tuple[OptionDef, ...] = ()
    scale: int | None = None
    currency: str | None = None
    personal: bool = False


class RelationshipDef(Contract):
    """A link to another object. Only target `contact` is joinable; `many` = false means one contact per record."""

    slug: str
    label: str = ""
    description: str = ""
    target: str
    many: bool = False


class Labels(Contract):
    """The display names of one record and of several records."""

    singular: str
    plural: str


class Definition(Contract):
    """The definition of an object by its tenant: fields, relationships, labels."""

    object: str
    labels: Labels
    description: str = ""
    fields: tuple[FieldDef, ...] = ()
    relationships: tuple[RelationshipDef, ...] = ()

    @cached_property
    def field_by_slug(self) -> dict[str, FieldDef]:
        """Fields by slug."""
        return {field.slug: field for field in self.fields}

    @cached_property
    def relationship_by_slug(self) -> dict[str, RelationshipDef]:
        """Relationships by slug."""
        return {relationship.slug: relationship for relationship in self.relationships}

    @property
    def contact_relationships(self) -> tuple[RelationshipDef, ...]:
        """The relationships a report may join over (R7)."""
        return tuple(r for r in self.relationships if r.target == CONTACT)

    @property
    def reportable(self) -> bool:
        """Whether reports offer the object: contact itself, or one with a relationship to contact (R5)."""
        return self.object == CONTACT or bool(self.contact_relationships)


class RemovedSlug(Contract):
    """A field or relationship that is gone from `version` on, and what it was.

    Until a snapshot has passed that version its slug means nothing else: events and reports still know it. A field has
    its `type`; a relationship has none, but `target` and `many`.
    """

    slug: str
    version: Annotated[int, Field(ge=1)]
    type: FieldType | None = None
    target: str | None = None
    many: bool = False


class RemovedPersonal(Contract):
    """A field that was personal when it went, last at `version`."""

    slug: str
    version: Annotated[int, Field(ge=1)]


class SchemaState(Contract):
    """The `data` of a schema event: the whole state of one object. `definition` is absent once it is deleted.

    `since_version`: the version at which this object was created. Versions of a name go on when it is used again after
    a deletion, so an event admitted under a lower version belongs to an earlier object of that name and is left out.
    `reportable_since`: the version from which it has had a relationship to contact without a break; None while it has
    none. `removed`: slugs that some retained snapshot may still show. `removed_personal`: every slug that was personal
    when it went, also with an earlier object of that name; none is forgotten.
    """

    tenant: str
    object: str
    version: Annotated[int, Field(ge=1)]
    since_version: Annotated[int, Field(ge=1)] = 1
    reportable_since: Annotated[int, Field(ge=1)] | None = None
    definition: Definition | None = None
    integration: str | None = None
    removed: tuple[RemovedSlug, ...] = ()
    removed_personal: tuple[RemovedPersonal, ...] = ()

    @property
    def key(self) -> ObjectKey:
        """The key of the state on its topic."""
        return ObjectKey(TenantId(self.tenant), ObjectSlug(self.object))


class TenantState(Contract):
    """The `data` of a tenant event: whether the tenant may use Crosslook, on which plan, and with which quotas of its
    own. The plan `default` is that of tenants without one."""

    tenant: str
    plan: str = DEFAULT_PLAN
    status: Literal["active", "suspended"] = "active"
    quotas: TenantQuotas = TenantQuotas()


class SchemaEvent(Contract):
    """A structured CloudEvent on `crosslook-schemas`; the last one of a key is the object's state."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: SchemaEventType
    time: datetime
    datacontenttype: str = "application/json"
    createdtime: datetime | None = None
    """Extension attribute: when the object first appeared; None means at `time`."""
    idempotencykey: str | None = None
    """Extension attribute: the `Idempotency-Key` of the request that made the object."""
    idempotencyhash: str | None = None
    """Extension attribute: fingerprint of that request's body, so that the key is not taken for another one."""
    data: SchemaState

    def encode(self) -> bytes:
        """The value on the topic; the definition as it was sent."""
        event = self.model_dump(mode="json", exclude_none=True)
        if self.data.definition is not None:
            event["data"]["definition"] = definition_json(self.data.definition)
        for name in ("removed", "removed_personal"):
            if not event["data"][name]:
                del event["data"][name]
        return orjson.dumps(event)

    @staticmethod
    def decode(value: bytes) -> "SchemaEvent":
        """The event. Raises UnreadableDocument."""
        return read_document(SchemaEvent, value)


class TenantEvent(Contract):
    """A structured CloudEvent about a tenant, under `~tenant/<tenant>` on the schemas topic."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: Literal["crosslook.tenant.changed.v1"] = TENANT_CHANGED
    time: datetime
    datacontenttype: str = "application/json"
    data: TenantState

    def encode(self) -> bytes:
        """The value on the topic; quotas that are not set are left out."""
        event = self.model_dump(mode="json")
        event["data"]["quotas"] = self.data.quotas.given
        if not event["data"]["quotas"]:
            del event["data"]["quotas"]
        return orjson.dumps(event)


def decode_tenant(value: bytes) -> TenantState:
    """The tenant's state from its event. Raises UnreadableDocument."""
    return read_document(TenantEvent, value).data


BUILT_IN_CONTACT_FIELDS: tuple[FieldDef, ...] = (
    FieldDef(slug="email", label="Email", type=FieldType.TEXT),
    FieldDef(slug="first_name", label="First name", type=FieldType.TEXT),
    FieldDef(slug="last_name", label="Last name", type=FieldType.TEXT),
    FieldDef(slug="phone", label="Phone", type=FieldType.TEXT),
    FieldDef(slug="country", label="Country", type=FieldType.TEXT),
    FieldDef(slug="created_at", label="Created", type=FieldType.DATETIME),
)

BUILT_IN_CONTACT = Definition(
    object=CONTACT,
    labels=Labels(singular="Contact", plural="Contacts"),
    description="",
    fields=BUILT_IN_CONTACT_FIELDS,
    relationships=(),
)
"""Every tenant's contact until it adds fields of its own; it stands at version 1 without being on the topic."""


def built_in_contact(tenant: str) -> SchemaState:
    """The contact definition of a tenant that has not changed it."""
    return SchemaState(tenant=tenant, object=CONTACT, version=1, reportable_since=1, definition=BUILT_IN_CONTACT)


def definition_json(definition: Definition) -> dict[str, Any]:
    """A definition as its API shows it: with the members that were sent, and no others."""
    return definition.model_dump(mode="json", exclude_unset=True)

"""Ids that all services share, and the function that turns them into Kafka keys."""

import re
from dataclasses import dataclass
from typing import NewType

TenantId = NewType("TenantId", str)
ObjectSlug = NewType("ObjectSlug", str)
FieldSlug = NewType("FieldSlug", str)
RecordId = NewType("RecordId", str)
SnapshotId = NewType("SnapshotId", str)
RunId = NewType("RunId", str)

CONTACT = ObjectSlug("contact")
"""The built-in object, the only one a report may join."""

SLUG = re.compile(r"^[a-z][a-z0-9_]{0,62}\Z")
"""Objects, fields and relationships (CONTRACTS 2)."""

TENANT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}\Z")
"""No slash, so that `tenant/object/record` has one reading."""

SLUG_MAX = 63
TENANT_MAX = 63
RECORD_ID_MAX = 200
EVENT_ID_MAX = 256


@dataclass(frozen=True, slots=True, order=True)
class ObjectKey:
    """Names one object of one tenant: the key of the schemas topic."""

    tenant: TenantId
    object: ObjectSlug

    def __str__(self) -> str:
        return f"{self.tenant}/{self.object}"

    @staticmethod
    def parse(key: str) -> "ObjectKey | None":
        """The inverse of `str`; None when the text is not an object key."""
        tenant, slash, slug = key.partition("/")
        if not slash or not TENANT.match(tenant) or not SLUG.match(slug):
            return None
        return ObjectKey(TenantId(tenant), ObjectSlug(slug))


def record_key(tenant: str, object_slug: str, record: str) -> bytes:
    """The Kafka key of a record event: all events of one record share a partition, so they are ordered."""
    return f"{tenant}/{object_slug}/{record}".encode()

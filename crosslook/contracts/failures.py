"""The objects of a snapshot that show previous data because their build failed."""

from typing import Any

from crosslook.contracts.ids import ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.schemas import Contract

ALL_OBJECTS = "*"
"""The object of a `FailedObject` that stands for a whole tenant."""


class FailedObject(Contract):
    """An object that kept its previous entry, or that has none yet, and from where its next build must read staging.

    In snapshots of releases in which a tenant failed as a whole, `object` is `ALL_OBJECTS`.
    """

    tenant: str
    object: str
    reason: str
    watermark: dict[int, int]

    @property
    def key(self) -> ObjectKey:
        """Which object of which tenant."""
        return ObjectKey(TenantId(self.tenant), ObjectSlug(self.object))


def with_failed_tenants(manifest: Any) -> Any:
    """A manifest's JSON with the tenants that failed as a whole, which stand under `failed` up to commit 5821802, among
    its failed objects: to ignore them would lose the events that they missed."""
    if not isinstance(manifest, dict) or not isinstance(failed := manifest.get("failed"), list):
        return manifest
    tenants = [{**tenant, "object": ALL_OBJECTS} if isinstance(tenant, dict) else tenant for tenant in failed]
    return {**manifest, "failed_objects": [*manifest.get("failed_objects", ()), *tenants]}

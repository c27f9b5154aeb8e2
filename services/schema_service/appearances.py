"""Gathers what the snapshots know of an object: the facts from which `domain.reports` decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.schemas import TENANT_PREFIX
from crosslook.platform.errors import StateUnreadable
from crosslook.platform.feeds import SchemaFeed, SchemaRecord, SnapshotFeed
from services.schema_service.domain.reports import Failure, Seen, Sighting


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to where one snapshot has read the schemas topic."""

    as_of: datetime
    position: int


@dataclass(frozen=True, slots=True)
class TenantCuts:
    """The snapshots that refreshed one tenant, the newest first; and the current one's reason and cut if it did not."""

    good: tuple[Cut, ...]
    failed: tuple[str, Cut] | None = None


class Appearances:
    """Where objects were seen. A view of two feeds; it keeps nothing."""

    def __init__(self, schemas: SchemaFeed, snapshots: SnapshotFeed) -> None:
        self._schemas = schemas
        self._snapshots = snapshots

    def cuts(self, tenant: str) -> TenantCuts:
        """The tenant's snapshots as far as they are retained, from the current one back along what each was built on.

        A snapshot in which the tenant failed shows the entries of the one before, so it is passed over. Raises
        StateUnreadable.
        """
        good: list[Cut] = []
        failed = None
        for manifest in self._lineage():
            cut = Cut(manifest.as_of, manifest.schema_offset)
            failure = manifest.failure_of(tenant)
            if failure is None:
                good.append(cut)
            elif failed is None and not good:
                failed = (failure.reason, cut)
        return TenantCuts(tuple(good), failed)

    def seen(self, record: SchemaRecord, cuts: TenantCuts) -> Seen:
        """What these snapshots know of one object of the same tenant."""
        sightings = tuple(Sighting(cut.as_of, self._version_at(record, cut.position)) for cut in cuts.good)
        if cuts.failed is None:
            return Seen(sightings)
        reason, cut = cuts.failed
        return Seen(sightings, Failure(reason, self._version_at(record, cut.position)))

    def _lineage(self) -> Iterator[Manifest]:
        """Raises StateUnreadable where it has a hole: what stood in a lost snapshot might be taken for gone."""
        if self._snapshots.lost() is not None:
            raise StateUnreadable
        manifest = self._snapshots.current()
        passed: set[str] = set()
        while manifest is not None and manifest.snapshot not in passed:
            yield manifest
            passed.add(manifest.snapshot)
            manifest = self._snapshots.manifest(manifest.previous) if manifest.previous is not None else None

    def _version_at(self, record: SchemaRecord, position: int) -> int | None:
        version = record.entry.version_at(position) if record.entry is not None else None
        if version is None and record.state.object == CONTACT:
            return 1 if self._tenant_known_at(record.state.tenant, position) else None
        return version

    def _tenant_known_at(self, tenant: str, position: int) -> bool:
        """The built-in contact is on no topic: it is there from the first trace of its tenant."""
        entries = [record.entry for record in self._schemas.records(tenant)]
        entries.append(self._schemas.view.get(f"{TENANT_PREFIX}{tenant}"))
        return any(entry is not None and entry.version_at(position) is not None for entry in entries)

"""Gathers what the snapshots record about an object, for `domain.reports`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.schemas import TENANT_PREFIX
from crosslook.platform.errors import StateUnreadable
from crosslook.platform.feeds import SchemaFeed, SchemaRecord, SnapshotFeed
from services.schema_service.domain.reports import Failure, Seen, Sighting


@dataclass(frozen=True, slots=True)
class SnapshotCut:
    """The position up to which a snapshot has read the schemas topic, and why it shows previous data of a tenant,
    by their names."""

    as_of: datetime
    position: int
    failed: Mapping[str, str]


class Appearances:
    """In which snapshots objects appear. A view of two feeds, without state of its own."""

    def __init__(self, schemas: SchemaFeed, snapshots: SnapshotFeed) -> None:
        self._schemas = schemas
        self._snapshots = snapshots

    def cuts(self, tenant: str) -> list[SnapshotCut]:
        """What the snapshots say of a tenant as far as they are retained, from the current one back along what each was
        built on. Raises StateUnreadable.
        """
        return [
            SnapshotCut(
                manifest.as_of,
                manifest.schema_offset,
                {name: why.reason for name, why in manifest.failures_of(tenant).items()},
            )
            for manifest in self._lineage()
        ]

    def seen(self, record: SchemaRecord, cuts: Sequence[SnapshotCut]) -> Seen:
        """What these snapshots know of one object of the same tenant.

        A snapshot in which the object failed shows its entry of the one before, so it is passed over.
        """
        name = record.state.object
        good = [cut for cut in cuts if name not in cut.failed]
        sightings = tuple(Sighting(cut.as_of, self._version_at(record, cut.position)) for cut in good)
        if not cuts or name not in cuts[0].failed:
            return Seen(sightings)
        return Seen(sightings, Failure(cuts[0].failed[name], self._version_at(record, cuts[0].position)))

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

"""Catalogs by tenant and snapshot: read from `snapshot_entries` at first use, cached while they are used."""

from collections.abc import Mapping

from cachetools import LRUCache

from crosslook.contracts.manifests import ENTRY_COLUMNS, Entry, Manifest, UnreadableEntry, read_entries
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import SchemaState
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.errors import AppError, Conflict, NotFound, StateUnreadable, Unavailable
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import Meters
from crosslook.platform.single_flight import SingleFlight
from crosslook.platform.store_refusals import store_refusal
from services.query_service.catalog.cache import keep
from services.query_service.catalog.live_schemas import LiveSchemas
from services.query_service.catalog.snapshot_check import SnapshotCheck
from services.query_service.domain.catalog import Catalog, build_catalog
from services.query_service.domain.query import CURRENT, PREVIOUS, Name

_LOG = get_logger(__name__)
_OBJECT, _FIELD, _OPTION = 2500, 800, 600
_CATCH_UP_SECONDS = 2.0
_ENTRIES = (
    f"SELECT {', '.join(name for name, _ in ENTRY_COLUMNS)} FROM snapshot_entries "  # noqa: S608  # our own columns
    "WHERE snapshot = {snapshot:String} AND tenant = {tenant:String}"
)


def weight_of(catalog: Catalog) -> int:
    """About how many bytes a catalog takes: as was measured, most of it is for fields and their options."""
    definitions = [one.definition for one in catalog.explores.values()] + list(catalog.not_reportable.values())
    options = sum(len(field.options) for one in definitions for field in one.fields)
    fields = sum(len(one.fields) + len(one.relationships) for one in definitions)
    return _OBJECT * len(definitions) + _FIELD * fields + _OPTION * options


class CatalogFeed:
    """The catalogs of the current and of retained snapshots, and the current schemas."""

    def __init__(
        self,
        snapshots: SnapshotFeed,
        schemas: LiveSchemas,
        clickhouse: ClickHouse,
        check: SnapshotCheck,
        schedule: Schedule,
        clock: Clock,
        kept_bytes: int,
        meters: Meters,
    ) -> None:
        self._snapshots = snapshots
        self._schemas = schemas
        self._clickhouse = clickhouse
        self._check = check
        self._schedule = schedule
        self._clock = clock
        self._meters = meters
        self._kept: LRUCache[tuple[str, str], Catalog] = LRUCache(kept_bytes, weight_of)
        self._loading: SingleFlight[tuple[str, str], Catalog] = SingleFlight()

    def require_tenant(self, tenant: str) -> None:
        """Raises NotFound for a tenant that does not exist, StateUnreadable where nobody knows."""
        if not self._schemas.tenant_known(tenant):
            if self._schemas.tenant_lost(tenant):
                raise StateUnreadable
            raise NotFound(Problem("unknown_tenant", values={"tenant": tenant}))

    def standing(self, tenant: str) -> tuple[int, int]:
        """A value that changes whenever a request may mean something else: after a snapshot or a schema change."""
        return self._snapshots.revision, self._schemas.revision(tenant)

    def live(self, tenant: str) -> Mapping[str, SchemaState]:
        """The tenant's current schemas, deleted objects and contact included, by object; without `lost`."""
        return self._schemas.states(tenant)

    def lost(self, tenant: str) -> frozenset[str]:
        """Objects of the tenant whose schemas cannot be read: nothing can be said of their changes."""
        return self._schemas.lost(tenant)

    def current(self) -> Manifest | None:
        """The current snapshot, None before the first one. Raises StateUnreadable where there is one and none can be
        read, Unavailable where there was one and it was lost."""
        current = self._snapshots.current()
        if current is None and self._snapshots.lost() is not None:
            raise StateUnreadable
        if current is None:
            self._check.require_no_loss()
        return current

    def manifest(self, asked: Name) -> Manifest:
        """The snapshot asked for: `current`, `previous` or an id.

        Raises Conflict `no_snapshot` before the first one, NotFound `unknown_snapshot`, AppError `snapshot_expired`,
        StateUnreadable, Unavailable.
        """
        current = self.current()
        if current is None:
            due = self._schedule.next_after(self._clock.now())
            raise Conflict(Problem("no_snapshot", values={"next": due.isoformat(timespec="seconds")}))
        if asked.text == CURRENT:
            return current
        return self._named((current.previous or PREVIOUS) if asked.text == PREVIOUS else asked.text, asked)

    async def find(self, asked: Name) -> Manifest:
        """As `manifest`, once more at the log's end where there is no such snapshot: another replica may have answered
        from it a moment ago."""
        try:
            return self.manifest(asked)
        except NotFound:
            try:
                await self._snapshots.view.catch_up(_CATCH_UP_SECONDS)
            except LogUnavailable as error:
                raise Unavailable("snapshots_log") from error
            return self.manifest(asked)

    def before(self, manifest: Manifest, asked: Name) -> Manifest:
        """The snapshot before this one. Raises NotFound `unknown_snapshot`, AppError `snapshot_expired`."""
        return self._named(manifest.previous or PREVIOUS, asked)

    def _named(self, named: str, asked: Name) -> Manifest:
        found = self._snapshots.manifest(named)
        if found is not None:
            return found
        if self._snapshots.lost(named) is not None:
            raise StateUnreadable
        shown = {"snapshot": asked.text[:100]}
        if self._was_there(named):
            raise AppError(Problem("snapshot_expired", asked.pointer, values=shown), status=410)
        raise NotFound(Problem("unknown_snapshot", asked.pointer, "unknown_snapshot.query", shown))

    async def require(self, manifest: Manifest) -> None:
        """Raises Unavailable where entries of the snapshot are missing, and what `store_refusal` makes of an error."""
        await self._check.require(manifest)

    async def catalog(self, tenant: str, manifest: Manifest) -> Catalog:
        """The tenant's catalog of a snapshot. Raises Unavailable where entries of the snapshot are missing: a tenant
        without entries must not be taken for one without objects; what `store_refusal` makes of an error of the engine.
        """
        await self._check.require(manifest)
        key = (tenant, manifest.snapshot)
        known = self._kept.get(key)
        return known if known is not None else await self._loading.join(key, lambda: self._load(tenant, manifest))

    async def _load(self, tenant: str, manifest: Manifest) -> Catalog:
        entries, unreadable = await self._entries(tenant, manifest.snapshot)
        for entry in unreadable:
            _LOG.error("entry_unreadable", tenant=tenant, object=entry.key.object, cause=entry.cause)
        loaded = build_catalog(tenant, manifest.snapshot, entries, (entry.key.object for entry in unreadable))
        if not unreadable:  # an operator may mend the others at any time
            keep(self._kept, (tenant, manifest.snapshot), loaded)
        return loaded

    def _was_there(self, snapshot: str) -> bool:
        published = {run.snapshot for run in self._snapshots.runs()}
        return snapshot in published | {one.previous for one in self._snapshots.manifests()}

    async def _entries(self, tenant: str, snapshot: str) -> tuple[list[Entry], list[UnreadableEntry]]:
        try:
            rows = await self._clickhouse.query(_ENTRIES, {"snapshot": snapshot, "tenant": tenant})
        except ClickHouseError as error:
            raise store_refusal(error, self._meters) from error
        return read_entries(rows.dicts())

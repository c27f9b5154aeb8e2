"""Catalogs by tenant and snapshot, and the current schemas: read when they are first needed, kept while they are used.
Of ten thousand tenants few are needed at a time."""

from collections.abc import Mapping

from cachetools import LRUCache

from crosslook.contracts.ids import TENANT, ObjectKey
from crosslook.contracts.manifests import ENTRY_COLUMNS, Entry, Manifest, UnreadableEntry, read_entries
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import (
    TENANT_PREFIX,
    SchemaEvent,
    SchemaState,
    TenantEvent,
    TenantState,
    built_in_contact,
    decode_tenant,
)
from crosslook.platform.caching import SingleFlight, keep
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.errors import AppError, Conflict, NotFound, StateUnreadable, Unavailable
from crosslook.platform.feeds import SnapshotFeed
from crosslook.platform.log_store.fold import unknown
from crosslook.platform.log_store.protocol import LogChange, LogUnavailable, LogView
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import Meters
from crosslook.platform.store_refusals import store_refusal
from services.query_service.catalog.freshness import SnapshotCheck
from services.query_service.domain.catalog import Catalog, build_catalog
from services.query_service.domain.query import CURRENT, PREVIOUS, Name

States = dict[str, SchemaState]
_READ_FACTOR = 8
"""A schema takes about so many times the bytes of its text."""


class LiveSchemas:
    """The schemas topic by tenant: texts as they came, states for those that were asked about last.

    Says the same as SchemaFeed, which keeps every state."""

    def __init__(self, view: LogView, *, tenants_open: bool, kept_bytes: int) -> None:
        self._view = view
        self._open = tenants_open
        self._texts: dict[str, dict[str, bytes]] = {}
        self._tenants: dict[str, TenantState] = {}
        self._revisions: dict[str, int] = {}
        self._states: LRUCache[str, tuple[States, int]] = LRUCache(kept_bytes, lambda kept: kept[1])
        for entry in view.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        view.on_change(self._apply)

    def tenant_known(self, tenant: str) -> bool:
        """Whether the tenant may be used: by PUT and active, or by first use where tenants are open."""
        state = self._tenants.get(tenant)
        if state is not None:
            return state.status == "active"
        if self.tenant_lost(tenant):
            return False  # it may be suspended
        return self._open and (tenant in self._texts or TENANT.match(tenant) is not None)

    def tenant(self, tenant: str) -> TenantState | None:
        """The tenant as an operator or its first use made it; None where it was never made."""
        return self._tenants.get(tenant)

    def tenant_lost(self, tenant: str) -> bool:
        """Whether the tenant's state is on the topic, but this process could never read it."""
        return tenant not in self._tenants and unknown(self._view, f"{TENANT_PREFIX}{tenant}") is not None

    def lost(self, tenant: str) -> frozenset[str]:
        """Objects of the tenant on the topic that this process could never read."""
        found = self._view.unreadable
        keys = (ObjectKey.parse(key) for key in found if key.startswith(f"{tenant}/"))
        known = self._texts.get(tenant, {})
        return frozenset(key.object for key in keys if key is not None and key.object not in known)

    def revision(self, tenant: str) -> int:
        """A number that grows with every change of the tenant's objects."""
        return self._revisions.get(tenant, 0)

    def states(self, tenant: str) -> States:
        """Every object of the tenant by slug, deleted ones and the built-in contact included."""
        known = self._states.get(tenant)
        if known is None:
            known = self._read(tenant)
            keep(self._states, tenant, known)
        return known[0]

    @property
    def kept_bytes(self) -> int:
        """About how many bytes the read states take."""
        return int(self._states.currsize)

    def _read(self, tenant: str) -> tuple[States, int]:
        texts = self._texts.get(tenant, {})
        built_in = built_in_contact(tenant)
        found = {built_in.object: built_in}
        found |= {slug: SchemaEvent.decode(text).data for slug, text in texts.items()}
        return {slug: found[slug] for slug in sorted(found)}, _READ_FACTOR * sum(map(len, texts.values())) + len(tenant)

    def _apply(self, change: LogChange) -> None:
        text = change.entry.value if change.entry is not None else None
        if change.key.startswith(TENANT_PREFIX):
            self._apply_tenant(change.key.removeprefix(TENANT_PREFIX), change)
            return
        key = ObjectKey.parse(change.key)
        if key is None:
            return
        self._revisions[key.tenant] = self.revision(key.tenant) + 1
        self._states.pop(key.tenant, None)
        texts = self._texts.setdefault(key.tenant, {})
        if text is None:
            texts.pop(key.object, None)
        else:
            texts[key.object] = text
        if not texts:
            del self._texts[key.tenant]

    def _apply_tenant(self, tenant: str, change: LogChange) -> None:
        if change.entry is None:
            self._tenants.pop(tenant, None)
        else:
            read = change.document
            self._tenants[tenant] = read.data if isinstance(read, TenantEvent) else decode_tenant(change.entry.value)


_LOG = get_logger(__name__)
_OBJECT, _FIELD, _OPTION = 2500, 800, 600
_CATCH_UP_SECONDS = 2.0
_ENTRIES = (
    f"SELECT {', '.join(name for name, _ in ENTRY_COLUMNS)} FROM snapshot_entries "  # noqa: S608  # our own columns
    "WHERE snapshot = {snapshot:String} AND tenant = {tenant:String}"
)


def weight_of(catalog: Catalog) -> int:
    """About how many bytes a catalog takes: as was measured, most of it is for fields and their options."""
    definitions = [explore.definition for explore in catalog.explores.values()] + list(catalog.not_reportable.values())
    options = sum(len(field.options) for definition in definitions for field in definition.fields)
    fields = sum(len(definition.fields) + len(definition.relationships) for definition in definitions)
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
        return snapshot in published | {manifest.previous for manifest in self._snapshots.manifests()}

    async def _entries(self, tenant: str, snapshot: str) -> tuple[list[Entry], list[UnreadableEntry]]:
        try:
            rows = await self._clickhouse.query(_ENTRIES, {"snapshot": snapshot, "tenant": tenant})
        except ClickHouseError as error:
            raise store_refusal(error, self._meters) from error
        return read_entries(rows.dicts())

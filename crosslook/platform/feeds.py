"""Typed views of the log stores: schemas by tenant and object, snapshots and runs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from crosslook.contracts.documents import HOLE_PREFIX
from crosslook.contracts.ids import CONTACT, TENANT, ObjectKey
from crosslook.contracts.manifests import (
    EXPIRED_PREFIX,
    PIN_PREFIX,
    RUN_PREFIX,
    SNAPSHOT_PREFIX,
    Expiry,
    Manifest,
    Run,
    decode_expiry,
    decode_manifest,
    decode_run,
)
from crosslook.contracts.schemas import (
    TENANT_PREFIX,
    SchemaEvent,
    SchemaState,
    TenantEvent,
    TenantState,
    built_in_contact,
    decode_tenant,
)
from crosslook.platform.log_store.fold import unknown
from crosslook.platform.log_store.protocol import LogChange, LogEntry, LogView

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SchemaRecord:
    """One object's state with its place in the log. `entry` is None for a contact nobody changed yet."""

    state: SchemaState
    entry: LogEntry | None
    created_at: datetime
    updated_at: datetime

    @property
    def deleted(self) -> bool:
        """Whether the object was deleted; it may still be in the reports."""
        return self.state.definition is None


class SchemaFeed:
    """The schemas topic by tenant and object; admission reads it."""

    def __init__(self, view: LogView, *, tenants_open: bool) -> None:
        self.view = view
        self._open = tenants_open
        self._records: dict[str, dict[str, SchemaRecord]] = {}
        self._tenants: dict[str, TenantState] = {}
        self._contacts: dict[str, SchemaRecord] = {}
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
        return self._open and (tenant in self._records or TENANT.match(tenant) is not None)

    def tenant_lost(self, tenant: str) -> bool:
        """Whether the tenant's state is on the topic, but this process could never read it."""
        return tenant not in self._tenants and unknown(self.view, f"{TENANT_PREFIX}{tenant}") is not None

    def lost_tenants(self) -> list[str]:
        """The tenants of which `tenant_lost` is true."""
        found = (key.removeprefix(TENANT_PREFIX) for key in self.view.unreadable if key.startswith(TENANT_PREFIX))
        return [tenant for tenant in found if tenant not in self._tenants]

    def tenant(self, tenant: str) -> TenantState | None:
        """The tenant as an operator or its first schema created it; None if it is unknown."""
        state = self._tenants.get(tenant)
        return state or (TenantState(tenant=tenant) if tenant in self._records and self._open else None)

    def tenants(self) -> list[str]:
        """Every tenant that was made or has schemas, sorted."""
        return sorted(self._tenants.keys() | self._records.keys())

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        """The state of a live object, the built-in contact included; None when deleted or never made."""
        record = self.record(tenant, object_slug)
        return record.state if record is not None and record.state.definition is not None else None

    def record(self, tenant: str, object_slug: str) -> SchemaRecord | None:
        """The object, deleted or not; None if it never existed."""
        objects = self._records.get(tenant)
        found = objects.get(object_slug) if objects is not None else None
        if found is None and object_slug == CONTACT and self.tenant_known(tenant):
            found = self._contacts.get(tenant)
            if found is None:
                found = self._contacts[tenant] = SchemaRecord(built_in_contact(tenant), None, _EPOCH, _EPOCH)
        return found

    def records(self, tenant: str) -> list[SchemaRecord]:
        """Every object of the tenant, deleted ones and contact included, by slug."""
        slugs = {*self._records.get(tenant, {}), CONTACT}
        return [record for slug in sorted(slugs) if (record := self.record(tenant, slug)) is not None]

    def all_records(self) -> Iterator[SchemaRecord]:
        """Every object on the topic, of all tenants; without contacts that nobody changed."""
        for objects in self._records.values():
            yield from objects.values()

    def unreadable(self, tenant: str, object_slug: str | None = None) -> str | None:
        """Which document on the topic keeps the tenant, or this object of it, from being known; None for none."""
        found = self.view.unreadable
        if not found:
            return None
        keys = [f"{TENANT_PREFIX}{tenant}", *(key for key in found if key.startswith(HOLE_PREFIX))]
        keys += [key for key in found if key.startswith(f"{tenant}/")] if object_slug is None else []
        keys += [f"{tenant}/{object_slug}"] if object_slug is not None else []
        return next((f"{self.view.topic}: {found[key]}" for key in keys if key in found), None)

    def _apply(self, change: LogChange) -> None:
        if change.key.startswith(TENANT_PREFIX):
            self._apply_tenant(change)
            return
        key = ObjectKey.parse(change.key)
        if key is None:
            return
        objects = self._records.setdefault(key.tenant, {})
        if change.entry is None:
            objects.pop(key.object, None)
        else:
            read = change.document
            event = read if isinstance(read, SchemaEvent) else SchemaEvent.decode(change.entry.value)
            created = event.createdtime or event.time
            objects[key.object] = SchemaRecord(event.data, change.entry, created, event.time)
        if not objects:
            del self._records[key.tenant]

    def _apply_tenant(self, change: LogChange) -> None:
        tenant = change.key.removeprefix(TENANT_PREFIX)
        if change.entry is None:
            self._tenants.pop(tenant, None)
        else:
            read = change.document
            self._tenants[tenant] = read.data if isinstance(read, TenantEvent) else decode_tenant(change.entry.value)


class SnapshotFeed:
    """The snapshots topic: which snapshot is current, which are retained, which runs there were. `revision` grows with
    every change of the first two."""

    def __init__(self, view: LogView) -> None:
        self.view = view
        self.revision = 0
        self._manifests: dict[str, Manifest] = {}
        self._runs: dict[str, Run] = {}
        self._pins: set[str] = set()
        self._expired: dict[str, datetime] = {}
        self._callbacks: list[Callable[[Manifest], None]] = []
        for entry in view.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        view.on_change(self._apply)

    def current(self) -> Manifest | None:
        """The manifest appended last, or None before the first one."""
        return next(reversed(self._manifests.values()), None)

    def manifest(self, snapshot: str) -> Manifest | None:
        """A retained snapshot's manifest."""
        return self._manifests.get(snapshot)

    def manifests(self) -> list[Manifest]:
        """Retained snapshots in the order of their (last) publication."""
        return list(self._manifests.values())

    def lost(self, snapshot: str | None = None) -> str | None:
        """Which manifest on the topic cannot be read and never could be by this process: this snapshot's, or any. None
        where there is none: then the feed knows every retained snapshot."""
        for key, found in self.view.unreadable.items():
            named = key.removeprefix(SNAPSHOT_PREFIX)
            manifest = named != key and named not in self._manifests and snapshot in (None, named)
            if manifest or key.startswith(HOLE_PREFIX):
                return f"{self.view.topic}: {found}"
        return None

    def pins(self) -> frozenset[str]:
        """Pinned snapshots, which are kept regardless of their age."""
        return frozenset(self._pins)

    def expired(self) -> dict[str, datetime]:
        """Since when snapshots are not retained any more, of those whose rows were not dropped yet."""
        return dict(self._expired)

    def run(self, run: str) -> Run | None:
        """One run."""
        return self._runs.get(run)

    def runs(self) -> list[Run]:
        """All runs that are kept, in the order of their last change."""
        return list(self._runs.values())

    def on_publish(self, callback: Callable[[Manifest], None]) -> None:
        """Call `callback` whenever a snapshot becomes the current one."""
        self._callbacks.append(callback)

    def _apply(self, change: LogChange) -> None:
        if change.key.startswith(SNAPSHOT_PREFIX):
            self.revision += 1
            self._manifests.pop(change.key.removeprefix(SNAPSHOT_PREFIX), None)
            if change.entry is not None:
                read = change.document
                manifest = read if isinstance(read, Manifest) else decode_manifest(change.entry.value)
                self._manifests[manifest.snapshot] = manifest
                for callback in self._callbacks:
                    callback(manifest)
        elif change.key.startswith(PIN_PREFIX):
            change_pins = self._pins.discard if change.entry is None else self._pins.add
            change_pins(change.key.removeprefix(PIN_PREFIX))
        elif change.key.startswith(EXPIRED_PREFIX):
            snapshot = change.key.removeprefix(EXPIRED_PREFIX)
            self._expired.pop(snapshot, None)
            if change.entry is not None:
                read = change.document
                expiry = read if isinstance(read, Expiry) else decode_expiry(change.entry.value)
                self._expired[snapshot] = expiry.at
        elif change.key.startswith(RUN_PREFIX):
            self._runs.pop(change.key.removeprefix(RUN_PREFIX), None)
            if change.entry is not None:
                read = change.document
                run = read if isinstance(read, Run) else decode_run(change.entry.value)
                self._runs[run.run] = run

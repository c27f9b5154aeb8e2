"""The current schemas, decoded at first use, because few of ten thousand tenants are active at a time."""

from cachetools import LRUCache

from crosslook.contracts.ids import TENANT, ObjectKey
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
from crosslook.platform.log_store.protocol import LogChange, LogView
from services.query_service.catalog.cache import keep

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

    def tenant_lost(self, tenant: str) -> bool:
        """Whether the tenant's state stands on the topic and could never be read by this process."""
        return tenant not in self._tenants and unknown(self._view, f"{TENANT_PREFIX}{tenant}") is not None

    def lost(self, tenant: str) -> frozenset[str]:
        """Objects of the tenant that stand on the topic and could never be read by this process."""
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

"""The schemas as they stand, read when they are asked for: of ten thousand tenants few are asked about at a time."""

from crosslook.contracts.ids import TENANT, ObjectKey
from crosslook.contracts.schemas import SchemaEvent, SchemaState, TenantState, built_in_contact, decode_tenant
from crosslook.platform.feeds import TENANT_PREFIX
from crosslook.platform.logstore import Change, LogView
from services.query_service.cache import Memory

States = dict[str, SchemaState]
_READ_FACTOR = 8
"""A schema takes about so many times the bytes of its text."""


class LiveSchemas:
    """The schemas topic by tenant: texts as they came, states for those that were asked about last.

    Says the same as SchemaFeed, which keeps every state."""

    def __init__(self, view: LogView, *, tenants_open: bool, kept_bytes: int) -> None:
        self._open = tenants_open
        self._texts: dict[str, dict[str, bytes]] = {}
        self._tenants: dict[str, TenantState] = {}
        self._revisions: dict[str, int] = {}
        self._states: Memory[str, tuple[States, int]] = Memory(kept_bytes, lambda kept: kept[1])
        for entry in view.entries().values():
            self._apply(Change(entry.key, entry, entry.offset))
        view.on_change(self._apply)

    def tenant_known(self, tenant: str) -> bool:
        """Whether the tenant may be used: by PUT and active, or by first use where tenants are open."""
        state = self._tenants.get(tenant)
        if state is not None:
            return state.status == "active"
        return self._open and (tenant in self._texts or TENANT.match(tenant) is not None)

    def revision(self, tenant: str) -> int:
        """A number that grows with every change of the tenant's objects."""
        return self._revisions.get(tenant, 0)

    def states(self, tenant: str) -> States:
        """Every object of the tenant by slug, deleted ones and the built-in contact included."""
        known = self._states.get(tenant)
        if known is None:
            known = self._read(tenant)
            self._states.put(tenant, known)
        return known[0]

    @property
    def kept_bytes(self) -> int:
        """About how many bytes the read states take."""
        return self._states.total

    def _read(self, tenant: str) -> tuple[States, int]:
        texts = self._texts.get(tenant, {})
        built_in = built_in_contact(tenant)
        found = {built_in.object: built_in}
        for slug, text in texts.items():
            event = SchemaEvent.decode(text)
            if event is not None and event.data.key == ObjectKey.parse(f"{tenant}/{slug}"):
                found[slug] = event.data
        return {slug: found[slug] for slug in sorted(found)}, _READ_FACTOR * sum(map(len, texts.values())) + len(tenant)

    def _apply(self, change: Change) -> None:
        text = change.entry.value if change.entry is not None else None
        if change.key.startswith(TENANT_PREFIX):
            self._apply_tenant(change.key.removeprefix(TENANT_PREFIX), text)
            return
        key = ObjectKey.parse(change.key)
        if key is None:
            return
        self._revisions[key.tenant] = self.revision(key.tenant) + 1
        self._states.forget(key.tenant)
        texts = self._texts.setdefault(key.tenant, {})
        if text is None:
            texts.pop(key.object, None)
        else:
            texts[key.object] = text
        if not texts:
            del self._texts[key.tenant]

    def _apply_tenant(self, tenant: str, text: bytes | None) -> None:
        state = decode_tenant(text) if text is not None else None
        if state is None:
            self._tenants.pop(tenant, None)
        else:
            self._tenants[tenant] = state

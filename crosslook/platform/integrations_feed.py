"""The connected integrations of all tenants, as the schemas topic has them at this moment."""

from collections.abc import Iterator

from crosslook.contracts.documents import HOLE_PREFIX
from crosslook.contracts.integrations import INTEGRATION_PREFIX, IntegrationEvent, IntegrationState, integration_key
from crosslook.platform.log_store.fold import unknown
from crosslook.platform.log_store.protocol import LogChange, LogView


class IntegrationsFeed:
    """Integrations by tenant and name. A change counts as soon as this process has read it."""

    def __init__(self, view: LogView) -> None:
        self._view = view
        self._states: dict[str, dict[str, IntegrationState]] = {}
        for entry in view.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        view.on_change(self._apply)

    def integration(self, tenant: str, name: str) -> IntegrationState | None:
        """One connection; None where there is none. See `lost` where this must not be mistaken."""
        return self._states.get(tenant, {}).get(name)

    def integrations(self, tenant: str) -> list[IntegrationState]:
        """A tenant's connections by name."""
        return [state for _, state in sorted(self._states.get(tenant, {}).items())]

    def all_integrations(self) -> Iterator[IntegrationState]:
        """Every connection of every tenant."""
        for states in self._states.values():
            yield from states.values()

    def lost(self, tenant: str, name: str) -> bool:
        """Whether the tenant may have such a connection that this process could never read."""
        key = integration_key(tenant, name)
        if self.integration(tenant, name) is not None:
            return False
        return key in self._view.unreadable or (not self._view.whole and unknown(self._view, key) is not None)

    def lost_any(self, tenant: str) -> bool:
        """Whether the tenant may have a connection that this process could never read."""
        start, hole = f"{INTEGRATION_PREFIX}{tenant}/", not self._view.whole
        for key in self._view.unreadable:
            if key.startswith(start) and self.integration(tenant, key.removeprefix(start)) is None:
                return True
            if hole and key.startswith(HOLE_PREFIX):
                return True
        return False

    def _apply(self, change: LogChange) -> None:
        if not change.key.startswith(INTEGRATION_PREFIX):
            return
        tenant, _, name = change.key.removeprefix(INTEGRATION_PREFIX).partition("/")
        states = self._states.setdefault(tenant, {})
        if change.entry is None:
            states.pop(name, None)
        else:
            read = change.document
            event = read if isinstance(read, IntegrationEvent) else IntegrationEvent.decode(change.entry.value)
            states[name] = event.data
        if not states:
            del self._states[tenant]

"""The settings of all tenants, as the schemas topic has them at this moment."""

from crosslook.contracts.problems import Language
from crosslook.contracts.tenant_settings import SETTINGS_PREFIX, SettingsEvent, TenantSettings
from crosslook.platform.log_store.fold import unknown
from crosslook.platform.log_store.protocol import LogChange, LogView


class SettingsFeed:
    """Settings by tenant. A change counts as soon as this process has read it, in all three services alike."""

    def __init__(self, view: LogView) -> None:
        self._view = view
        self._settings: dict[str, TenantSettings] = {}
        for entry in view.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        view.on_change(self._apply)

    def settings(self, tenant: str) -> TenantSettings:
        """What the tenant has set; nothing where it has set nothing. See `lost` where this must not be mistaken."""
        return self._settings.get(tenant) or TenantSettings(tenant=tenant)

    def lost(self, tenant: str) -> bool:
        """Whether the tenant may have set something that this process could never read. A damaged batch does not count
        where everything could be read before it: then what was known goes on."""
        key = f"{SETTINGS_PREFIX}{tenant}"
        if tenant in self._settings:
            return False
        return key in self._view.unreadable or (not self._view.whole and unknown(self._view, key) is not None)

    def language(self, tenant: str) -> Language | None:
        """The language that the tenant has set; None where it has set none or nobody knows."""
        found = self._settings.get(tenant)
        return found.language if found is not None else None

    def _apply(self, change: LogChange) -> None:
        if not change.key.startswith(SETTINGS_PREFIX):
            return
        tenant = change.key.removeprefix(SETTINGS_PREFIX)
        if change.entry is None:
            self._settings.pop(tenant, None)
            return
        read = change.document
        event = read if isinstance(read, SettingsEvent) else SettingsEvent.decode(change.entry.value)
        self._settings[tenant] = event.data

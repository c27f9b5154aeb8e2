"""What a tenant's reports use where a request names nothing: its settings, else those of the deployment."""

from crosslook.contracts.problems import Problems
from crosslook.contracts.tenant_settings import TenantDefaults
from crosslook.contracts.zones import unknown_zone
from crosslook.platform.errors import StateUnreadable
from crosslook.platform.settings_feed import SettingsFeed
from services.query_service.catalog.zones import Zones
from services.query_service.domain.query import Name
from services.query_service.domain.zones import Zone


class ReportDefaults:
    """The defaults of all tenants as they are at this moment."""

    def __init__(self, settings: SettingsFeed, deployment: TenantDefaults, zones: Zones) -> None:
        self._settings = settings
        self._deployment = deployment
        self._zones = zones

    def of(self, tenant: str) -> TenantDefaults | None:
        """The tenant's; None where its settings cannot be read. A request is prepared with one answer of this: the
        settings may change while it is."""
        return None if self._settings.lost(tenant) else self._deployment.with_settings(self._settings.settings(tenant))

    async def zone(self, name: Name | None, defaults: TenantDefaults | None, problems: Problems) -> Zone:
        """The zone of that name or the default one; a name that is not a zone is added to the problems. The engine may
        not know the default one: its tz database is another one than that of the service that took the setting.

        Raises StateUnreadable where the default is needed and cannot be read."""
        wanted = name or Name(readable(defaults).timezone, "/timezone")
        zone = await self._zones.find(wanted.text)
        if zone is None and wanted.text != self._deployment.timezone:
            known = await self._zones.names()
            with problems.reading():
                problems.add(unknown_zone(wanted.text, wanted.pointer, known))
            zone = await self._zones.find(self._deployment.timezone)
        if zone is None:
            raise ValueError(f"the engine does not know the zone of the schedule, {self._deployment.timezone}")
        return zone


def readable(defaults: TenantDefaults | None) -> TenantDefaults:
    """The defaults. Raises StateUnreadable where they cannot be read: with those of the deployment the answer would be
    another one."""
    if defaults is None:
        raise StateUnreadable
    return defaults

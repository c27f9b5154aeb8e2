"""A tenant's settings: read and replaced as a whole."""

import uuid
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.tenant_settings import SETTINGS_PREFIX, SettingsEvent, TenantDefaults, TenantSettings
from crosslook.platform.clock import Clock
from crosslook.platform.errors import Invalid, PreconditionFailed, StateUnreadable
from crosslook.platform.log_store.protocol import LogStore, VersionMismatch
from crosslook.platform.preconditions import check_match
from crosslook.platform.settings_feed import SettingsFeed
from services.schema_service.domain.tenant_settings import parse_settings
from services.schema_service.object_log import SOURCE
from services.schema_service.objects import Objects
from services.schema_service.tenants import Tenants


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What a tenant has set, what applies to it, and the version of the former: 0 before anything was set."""

    settings: TenantSettings
    applied: TenantDefaults
    version: int


class SettingsRegistry:
    """Reads and replaces the settings of tenants.

    Every method raises NotFound where the tenant is none, StateUnreadable where its settings cannot be read. Writes
    raise LogUnavailable or NotTheWriter; what was answered survives any crash.
    """

    def __init__(
        self,
        store: LogStore,
        feed: SettingsFeed,
        objects: Objects,
        tenants: Tenants,
        deployment: TenantDefaults,
        clock: Clock,
    ) -> None:
        self._store = store
        self._feed = feed
        self._objects = objects
        self._tenants = tenants
        self._deployment = deployment
        self._clock = clock

    def get(self, tenant: str) -> SettingsView:
        """What stands. Every tenant has settings: before the first PUT they are empty and have version 0."""
        self._objects.check_tenant(tenant)
        if self._feed.lost(tenant):
            raise StateUnreadable
        entry = self._store.get(f"{SETTINGS_PREFIX}{tenant}")
        return self._view(self._feed.settings(tenant), entry.version if entry is not None else 0)

    async def put(self, tenant: str, body: Any, if_match: str | None) -> SettingsView:
        """Replace them; the same ones again write nothing. Raises Invalid, PreconditionRequired,
        PreconditionFailed."""
        before = self.get(tenant)
        check_match(if_match, before.version, required=True)
        parsed, problems = parse_settings(body, tenant)
        if parsed is None:
            raise Invalid(problems)
        if parsed == before.settings:
            return before
        await self._tenants.ensure(tenant)
        event = SettingsEvent(id=uuid.uuid4().hex, source=SOURCE, time=self._clock.now(), data=parsed)
        key = f"{SETTINGS_PREFIX}{tenant}"
        try:
            entry = await self._store.put(key, event.encode(), expected_version=before.version)
        except VersionMismatch as mismatch:
            raise PreconditionFailed(mismatch.current, if_match or "") from None
        return self._view(parsed, entry.version if entry is not None else 0)

    def _view(self, settings: TenantSettings, version: int) -> SettingsView:
        return SettingsView(settings, self._deployment.with_settings(settings), version)

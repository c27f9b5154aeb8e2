"""A connection as the API shows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crosslook.contracts.integrations import IntegrationState
from crosslook.integrations.interface import IntegrationManifest
from crosslook.platform.clock import Clock
from crosslook.platform.log_store.protocol import LogView
from services.schema_service.domain.webhook_health import HealthReport
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.integrations.health import IntegrationHealth
from services.schema_service.integrations.secrets import ConnectionSecrets
from services.schema_service.objects import Objects


class ConnectionState(StrEnum):
    """Whether a connection works, or why its messages cannot be taken or mapped."""

    CONNECTED = "connected"
    OBJECT_MISSING = "object_missing"
    SECRET_UNREADABLE = "secret_unreadable"  # noqa: S105  # not a secret
    UNKNOWN_KIND = "unknown_kind"


@dataclass(frozen=True, slots=True)
class ConnectionView:
    """A connection as it stands, with its version on the topic. `manifest`: None where this release has no such
    integration. `replaced_until`: until when the secret that was replaced last is valid; None where none is."""

    state: IntegrationState
    version: int
    condition: ConnectionState
    manifest: IntegrationManifest | None
    replaced_until: datetime | None
    health: HealthReport


class ConnectionViews:
    """Makes views. Nothing here waits or writes."""

    def __init__(
        self,
        view: LogView,
        available: AvailableIntegrations,
        secrets: ConnectionSecrets,
        objects: Objects,
        health: IntegrationHealth,
        clock: Clock,
    ) -> None:
        self._view = view
        self._available = available
        self._secrets = secrets
        self._objects = objects
        self._health = health
        self._clock = clock

    def of(self, state: IntegrationState) -> ConnectionView:
        """A connection as it stands now."""
        entry, now = self._view.get(state.key), self._clock.now()
        integration = self._available.integration(state.kind)
        ends = [secret.until for secret in state.secrets if secret.until is not None and secret.until > now]
        return ConnectionView(
            state,
            entry.version if entry is not None else 0,
            self._condition(state),
            integration.manifest if integration is not None else None,
            max(ends, default=None),
            self._health.report(state),
        )

    def _condition(self, state: IntegrationState) -> ConnectionState:
        record = self._objects.record(state.tenant, state.object)
        if self._available.integration(state.kind) is None:
            return ConnectionState.UNKNOWN_KIND
        if len(self._secrets.opened(state)) < len(state.secrets):
            return ConnectionState.SECRET_UNREADABLE
        if record is None or record.deleted:
            return ConnectionState.OBJECT_MISSING
        return ConnectionState.CONNECTED

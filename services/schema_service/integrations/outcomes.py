"""What becomes of vendors' messages, counted: as metrics, and as the health of each connection."""

from datetime import datetime
from typing import NamedTuple

from crosslook.contracts.integrations import IntegrationState
from crosslook.integrations.interface import VendorLimit
from crosslook.platform.clock import Clock
from crosslook.platform.metrics import WEBHOOKS_RECEIVED, Meters
from services.schema_service.domain.webhook_health import ConnectionHealth, HealthReport, IntakeOutcome
from services.schema_service.integrations.catalog import AvailableIntegrations


class _Kept(NamedTuple):
    """The health of a connection since it was connected."""

    connected_at: datetime
    health: ConnectionHealth


class Outcomes:
    """Counts outcomes. Each process counts what it has answered since its start."""

    def __init__(self, meters: Meters, available: AvailableIntegrations, clock: Clock) -> None:
        self._meters = meters
        self._available = available
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    def count(self, state: IntegrationState | None, outcome: IntakeOutcome) -> None:
        """Count an outcome. `state`: None where nothing is connected at the address."""
        self._meters.add(WEBHOOKS_RECEIVED, integration=state.kind if state is not None else "", outcome=outcome)
        if state is not None:
            self._health(state).count(outcome, self._limit(state), self._clock.now())

    def report(self, state: IntegrationState) -> HealthReport:
        """The health of a connection."""
        return self._health(state).report(self._limit(state), self._clock.now())

    def _health(self, state: IntegrationState) -> ConnectionHealth:
        kept = self._kept.get(state.key)
        if kept is None or kept.connected_at != state.connected_at:
            kept = self._kept[state.key] = _Kept(state.connected_at, ConnectionHealth())
        return kept.health

    def _limit(self, state: IntegrationState) -> VendorLimit:
        integration = self._available.integration(state.kind)
        return integration.manifest.limit if integration is not None else None

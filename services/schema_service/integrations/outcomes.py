"""What becomes of vendors' messages, counted: as metrics, and as the health of each connection."""

from crosslook.contracts.integrations import IntegrationState
from crosslook.platform.metrics import WEBHOOKS_RECEIVED, Meters
from services.schema_service.domain.webhook_health import IntakeOutcome
from services.schema_service.integrations.health import IntegrationHealth


class Outcomes:
    """Counts outcomes: as metrics of this process, and for the health of connections."""

    def __init__(self, meters: Meters, health: IntegrationHealth) -> None:
        self._meters = meters
        self._health = health

    def count(self, state: IntegrationState | None, outcome: IntakeOutcome) -> None:
        """Count an outcome. `state`: None where nothing is connected at the address."""
        self._meters.add(WEBHOOKS_RECEIVED, integration=state.kind if state is not None else "", outcome=outcome)
        if state is not None:
            self._health.count(state, outcome)

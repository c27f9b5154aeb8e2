"""What becomes of vendors' messages, counted."""

from enum import StrEnum

from crosslook.contracts.integrations import IntegrationState
from crosslook.platform.metrics import WEBHOOKS_RECEIVED, Meters


class IntakeOutcome(StrEnum):
    """What a message came to. STALE is accepted; UNMAPPABLE, too, and counts beside the acceptance."""

    ACCEPTED = "accepted"
    STALE = "stale"
    UNMAPPABLE = "unmappable"
    BAD_SIGNATURE = "bad_signature"
    EXPIRED = "expired"
    RATE_LIMITED = "rate_limited"
    UNAVAILABLE = "unavailable"


class Outcomes:
    """Counts outcomes by the integration's kind."""

    def __init__(self, meters: Meters) -> None:
        self._meters = meters

    def count(self, state: IntegrationState | None, outcome: IntakeOutcome, amount: int = 1) -> None:
        """Count an outcome. `state`: None where nothing is connected at the address."""
        kind = state.kind if state is not None else ""
        self._meters.add(WEBHOOKS_RECEIVED, amount, integration=kind, outcome=outcome)

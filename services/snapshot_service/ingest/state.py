"""The state of ingest, for the ops API, readiness and metrics."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from crosslook.platform.metrics import INGEST_STATE, Meters

STATES = ("running", "paused", "stopped")


@dataclass(slots=True)
class IngestState:
    """What the ops API tells of ingest. `newest_ms`: append time of the newest stored message, by partition. `begun`:
    whether it ever ran."""

    meters: Meters
    state: str = "stopped"
    reason: str = "starting"
    begun: bool = False
    last_error: str | None = None
    staged: int = 0
    quarantined: int = 0
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    committed: dict[int, int] = field(default_factory=dict)
    newest_ms: dict[int, int] = field(default_factory=dict)
    _unplaced: bool = False

    def __post_init__(self) -> None:
        self._tell(self.state, self.reason)

    def running(self) -> None:
        """Ingest runs."""
        self.begun = True
        self._tell("running", "")

    def paused(self, reason: str) -> None:
        """Ingest waits until the cause in `reason` is over; nothing is lost."""
        self._tell("paused", reason)

    def unplaced(self, reason: str) -> None:
        """Nothing is read until it is known from where."""
        self._unplaced = True
        self.paused(reason)

    def placed(self) -> None:
        """It is known from where to read."""
        if self._unplaced:
            self._unplaced = False
            self.running()

    def stopped(self, reason: str) -> None:
        """The loop has ended, or waits for an operator."""
        self._tell("stopped", reason)

    def _tell(self, state: str, reason: str) -> None:
        self.state, self.reason = state, reason
        for one in STATES:
            self.meters.set(INGEST_STATE, one == state, state=one)

"""The state of ingest, for the ops API, readiness and metrics."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from crosslook.platform.metrics import INGEST_STATE, Meters

STATES = ("running", "paused", "stopped")


@dataclass(slots=True)
class IngestState:
    """What the ops API shows of ingest. `newest_ms`: append time of the newest stored message, by partition. `begun`:
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
    _start_unknown: bool = False

    def __post_init__(self) -> None:
        self._tell(self.state, self.reason)

    def running(self) -> None:
        """Ingest runs."""
        self.begun = True
        self._tell("running", "")

    def paused(self, reason: str) -> None:
        """Ingest waits until the cause in `reason` is over; nothing is lost."""
        self._tell("paused", reason)

    def start_unknown(self, reason: str) -> None:
        """Nothing is read while the start offsets are unknown."""
        self._start_unknown = True
        self.paused(reason)

    def start_known(self) -> None:
        """The start offsets are known."""
        if self._start_unknown:
            self._start_unknown = False
            self.running()

    def stopped(self, reason: str) -> None:
        """The loop has ended, or waits for an operator."""
        self._tell("stopped", reason)

    def _tell(self, state: str, reason: str) -> None:
        self.state, self.reason = state, reason
        for known in STATES:
            self.meters.set(INGEST_STATE, known == state, state=known)

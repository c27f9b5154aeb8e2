"""What ingest tells of itself: to the ops API, to readiness, to who stops it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(slots=True)
class IngestState:
    """What the ops API tells of ingest."""

    state: str = "stopped"
    reason: str = "starting"
    last_error: str | None = None
    staged: int = 0
    quarantined: int = 0
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    committed: dict[int, int] = field(default_factory=dict)
    newest_ms: dict[int, int] = field(default_factory=dict)

    def running(self) -> None:
        """Events flow."""
        self.state, self.reason = "running", ""

    def paused(self, reason: str) -> None:
        """Nothing flows until what `reason` names is over; nothing is lost."""
        self.state, self.reason = "paused", reason

    def stopped(self, reason: str) -> None:
        """The loop has ended."""
        self.state, self.reason = "stopped", reason

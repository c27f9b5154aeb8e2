"""When a process that died is restarted: at first soon, then after growing delays."""

from dataclasses import dataclass

FIRST_SECONDS = 0.25
MOST_SECONDS = 30.0
STABLE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Restarts:
    """How often a process died, in all (`total`) and without a stable stretch in between (`in_a_row`)."""

    total: int = 0
    in_a_row: int = 0

    def died(self, lived_seconds: float) -> "Restarts":
        """One more death; a life of STABLE_SECONDS forgives the deaths before it."""
        return Restarts(self.total + 1, 1 if lived_seconds >= STABLE_SECONDS else self.in_a_row + 1)

    @property
    def delay_seconds(self) -> float:
        """How long to wait before the next start."""
        return min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** (min(self.in_a_row, 20) - 1))

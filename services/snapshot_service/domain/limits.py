"""When refusals are too many to be the senders' fault: then ingest stops and a person looks, instead of a whole topic
being drained into quarantine after a bad deployment (ARCHITECTURE 5). Pure: the policy is data, its state is handed on.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RefusalLimits:
    """Per partition: how many refusals in a row, and which share of the last `window` messages, are too many."""

    consecutive: int
    ratio: float
    window: int


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that was passed: on which partition, by how many refusals of how many messages."""

    partition: int
    refused: int
    of: int

    def __str__(self) -> str:
        return f"too_many_refusals: {self.refused} of the last {self.of} messages of partition {self.partition}"


@dataclass(slots=True)
class _Recent:
    """What became of a partition's last messages: True where one was refused."""

    outcomes: deque[bool]
    refused: int = 0
    in_a_row: int = 0


@dataclass(slots=True)
class RefusalWatch:
    """Looks at the outcomes of each partition in their order."""

    limits: RefusalLimits
    _recent: dict[int, _Recent] = field(default_factory=dict)

    def see(self, partition: int, refused: Sequence[bool]) -> Breach | None:
        """Take the outcomes of further messages; answers the first limit that they pass."""
        recent = self._recent.setdefault(partition, _Recent(deque(maxlen=self.limits.window)))
        if not recent.refused and not any(refused):  # nearly always: nothing to count
            recent.outcomes.extend(refused)
            recent.in_a_row = 0
            return None
        for one in refused:
            full = len(recent.outcomes) == self.limits.window
            recent.refused += one - (recent.outcomes[0] if full else False)
            recent.outcomes.append(one)
            recent.in_a_row = recent.in_a_row + 1 if one else 0
            if recent.in_a_row >= self.limits.consecutive:
                return Breach(partition, recent.in_a_row, recent.in_a_row)
            window = len(recent.outcomes)
            if window == self.limits.window and recent.refused >= self.limits.ratio * window:
                return Breach(partition, recent.refused, window)
        return None

    def forgive(self) -> None:
        """Begin anew: a person has looked."""
        self._recent.clear()

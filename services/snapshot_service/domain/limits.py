"""Limits on a sender's refused events; beyond them, all its events wait in quarantine (ARCHITECTURE 5).

Pure: the policy is data, its running state is a class of its own.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from typing import NamedTuple

TRACKED_MOST = 1000
"""Most senders whose recent outcomes are kept; the one that was silent for longest goes first. Bounds memory to
`window` bytes for each."""


class Sender(NamedTuple):
    """The sender of an event: a tenant and a CloudEvents source, "" if the event names none. Events that name no tenant
    are refused one by one."""

    tenant: str
    source: str


@dataclass(frozen=True, slots=True)
class RefusalLimits:
    """Per sender: how many refusals in a row, and which share of its last `window` events, are too many. `senders`:
    from how many diverted senders on the fault is taken for ours, so that ingest stops."""

    consecutive: int
    ratio: float
    window: int
    senders: int


@dataclass(frozen=True, slots=True)
class Breach:
    """A limit that a sender passed: by how many refusals of how many events."""

    sender: Sender
    refused: int
    of: int


class _Recent:
    """What became of a sender's last events: a ring of `window` flags, 1 where an event was refused."""

    __slots__ = ("flags", "full", "in_a_row", "next", "refused")

    def __init__(self, window: int) -> None:
        self.flags = bytearray(window)
        self.next = 0
        self.full = False
        self.refused = 0
        self.in_a_row = 0

    def add(self, refused: bool) -> None:
        self.refused += refused - self.flags[self.next]
        self.flags[self.next] = refused
        self.in_a_row = self.in_a_row + 1 if refused else 0
        self.next += 1
        if self.next == len(self.flags):
            self.next, self.full = 0, True

    @property
    def seen(self) -> int:
        return len(self.flags) if self.full else self.next


@dataclass(slots=True)
class RefusalWatch:
    """Counts the outcomes of each sender's events in the order of their arrival."""

    limits: RefusalLimits
    _recent: dict[Sender, _Recent] = field(default_factory=dict)

    @property
    def tracked(self) -> Set[Sender]:
        """Senders with a refusal among their last events: only their outcomes matter."""
        return self._recent.keys()

    def see(self, sender: Sender, refused: bool) -> Breach | None:
        """Take the outcome of the sender's next event; answers the limit that it passes. Counting then starts again."""
        recent = self._recent.pop(sender, None)
        if recent is None:
            if not refused:
                return None
            recent = _Recent(self.limits.window)
        recent.add(refused)
        if (breach := self._breach(sender, recent)) is not None:
            return breach
        if recent.refused:
            self._recent[sender] = recent
            if len(self._recent) > TRACKED_MOST:
                del self._recent[next(iter(self._recent))]
        return None

    def forgive(self) -> None:
        """Start counting again, after an operator has resumed the sender."""
        self._recent.clear()

    def _breach(self, sender: Sender, recent: _Recent) -> Breach | None:
        if recent.in_a_row >= self.limits.consecutive:
            return Breach(sender, recent.in_a_row, recent.in_a_row)
        if recent.full and recent.refused >= self.limits.ratio * self.limits.window:
            return Breach(sender, recent.refused, self.limits.window)
        return None

"""A compacted topic as a small database: the vocabulary and the fold that every implementation shares (ARCHITECTURE 3).

One active writer, many readers. A write is appended, then the writer waits until its own reader has passed it, so who
wrote can read it back. An exclusive store takes the writer's place from any other when it starts; the replicas of a
service have an elected store each, and elect the one that writes (decision 25); a log in slots has a writer for each
slot (decision 46). Twins: `memory` and `kafka`, `elected`, `slots`; one behaviour suite runs on both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from crosslook.contracts.documents import Unreadable
from crosslook.platform.log_store.messages import History, successor

BARRIER_KEY = "~barrier"
"""Appended at a take-over or after a send whose fate is unknown; passing it proves that the end of the log was read."""

WRITER_KEY = "~writer"
"""Holds the address of the elected writer; appended at its take-over, where it serves as the barrier, too."""


class LogError(Exception):
    """Base of the errors of log stores."""


class VersionMismatch(LogError):
    """The key is at another version than the writer expected; `current` is 0 when the key does not exist."""

    def __init__(self, key: str, expected: int, current: int) -> None:
        super().__init__(f"{key}: expected version {expected}, found {current}")
        self.key = key
        self.current = current


class WriterFenced(LogError):
    """Another writer has taken over, so an exclusive store can never write again. The write that raised this was not
    applied."""


class NotTheWriter(LogError):
    """Another replica writes this log, or none does yet. The write that raised this was not applied."""


class LogUnavailable(LogError):
    """The log did not answer in time, or does not answer now."""


class WriteUnconfirmed(LogUnavailable):
    """A write was sent and not confirmed: it may or may not be applied. The next write finds out first."""


class LogUnreadable(LogUnavailable):
    """The log contains a document that this release cannot read, so nothing is written to it. The text gives the
    topic, the key, the offset and the cause."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The state of a key. `version` counts the writes since the key (last) appeared, from 1; `offset` is where it
    stands in the log. `history` holds (version, offset) of earlier writes: the first, then the most recent, ascending.
    """

    key: str
    value: bytes
    version: int
    offset: int
    history: History = ()

    def version_at(self, position: int) -> int | None:
        """The version that stood when everything below `position` had been read; None when the key did not exist."""
        if self.offset < position:
            return self.version
        return max((version for version, offset in self.history if offset < position), default=None)

    def successor_history(self) -> History:
        """The history that the next write of this key carries."""
        return successor(self.history, self.version, self.offset)


@dataclass(frozen=True, slots=True)
class ElectedWriter:
    """The elected writer of a log: its address, and the offset of its announcement, which grows with each take-over."""

    address: str
    offset: int


@dataclass(frozen=True, slots=True)
class LogChange:
    """One step of the log as a reader passes it; `entry` is None when the key was removed. `document`: what the entry
    holds, as `contracts.logs` reads it; None where nobody has read it yet."""

    key: str
    entry: LogEntry | None
    offset: int
    document: object = None


class LogView(Protocol):
    """A reader's current view of one log. It never blocks and never shows half a write."""

    @property
    def topic(self) -> str:
        """Which log."""

    @property
    def ready(self) -> bool:
        """Whether everything that was in the log at the start has been read."""

    @property
    def failure(self) -> str | None:
        """Why the view is not reliable, in words for operators; None while it works. A view that holds unreadable
        keys reads on, and answers with the last readable state."""

    @property
    def unreadable(self) -> Mapping[str, Unreadable]:
        """Keys whose latest value this release cannot read. `get` answers what stood there before, if that was read."""

    @property
    def whole(self) -> bool:
        """Whether every key could be read at some moment since the start: then the picture is without holes, and at
        worst older than the log."""

    @property
    def foreign(self) -> int:
        """Messages under keys that are not ours; they were skipped."""

    @property
    def position(self) -> int:
        """The next offset to read: the view includes everything below it."""

    def get(self, key: str) -> LogEntry | None:
        """The current state of the key."""

    def entries(self) -> Mapping[str, LogEntry]:
        """Everything, in the order of the last append; a live, read-only view."""

    def on_change(self, callback: Callable[[LogChange], None]) -> None:
        """Call `callback` for each later step, inside the event loop, in log order. It must be quick and not raise."""

    async def catch_up(self, timeout_seconds: float = 10) -> int:
        """Read to the end of the log as of this call; answers the position. Raises LogUnavailable."""

    async def reach(self, position: int) -> None:
        """Wait until the view includes everything below `position`. Raises LogUnavailable when the reader stops."""

    async def start(self) -> None:
        """Begin to read; returns once the view is complete. Raises LogUnavailable."""

    async def stop(self) -> None:
        """Stop reading. Safe to call twice."""


class LogStore(LogView, Protocol):
    """A view whose owner is also the only writer of the log."""

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> LogEntry | None:
        """Write one key (None removes it) and return its state, once this reader has passed the write.

        `expected_version` 0 means the key must not exist, None means whatever is there. Raises VersionMismatch,
        WriterFenced (for good), WriteUnconfirmed, or where nothing was written LogUnreadable, while any key of the log
        cannot be read, and LogUnavailable. What was answered survives any crash.
        """


@dataclass(frozen=True, slots=True)
class Repair:
    """A write of a key whose value at `offset` cannot be read: the value to store instead (None: nothing), and the
    version and history that it has."""

    key: str
    offset: int
    value: bytes | None
    version: int
    history: History


class ExclusiveStore(LogStore, Protocol):
    """The log store of a writer that fences every earlier writer."""

    async def repair(self, repair: Repair) -> None:
        """Write a key that cannot be read, whatever other keys cannot be; nothing where it is not that value any more.
        Raises as LogStore.put, but never LogUnreadable."""


class ElectedStore(LogStore, Protocol):
    """The log store of one replica of a service. The replicas elect the one that writes; all of them read.

    `start` does not wait for the election. `put` raises NotTheWriter where LogStore.put raises WriterFenced; the
    replica stands for election again by itself.
    """

    @property
    def writes(self) -> bool:
        """Whether this replica is the writer, as far as it knows."""

    @property
    def writer(self) -> ElectedWriter | None:
        """The replica that took over last, as far as this one has read; None when none ever did."""

    @property
    def has_peers(self) -> bool:
        """Whether other replicas took part in the last election."""

    def on_role(self, callback: Callable[[bool], None]) -> None:
        """Call `callback`, beside those of earlier calls, with whether this replica is the writer: now, and each time
        that changes."""

    async def resign(self) -> None:
        """Finish the current write, resign as writer at once, and do not join an election again. Reading continues."""


class SlotWriter(Protocol):
    """Writes the keys of one slot of a log, until another process takes that slot."""

    async def put_all(self, changes: Mapping[str, bytes | None]) -> None:
        """Write these keys (None removes one), all or none, and return once the reader has passed them, whatever other
        keys of the log cannot be read. Raises as LogStore.put, but never VersionMismatch nor LogUnreadable; after any
        of them, only a new writer of the slot knows what was written."""

    async def close(self) -> None:
        """Write no more. Safe to call twice."""


class SlottedLog(LogView, Protocol):
    """A log that several processes write at the same time, each the keys of a slot of its own."""

    async def take(self, slot: int) -> SlotWriter:
        """Become the only writer of a slot: what an earlier one wrote is read when this returns, and what it writes
        later is refused. Raises LogUnavailable, also before the start is done, or WriterFenced where another process
        was quicker."""

"""A compacted topic as a small database: the vocabulary and the fold that every implementation shares (ARCHITECTURE 3).

One active writer, many readers. A write is appended, then the writer waits until its own reader has passed it, so who
wrote can read it back. An exclusive store takes the writer's place from any other when it starts; the replicas of a
service have an elected store each, and elect the one that writes (decision 25). Twins: `memory_log` and `kafka_log`,
`kafka_log_elected`; one behaviour suite runs on both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

BARRIER_KEY = "~barrier"
"""Appended at a take-over or after a send whose fate is unknown; passing it proves that the end of the log was read."""

WRITER_KEY = "~writer"
"""Holds the address of the elected writer; appended at its take-over, where it serves as the barrier, too."""

HISTORY_KEPT = 32


class LogError(Exception):
    """Why a log store did not do what was asked."""


class VersionMismatch(LogError):
    """The key is at another version than the writer expected; `current` is 0 when the key does not exist."""

    def __init__(self, key: str, expected: int, current: int) -> None:
        super().__init__(f"{key}: expected version {expected}, found {current}")
        self.key = key
        self.current = current


class WriterFenced(LogError):
    """Another writer has taken over; an exclusive store can never write again. The write that raised this was not
    applied."""


class NotTheWriter(LogError):
    """Another replica writes this log, or none does yet. The write that raised this was not applied."""


class LogUnavailable(LogError):
    """The log did not answer in time. A write that raised this may or may not have happened; the next one finds out."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a key. `version` counts the writes since the key (last) appeared, from 1; `offset` is where it
    stands in the log. `history` holds (version, offset) of earlier writes: the first, then the most recent, ascending.
    """

    key: str
    value: bytes
    version: int
    offset: int
    history: tuple[tuple[int, int], ...] = ()

    def version_at(self, position: int) -> int | None:
        """The version that stood when everything below `position` had been read; None when the key did not exist."""
        if self.offset < position:
            return self.version
        return max((version for version, offset in self.history if offset < position), default=None)

    def successor_history(self) -> tuple[tuple[int, int], ...]:
        """The history that the next write of this key carries."""
        past = (*self.history, (self.version, self.offset))
        return past if len(past) <= HISTORY_KEPT else (past[0], *past[-(HISTORY_KEPT - 1) :])


@dataclass(frozen=True, slots=True)
class Writer:
    """The elected writer of a log: its address, and the offset of its announcement, which grows with each take-over."""

    address: str
    offset: int


@dataclass(frozen=True, slots=True)
class Change:
    """One step of the log as a reader passes it; `entry` is None when the key was removed."""

    key: str
    entry: Entry | None
    offset: int


class LogView(Protocol):
    """A reader's current picture of one log. It never blocks and never answers half a write."""

    @property
    def topic(self) -> str:
        """Which log."""

    @property
    def ready(self) -> bool:
        """Whether everything that was in the log at the start has been read."""

    @property
    def failure(self) -> str | None:
        """Why the view stands still, in words for operators; None while it works."""

    @property
    def position(self) -> int:
        """The next offset to read: everything below is in the picture."""

    def get(self, key: str) -> Entry | None:
        """What stands under the key now."""

    def entries(self) -> Mapping[str, Entry]:
        """Everything, in the order of the last append; a live, read-only view."""

    def on_change(self, callback: Callable[[Change], None]) -> None:
        """Call `callback` for each later step, inside the event loop, in log order. It must be quick and not raise."""

    async def catch_up(self, timeout_seconds: float = 10) -> int:
        """Read to the end of the log as of this call; answers the position. Raises LogUnavailable."""

    async def reach(self, position: int) -> None:
        """Wait until everything below `position` is in the picture. Raises LogUnavailable when the reader stops."""

    async def start(self) -> None:
        """Begin to read; returns once the picture is complete. Raises LogUnavailable."""

    async def stop(self) -> None:
        """Stop reading. Safe to call twice."""


class LogStore(LogView, Protocol):
    """A view whose owner is also the log's one writer."""

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> Entry | None:
        """Write one key (None removes it) and answer what stands there, once this very reader has passed it.

        `expected_version` 0 means the key must not exist, None means whatever is there. Raises VersionMismatch,
        WriterFenced (for good) or LogUnavailable. What was answered survives any crash.
        """


class ElectedStore(LogStore, Protocol):
    """The log store of one replica of a service. The replicas elect the one that writes; all of them read.

    `start` does not wait for the election. `put` raises NotTheWriter where LogStore.put raises WriterFenced; the
    replica stands for election again by itself.
    """

    @property
    def writes(self) -> bool:
        """Whether this replica is the writer, as far as it knows."""

    @property
    def writer(self) -> Writer | None:
        """The replica that took over last, as far as this one has read; None when none ever did."""

    @property
    def has_peers(self) -> bool:
        """Whether other replicas stand for election, as of the last one."""

    async def resign(self) -> None:
        """Finish the write under way, give up the writer's place at once, and do not stand again. Reading goes on."""


class Fold:
    """The state of a log: entries by key, in order of their last append. Knows nothing of where steps come from."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._callbacks: list[Callable[[Change], None]] = []
        self._expected: int | None = None
        self.position = 0
        self.writer: Writer | None = None
        self.arrived = False

    def get(self, key: str) -> Entry | None:
        """What stands under the key."""
        return self._entries.get(key)

    def entries(self) -> Mapping[str, Entry]:
        """Everything, read-only."""
        return MappingProxyType(self._entries)

    def on_change(self, callback: Callable[[Change], None]) -> None:
        """Call `callback` after each applied step."""
        self._callbacks.append(callback)

    def apply(self, key: str, value: bytes | None, offset: int, version: int, history: str) -> None:
        """Take one step. `version` 0 means that its writer did not say: then it is one more than before."""
        self.position = offset + 1
        self.arrived = self.arrived or offset == self._expected
        if key == WRITER_KEY and value is not None:
            self.writer = Writer(value.decode("utf-8", "replace"), offset)
        if key in (BARRIER_KEY, WRITER_KEY):
            return
        before = self._entries.pop(key, None)
        entry = None
        if value is not None:
            past = decode_history(history) if version else before.successor_history() if before else ()
            entry = Entry(key, value, version or (before.version + 1 if before else 1), offset, past)
            self._entries[key] = entry
        elif before is None:
            return
        for callback in self._callbacks:
            callback(Change(key, entry, offset))

    def expect(self, offset: int) -> None:
        """Have `arrived` say whether the step at an offset still to come is applied; one of an aborted transaction is
        not."""
        self._expected, self.arrived = offset, False

    def check(self, key: str, expected_version: int | None) -> Entry | None:
        """What stands under the key, if it is at the expected version. Raises VersionMismatch."""
        entry = self._entries.get(key)
        current = entry.version if entry else 0
        if expected_version is not None and expected_version != current:
            raise VersionMismatch(key, expected_version, current)
        return entry


def encode_history(history: tuple[tuple[int, int], ...]) -> str:
    """`1:17,2:35`, as it stands in a record's header."""
    return ",".join(f"{version}:{offset}" for version, offset in history)


def decode_history(text: str) -> tuple[tuple[int, int], ...]:
    """The inverse of `encode_history`; unreadable parts are left out."""
    pairs = (part.partition(":") for part in text.split(",") if part)
    return tuple((int(v), int(o)) for v, _, o in pairs if v.isdecimal() and o.isdecimal())

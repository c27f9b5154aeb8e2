"""The fold of a log's messages into its state, which every implementation of a log store shares."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from crosslook.contracts.documents import CONTROL_PREFIX, HOLE_PREFIX, Unreadable, UnreadableDocument, refuse_newer
from crosslook.contracts.logs import documents_of
from crosslook.platform.log_store.messages import History, LogMessage, decode_history, successor, written_headers
from crosslook.platform.log_store.protocol import (
    BARRIER_KEY,
    WRITER_KEY,
    ElectedWriter,
    LogChange,
    LogEntry,
    LogView,
    VersionMismatch,
)


def describe_unreadable(unreadable: Mapping[str, Unreadable]) -> str | None:
    """The first unreadable key with its cause, and how many more there are; None where there is none."""
    first = next(iter(unreadable.values()), None)
    if first is None or len(unreadable) == 1:
        return str(first) if first is not None else None
    return f"{first} (and {len(unreadable) - 1} more)"


def unknown(view: LogView, key: str) -> Unreadable | None:
    """What keeps a key that `view` does not have from being known to be absent; None where it is absent."""
    found = view.unreadable
    if not found:
        return None
    return found.get(key) or next((hole for name, hole in found.items() if name.startswith(HOLE_PREFIX)), None)


class Fold:
    """The state of a log: entries by key, in order of their last append. Knows nothing of where steps come from.

    A step whose document cannot be read leaves what stood under its key, and the key is `unreadable` until a later step
    of the same key can be read or removes it.
    """

    def __init__(self, topic: str) -> None:
        self._documents = documents_of(topic)
        self._entries: dict[str, LogEntry] = {}
        self._unreadable: dict[str, Unreadable] = {}
        self._callbacks: list[Callable[[LogChange], None]] = []
        self._expected: int | None = None
        self.position = 0
        self.foreign = 0
        self.writer: ElectedWriter | None = None
        self.arrived = False

    @property
    def unreadable(self) -> Mapping[str, Unreadable]:
        """Keys whose latest value cannot be read."""
        return MappingProxyType(self._unreadable)

    @property
    def failure(self) -> str | None:
        """The first unreadable key with its cause, and how many more there are; None where there is none."""
        return describe_unreadable(self._unreadable)

    def get(self, key: str) -> LogEntry | None:
        """What stands under the key."""
        return self._entries.get(key)

    def entries(self) -> Mapping[str, LogEntry]:
        """Everything, read-only."""
        return MappingProxyType(self._entries)

    def on_change(self, callback: Callable[[LogChange], None]) -> None:
        """Call `callback` after each applied step."""
        self._callbacks.append(callback)

    def apply(self, step: LogMessage) -> None:
        """Take one step."""
        self.position = step.offset + 1
        self.arrived = self.arrived or step.offset == self._expected
        if step.key == WRITER_KEY and step.value is not None:
            self.writer = ElectedWriter(step.value.decode("utf-8", "replace"), step.offset)
        if step.key in (BARRIER_KEY, WRITER_KEY):
            return
        owned = self._documents.owns(step.key)
        if not owned and not step.key.startswith(CONTROL_PREFIX):
            self.foreign += 1
            return
        try:
            document = self._document(step) if owned and step.value is not None else None
        except UnreadableDocument as error:
            self._note(step, str(error))
        else:
            self._take(step, document)

    def _document(self, step: LogMessage) -> object:
        refuse_newer(step.format, step.written_by)
        return self._documents.read(step.key, step.value or b"")

    def damaged(self, first: int, last: int) -> None:
        """Take a batch that was damaged after its writer sent it: nobody knows which keys it held."""
        self.position = last + 1
        self._note(
            LogMessage(f"{HOLE_PREFIX}{first}-{last}", None, first), "a batch was damaged on the broker or on the way"
        )

    def skip(self, first: int, last: int) -> None:
        """Take messages that cannot be read and were sent so: no writer of ours sends any."""
        self.position = last + 1
        self.foreign += last - first + 1

    def _note(self, step: LogMessage, cause: str) -> None:
        version, past = self._successor(step)
        self._unreadable.pop(step.key, None)
        self._unreadable[step.key] = Unreadable(step.key, step.offset, cause, version, past)

    def _take(self, step: LogMessage, document: object) -> None:
        version, past = self._successor(step)
        unreadable = self._unreadable.pop(step.key, None)
        before = self._entries.pop(step.key, None)
        entry = None
        if step.value is not None:
            entry = LogEntry(step.key, step.value, version, step.offset, past)
            self._entries[step.key] = entry
        elif before is None and unreadable is None:
            return
        for callback in self._callbacks:
            callback(LogChange(step.key, entry, step.offset, document))

    def _successor(self, step: LogMessage) -> tuple[int, History]:
        """Version and history of a step: its writer's, or else one more than what was there, readable or not."""
        if step.version:
            return step.version, decode_history(step.history)
        lost, before = self._unreadable.get(step.key), self._entries.get(step.key)
        if lost is not None:
            return lost.version + 1, successor(lost.history, lost.version, lost.offset)
        return (before.version + 1, before.successor_history()) if before is not None else (1, ())

    def expect(self, offset: int) -> None:
        """Have `arrived` say whether the step at an offset still to come is applied; one of an aborted transaction is
        not."""
        self._expected, self.arrived = offset, False

    def check(self, key: str, expected_version: int | None) -> LogEntry | None:
        """What stands under the key, if it is at the expected version. Raises VersionMismatch."""
        entry = self._entries.get(key)
        current = entry.version if entry else 0
        if expected_version is not None and expected_version != current:
            raise VersionMismatch(key, expected_version, current)
        return entry

    def headers(self, key: str, expected_version: int | None) -> list[tuple[str, bytes]]:
        """The headers of the next write of a key that is at the expected version. Raises VersionMismatch."""
        before = self.check(key, expected_version)
        return written_headers(before.version + 1, before.successor_history()) if before else written_headers(1, ())

    def brief_headers(self, key: str) -> list[tuple[str, bytes]]:
        """The headers of the next write of a key whose earlier versions nobody needs."""
        before = self._entries.get(key)
        return written_headers(before.version + 1 if before else 1, ())

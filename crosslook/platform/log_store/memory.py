"""The log stores in memory: the same promises as on Kafka, for tests and tools; offsets have holes here as there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosslook.contracts.documents import Unreadable
from crosslook.platform.log_store.fold import Fold
from crosslook.platform.log_store.messages import LogMessage, read_step, written_headers
from crosslook.platform.log_store.protocol import (
    BARRIER_KEY,
    WRITER_KEY,
    ElectedWriter,
    LogChange,
    LogEntry,
    LogUnavailable,
    LogUnreadable,
    NotTheWriter,
    Repair,
    WriterFenced,
)


@dataclass(slots=True)
class MemoryTopic:
    """What several logs of one topic share: the steps, and who may write. `slots`: how often each was taken."""

    name: str
    steps: list[LogMessage] = field(default_factory=list)
    end: int = 0
    epoch: int = 0
    readers: list["MemoryLog"] = field(default_factory=list)
    candidates: list["ElectedMemoryLog"] = field(default_factory=list)
    slots: dict[int, int] = field(default_factory=dict)

    def append(self, key: str, value: bytes | None, headers: Mapping[str, str] | None = None) -> int:
        """Add a message and show it to every reader; answers its offset."""
        offset = self.end
        self.end += 2  # as after a transaction: the commit marker takes an offset, too
        self.steps.append(read_step(key, value, offset, headers or {}))
        for reader in self.readers:
            reader.refresh()
        return offset

    def compact(self) -> None:
        """Forget every step but the last of each key, and removed keys altogether, as the broker may at any time."""
        last = {step.key: step for step in self.steps}
        self.steps = [step for step in self.steps if last[step.key] is step and step.value is not None]


class MemoryLog:
    """A LogStore over a MemoryTopic. With `writer=False` a LogView."""

    def __init__(self, topic: MemoryTopic | str, *, writer: bool = True) -> None:
        self._shared = MemoryTopic(topic) if isinstance(topic, str) else topic
        self._fold = Fold(self._shared.name)
        self._writer = writer
        self._epoch = 0
        self._started = False
        self._whole = False

    @property
    def shared(self) -> MemoryTopic:
        """The topic, to attach other logs to."""
        return self._shared

    @property
    def topic(self) -> str:
        """Which log."""
        return self._shared.name

    @property
    def ready(self) -> bool:
        """True from start to stop, unless fenced."""
        return self._started and self.failure is None

    @property
    def failure(self) -> str | None:
        """That another writer has taken over, or which key cannot be read."""
        return "writer_fenced" if self._fenced else self._fold.failure

    @property
    def _fenced(self) -> bool:
        return self._writer and self._started and self._epoch != self._shared.epoch

    @property
    def unreadable(self) -> Mapping[str, Unreadable]:
        """Keys whose latest value cannot be read."""
        return self._fold.unreadable

    @property
    def whole(self) -> bool:
        """Whether every key could be read at some moment since the start."""
        return self._whole

    @property
    def foreign(self) -> int:
        """Messages under keys that are not ours."""
        return self._fold.foreign

    @property
    def position(self) -> int:
        """The next offset to read."""
        return self._fold.position

    def get(self, key: str) -> LogEntry | None:
        """The current state of the key."""
        return self._fold.get(key)

    def entries(self) -> Mapping[str, LogEntry]:
        """Everything, in the order of the last append."""
        return self._fold.entries()

    def on_change(self, callback: Callable[[LogChange], None]) -> None:
        """Call `callback` for each later step."""
        self._fold.on_change(callback)

    async def reach(self, position: int) -> None:
        """As LogView.reach: what is not read by now will not be."""
        if position > self.position:
            raise LogUnavailable(f"{self.topic}: nothing stands below {position}")

    async def start(self) -> None:
        """Read everything; a writer takes over from the one before."""
        self._shared.readers.append(self)
        self._started = True
        self.refresh()
        if self._writer:
            self._take_over(BARRIER_KEY, None)

    async def stop(self) -> None:
        """Stop reading."""
        if self._started:
            self._shared.readers.remove(self)
            self._started = False

    async def catch_up(self, timeout_seconds: float = 10) -> int:
        """Nothing to wait for: what there is can be read at once."""
        self.refresh()
        return self.position

    def refresh(self) -> None:
        """Take the steps that were not taken yet."""
        for step in self._shared.steps:
            if step.offset >= self._fold.position:
                self._fold.apply(step)
        self._fold.position = self._shared.end
        self._whole = self._whole or not self._fold.unreadable

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> LogEntry | None:
        """As LogStore.put."""
        if not self._writer or self._fenced or not self._started:
            raise WriterFenced(f"{self.topic}: another writer has taken over")
        return self._write(key, value, expected_version)

    async def repair(self, repair: Repair) -> None:
        """As ExclusiveStore.repair."""
        if not self._writer or self._fenced or not self._started:
            raise WriterFenced(f"{self.topic}: another writer has taken over")
        found = self._fold.unreadable.get(repair.key)
        if found is not None and found.offset == repair.offset:
            headers = written_headers(repair.version, repair.history)
            self._shared.append(repair.key, repair.value, {name: text.decode() for name, text in headers})

    def _take_over(self, key: str, value: bytes | None) -> None:
        self._shared.epoch += 1
        self._epoch = self._shared.epoch
        self._shared.append(key, value)

    def _write(self, key: str, value: bytes | None, expected_version: int | None) -> LogEntry | None:
        if (failure := self._fold.failure) is not None:
            raise LogUnreadable(f"{self.topic}: {failure}")
        headers = self._fold.headers(key, expected_version)
        self._shared.append(key, value, {name: text.decode() for name, text in headers})
        return self._fold.get(key)


class ElectedMemoryLog(MemoryLog):
    """An ElectedStore over a MemoryTopic: of the replicas that were started, the one that stands longest writes."""

    def __init__(self, topic: MemoryTopic | str, address: str = "http://memory") -> None:
        super().__init__(topic, writer=False)
        self._address = address
        self._elected = False
        self._on_role: list[Callable[[bool], None]] = []

    @property
    def writes(self) -> bool:
        """Whether this replica was elected; one that was fenced finds out when it writes."""
        return self._elected

    @property
    def writer(self) -> ElectedWriter | None:
        """The replica that took over last."""
        return self._fold.writer

    @property
    def has_peers(self) -> bool:
        """Whether other replicas stand for election."""
        return len(self._shared.candidates) > 1

    def on_role(self, callback: Callable[[bool], None]) -> None:
        """As ElectedStore.on_role."""
        self._on_role.append(callback)
        callback(self.writes)

    async def start(self) -> None:
        """Read everything, then stand for election."""
        await super().start()
        self._stand()

    async def stop(self) -> None:
        """Stop writing and reading."""
        await self.resign()
        await super().stop()

    async def resign(self) -> None:
        """As ElectedStore.resign."""
        if self in self._shared.candidates:
            self._shared.candidates.remove(self)
        self._step_down()
        if self._shared.candidates:
            self._shared.candidates[0].lead()

    def lead(self) -> None:
        """Take over as the writer, unless this replica is it already."""
        if not self._elected:
            self._changed_to(writes=True)
            self._take_over(WRITER_KEY, self._address.encode())

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> LogEntry | None:
        """As ElectedStore.put."""
        if not self._elected:
            raise NotTheWriter(f"{self.topic}: another replica writes")
        if self._epoch != self._shared.epoch:
            self._step_down()
            self._shared.candidates.remove(self)
            self._stand()
            raise NotTheWriter(f"{self.topic}: another replica has taken over")
        return self._write(key, value, expected_version)

    def _stand(self) -> None:
        self._shared.candidates.append(self)
        self._shared.candidates[0].lead()

    def _step_down(self) -> None:
        self._changed_to(writes=False)

    def _changed_to(self, *, writes: bool) -> None:
        self._elected = writes
        for callback in self._on_role:
            callback(writes)


class SlottedMemoryLog(MemoryLog):
    """A SlottedLog over a MemoryTopic."""

    def __init__(self, topic: MemoryTopic | str) -> None:
        super().__init__(topic, writer=False)

    async def take(self, slot: int) -> "SlotMemoryWriter":
        """As SlottedLog.take."""
        if not self._started:
            raise LogUnavailable(f"{self.topic}: not read yet")
        self._shared.slots[slot] = self._shared.slots.get(slot, 0) + 1
        self._shared.append(BARRIER_KEY, None)
        return SlotMemoryWriter(self._shared, self._fold, slot)


class SlotMemoryWriter:
    """A SlotWriter over a MemoryTopic."""

    def __init__(self, shared: MemoryTopic, fold: Fold, slot: int) -> None:
        self._shared = shared
        self._fold = fold
        self._slot = slot
        self._term = shared.slots[slot]

    async def put_all(self, changes: Mapping[str, bytes | None]) -> None:
        """As SlotWriter.put_all."""
        if self._shared.slots[self._slot] != self._term:
            raise WriterFenced(f"{self._shared.name}: another writer has taken over")
        for key, value in changes.items():
            headers = self._fold.brief_headers(key)
            self._shared.append(key, value, {name: text.decode() for name, text in headers})

    async def close(self) -> None:
        """Write no more."""
        self._term = -1

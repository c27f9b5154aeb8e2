"""The log stores in memory: the same promises as on Kafka, for tests and tools; offsets have holes here as there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosslook.platform.logstore import (
    BARRIER_KEY,
    WRITER_KEY,
    Change,
    Entry,
    Fold,
    LogUnavailable,
    NotTheWriter,
    Writer,
    WriterFenced,
    encode_history,
)

Step = tuple[str, bytes | None, int, int, str]
"""(key, value, offset, version, history), the arguments of `Fold.apply`."""


@dataclass(slots=True)
class MemoryTopic:
    """What several logs of one topic share: the steps, and who may write."""

    name: str
    steps: list[Step] = field(default_factory=list)
    end: int = 0
    epoch: int = 0
    readers: list["MemoryLog"] = field(default_factory=list)
    candidates: list["ElectedMemoryLog"] = field(default_factory=list)

    def append(self, key: str, value: bytes | None, version: int, history: str) -> int:
        """Add a step and show it to every reader; answers its offset."""
        offset = self.end
        self.end += 2  # as after a transaction: the commit marker takes an offset, too
        self.steps.append((key, value, offset, version, history))
        for reader in self.readers:
            reader.refresh()
        return offset

    def compact(self) -> None:
        """Forget every step but the last of each key, and removed keys altogether, as the broker may at any time."""
        last = {step[0]: step for step in self.steps}
        self.steps = [step for step in self.steps if last[step[0]] is step and step[1] is not None]


class MemoryLog:
    """A LogStore over a MemoryTopic. With `writer=False` a LogView."""

    def __init__(self, topic: MemoryTopic | str, *, writer: bool = True) -> None:
        self._shared = MemoryTopic(topic) if isinstance(topic, str) else topic
        self._fold = Fold()
        self._writer = writer
        self._epoch = 0
        self._started = False

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
        """Says when another writer has taken over."""
        return "writer_fenced" if self._writer and self._started and self._epoch != self._shared.epoch else None

    @property
    def position(self) -> int:
        """The next offset to read."""
        return self._fold.position

    def get(self, key: str) -> Entry | None:
        """What stands under the key now."""
        return self._fold.get(key)

    def entries(self) -> Mapping[str, Entry]:
        """Everything, in the order of the last append."""
        return self._fold.entries()

    def on_change(self, callback: Callable[[Change], None]) -> None:
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
        """Nothing to wait for: a memory log is always at the end."""
        return self.position

    def refresh(self) -> None:
        """Take the steps that were not taken yet."""
        for key, value, offset, version, history in self._shared.steps:
            if offset >= self._fold.position:
                self._fold.apply(key, value, offset, version, history)
        self._fold.position = self._shared.end

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> Entry | None:
        """As LogStore.put."""
        if not self._writer or self.failure is not None or not self._started:
            raise WriterFenced(f"{self.topic}: another writer has taken over")
        return self._write(key, value, expected_version)

    def _take_over(self, key: str, value: bytes | None) -> None:
        self._shared.epoch += 1
        self._epoch = self._shared.epoch
        self._shared.append(key, value, 0, "")

    def _write(self, key: str, value: bytes | None, expected_version: int | None) -> Entry | None:
        before = self._fold.check(key, expected_version)
        version = before.version + 1 if before else 1
        history = encode_history(before.successor_history()) if before else ""
        self._shared.append(key, value, version, history)
        return self._fold.get(key)


class ElectedMemoryLog(MemoryLog):
    """An ElectedStore over a MemoryTopic: of the replicas that were started, the one that stands longest writes."""

    def __init__(self, topic: MemoryTopic | str, address: str = "http://memory") -> None:
        super().__init__(topic, writer=False)
        self._address = address
        self._elected = False

    @property
    def writes(self) -> bool:
        """Whether this replica was elected; one that was fenced finds out when it writes."""
        return self._elected

    @property
    def writer(self) -> Writer | None:
        """The replica that took over last."""
        return self._fold.writer

    @property
    def has_peers(self) -> bool:
        """Whether other replicas stand for election."""
        return len(self._shared.candidates) > 1

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
        self._elected = False
        if self._shared.candidates:
            self._shared.candidates[0].lead()

    def lead(self) -> None:
        """Take over as the writer, unless this replica is it already."""
        if not self._elected:
            self._elected = True
            self._take_over(WRITER_KEY, self._address.encode())

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> Entry | None:
        """As ElectedStore.put."""
        if not self._elected:
            raise NotTheWriter(f"{self.topic}: another replica writes")
        if self._epoch != self._shared.epoch:
            self._elected = False
            self._shared.candidates.remove(self)
            self._stand()
            raise NotTheWriter(f"{self.topic}: another replica has taken over")
        return self._write(key, value, expected_version)

    def _stand(self) -> None:
        self._shared.candidates.append(self)
        self._shared.candidates[0].lead()

"""The log store in memory: the same promises as on Kafka, for tests and tools; offsets have holes here as there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from crosslook.platform.logstore import BARRIER_KEY, Change, Entry, Fold, WriterFenced, encode_history

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

    async def start(self) -> None:
        """Read everything; a writer takes over from the one before."""
        if self._writer:
            self._shared.epoch += 1
            self._epoch = self._shared.epoch
        self._shared.readers.append(self)
        self._started = True
        self.refresh()
        if self._writer:
            self._shared.append(BARRIER_KEY, None, 0, "")

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
        before = self._fold.check(key, expected_version)
        version = before.version + 1 if before else 1
        history = encode_history(before.successor_history()) if before else ""
        self._shared.append(key, value, version, history)
        return self._fold.get(key)

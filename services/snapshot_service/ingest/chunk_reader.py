"""Reads chunks: full ones under load, and about one a second at low traffic."""

import asyncio
from collections.abc import Iterator, Sequence

from crosslook.platform.kafka import KafkaUnavailable, RawMessage, RecordSource, readable_body
from services.snapshot_service.settings import IngestSettings

MessagesByPartition = dict[int, list[RawMessage]]
_EVENTS_AT_ONCE = 500
_BYTES_AT_ONCE = 256 * 1024
"""After so much is decided other tasks run: the insert in progress, and probes."""


def in_slices(messages: Sequence[RawMessage]) -> Iterator[Sequence[RawMessage]]:
    """The messages in parts that are decided in a few milliseconds each."""
    start = size = 0
    for index, message in enumerate(messages):
        if index - start == _EVENTS_AT_ONCE or size > _BYTES_AT_ONCE:
            yield messages[start:index]
            start, size = index, 0
        size += len(message.value or b"")
    yield messages[start:]


class ChunkReader:
    """Spaces the chunks that are not full by `linger_seconds`, so that the store does not get many tiny parts."""

    def __init__(self, source: RecordSource, settings: IngestSettings) -> None:
        self._source = source
        self._settings = settings
        self._last = float("-inf")

    async def chunk(self, stopping: asyncio.Event) -> MessagesByPartition:
        """The next messages by partition, at most `chunk_events`; empty when none came. Reads no more once there are
        `chunk_bytes`. The first ones after a pause are returned at once. Raises KafkaUnavailable, StopService."""
        batches = await self._source.read(self._settings.poll_ms, self._settings.chunk_events)
        if not batches:
            return batches
        generation, clock = self._source.generation, asyncio.get_running_loop().time
        while (seconds := self._last + self._settings.linger_seconds - clock()) > 0 and not stopping.is_set():
            free = self._settings.chunk_events - sum(map(len, batches.values()))
            if free <= 0 or _bytes(batches) >= self._settings.chunk_bytes:
                break
            try:
                more = await self._source.read(min(self._settings.poll_ms, max(1, round(seconds * 1000))), free)
            except KafkaUnavailable:
                break  # what was read is worth storing; the next read meets the same error
            if self._source.generation != generation:
                # The group has given the partitions anew: reading began again at what is committed.
                batches, generation = more, self._source.generation
                continue
            for partition, messages in more.items():
                batches.setdefault(partition, []).extend(messages)
        self._last = clock()
        return batches


def _bytes(batches: MessagesByPartition) -> int:
    return sum(len(readable_body(message) or b"") for messages in batches.values() for message in messages)

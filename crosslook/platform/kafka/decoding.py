"""Decodes fetched batches so that no message can stop a reader, affect other messages or fill memory.

aiokafka decodes while it is iterated. Whatever it raises there drops the messages that it had decoded before, also of
other partitions, and is raised again at each start. So its reader of record batches is replaced, in all consumers of a
process, by one that gives an `UnreadableMessage` in place of what cannot be read, and goes on behind it.
"""

import asyncio
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import aiokafka.consumer.fetcher as fetcher
from aiokafka.errors import RecordTooLargeError
from aiokafka.record.default_records import DefaultRecordBatch

from crosslook.platform.kafka.batches import (
    COUNT_AT,
    HEADER_BYTES,
    MAGIC,
    MAGIC_AT,
    SPECIAL,
    RecordBatch,
    RecordBatches,
)
from crosslook.platform.kafka.decompression import Bytes as Body
from crosslook.platform.kafka.decompression import TooLarge, Undecodable, decompress
from crosslook.platform.kafka.records import (
    HEADERS_MAX,
    RECORDS_MAX,
    Record,
    Undivided,
    UnreadableMessage,
    UnreadableReason,
    is_abort,
    read_records,
)

_CAREFUL_BYTES: Final = 1024 * 1024
"""Larger batches are read record by record: the client's own reader is quicker and takes what a record claims."""
_HEADERS_USUAL: Final = 16
_HEADER_MEMORY: Final = 100
_DECOMPRESSED_MAX: Final = 64 * 1024 * 1024
_NOT_QUICKLY: Final = (type("_Beyond", (), {"offset": 1 << 63}),)
"""A record that no batch can hold: the client's own reader stops there at once."""
ClientMessage = Any
"""A message as the client gives it, or an UnreadableMessage."""


class Budget(threading.local):
    """How much may be decoded before the other tasks of the event loop have their turn: that bounds the memory of one
    read and how long it keeps them waiting. `decompressed_max`: largest size of a batch after decompression, in
    bytes."""

    decompressed_max: int = _DECOMPRESSED_MAX

    def __init__(self) -> None:
        self._left = _DECOMPRESSED_MAX
        self._refilling = False

    @property
    def spent(self) -> bool:
        """Whether the rest must wait."""
        return self._left <= 0

    def take(self, size: int) -> None:
        """Count bytes that were decoded."""
        if not self._refilling:
            try:
                asyncio.get_running_loop().call_soon(self._refill)
            except RuntimeError:
                return  # nobody waits
            self._refilling = True
        self._left -= size

    def _refill(self) -> None:
        self._left, self._refilling = _DECOMPRESSED_MAX, False


_budget = Budget()


class SafeRecords(fetcher.PartitionRecords):  # type: ignore[misc]  # aiokafka ships no types
    """The messages of one partition in a fetch response, in order. Never raises for anything that they can hold.

    It ends early once the budget is spent; what is left is fetched again.
    """

    _records: RecordBatches
    next_fetch_offset: int

    def _unpack_records(self) -> Iterator[ClientMessage]:
        """The client's own reader does the work up to where it stumbles; flat, since each level costs each message."""
        batches, tp = self._records, self._tp
        while batches.has_next() and not _budget.spent:
            data = batches.next_data()
            opened = _ordinary(data) or self._open(RecordBatch(data), batches)
            if not isinstance(opened, _Opened):
                yield from opened
                continue
            records, last, dense, body, before = opened
            whole = enough = False
            try:
                for record in records:
                    offset = record.offset
                    if offset > last or (offset != before + 1 and (dense or offset <= before)):
                        break
                    before = offset
                    if offset < self.next_fetch_offset:
                        continue
                    message = self._consumer_record(tp, record)
                    if len(message.headers) > _HEADERS_USUAL:
                        if len(message.headers) > HEADERS_MAX:
                            break
                        _budget.take(_HEADER_MEMORY * len(message.headers))
                        enough = _budget.spent
                    self.next_fetch_offset = offset + 1
                    yield message
                    if enough:
                        return
                else:
                    whole = True
            except Exception:  # noqa: S110  # whatever it is, the careful reader finds its place and names it
                pass
            if not whole:
                batch = RecordBatch(data)
                yield from self._carefully(batch, body or batch.body)
            self.next_fetch_offset = last + 1

    def _open(self, batch: RecordBatch, batches: RecordBatches) -> "_Opened | Iterable[ClientMessage]":
        """A batch ready to be read; where it has no messages that can be read, what stands for it."""
        if batch.magic >= MAGIC and not batch.intact:
            return (self._damage(batch, batches.following()),)
        if batch.magic != MAGIC:
            return self._of_another_format(batch)
        if self._passes_over(batch):
            return ()
        try:
            body = decompress(batch.codec, bytes(batch.body), _budget.decompressed_max) if batch.codec else batch.body
        except TooLarge:
            _budget.take(_budget.decompressed_max)
            return (self._range(batch, "unpacked"),)
        except Undecodable:
            return (self._range(batch, "compression"),)
        _budget.take(len(body))
        if batch.count > RECORDS_MAX:
            return (self._range(batch, "records"),)
        quick = len(body) <= _CAREFUL_BYTES
        records = batch.parsed(body if batch.codec else None) if quick else _NOT_QUICKLY
        return _Opened(records, batch.last_offset, batch.dense, body, batch.base_offset - 1)

    def _passes_over(self, batch: RecordBatch) -> bool:
        """Whether the batch has no messages for us: it is read already, a marker, or of an aborted transaction."""
        if self._isolation_level == fetcher.READ_COMMITTED:
            self._consume_aborted_up_to(batch.base_offset)
            if batch.control and is_abort(_marker(batch)):
                self._aborted_producers.discard(batch.producer_id)
        aborted = batch.transactional and batch.producer_id in self._aborted_producers
        if batch.control or aborted:
            self.next_fetch_offset = max(self.next_fetch_offset, batch.last_offset + 1)
        return bool(batch.last_offset < self.next_fetch_offset)

    def _carefully(self, batch: RecordBatch, body: Body) -> Iterator[ClientMessage]:
        try:
            for record in read_records(batch, body, self.next_fetch_offset):
                self.next_fetch_offset = record.offset + 1
                yield self._message(record)
        except Undivided:
            if self.next_fetch_offset <= batch.last_offset:
                yield self._range(batch, "structure")

    def _message(self, record: Record) -> ClientMessage:
        topic, partition = self._tp
        if record.reason is not None:
            return UnreadableMessage(
                topic,
                partition,
                record.offset,
                record.offset,
                record.timestamp,
                record.reason,
                record.value,
                record.key,
                record.headers,
            )
        return self._consumer_record(self._tp, _Decoded(record))

    def _range(self, batch: RecordBatch, reason: UnreadableReason, last: int | None = None) -> UnreadableMessage:
        """Everything of a batch that was not read yet."""
        topic, partition = self._tp
        first = max(batch.base_offset, self.next_fetch_offset)
        last = max(first, batch.last_offset if last is None else last)
        intact = reason != "checksum"
        timestamp = batch.max_timestamp if intact else round(time.time() * 1000)
        self.next_fetch_offset = last + 1
        return UnreadableMessage(
            topic, partition, first, last, timestamp, reason, decompressed_max=_budget.decompressed_max
        )

    def _damage(self, batch: RecordBatch, following: int | None) -> UnreadableMessage:
        """A batch whose checksum is wrong says nothing reliable about its end; the batch behind it does. Where there is
        none, its own word counts only if it agrees with its number of records: a jump behind the end would be worse
        than looking at it again."""
        if following is not None and following > batch.base_offset:
            return self._range(batch, "checksum", following - 1)
        plausible = batch.dense and 0 < batch.count <= len(batch.data)
        return self._range(batch, "checksum", batch.last_offset if plausible else batch.base_offset)

    def _of_another_format(self, batch: RecordBatch) -> Iterator[ClientMessage]:
        """Batches of before Kafka 0.11, which no broker since 4.0 takes: single records are read, compressed ones are
        not, since nothing bounds them."""
        try:
            old = batch.parsed() if batch.magic < MAGIC else None
            readable = old is not None and old.validate_crc() and old.compression_type == 0
            records = [self._consumer_record(self._tp, record) for record in old] if old and readable else []
        except Exception:
            records = []
        for message in records:
            if message.offset >= self.next_fetch_offset:
                self.next_fetch_offset = message.offset + 1
                yield message
        if not records:
            yield self._range(batch, "format")


class _Opened(NamedTuple):
    """A batch whose records are there to be read, by the client's own reader first. `body`: the unpacked records, ""
    where they stand in the batch as they are. `before`: the offset before its first one."""

    records: Iterable[Any]
    last: int
    dense: bool
    body: Body
    before: int


def _ordinary(data: bytes) -> _Opened | None:
    """A small, intact, uncompressed batch outside of any transaction, which is nearly all there is; None for others."""
    if data[MAGIC_AT] != MAGIC or not HEADER_BYTES <= len(data) <= _CAREFUL_BYTES:
        return None
    batch = DefaultRecordBatch(data)
    if batch.attributes & SPECIAL or not batch.validate_crc():
        return None
    _budget.take(len(data))
    last, base = batch.next_offset - 1, batch.base_offset
    dense = int.from_bytes(data[COUNT_AT:HEADER_BYTES], "big") == last - base + 1
    return _Opened(batch, last, dense, b"", base - 1)


class _Decoded:
    """A record as the client's own reader gives it."""

    __slots__ = ("checksum", "headers", "key", "offset", "timestamp", "timestamp_type", "value")

    def __init__(self, record: Record) -> None:
        self.offset, self.timestamp = record.offset, record.timestamp
        self.key, self.value, self.headers = record.key, record.value, record.headers
        self.timestamp_type, self.checksum = 1, None


def _marker(batch: RecordBatch) -> bytes | None:
    """The key of a control batch's record; None where it cannot be read."""
    try:
        record = next(read_records(batch, batch.body, batch.base_offset), None)
    except Undivided:
        return None
    return record.key if record is not None else None


def unfetched(error: RecordTooLargeError) -> UnreadableMessage | None:
    """The message of which the client got an incomplete batch, and whose offset it has skipped."""
    match error.args:
        case (_, place, int(offset), *_):
            now = round(time.time() * 1000)
            return UnreadableMessage(place.topic, place.partition, offset, offset, now, "structure", cut=True)
    return None


def install(decompressed_max: int) -> None:
    """Make every consumer of this process read like this; a batch has at most `decompressed_max` bytes decompressed."""
    Budget.decompressed_max = decompressed_max
    names: dict[str, Any] = {"MemoryRecords": RecordBatches, "PartitionRecords": SafeRecords}
    for name, replacement in names.items():
        if not hasattr(fetcher, name):
            raise RuntimeError(f"aiokafka.consumer.fetcher has no {name}: its reader of batches cannot be replaced")
        setattr(fetcher, name, replacement)

"""Record batches of a fetch response, split without decoding them (KIP-98: the layout of magic 2)."""

import struct
from typing import Final

from aiokafka.record.default_records import DefaultRecordBatch
from aiokafka.record.legacy_records import LegacyRecordBatch
from aiokafka.record.util import calc_crc32c

_HEADER = struct.Struct(">qiibIhiqqqhii")
_OVERHEAD = 12  # base offset and length, which does not count itself
_ATTRIBUTES_AT = 21  # the checksum covers everything from there
_LEAST = _OVERHEAD + 14  # the least of magic 0
_CODEC, _LOG_APPEND_TIME, _TRANSACTIONAL, _CONTROL = 0x07, 0x08, 0x10, 0x20
HEADER_BYTES: Final = _HEADER.size
MAGIC: Final = 2
MAGIC_AT: Final = 16
COUNT_AT: Final = 57
SPECIAL: Final = _CODEC | _TRANSACTIONAL | _CONTROL
"""Attributes of a batch that is compressed, in a transaction or a marker."""


class RecordBatch:
    """One batch. `magic` below 2: a batch of before Kafka 0.11, of which only `data` and `base_offset` count."""

    __slots__ = (
        "attributes",
        "base_offset",
        "count",
        "crc",
        "data",
        "first_timestamp",
        "last_delta",
        "magic",
        "max_timestamp",
        "producer_id",
    )

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.magic = data[MAGIC_AT]
        fields = _HEADER.unpack_from(data) if self.magic >= MAGIC and len(data) >= HEADER_BYTES else None
        if fields is None:
            self.base_offset = int.from_bytes(data[:8], "big", signed=True)
            self.crc = self.attributes = self.last_delta = self.first_timestamp = self.max_timestamp = 0
            self.producer_id, self.count = -1, 0
        else:
            self.base_offset = fields[0]
            self.crc, self.attributes, self.last_delta = fields[4:7]
            self.first_timestamp, self.max_timestamp, self.producer_id = fields[7:10]
            self.count = fields[12]

    @property
    def codec(self) -> int:
        """How its records are compressed; 0: not at all."""
        return self.attributes & _CODEC

    @property
    def transactional(self) -> bool:
        """Whether it is a part of a transaction."""
        return bool(self.attributes & _TRANSACTIONAL)

    @property
    def control(self) -> bool:
        """Whether it holds the broker's marker of the end of a transaction."""
        return bool(self.attributes & _CONTROL)

    @property
    def log_append_time(self) -> bool:
        """Whether all its records have the time at which the broker appended it."""
        return bool(self.attributes & _LOG_APPEND_TIME)

    @property
    def last_offset(self) -> int:
        """The offset of its last record, also of one that compaction removed."""
        return self.base_offset + self.last_delta

    @property
    def dense(self) -> bool:
        """Whether each of its offsets has a record: as a producer makes it, before compaction takes some away."""
        return bool(self.count == self.last_delta + 1)

    @property
    def body(self) -> memoryview:
        """Its records, compressed or not."""
        return memoryview(self.data)[HEADER_BYTES:]

    @property
    def intact(self) -> bool:
        """Whether the checksum says that it is what its producer sent. Nothing else of a batch counts if it is not."""
        return len(self.data) >= HEADER_BYTES and self.crc == calc_crc32c(self.data[_ATTRIBUTES_AT:])

    def parsed(self, body: bytes | memoryview | None = None) -> DefaultRecordBatch | LegacyRecordBatch:
        """The client's own reader of the batch; `body`: its unpacked records."""
        if self.magic < MAGIC:
            return LegacyRecordBatch(self.data, self.magic)
        if body is None:
            return DefaultRecordBatch(self.data)
        plain = (self.attributes & ~_CODEC).to_bytes(2, "big", signed=True)
        head = self.data[:_ATTRIBUTES_AT] + plain + self.data[_ATTRIBUTES_AT + 2 : HEADER_BYTES]
        return DefaultRecordBatch(b"".join((head, body)))


class RecordBatches:
    """The batches of one partition in a fetch response; stands where the client has its `MemoryRecords`.

    A response may end within a batch: that one comes whole with the next fetch. A batch whose length cannot be right
    is the last one.
    """

    def __init__(self, data: bytes | None) -> None:
        self._data = data or b""
        self._next = self._end(0)
        self._at = 0

    def size_in_bytes(self) -> int:
        """How many bytes there are, whatever they are."""
        return len(self._data)

    def has_next(self) -> bool:
        """Whether another whole batch is there."""
        return self._next > self._at

    def next_data(self) -> bytes:
        """The next batch."""
        data = self._data[self._at : self._next]
        self._at, self._next = self._next, self._end(self._next)
        return data

    def following(self) -> int | None:
        """The base offset of the batch after the last one given; None where there is none."""
        return int.from_bytes(self._data[self._at : self._at + 8], "big", signed=True) if self.has_next() else None

    def _end(self, at: int) -> int:
        """Where the batch at a place ends; the place itself where no whole batch stands there."""
        if len(self._data) - at < _LEAST:
            return at
        length = int.from_bytes(self._data[at + 8 : at + _OVERHEAD], "big", signed=True)
        end = at + _OVERHEAD + length
        return end if at + _LEAST <= end <= len(self._data) else at

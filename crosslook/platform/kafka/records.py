"""Reads the records of a batch one by one, so that a broken one affects neither the others nor memory."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from aiokafka.record.util import decode_varint

from crosslook.platform.kafka.batches import RecordBatch

HEADERS_MAX: Final = 1_000
"""More than anybody sends: a header of two bytes takes seventy in memory."""

RECORDS_MAX: Final = 1_000_000
"""Of one batch."""

UnreadableReason = Literal[
    "header_name", "headers", "offset", "structure", "checksum", "compression", "format", "unpacked", "records"
]
Headers = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True)
class UnreadableMessage:
    """Represents messages that cannot be read: the offsets from `offset` to `last_offset`.

    It has what a message has, so that no reader stumbles over it, and no `value`, so that none takes it for one.
    `payload`, `key`, `headers`: what could be read; bytes of names that are not UTF-8 are written as `\\xff`.
    """

    topic: str
    partition: int
    offset: int
    last_offset: int
    timestamp: int
    reason: UnreadableReason
    payload: bytes | None = None
    key: bytes | None = None
    headers: Headers = ()
    decompressed_max: int = 0
    cut: bool = False
    value: None = None
    timestamp_type: int = 1
    checksum: None = None
    serialized_key_size: int = -1
    serialized_value_size: int = -1

    @property
    def code(self) -> Literal["unreadable", "too_large"]:
        """The problem's code."""
        return "too_large" if self.reason in ("unpacked", "records") else "unreadable"

    @property
    def damaged(self) -> bool:
        """Whether it was damaged after it was sent: the broker takes no batch whose checksum or length is wrong."""
        return self.reason == "checksum" or self.cut

    @property
    def limit(self) -> int:
        """What it exceeds; 0 where it exceeds nothing."""
        return {"headers": HEADERS_MAX, "records": RECORDS_MAX, "unpacked": self.decompressed_max}.get(self.reason, 0)


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `reason`: why it is not a message."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    reason: UnreadableReason | None = None


class Undivided(Exception):
    """The rest of a batch cannot be divided into records."""


class _Broken(Exception):
    """A record's bytes are not those of a record."""


def read_records(batch: RecordBatch, body: bytes | memoryview, first: int) -> Iterator[Record]:
    """The records of a batch from offset `first` on, each within its own bytes.

    Offsets ascend within the batch, without a gap unless compaction made it: a record that claims another place is not
    a message, and has the place that follows the one before it. Raises Undivided.
    """
    at, offset = 0, batch.base_offset - 1
    for _ in range(batch.count):
        if offset >= batch.last_offset:
            return
        try:
            size, start = decode_varint(body, at)
        except (IndexError, ValueError):
            raise Undivided from None
        end = start + size
        if size < 0 or end > len(body):
            raise Undivided
        claimed = _claimed_offset(batch, body, start, end)
        in_order = claimed == offset + 1 or (
            claimed is not None and not batch.dense and offset < claimed <= batch.last_offset
        )
        offset = claimed if claimed is not None and in_order else offset + 1
        if offset >= first:
            yield _record(batch, body, start, end, offset, in_order=in_order)
        at = end
    if at != len(body):
        raise Undivided


def _claimed_offset(batch: RecordBatch, body: bytes | memoryview, start: int, end: int) -> int | None:
    try:
        _, at = decode_varint(body, start + 1)
        delta, at = decode_varint(body, at)
    except (IndexError, ValueError):
        return None
    return batch.base_offset + delta if at <= end else None


def _record(
    batch: RecordBatch, body: bytes | memoryview, start: int, end: int, offset: int, *, in_order: bool
) -> Record:
    try:
        delta, at = decode_varint(body, start + 1)
        _, at = decode_varint(body, at)
        timestamp = batch.max_timestamp if batch.log_append_time else batch.first_timestamp + delta
        key, at = _sized(body, at, end)
        value, at = _sized(body, at, end)
        headers, reason = _headers(body, at, end)
    except (IndexError, ValueError, _Broken):
        return Record(offset, batch.max_timestamp, None, None, (), "structure")
    return Record(offset, timestamp, key, value, headers, reason if in_order else "offset")


def _headers(body: bytes | memoryview, at: int, end: int) -> tuple[Headers, UnreadableReason | None]:
    count, at = decode_varint(body, at)
    if count > HEADERS_MAX:
        return (), "headers"
    if count < 0:
        raise _Broken
    found: list[tuple[str, bytes | None]] = []
    reason: UnreadableReason | None = None
    for _ in range(count):
        name, at = _sized(body, at, end)
        value, at = _sized(body, at, end)
        if name is None:
            raise _Broken
        try:
            found.append((name.decode(), value))
        except UnicodeDecodeError:
            reason = "header_name"
            found.append((name.decode("utf-8", "backslashreplace"), value))
    if at != end:
        raise _Broken
    return tuple(found), reason


def _sized(body: bytes | memoryview, at: int, end: int) -> tuple[bytes | None, int]:
    size, at = decode_varint(body, at)
    if size < 0:
        return None, at
    if at + size > end:
        raise _Broken
    return bytes(body[at : at + size]), at + size


def is_abort(key: bytes | None) -> bool:
    """Whether the key of a control record marks an aborted transaction; also where it cannot be read: a producer whose
    marker is unknown must not lose what it commits later."""
    return key is None or len(key) < 4 or struct.unpack_from(">hh", key)[1] == 0

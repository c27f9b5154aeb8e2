"""Record batches as a fetch gives them, hand-made and broken: each message that can be read is read, at its offset, and
what cannot be read is named by its offsets. Most of these the broker refuses; what it lets in is in
tests/integration/test_broken_messages.py."""

import random
from dataclasses import replace
from typing import Any

import aiokafka.consumer.fetcher as fetcher
import pytest
from aiokafka import TopicPartition
from aiokafka.errors import RecordTooLargeError
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from crosslook.platform.kafka import decoding
from crosslook.platform.kafka.batches import RecordBatches
from crosslook.platform.kafka.decoding import SafeRecords, unfetched
from crosslook.platform.kafka.records import HEADERS_MAX, UnreadableMessage
from tests.helpers.raw_batches import (
    CONTROL,
    GZIP,
    LZ4,
    NONE,
    SNAPPY,
    TRANSACTIONAL,
    ZSTD,
    RawBatch,
    RawRecord,
    compress,
)

CODECS = (NONE, GZIP, SNAPPY, LZ4, ZSTD)
COMPRESSED = CODECS[1:]
PLACE = TopicPartition("t", 3)
BAD_NAME = RawRecord(b"kept", headers=[(b"\xff\xfe", b"x"), (b"good", None)])
ABORT, COMMIT = b"\0\0\0\0", b"\0\0\0\1"


def records(*values: bytes | RawRecord) -> list[RawRecord]:
    return [value if isinstance(value, RawRecord) else RawRecord(value) for value in values]


def read(
    *batches: RawBatch, offset: int = 0, aborted: list[tuple[int, int]] | None = None
) -> tuple[list[Any], SafeRecords]:
    """What a reader at an offset gets of these batches, each at its own base offset, and the reader."""
    data = b"".join(batch.encode() for batch in batches)
    reader = SafeRecords(PLACE, RecordBatches(data), aborted, offset, None, None, True, fetcher.READ_COMMITTED)
    return list(reader), reader


def told(messages: list[Any]) -> list[Any]:
    """(offset, value) of what was read, (first, last, reason) of what was not."""
    return [
        (message.offset, message.last_offset, message.reason)
        if isinstance(message, UnreadableMessage)
        else (message.offset, message.value)
        for message in messages
    ]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("size", [10, decoding._CAREFUL_BYTES])
def test_good_messages_are_read_as_the_client_reads_them(codec: int, size: int) -> None:
    made = [
        RawRecord(b"a" * size, b"key", [(b"h", b"1"), (b"h", None), ("é".encode(), b"")]),
        RawRecord(None, None),
        RawRecord(b"", b""),
    ]
    batch = RawBatch(made, codec, base_offset=7)
    messages, reader = read(batch, offset=7)
    own = SafeRecords.__base__
    assert own is not None
    their_batches = MemoryRecords(batch.encode())
    theirs = list(own(PLACE, their_batches, None, 7, None, None, True, fetcher.READ_COMMITTED))
    assert [(m.offset, m.key, m.value, m.headers, m.timestamp, m.serialized_value_size) for m in messages] == [
        (m.offset, m.key, m.value, m.headers, m.timestamp, m.serialized_value_size) for m in theirs
    ]
    assert reader.next_fetch_offset == 10


@pytest.mark.parametrize("codec", CODECS)
def test_a_header_name_that_is_not_utf8_costs_no_neighbour(codec: int) -> None:
    messages, reader = read(RawBatch(records(b"0", BAD_NAME, b"2"), codec), RawBatch(records(b"3"), base_offset=3))
    assert told(messages) == [(0, b"0"), (1, 1, "header_name"), (2, b"2"), (3, b"3")]
    bad = messages[1]
    assert (bad.payload, bad.key, bad.value, bad.code) == (b"kept", b"k", None, "unreadable")
    assert bad.headers == (("\\xff\\xfe", b"x"), ("good", None))
    assert reader.next_fetch_offset == 4


@pytest.mark.parametrize("codec", COMPRESSED)
@pytest.mark.parametrize("payload", [b"", b"garbage" * 10, None])
def test_a_payload_that_its_codec_did_not_write_is_one_range(codec: int, payload: bytes | None) -> None:
    broken = compress(codec, b"x" * 1_000)[:-4] if payload is None else payload
    damaged = RawBatch((), codec, payload=broken, count=5, base_offset=1)
    messages, _ = read(RawBatch(records(b"0")), damaged, RawBatch(records(b"6"), base_offset=6))
    assert told(messages) == [(0, b"0"), (1, 5, "compression"), (6, b"6")]


@pytest.mark.parametrize("codec", [5, 6, 7])
def test_an_unknown_codec_is_one_range(codec: int) -> None:
    messages, _ = read(RawBatch(records(b"0", b"1"), codec), RawBatch(records(b"2"), base_offset=2))
    assert told(messages) == [(0, 1, "compression"), (2, b"2")]


def test_a_wrong_checksum_is_one_range_up_to_the_next_batch() -> None:
    damaged = RawBatch(records(b"1", b"2"), crc=1, base_offset=1)
    for last_delta in (1, 2**30, -7):
        batch = replace(damaged, last_delta=last_delta)
        messages, reader = read(RawBatch(records(b"0")), batch, RawBatch(records(b"3"), base_offset=3))
        assert told(messages) == [(0, b"0"), (1, 2, "checksum"), (3, b"3")]
        assert reader.next_fetch_offset == 4


def test_a_wrong_checksum_in_the_last_batch_never_leads_behind_the_end() -> None:
    damaged = RawBatch(records(b"0", b"1"), crc=1)
    assert told(read(damaged)[0]) == [(0, 1, "checksum")]
    messages, reader = read(replace(damaged, last_delta=2**30))
    assert told(messages) == [(0, 0, "checksum")]
    assert reader.next_fetch_offset == 1
    assert told(read(replace(damaged, last_delta=2**30), offset=1)[0]) == [(1, 1, "checksum")]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("delta", [2**31 - 1, -5, 0])
def test_a_record_that_claims_another_place_stays_in_its_own(codec: int, delta: int) -> None:
    batch = RawBatch(records(b"0", RawRecord(b"1", delta=delta), b"2"), codec)
    messages, reader = read(batch)
    assert told(messages) == [(0, b"0"), (1, 1, "offset"), (2, b"2")]
    assert messages[1].payload == b"1"
    assert reader.next_fetch_offset == 3
    stopped = SafeRecords(PLACE, RecordBatches(batch.encode()), None, 0, None, None, True, fetcher.READ_COMMITTED)
    assert [next(stopped) and stopped.next_fetch_offset for _ in range(3)] == [1, 2, 3]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (RawRecord(b"1", header_count=-1), "structure"),
        (RawRecord(b"1", header_count=5), "structure"),
        (RawRecord(b"1", headers=[(b"", b"")] * (HEADERS_MAX + 1)), "headers"),
    ],
)
def test_a_record_that_is_broken_within_costs_no_neighbour(codec: int, record: RawRecord, reason: str) -> None:
    messages, _ = read(RawBatch(records(b"0", record, b"2"), codec))
    assert told(messages) == [(0, b"0"), (1, 1, reason), (2, b"2")]


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("size", [10_000, -5, 2**40])
def test_a_record_whose_length_is_wrong_ends_the_batch(codec: int, size: int) -> None:
    batch = RawBatch(records(b"0", RawRecord(b"1", size=size), b"2"), codec)
    messages, _ = read(batch, RawBatch(records(b"3"), base_offset=3))
    assert told(messages) == [(0, b"0"), (1, 2, "structure"), (3, b"3")]


def test_a_length_that_ends_within_another_record_invents_no_message() -> None:
    messages, _ = read(RawBatch(records(b"0", RawRecord(b"1", size=3))), RawBatch(records(b"2"), base_offset=2))
    assert told(messages) == [(0, b"0"), (1, 1, "structure"), (2, b"2")]


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_wrong_number_of_records_is_noticed(count: int) -> None:
    batch = RawBatch(records(b"0", b"1"), count=count, last_delta=3)
    messages, reader = read(batch, RawBatch(records(b"4"), base_offset=4))
    readable = [(0, b"0"), (1, b"1")][:count]
    expected = [*readable, (len(readable), 3, "structure")]
    assert told(messages) == [*expected, (4, b"4")]
    assert reader.next_fetch_offset == 5


def test_offsets_that_compaction_removed_are_passed_over() -> None:
    kept = [RawRecord(b"1", delta=1), RawRecord(b"4", delta=4)]
    messages, reader = read(RawBatch(kept, last_delta=9), RawBatch((), base_offset=10, last_delta=2))
    assert told(messages) == [(1, b"1"), (4, b"4")]
    assert reader.next_fetch_offset == 13


@pytest.mark.parametrize("codec", CODECS)
def test_a_reader_within_a_batch_gets_the_rest_of_it(codec: int) -> None:
    batch = RawBatch(records(b"0", b"1", BAD_NAME, b"3"), codec)
    assert told(read(batch, offset=2)[0]) == [(2, 2, "header_name"), (3, b"3")]
    broken = RawBatch((), ZSTD, payload=b"x", count=4)
    assert told(read(broken, offset=2)[0]) == [(2, 3, "compression")]


def test_aborted_transactions_are_passed_over_whatever_is_in_them() -> None:
    inside = RawBatch(attributes=TRANSACTIONAL, producer_id=5)
    marker = replace(inside, attributes=TRANSACTIONAL | CONTROL)
    batches = [
        replace(inside, records=records(b"0", BAD_NAME)),
        replace(inside, codec=ZSTD, payload=b"x", base_offset=2, count=2),
        replace(inside, records=records(b"other"), base_offset=4, producer_id=6),
        replace(marker, records=[RawRecord(b"", ABORT)], base_offset=5),
        replace(inside, records=records(b"kept"), base_offset=6),
        replace(marker, records=[RawRecord(b"", COMMIT)], base_offset=7),
    ]
    messages, reader = read(*batches, aborted=[(5, 0)])
    assert told(messages) == [(4, b"other"), (6, b"kept")]
    assert reader.next_fetch_offset == 8


@pytest.mark.parametrize("marker", [RawRecord(b"", None), RawRecord(b"", b"x"), RawRecord(b"", ABORT, size=500)])
def test_a_marker_that_cannot_be_read_loses_no_later_commit(marker: RawRecord) -> None:
    inside = RawBatch(attributes=TRANSACTIONAL, producer_id=5)
    batches = [
        replace(inside, records=records(b"0")),
        replace(inside, records=[marker], base_offset=1, attributes=TRANSACTIONAL | CONTROL),
        replace(inside, records=records(b"kept"), base_offset=2),
    ]
    assert told(read(*batches, aborted=[(5, 0)])[0]) == [(2, b"kept")]


def test_batches_of_another_format_are_named() -> None:
    messages, _ = read(RawBatch(records(b"0"), magic=3), RawBatch(records(b"1"), base_offset=1))
    assert told(messages) == [(0, 0, "format"), (1, b"1")]


def test_a_response_that_ends_within_a_batch_is_read_up_to_there() -> None:
    whole, cut = RawBatch(records(b"0")), RawBatch(records(b"1"), base_offset=1).encode()
    for length in (1, 11, 30, len(cut) - 1):
        messages, reader = read(replace(whole, tail=cut[:length]))
        assert told(messages) == [(0, b"0")]
        assert reader.next_fetch_offset == 1


@pytest.mark.parametrize("length", [-1, 0, 5, 2**31 - 1])
def test_a_length_that_cannot_be_right_is_never_followed(length: int) -> None:
    batches = RecordBatches(RawBatch(records(b"0"), length=length).encode())
    assert not batches.has_next()
    assert batches.size_in_bytes() > 0  # so the client says that it got bytes and no batch
    error = RecordTooLargeError("There are some messages …", PLACE, 17, 1_048_576)
    found = unfetched(error)
    assert found is not None
    assert (found.topic, found.partition, found.offset, found.last_offset) == ("t", 3, 17, 17)


@given(st.binary(max_size=200), st.integers(0, 50))
def test_any_bytes_end_in_messages_that_ascend(data: bytes, offset: int) -> None:
    reader = SafeRecords(PLACE, RecordBatches(data), None, offset, None, None, True, fetcher.READ_COMMITTED)
    _ascend(list(reader), offset, reader)


@given(st.integers(0, 2**32), st.sampled_from(CODECS), st.booleans())
def test_any_damage_that_keeps_the_checksum_right_ends_in_messages_that_ascend(
    seed: int, codec: int, recompressed: bool
) -> None:
    chance = random.Random(seed)  # noqa: S311  # repeatable damage is no secret
    made = records(b"0", BAD_NAME, b"2", b"3")
    plain = bytearray(b"".join(record.encode(place) for place, record in enumerate(made)))
    packed = bytearray(compress(codec, bytes(plain)))
    target = plain if recompressed else packed
    for _ in range(chance.randint(1, 4)):
        target[chance.randrange(len(target))] = chance.randrange(256)
    payload = compress(codec, bytes(plain)) if recompressed else bytes(packed)
    batch = RawBatch((), codec, payload=payload, count=4)
    messages, reader = read(batch, RawBatch(records(b"4"), base_offset=4))
    _ascend(messages, 0, reader)
    assert told(messages)[-1] == (4, b"4")
    covered = {
        number
        for message in messages
        for number in range(message.offset, getattr(message, "last_offset", message.offset) + 1)
    }
    assert covered == set(range(5))


def _ascend(messages: list[Any], offset: int, reader: SafeRecords) -> None:
    for message in messages:
        assert message.offset >= offset
        offset = getattr(message, "last_offset", message.offset) + 1
    assert reader.next_fetch_offset >= offset

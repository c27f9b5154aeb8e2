"""Compressed batches: whatever they claim or unpack to, the memory that they take is bounded before it is taken."""

import asyncio
import gzip
import struct
import subprocess
import sys
from pathlib import Path

import cramjam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.platform.kafka import decoding
from crosslook.platform.kafka.decompression import TooLarge, Undecodable, decompress
from crosslook.platform.kafka.records import HEADERS_MAX
from tests.helpers.raw_batches import GZIP, LZ4, SNAPPY, ZSTD, RawBatch, RawRecord, compress
from tests.unit.platform.test_kafka_decoding import read, records, told

COMPRESSED = (GZIP, SNAPPY, LZ4, ZSTD)
MIB = 1024 * 1024


@given(st.binary(max_size=5_000), st.sampled_from(COMPRESSED), st.integers(1, 50))
def test_what_was_compressed_comes_back(data: bytes, codec: int, times: int) -> None:
    data = data * times
    assert bytes(decompress(codec, compress(codec, data), len(data))) == data


@pytest.mark.parametrize("codec", COMPRESSED)
def test_the_limit_is_exact(codec: int) -> None:
    packed = compress(codec, b" " * MIB)
    assert len(decompress(codec, packed, MIB)) == MIB
    with pytest.raises(TooLarge):
        decompress(codec, packed, MIB - 1)


@given(st.binary(max_size=200), st.integers(0, 7))
def test_anything_else_is_undecodable(data: bytes, codec: int) -> None:
    try:
        decompress(codec, data, 1_000)
    except (Undecodable, TooLarge):
        return
    assert codec in COMPRESSED


def test_streams_of_several_parts_are_read_as_producers_write_them() -> None:
    blocks = [bytes(cramjam.snappy.compress_raw(part)) for part in (b"one", b"two" * 1_000)]
    header = b"\x82SNAPPY\x00" + struct.pack(">ii", 1, 1)
    stream = header + b"".join(struct.pack(">i", len(block)) + block for block in blocks)
    assert bytes(decompress(SNAPPY, stream, 10_000)) == b"one" + b"two" * 1_000
    with pytest.raises(TooLarge):
        decompress(SNAPPY, stream, 3_000)
    for broken in (stream[:-1], header + struct.pack(">i", -4), header + b"\0\0"):
        with pytest.raises(Undecodable):
            decompress(SNAPPY, broken, 10_000)
    assert bytes(decompress(GZIP, gzip.compress(b"one") + gzip.compress(b"two"), 6)) == b"onetwo"
    with pytest.raises(TooLarge):
        decompress(GZIP, gzip.compress(b"one") + gzip.compress(b"two"), 5)


def test_a_snappy_block_that_claims_gigabytes_is_refused_unread() -> None:
    with pytest.raises(TooLarge):
        decompress(SNAPPY, b"\xff\xff\xff\xff\x0fxx", MIB)


async def test_what_is_decoded_in_one_turn_of_the_loop_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_DECOMPRESSED_MAX", 300_000)
    monkeypatch.setattr(decoding, "_budget", decoding.Budget())
    batches = [RawBatch(records(b"x" * 100_000), ZSTD, base_offset=number) for number in range(10)]
    seen: list[int] = []
    offset, turns = 0, 0
    while offset < 10:
        messages, reader = read(*batches[offset:], offset=offset)
        seen += [message.offset for message in messages]
        assert len(messages) <= 3
        assert read(*batches[reader.next_fetch_offset :], offset=reader.next_fetch_offset)[0] == []
        offset, turns = reader.next_fetch_offset, turns + 1
        await asyncio.sleep(0)
    assert (seen, turns) == (list(range(10)), 4)


async def test_many_headers_count_as_the_memory_that_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "_DECOMPRESSED_MAX", 100_000)
    monkeypatch.setattr(decoding, "_budget", decoding.Budget())
    many = [RawRecord(b"x", headers=[(b"", b"")] * HEADERS_MAX) for _ in range(5)]
    messages, reader = read(RawBatch(many))
    assert (len(messages), reader.next_fetch_offset) == (1, 1)


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_batch_that_unpacks_to_too_much_is_named_and_what_follows_is_read(
    codec: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding.Budget, "decompressed_max", 500_000)
    bomb = RawBatch(records(*[b" " * 10_000] * 100), codec)
    messages, _ = read(bomb, RawBatch(records(b"100"), codec, base_offset=100))
    assert told(messages) == [(0, 99, "unpacked"), (100, b"100")]
    assert messages[0].code == "too_large"


_GROWTH = """
import re, sys
from pathlib import Path
from aiokafka import TopicPartition
from aiokafka.record.memory_records import MemoryRecords
from crosslook.platform.kafka import decoding
from crosslook.platform.kafka.batches import RecordBatches

def peak():
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

decoding.install(16 * 1024 * 1024)
data = Path(sys.argv[1]).read_bytes()
before = peak()
safe = decoding.SafeRecords
for reader, batches in ((safe, RecordBatches), (safe.__base__, MemoryRecords)):
    for message in reader(TopicPartition("t", 0), batches(data), None, 0, None, None, True, 1):
        pass
    print(peak() - before)
"""


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_bomb_takes_no_more_memory_than_the_limit(codec: int, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb"
    bomb.write_bytes(RawBatch(records(*[b" " * MIB] * 100), codec).encode())
    command = [sys.executable, "-c", _GROWTH, str(bomb)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    safely, plainly = map(int, done.stdout.split())
    assert safely < 3 * 16 * MIB
    assert plainly > 100 * MIB, "the input is no bomb"

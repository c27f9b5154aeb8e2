"""Hand-made Kafka record batches, as broken as a test wants them, and a producer that sends them as they are.

The layout is that of magic 2 (KIP-98). A field left at its default is right.
"""

import gzip
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import cramjam
from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.util import calc_crc32c

from crosslook.platform.settings import KafkaSettings

Codec = Literal[0, 1, 2, 3, 4, 5, 6, 7]
NONE, GZIP, SNAPPY, LZ4, ZSTD = 0, 1, 2, 3, 4
_HEADER = struct.Struct(">qiibIhiqqqhii")
_CRC_AT, _ATTRIBUTES_AT = 17, 21
TRANSACTIONAL, CONTROL = 0x10, 0x20


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One record. `delta`: its offset in the batch, by default its place. `size`: the length it claims."""

    value: bytes | None = b"{}"
    key: bytes | None = b"k"
    headers: Sequence[tuple[bytes, bytes | None]] = ()
    delta: int | None = None
    size: int | None = None
    header_count: int | None = None

    def encode(self, place: int) -> bytes:
        """The record's bytes."""
        body = b"\0" + varint(0) + varint(place if self.delta is None else self.delta)
        body += _sized(self.key) + _sized(self.value)
        body += varint(len(self.headers) if self.header_count is None else self.header_count)
        body += b"".join(_sized(name) + _sized(value) for name, value in self.headers)
        return varint(len(body) if self.size is None else self.size) + body


@dataclass(frozen=True, slots=True)
class RawBatch:
    """One batch. `payload`: what stands where the records do, whatever they are; `crc`: a wrong checksum."""

    records: Sequence[RawRecord] = ()
    codec: int = NONE
    payload: bytes | None = None
    crc: int | None = None
    base_offset: int = 0
    magic: int = 2
    attributes: int = 0
    count: int | None = None
    last_delta: int | None = None
    timestamp: int = 1_700_000_000_000
    producer_id: int = -1
    length: int | None = None
    tail: bytes = field(default=b"")

    def encode(self) -> bytes:
        """The batch's bytes."""
        plain = b"".join(record.encode(place) for place, record in enumerate(self.records))
        body = compress(self.codec, plain) if self.payload is None else self.payload
        count = len(self.records) if self.count is None else self.count
        header = _HEADER.pack(
            self.base_offset,
            (_HEADER.size - 12 + len(body)) if self.length is None else self.length,
            -1,
            self.magic,
            0,
            self.codec | self.attributes,
            count - 1 if self.last_delta is None else self.last_delta,
            self.timestamp,
            self.timestamp,
            self.producer_id,
            -1 if self.producer_id < 0 else 0,
            -1,
            count,
        )
        batch = bytearray(header + body)
        crc = calc_crc32c(bytes(batch[_ATTRIBUTES_AT:])) if self.crc is None else self.crc
        struct.pack_into(">I", batch, _CRC_AT, crc)
        return bytes(batch) + self.tail

    def at(self, base_offset: int) -> "RawBatch":
        """The same batch at another offset."""
        return replace(self, base_offset=base_offset)


def varint(number: int) -> bytes:
    """A zigzag varint."""
    rest = (number << 1) ^ (number >> 63)
    out = bytearray()
    while rest & ~0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def compress(codec: int, data: bytes) -> bytes:
    """Data as a producer compresses it."""
    match codec:
        case 1:
            return gzip.compress(data, 6)
        case 2:
            return bytes(cramjam.snappy.compress_raw(data))
        case 3:
            compressor = cramjam.lz4.Compressor(level=4, content_checksum=False, block_linked=False)
            compressor.compress(data)
            return bytes(compressor.finish())
        case 4:
            return bytes(cramjam.zstd.compress(data, level=3))
        case _:
            return data


def _sized(text: bytes | None) -> bytes:
    return varint(-1) if text is None else varint(len(text)) + text


class RawProducer:
    """Sends batches as they are. The broker checks them before it stores them; what it refuses raises its error."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._client = AIOKafkaClient(bootstrap_servers=kafka.bootstrap_servers, client_id="raw")

    async def __aenter__(self) -> "RawProducer":
        await self._client.bootstrap()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.close()

    async def send(self, topic: str, partition: int, *batches: RawBatch) -> int:
        """Produce batches in one request each; answers the first offset. Raises aiokafka.errors.KafkaError."""
        offsets = [await self._send(self._kafka.name_of(topic), partition, batch.encode()) for batch in batches]
        return offsets[0]

    async def _send(self, topic: str, partition: int, data: bytes) -> int:
        await self._client.set_topics({topic})
        node = self._client.cluster.leader_for_partition(_place(topic, partition))
        request = ProduceRequest(
            required_acks=-1, timeout=10_000, topics=[(topic, [(partition, data)])], transactional_id=None
        )
        response: Any = await self._client.send(node, request)
        _, answers = response.topics[0]
        _, code, offset, *_ = answers[0]
        error = for_code(code)
        if code:
            raise error(f"{topic}-{partition}")
        return int(offset)


def _place(topic: str, partition: int) -> Any:
    from aiokafka import TopicPartition

    return TopicPartition(topic, partition)

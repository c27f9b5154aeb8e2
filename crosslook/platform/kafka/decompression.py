"""The codecs of Kafka's record batches, with a limit on the decompressed size."""

import gzip
import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

import cramjam

NONE: Final = 0
_FIRST_GUESS = 64 * 1024
_RATIO = 8
_GROWTH = 4
_FULL = "failed to write whole buffer"
"""What cramjam says when the output does not fit; everything else it says is about the input."""
_XERIAL: Final = b"\x82SNAPPY\x00"
_XERIAL_HEADER = 16
Bytes = bytes | memoryview


class TooLarge(Exception):
    """The decompressed data exceed the limit."""


class Undecodable(Exception):
    """The data are damaged, or the codec is unknown."""


def decompress(codec: int, data: bytes, limit: int) -> Bytes:
    """Unpack the records of a batch (`codec`: bits 0 to 2 of its attributes, not `NONE`) into at most `limit` bytes.

    Never takes more memory than `limit` and its input, whatever the data claim. Raises TooLarge, Undecodable.
    """
    unpack = _CODECS.get(codec)
    if unpack is None or not data:
        raise Undecodable("nothing to unpack" if unpack is not None else f"codec {codec} is unknown")
    try:
        return unpack(data, limit)
    except (cramjam.DecompressionError, OSError, EOFError, zlib.error, struct.error, ValueError) as error:
        raise Undecodable(type(error).__name__) from error


def _gzip(data: bytes, limit: int) -> Bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as unpacked:
        found = unpacked.read(limit + 1)
    if len(found) > limit:
        raise TooLarge
    return found


def _snappy(data: bytes, limit: int) -> Bytes:
    """One raw block, or the blocks of the xerial stream that Java's and our own producers write."""
    if not data.startswith(_XERIAL):
        return _snappy_block(data, limit)
    out, at = bytearray(), _XERIAL_HEADER
    while at < len(data):
        (size,) = struct.unpack_from(">i", data, at)
        block = data[at + 4 : at + 4 + size]
        if size < 0 or len(block) != size:
            raise Undecodable("a snappy block is cut off")
        out += _snappy_block(block, limit - len(out))
        at += 4 + size
    return bytes(out)


def _snappy_block(block: bytes, limit: int) -> Bytes:
    size = cramjam.snappy.decompress_raw_len(block)
    if size > limit:
        raise TooLarge
    out = bytearray(size)
    return memoryview(out)[: cramjam.snappy.decompress_raw_into(block, out)]


def _growing(unpack_into: Callable[[bytes, bytearray], int]) -> Callable[[bytes, int], Bytes]:
    def unpack(data: bytes, limit: int) -> Bytes:
        size = min(limit, max(_FIRST_GUESS, _RATIO * len(data)))
        while True:
            out = bytearray(size)  # zeros that no memory stands behind until they are written
            try:
                return memoryview(out)[: unpack_into(data, out)]
            except cramjam.DecompressionError as error:
                if _FULL not in str(error):
                    raise
            if size >= limit:
                raise TooLarge
            size = min(limit, size * _GROWTH)

    return unpack


_CODECS: Final[dict[int, Callable[[bytes, int], Bytes]]] = {
    1: _gzip,
    2: _snappy,
    3: _growing(cramjam.lz4.decompress_into),
    4: _growing(cramjam.zstd.decompress_into),
}

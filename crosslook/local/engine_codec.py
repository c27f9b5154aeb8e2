"""Compression of bodies in both directions, by the names HTTP and clickhouse-connect use."""

import zlib
from collections.abc import Callable
from typing import Protocol

import lz4.frame
from backports import zstd


class UnknownEncoding(ValueError):
    """A Content-Encoding that the engine does not read."""


class Decompress(Protocol):
    """Takes compressed pieces, gives plain ones."""

    def __call__(self, piece: bytes, /) -> bytes: ...


class Compress(Protocol):
    """Takes plain pieces, gives compressed ones; `finish` gives the end."""

    def piece(self, data: bytes) -> bytes:
        """The compressed form so far; may be empty."""

    def finish(self) -> bytes:
        """What remains."""


def decompressor(encoding: str) -> Decompress:
    """The decoder of a Content-Encoding. Raises UnknownEncoding."""
    match encoding:
        case "" | "identity":
            return lambda piece: piece
        case "gzip":
            return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress
        case "deflate":
            return zlib.decompressobj().decompress
        case "lz4":
            decoder: Decompress = lz4.frame.LZ4FrameDecompressor().decompress
            return decoder
        case "zstd":
            return zstd.ZstdDecompressor().decompress
        case _:
            raise UnknownEncoding(encoding)


class _Plain:
    def piece(self, data: bytes) -> bytes:
        return data

    def finish(self) -> bytes:
        return b""


class _Gzip:
    def __init__(self) -> None:
        self._state = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16)

    def piece(self, data: bytes) -> bytes:
        return self._state.compress(data)

    def finish(self) -> bytes:
        return self._state.flush()


class _Lz4:
    def __init__(self) -> None:
        self._state = lz4.frame.LZ4FrameCompressor(block_linked=False)
        self._begun = False

    def piece(self, data: bytes) -> bytes:
        head = b"" if self._begun else self._state.begin()
        self._begun = True
        return bytes(head + self._state.compress(data))

    def finish(self) -> bytes:
        head = b"" if self._begun else self._state.begin()
        return bytes(head + self._state.flush())


class _Zstd:
    def __init__(self) -> None:
        self._state = zstd.ZstdCompressor(level=1)

    def piece(self, data: bytes) -> bytes:
        return self._state.compress(data)

    def finish(self) -> bytes:
        return self._state.flush()


_COMPRESSORS: dict[str, Callable[[], Compress]] = {"lz4": _Lz4, "zstd": _Zstd, "gzip": _Gzip}


def compressor(accepted: str, wanted: bool) -> tuple[str, Compress]:
    """The encoder for an Accept-Encoding, and its name ("" for none): the first we know of those the client lists."""
    if wanted:
        for name in (part.partition(";")[0].strip().lower() for part in accepted.split(",")):
            if name in _COMPRESSORS:
                return name, _COMPRESSORS[name]()
    return "", _Plain()

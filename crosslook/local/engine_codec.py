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

    def piece(self, data: bytes) -> bytes:
        """The plain form so far; may be empty. Raises ValueError for what is not in this encoding."""

    def finish(self) -> None:
        """Raises ValueError when the end is missing."""


class Compress(Protocol):
    """Takes plain pieces, gives compressed ones; `finish` gives the end."""

    def piece(self, data: bytes) -> bytes:
        """The compressed form so far; may be empty."""

    def finish(self) -> bytes:
        """What remains."""


class _Frame(Protocol):
    """What the decoders of all three libraries have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes | None: ...

    def decompress(self, data: bytes, /) -> bytes: ...


class _Frames:
    """Decodes frame after frame: each of these encodings allows several in a row."""

    def __init__(self, name: str, new: Callable[[], _Frame]) -> None:
        self._name = name
        self._new = new
        self._frame: _Frame | None = None

    def piece(self, data: bytes) -> bytes:
        plain = []
        while data:
            frame = self._frame = self._frame or self._new()
            try:
                plain.append(frame.decompress(data))
            except (zlib.error, zstd.ZstdError, RuntimeError) as error:
                raise ValueError(f"The body is not {self._name}: {error}") from error
            data = b""
            if frame.eof:
                data = frame.unused_data or b""
                self._frame = None
        return b"".join(plain)

    def finish(self) -> None:
        if self._frame is not None:
            raise ValueError(f"The body is cut off in the midst of its {self._name} data")


class _Plain:
    def piece(self, data: bytes) -> bytes:
        return data

    def finish(self) -> bytes:
        return b""


class _PlainIn:
    def piece(self, data: bytes) -> bytes:
        return data

    def finish(self) -> None:
        """Plain bytes end anywhere."""


_DECODERS: dict[str, Callable[[], _Frame]] = {
    "gzip": lambda: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16),
    "deflate": zlib.decompressobj,
    "lz4": lz4.frame.LZ4FrameDecompressor,
    "zstd": zstd.ZstdDecompressor,
}


def decompressor(encoding: str) -> Decompress:
    """The decoder of a Content-Encoding. Raises UnknownEncoding."""
    if encoding in ("", "identity"):
        return _PlainIn()
    if encoding not in _DECODERS:
        raise UnknownEncoding(encoding)
    return _Frames(encoding, _DECODERS[encoding])


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

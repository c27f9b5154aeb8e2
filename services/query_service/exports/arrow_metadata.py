"""Adds metadata to the schema of an Arrow stream from the engine."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import pyarrow as pa

_HEAD = 8
"""A message begins with a mark and the length of its metadata, four bytes each (Arrow's columnar format, IPC)."""
_MARK = b"\xff\xff\xff\xff"


async def with_metadata(
    pieces: AsyncGenerator[bytes, None], metadata: Mapping[str, str]
) -> AsyncGenerator[bytes, None]:
    """The stream with its first message, the schema, rewritten; everything else is unchanged."""
    begun: bytes | None = b""
    async with aclosing(pieces):
        async for piece in pieces:
            if begun is None:
                yield piece
                continue
            begun += piece
            if (end := _end_of_schema(begun)) is not None:
                schema = pa.ipc.read_schema(pa.py_buffer(begun[:end]))
                yield schema.with_metadata({**(schema.metadata or {}), **metadata}).serialize().to_pybytes()
                yield begun[end:]
                begun = None
    if begun:
        yield begun


def _end_of_schema(begun: bytes) -> int | None:
    """Where the first message ends; None as long as it is not there whole. Raises ValueError for what is no stream."""
    if len(begun) < _HEAD:
        return None
    if not begun.startswith(_MARK):
        raise ValueError("the engine's answer is not an Arrow stream")
    end = _HEAD + int.from_bytes(begun[4:_HEAD], "little")
    return end if len(begun) >= end else None
